"""Whatever comes between: nothing is half done, nothing leaks."""

import uuid
from pathlib import Path

import pytest
from sqlalchemy import select

from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from collector.dataset.errors import CommandMistake
from collector.dataset.models import AuditEvent
from collector.dataset.photos import read_photo
from collector.dataset.picture import open_picture
from collector.dataset.snapshots import freeze_snapshot, load_snapshot, verify_snapshot
from tests.cast import give
from tests.dataset.importing.album import (
    a_while_ago,
    encoded,
    face,
    put,
)
from tests.dataset.importing.stored import Import, faults, rows, stored

pytestmark = pytest.mark.slow


def test_a_withdrawal_while_photos_are_read_leaves_nothing_behind(
    dataset: Dataset, child: uuid.UUID, album: Path, take: Import
) -> None:
    put(album / "happy" / "1.jpg")
    put(album / "happy" / "2.jpg")

    def withdraw_before_storing(what: str, done: int, _all: int) -> None:
        if (what, done) == ("Reading photos", 1):
            withdraw(dataset, child, ["research"], channel="operator", actor="test")

    with pytest.raises(CommandMistake):
        take(progress=withdraw_before_storing)
    assert stored(dataset) == []
    assert sorted(path.name for path in dataset.folder.iterdir() if "import" in path.name) == []


def test_a_refusal_while_photos_are_read_is_heard(
    dataset: Dataset, child: uuid.UUID, album: Path, take: Import
) -> None:
    put(album / "happy" / "1.jpg")
    before = rows(dataset)["photo"]

    def refuse(what: str, done: int, _all: int) -> None:
        if (what, done) == ("Reading photos", 0):
            give(dataset, child, given=False)

    with pytest.raises(CommandMistake, match="does not stand"):
        take(progress=refuse)
    assert rows(dataset)["photo"] == before == 0


def test_two_imports_at_once_store_each_photo_once(
    dataset: Dataset, album: Path, take: Import
) -> None:
    put(album / "happy" / "1.jpg")

    def import_too(what: str, _done: int, _all: int) -> None:
        if what == "Reading photos":
            take()

    with pytest.raises(CommandMistake, match="stored or erased while they were read"):
        take(progress=import_too)
    assert len(stored(dataset)) == 1
    assert rows(dataset)["capture_session"] == 1


def test_a_failure_in_the_middle_of_storing_leaves_nothing(
    dataset: Dataset, album: Path, take: Import
) -> None:
    for number in range(3):
        put(album / "happy" / f"{number}.jpg")

    def fail(what: str, done: int, _all: int) -> None:
        if (what, done) == ("Storing photos", 2):
            raise OSError("the disk is full")

    before = rows(dataset)
    with pytest.raises(OSError, match="the disk is full"):
        take(progress=fail)
    assert rows(dataset) == before
    take()
    assert rows(dataset)["photo"] == rows(dataset)["photo_bytes"] == 3


def test_a_file_that_changes_after_it_was_checked_is_stored_as_it_was_checked(
    dataset: Dataset, album: Path, take: Import
) -> None:
    path = put(album / "happy" / "1.jpg", encoded(face(1), quality=90))
    content = path.read_bytes()

    def change(what: str, _done: int, _all: int) -> None:
        if what == "Storing photos":
            path.write_bytes(b"<html>")

    take(progress=change)
    assert [read_photo(dataset, photo) for photo in stored(dataset)] == [content]


def test_no_file_on_disk_ever_shows_the_picture(
    dataset: Dataset, album: Path, take: Import
) -> None:
    middle = put(album / "happy" / "1.jpg").read_bytes()[5000:5040]
    seen = []

    def search(_what: str, _done: int, _all: int) -> None:
        for path in (*dataset.folder.iterdir(), *dataset.keys.folder.iterdir()):
            seen.append(middle in path.read_bytes())

    take(progress=search)
    search("", 0, 0)
    assert len(seen) > 6
    assert not any(seen)


def test_the_log_holds_one_event_with_counts_and_no_names(
    dataset: Dataset, child: uuid.UUID, consent: uuid.UUID, album: Path, take: Import
) -> None:
    put(album / "happy" / "Arina.jpg")
    put(album / "Arina at home" / "b.jpg")
    done = take()
    with dataset.database.read() as session:
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "photos imported")
        ).all()
    (event,) = events
    assert done.session_id is not None
    assert (event.actor, event.subject) == ("command", done.session_id.hex)
    assert (event.details["new"], event.details["bad"]) == (2, 0)
    assert (event.details["consent"], event.details["participant"]) == (consent.hex, child.hex)
    assert "Arina" not in str(event.details)


def test_the_doctor_is_content(dataset: Dataset, album: Path, take: Import) -> None:
    put(album / "happy" / "1.jpg", taken=a_while_ago(days=3))
    put(album / "2.png", encoded(face(5), "PNG"))
    take()
    assert faults(dataset) == []


def test_imported_photos_reach_a_snapshot_and_those_without_a_prompt_are_counted(
    dataset: Dataset, album: Path, take: Import
) -> None:
    put(album / "happy" / "1.jpg", taken=a_while_ago(days=3))
    put(album / "грусть" / "2.webp", encoded(face(6), "WEBP"))
    put(album / "holidays" / "3.jpg")
    take()
    snapshot = freeze_snapshot(dataset, "old photos", "prompted", actor="test")
    assert snapshot.counts["left_out"] == {"no_prompt": 1}
    loaded = load_snapshot(dataset, "old photos")
    assert {photo.label for photo in loaded.photos} == {Emotion.HAPPY, Emotion.SAD}
    for photo in loaded.photos:
        assert open_picture(photo.jpeg).pixels.shape == (360, 480, 3)
        assert photo.face is not None
    assert verify_snapshot(dataset, "old photos")
