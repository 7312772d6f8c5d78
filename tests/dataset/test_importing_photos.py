"""Importing a folder: all of it or nothing, once, on a consent that covers it."""

import hashlib
import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import select, text

from collector.dataset import clock
from collector.dataset.consents.answers import Answer, Guardian, record_consent
from collector.dataset.consents.texts import register_text
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.doors import quarantined_photos, usable_photos
from collector.dataset.emotions import Emotion
from collector.dataset.erasure import erase_photos
from collector.dataset.errors import CommandMistake
from collector.dataset.faces import FaceFinder
from collector.dataset.importing.checking import Wish
from collector.dataset.importing.folders import Imported, ImportRefused, import_folder
from collector.dataset.measuring import measure_picture
from collector.dataset.models import AuditEvent, CaptureSession, Photo
from collector.dataset.participants import find_participant
from collector.dataset.photos import add_photo, read_photo, read_thumbnails
from collector.dataset.picture import open_picture
from collector.dataset.snapshots import freeze_snapshot, load_snapshot, verify_snapshot
from collector.dataset.studies import StudyDetails, describe_study
from collector.dataset.upkeep.integrity import examine
from tests.cast import enrol, give, let_no_text_cover_earlier_photos, shot, sit
from tests.dataset.album import (
    PERSON,
    PLACE,
    a_while_ago,
    encoded,
    face,
    put,
    real_faces,
)

pytestmark = pytest.mark.slow

Import = Callable[..., Imported]


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    """One finder for all: loading its cascades takes a while."""
    return FaceFinder()


@pytest.fixture
def child(dataset: Dataset) -> uuid.UUID:
    """Arina, whose guardian consented to nothing yet."""
    return enrol(dataset)


@pytest.fixture
def consent(dataset: Dataset, child: uuid.UUID) -> uuid.UUID:
    """A consent that was signed long ago."""
    return give(dataset, child, signed_at=a_while_ago(days=3650))


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """A folder for this test's photos."""
    (folder := tmp_path / "album").mkdir()
    return folder


@pytest.fixture
def take(
    dataset: Dataset, child: uuid.UUID, consent: uuid.UUID, album: Path, finder: FaceFinder
) -> Import:
    """Import the album for Arina on her consent, unless told otherwise."""

    def take(**options: Any) -> Imported:
        wish = Wish(
            options.pop("folder", album),
            str(options.pop("participant", child)),
            str(options.pop("on", consent)),
            options.pop("map_file", None),
        )
        return import_folder(dataset, finder, wish, actor="command", **options)

    return take


def stored(dataset: Dataset) -> list[Photo]:
    with dataset.database.read() as session:
        return list(session.scalars(select(Photo).order_by(Photo.taken_at, Photo.id)))


def rows(dataset: Dataset) -> dict[str, int]:
    """How many rows there are of whatever an import may write."""
    with dataset.database.read() as session:
        return {
            table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
            for table in ("photo", "photo_bytes", "capture_session", "audit_event")
        }


def sitting(dataset: Dataset) -> CaptureSession:
    with dataset.database.read() as session:
        return session.scalars(select(CaptureSession)).one()


def signed_backwards(dataset: Dataset, child: uuid.UUID) -> uuid.UUID:
    """A consent of today on an institution's form that covers earlier photos."""
    form = register_text(
        dataset, "research", "ru", "Our form", "Also of photos before.",
        covers_earlier_photos=True, actor="test",
    )  # fmt: skip
    answer = Answer(
        "research",
        form.id,
        Guardian("Gulnara the guardian"),
        "mother",
        "paper",
        a_while_ago(days=1),
    )
    return record_consent(dataset, child, answer, actor="test").id


def faults(dataset: Dataset) -> list[str]:
    return [found.sentence for found in examine(dataset) if found.wrong]


def two_faces() -> bytes:
    both = np.hstack([face(3), face(4)])
    return encoded(np.ascontiguousarray(np.vstack([both[:40], both])), quality=92)


