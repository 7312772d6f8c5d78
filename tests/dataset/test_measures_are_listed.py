"""Every measure has a column and a line in docs/MEASURES.md."""

from dataclasses import fields
from pathlib import Path

from collector.dataset.measures import Measures
from collector.dataset.models import Photo

LIST = Path(__file__).parents[2] / "docs" / "MEASURES.md"


def test_every_measure_has_a_column_that_may_be_null() -> None:
    for field in fields(Measures):
        assert Photo.__table__.columns[field.name].nullable, field.name


def test_every_measure_is_explained_once() -> None:
    lines = LIST.read_text("utf-8").splitlines()
    listed = sorted(line.split("`")[1] for line in lines if line.startswith("| `"))
    assert listed == sorted(field.name for field in fields(Measures))
