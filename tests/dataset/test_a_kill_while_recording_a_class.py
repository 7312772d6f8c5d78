"""A class list is recorded whole or not at all, wherever the power fails, and once."""

import os
import uuid
from pathlib import Path

import pytest

from collector.dataset.consents.class_batch import children_of_batch, record_class_list
from collector.dataset.consents.class_list import read_class_list
from collector.dataset.dataset import Dataset
from collector.dataset.errors import NotFound
from tests.dataset.test_a_kill_at_every_point import keys_held, killed_everywhere, rows_of
from tests.guardians.papers import text_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]

LIST = "Aru;Gulnara;mother;2025-09-01;yes;no\nTimur;Oleg;father;2025-09-01;+"


def test_a_class_list_is_whole_or_never_was(dataset: Dataset, tmp_path: Path) -> None:
    texts = {one: text_of(dataset, one) for one in ("research", "publication")}
    forms = read_class_list(LIST).forms
    outcomes = set()

    def record(opened: Dataset, batch: uuid.UUID) -> None:
        record_class_list(opened, batch, forms, texts, actor="test")

    for after, batch, at in killed_everywhere(tmp_path, lambda _: uuid.uuid4(), record):
        with after.database.read() as session:
            try:
                found = len(children_of_batch(session, batch))
            except NotFound:
                found = 0
            assert after.chain.first_broken(session) is None, at
        assert found in {0, 2}, at
        assert after.keys.unconfirmed(after.site_id) == [], at
        assert keys_held(after) == rows_of(after, "participant"), at
        assert rows_of(after, "consent") * 2 == rows_of(after, "participant") * 3, at
        outcomes.add(found)
        record(after, batch)  # sent again after the restart: recorded once in any case
        with after.database.read() as session:
            assert len(children_of_batch(session, batch)) == 2, at
    assert outcomes == {0, 2}