def test_a_photo_is_stored_with_all_that_is_known_of_it(
    dataset: Dataset, child: uuid.UUID, consent: uuid.UUID, album: Path, take: Import
) -> None:
    at = a_while_ago(days=100)
    put(album / "Радость" / "a.jpg", taken=at)
    (album / "map.csv").write_text(
        "folder,emotion,light,head_pose\nРадость,,natural,left\n", "utf-8"
    )
    done = take(map_file=album / "map.csv")
    (photo,) = stored(dataset)
    capture = sitting(dataset)
    assert (capture.id, capture.participant_id, capture.consent_id) == (
        done.session_id, child, consent,
    )  # fmt: skip
    assert (capture.origin, capture.state, capture.assent, capture.protocol_id) == (
        "imported", "finished", None, None,
    )  # fmt: skip
    assert (capture.light, capture.token_sha256, capture.device) == ("unknown", None, "")
    assert (photo.prompted_emotion, photo.light, photo.head_pose) == ("happy", "natural", "left")
    assert (photo.taken_at, photo.state, photo.camera_settings) == (at, "active", None)
    assert (photo.width, photo.height, photo.media_type) == (480, 360, "image/jpeg")
    content = read_photo(dataset, photo)
    assert len(content) == photo.size_bytes
    assert Image.open(io.BytesIO(read_thumbnails(dataset, [photo])[photo.id])).size == (256, 192)
    assert PLACE not in content
    assert PERSON not in content


def test_an_imported_photo_is_measured_as_a_captured_one(
    dataset: Dataset, album: Path, take: Import, finder: FaceFinder
) -> None:
    content = put(album / "happy" / "a.jpg").read_bytes()
    take()
    open_session = sit(dataset, enrol(dataset, "research"))
    add_photo(dataset, finder, open_session.id, shot(), content)
    imported, captured = stored(dataset)
    measured = measure_picture(finder, open_picture(content)).columns
    assert measured["face_boxes"]
    for name, value in measured.items():
        assert getattr(imported, name) == getattr(captured, name) == value, name


def test_what_nobody_said_is_unknown(dataset: Dataset, album: Path, take: Import) -> None:
    let_no_text_cover_earlier_photos(dataset)
    put(album / "holidays" / "a.jpg")
    done = take()
    (photo,) = stored(dataset)
    assert (photo.prompted_emotion, photo.light, photo.head_pose, photo.taken_at) == (
        None, "unknown", None, None,
    )  # fmt: skip
    assert done.summary.prompts == {"unknown": 1}
    assert done.summary.unknown_folders == {"holidays": 1}
    assert done.summary.without_time == done.summary.unproven == 1


def test_a_turned_photo_s_face_is_where_it_is_seen(
    dataset: Dataset, album: Path, take: Import
) -> None:
    lying = np.ascontiguousarray(np.rot90(face(2)))
    put(album / "sad" / "upright.jpg", encoded(face(2), quality=95))
    put(album / "sad" / "lying.png", encoded(lying, "PNG", exif=_turned(6)))
    take()
    first, second = stored(dataset)
    for one, other in zip(first.face_boxes[0], second.face_boxes[0], strict=True):
        assert abs(one - other) <= 6


