"""Importing a folder: every photo once, with all that is known of it."""

import hashlib
import io
import uuid
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import quarantined_photos, usable_photos
from collector.dataset.erasure import erase_photos
from collector.dataset.faces import FaceFinder
from collector.dataset.importing.folders import ImportRefused
from collector.dataset.measuring import measure_picture
from collector.dataset.photos import add_photo, read_photo, read_thumbnails
from collector.dataset.picture import open_picture
from tests.cast import enrol, give, let_no_text_cover_earlier_photos, shot, sit
from tests.dataset.importing.album import (
    PERSON,
    PLACE,
    a_while_ago,
    encoded,
    face,
    put,
)
from tests.dataset.importing.stored import (
    Import,
    rows,
    sitting,
    stored,
    two_faces,
)
from tests.photographs import photographs

pytestmark = pytest.mark.slow


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


def test_real_photographs_are_imported_as_they_are(
    dataset: Dataset, album: Path, take: Import
) -> None:
    paths = photographs()[:30]
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
