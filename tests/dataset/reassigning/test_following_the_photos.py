"""Snapshots, copies and models follow the photos of a session that moved."""

import uuid
from pathlib import Path

import pytest
from sqlalchemy import select

from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from collector.dataset.erasure import erase_photos
from collector.dataset.exports import register_export
from collector.dataset.models import (
    ExportItem,
    SnapshotItem,
)
from collector.dataset.reassigning import reassign_session
from collector.dataset.runs import RunPrediction, save_predictions
from collector.dataset.snapshots import freeze_snapshot, load_snapshot, verify_snapshot
from tests.cast import OpenSession, sit, snap
from tests.dataset.reassigning.moved import named, photos_of, train

pytestmark = pytest.mark.slow


def test_snapshots_lose_the_photos_and_stay_verifiable(
    dataset: Dataset, session: OpenSession, wanda: uuid.UUID, rosa: uuid.UUID
) -> None:
    own = snap(dataset, sit(dataset, wanda))
    freeze_snapshot(dataset, "first", "prompted", actor="test")
    reassign_session(dataset, session.id, rosa, actor="olga")
    loaded = load_snapshot(dataset, "first")
    assert ([one.photo_id for one in loaded.photos], loaded.missing) == ([own], 2)
    assert verify_snapshot(dataset, "first")
    with dataset.database.read() as db:
        assert db.scalars(select(SnapshotItem.photo_id)).all().count(None) == 2


def test_copies_follow_the_photos(
    dataset: Dataset, session: OpenSession, wanda: uuid.UUID, rosa: uuid.UUID, tmp_path: Path
) -> None:
    own = snap(dataset, sit(dataset, wanda))
    moved = {photo.id for photo in photos_of(dataset, session)}
    register_export(
        dataset, dict.fromkeys([own, *moved], wanda), purpose="research", format="zip",
        path=tmp_path / "copy.zip", actor="test",
    )  # fmt: skip
    reassign_session(dataset, session.id, rosa, actor="olga")
    with dataset.database.read() as db:
        held = {item.photo_id: item.participant_id for item in db.scalars(select(ExportItem))}
    assert held == {own: wanda, **dict.fromkeys(moved, rosa)}


def test_a_model_of_these_photos_alone_names_the_right_child_alone(
    dataset: Dataset, session: OpenSession, wanda: uuid.UUID, rosa: uuid.UUID, tmp_path: Path
) -> None:
    run = train(dataset, "first", tmp_path)
    assert named(dataset, run) == {wanda}
    snap(dataset, sit(dataset, wanda))  # later than the snapshot
    reassign_session(dataset, session.id, rosa, actor="olga")
    assert named(dataset, run) == {rosa}


def test_a_model_of_other_photos_too_names_both(
    dataset: Dataset, session: OpenSession, wanda: uuid.UUID, rosa: uuid.UUID, tmp_path: Path
) -> None:
    snap(dataset, sit(dataset, wanda))
    run = train(dataset, "first", tmp_path)
    reassign_session(dataset, session.id, rosa, actor="olga")
    assert named(dataset, run) == {wanda, rosa}


def test_a_model_is_found_by_its_predictions(
    dataset: Dataset, wanda: uuid.UUID, rosa: uuid.UUID, tmp_path: Path
) -> None:
    snap(dataset, sit(dataset, wanda))
    run = train(dataset, "first", tmp_path)
    later = sit(dataset, wanda)
    photo = snap(dataset, later)
    save_predictions(dataset, run, [RunPrediction(photo, "validation", Emotion.HAPPY, {})])
    reassign_session(dataset, later.id, rosa, actor="olga")
    assert named(dataset, run) == {wanda, rosa}


def test_a_model_of_earlier_photos_is_not_named(
    dataset: Dataset, wanda: uuid.UUID, rosa: uuid.UUID, tmp_path: Path
) -> None:
    binned, _kept = [snap(dataset, sit(dataset, wanda)) for _ in range(2)]
    run = train(dataset, "first", tmp_path)
    erase_photos(dataset, [binned], actor="child")
    later = sit(dataset, wanda)
    snap(dataset, later)
    reassign_session(dataset, later.id, rosa, actor="olga")
    assert named(dataset, run) == {wanda}


def test_where_an_item_was_emptied_nobody_is_forgotten(
    dataset: Dataset, session: OpenSession, wanda: uuid.UUID, rosa: uuid.UUID, tmp_path: Path
) -> None:
    binned = snap(dataset, sit(dataset, wanda))
    run = train(dataset, "first", tmp_path)
    erase_photos(dataset, [binned], actor="child")  # the model learnt from it all the same
    reassign_session(dataset, session.id, rosa, actor="olga")
    assert named(dataset, run) == {wanda, rosa}


def test_moved_there_and_back_the_model_still_names_the_child(
    dataset: Dataset, session: OpenSession, wanda: uuid.UUID, rosa: uuid.UUID, tmp_path: Path
) -> None:
    run = train(dataset, "first", tmp_path)
    reassign_session(dataset, session.id, rosa, actor="olga")
    reassign_session(dataset, session.id, wanda, actor="olga")
    assert wanda in named(dataset, run)