def _turned(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def test_the_same_folder_again_changes_nothing(dataset: Dataset, album: Path, take: Import) -> None:
    for name in ("happy/a.jpg", "sad/b.jpg"):
        put(album / name)
    take()
    before = rows(dataset)
    again = take()
    assert (again.summary.new, again.summary.already_there, again.session_id) == (0, 2, None)
    assert rows(dataset) == before


def test_a_file_is_known_again_under_another_name_and_without_its_notes(
    dataset: Dataset, album: Path, take: Import, tmp_path: Path
) -> None:
    put(album / "happy" / "a.jpg", seed=1, taken=a_while_ago(days=9))
    put(album / "happy" / "b.jpg", seed=2)
    take()
    renamed = tmp_path / "elsewhere"
    put(renamed / "sad" / "x.jpg", seed=1)  # without the notes
    put(renamed / "sad" / "y.jpg", (album / "happy" / "b.jpg").read_bytes())
    put(renamed / "sad" / "z.jpg", seed=3)
    done = take(folder=renamed)
    assert (done.summary.already_there, done.summary.new) == (2, 1)
    assert sorted(str(one.prompted_emotion) for one in stored(dataset)) == ["happy", "happy", "sad"]


def test_the_id_of_a_photo_tells_nothing_of_its_file(
    dataset: Dataset, album: Path, take: Import, child: uuid.UUID
) -> None:
    content = put(album / "happy" / "a.jpg").read_bytes()
    take()
    other = enrol(dataset)
    take(participant=other, on=give(dataset, other))
    first, second = stored(dataset)
    assert first.id != second.id
    assert hashlib.sha256(content).hexdigest()[:12] not in first.id.hex + first.digest


def test_an_erased_photo_stays_erased(dataset: Dataset, album: Path, take: Import) -> None:
    put(album / "happy" / "a.jpg")
    put(album / "happy" / "b.jpg")
    take()
    gone = stored(dataset)[0].id
    erase_photos(dataset, [gone], actor="test")
    again = take()
    assert (again.summary.erased, again.summary.already_there, again.summary.new) == (1, 1, 0)
    assert [photo.id for photo in stored(dataset)] != [gone]
    assert len(stored(dataset)) == 1


def test_the_same_picture_twice_is_stored_once_where_an_emotion_is_said(
    dataset: Dataset, album: Path, take: Import
) -> None:
    for name in ("all/a.jpg", "happy/a.jpg", "happy/copy of a.jpg"):
        put(album / name, seed=1)
    done = take()
    assert (done.summary.new, done.summary.same_twice) == (1, 2)
    assert [photo.prompted_emotion for photo in stored(dataset)] == ["happy"]


def test_the_same_picture_under_two_emotions_is_bad(
    dataset: Dataset, album: Path, take: Import
) -> None:
    put(album / "happy" / "a.jpg", seed=1)
    put(album / "sad" / "b.jpg", seed=1)
    with pytest.raises(ImportRefused, match="under another emotion") as refused:
        take()
    assert set(refused.value.summary.bad) == {"happy/a.jpg", "sad/b.jpg"}
    assert stored(dataset) == []


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


def test_shots_of_one_moment_are_a_burst_also_when_one_comes_later(
    dataset: Dataset, album: Path, take: Import
) -> None:
    start = a_while_ago(days=50)
    for number in (0, 1, 9):
        put(album / "happy" / f"{number}.jpg", taken=start + timedelta(seconds=number))
    assert take().summary.bursts == 2
    put(album / "surprise" / "2.jpg", taken=start + timedelta(seconds=2))
    take()
    first, second, third, alone = stored(dataset)
    assert first.burst_id == second.burst_id == third.burst_id != alone.burst_id
    assert [photo.shot for photo in (first, second, third, alone)] == [0, 1, 2, 0]


def test_a_second_face_puts_the_photo_into_quarantine(
    dataset: Dataset, album: Path, take: Import
) -> None:
    put(album / "happy" / "two.jpg", two_faces())
    done = take()
    assert done.summary.quarantined == 1
    with dataset.database.read() as session:
        assert session.scalars(usable_photos("research", clock.now())).all() == []
        (photo,) = session.scalars(quarantined_photos()).all()
    assert photo.state_reason == "second_face"


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


def test_real_photographs_are_imported_as_they_are(
    dataset: Dataset, album: Path, take: Import
) -> None:
    paths = real_faces(30)
    for path in paths:
        put(album / path.parent.name / path.name, path.read_bytes())
    done = take()
    assert done.summary.new + done.summary.same_twice == len(paths)
    found = {hashlib.sha256(read_photo(dataset, photo)).hexdigest() for photo in stored(dataset)}
    pixels = {open_picture(path.read_bytes()).pixels.tobytes() for path in paths}
    assert len(found) == done.summary.new
    assert {open_picture(read_photo(dataset, one)).pixels.tobytes() for one in stored(dataset)} == (
        pixels
    )
