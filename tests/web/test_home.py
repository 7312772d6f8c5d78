"""The home page says what is missing."""

import uuid
from pathlib import Path

import pytest
from flask import Flask

from collector.dataset.dataset import Dataset
from collector.dataset.upkeep.backups import back_up_dataset, back_up_keys
from tests.cast import enrol
from tests.web.visitors import signed_in

WARNING = "backup of the photos or of the keys is missing"


@pytest.fixture
def children(dataset: Dataset, staff: dict[str, uuid.UUID]) -> Dataset:
    """A dataset that is worth a backup."""
    assert staff
    enrol(dataset, "research")
    return dataset


def test_operators_are_warned_until_both_backups_are_made(
    app: Flask, children: Dataset, tmp_path: Path
) -> None:
    olga = signed_in(app, "olga")
    assert WARNING in olga.get("/home").get_data(as_text=True)
    back_up_dataset(children, tmp_path / "photos.backup", actor="test")
    assert WARNING in olga.get("/home").get_data(as_text=True)
    back_up_keys(children, tmp_path / "keys.backup", actor="test")
    assert WARNING not in olga.get("/home").get_data(as_text=True)


def test_reviewers_are_not_bothered_with_backups(app: Flask, children: Dataset) -> None:
    assert children
    assert WARNING not in signed_in(app, "rita").get("/home").get_data(as_text=True)
