"""All of a folder or nothing, on a consent that covers it."""

import uuid
from pathlib import Path

import pytest

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.errors import CommandMistake
from collector.dataset.importing.folders import ImportRefused
from collector.dataset.participants import find_participant
from collector.dataset.studies import StudyDetails, describe_study
from tests.cast import enrol, give, let_no_text_cover_earlier_photos
from tests.dataset.importing.album import (
    a_while_ago,
    put,
)
from tests.dataset.importing.stored import Import, faults, rows, signed_backwards, sitting, stored

pytestmark = pytest.mark.slow


def test_one_bad_file_and_nothing_is_stored(dataset: Dataset, album: Path, take: Import) -> None:
    put(album / "happy" / "good.jpg")
    for number in range(12):
        put(album / "sad" / f"bad{number:02}.jpg", b"<html>")
    put(album / "sad" / "phone.heic", b"\0\0\0\x18ftypheic")
    before = rows(dataset)
    with pytest.raises(ImportRefused) as refused:
        take()
    sentence = str(refused.value)
    assert sentence.startswith("13 of 14 photos cannot be taken, so nothing was stored")
    assert sentence.count("\n  sad/") == 10
    assert "sad/bad09.jpg: It is no picture" in sentence
    assert sentence.endswith("and 3 more")
    assert rows(dataset) == before


def test_bad_files_can_be_left_out(dataset: Dataset, album: Path, take: Import) -> None:
    put(album / "happy" / "good.jpg")
    put(album / "happy" / "phone.heic", b"\0\0\0\x18ftypheic")
    done = take(skip_bad=True)
    assert (done.summary.new, len(done.summary.bad)) == (1, 1)
    assert "HEIC" in done.summary.bad["happy/phone.heic"]
    assert len(stored(dataset)) == 1


def test_a_dry_run_finds_the_same_and_stores_nothing(
    dataset: Dataset, album: Path, take: Import
) -> None:
    put(album / "happy" / "a.jpg")
    put(album / "b.jpg")
    before = rows(dataset)
    tried = take(dry_run=True)
    assert tried.session_id is None
    assert rows(dataset) == before
    assert take().summary == tried.summary


def test_other_files_are_left_aside_and_counted(album: Path, take: Import) -> None:
    put(album / "happy" / "a.JPG")
    for name in ("happy/notes.txt", "happy/film.mp4", "Thumbs.db", ".hidden.jpg", "__MACOSX/a.jpg"):
        put(album / name, b"x")
    done = take()
    assert done.summary.left_aside == {".db": 1, ".mp4": 1, ".txt": 1}
    assert done.summary.found == 1


def test_an_empty_folder_is_refused(take: Import) -> None:
    with pytest.raises(CommandMistake, match="There are no photos"):
        take()


def test_photos_of_before_the_consent_are_refused_and_counted(
    dataset: Dataset, child: uuid.UUID, album: Path, take: Import
) -> None:
    let_no_text_cover_earlier_photos(dataset)
    today = give(dataset, child)
    put(album / "happy" / "1.jpg", taken=a_while_ago(days=9))
    put(album / "happy" / "2.jpg", taken=a_while_ago(days=8))
    put(album / "happy" / "3.jpg", taken=a_while_ago(minutes=5))
    with pytest.raises(ImportRefused, match="2 of 3 photos were taken before this consent"):
        take(on=today)
    assert stored(dataset) == []
    assert take(on=today, skip_bad=True).summary.too_early == 2
    assert len(stored(dataset)) == 1


def test_a_consent_that_covers_earlier_photos_takes_them(
    dataset: Dataset, child: uuid.UUID, album: Path, take: Import
) -> None:
    put(album / "happy" / "1.jpg", taken=a_while_ago(days=900))
    put(album / "happy" / "2.jpg")
    done = take(on=signed_backwards(dataset, child))
    assert (done.summary.new, done.summary.unproven) == (2, 0)
    with dataset.database.read() as session:
        assert len(session.scalars(usable_photos("research", clock.now())).all()) == 2
    assert faults(dataset) == []


def test_photos_of_after_the_study_s_last_day_are_refused(
    dataset: Dataset, album: Path, take: Import
) -> None:
    last = a_while_ago(days=30).date()
    describe_study(dataset, StudyDetails(title="A study", capture_until=last), actor="test")
    put(album / "happy" / "1.jpg", taken=a_while_ago(days=9))
    put(album / "happy" / "2.jpg", taken=a_while_ago(days=90))
    with pytest.raises(ImportRefused, match="1 of 2 photos were taken after the study's last day"):
        take()


def test_a_study_that_keeps_nothing_takes_nothing(
    dataset: Dataset, album: Path, take: Import
) -> None:
    ended = StudyDetails(title="A study", keep_until=a_while_ago(days=2).date())
    describe_study(dataset, ended, actor="test")
    put(album / "happy" / "1.jpg")
    with pytest.raises(CommandMistake, match="keeps no photos since"):
        take()


def test_a_ground_that_does_not_hold_is_refused(
    dataset: Dataset, child: uuid.UUID, consent: uuid.UUID, album: Path, take: Import
) -> None:
    put(album / "happy" / "1.jpg")
    other = enrol(dataset)
    ended = give(dataset, other, signed_at=a_while_ago(days=9), valid_until=a_while_ago(days=1))
    before = rows(dataset)
    for options, sentence in (
        ({"participant": "XX-000"}, "no child called XX-000"),
        ({"participant": uuid.uuid4()}, "no child called"),
        ({"on": "1234"}, "first eight digits"),
        ({"on": "the paper one"}, "first eight digits"),
        ({"on": uuid.uuid4()}, "no consent with the number"),
        ({"participant": other}, "no consent with the number"),
        ({"participant": other, "on": ended}, "does not stand"),
        ({"participant": other, "on": give(dataset, other, given=False)}, "does not stand"),
        ({"on": give(dataset, child, "publication")}, "is for publication"),
    ):
        with pytest.raises(CommandMistake, match=sentence):
            take(**options)
    assert rows(dataset)["photo"] == before["photo"] == 0


def test_a_child_is_found_by_its_pseudonym_also_in_cyrillic_and_a_consent_by_eight_digits(
    dataset: Dataset, child: uuid.UUID, consent: uuid.UUID, album: Path, take: Import
) -> None:
    put(album / "happy" / "1.jpg")
    with dataset.database.read() as session:
        pseudonym = find_participant(session, child).pseudonym
    cyrillic = pseudonym.translate(str.maketrans("ABEKMHPCTX", "АВЕКМНРСТХ"))
    take(participant=pseudonym.lower(), on=consent.hex[:8].upper())
    assert sitting(dataset).participant_id == child
    assert take(participant=cyrillic, on=str(consent)).summary.already_there == 1
