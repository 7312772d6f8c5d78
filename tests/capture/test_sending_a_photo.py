"""Sending a photo: stored once and whole, or refused with the right status and nothing stored."""

import hashlib
import io
import struct
import uuid
import zlib
from dataclasses import fields
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from collector.dataset import clock
from collector.dataset.consents.standing import standing_consent
from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos, quarantined_photos, usable_photos
from collector.dataset.erasure import erase_participant
from collector.dataset.measures import Measures
from collector.dataset.models import Photo
from collector.dataset.photos import read_photo, read_thumbnails
from collector.dataset.sessions import LATE_PHOTOS
from tests.capture.tablet import ask, details, send
from tests.cast import OpenSession, drawn_jpeg, enrol, give, sit

pytestmark = pytest.mark.slow


@pytest.fixture
def session(dataset: Dataset) -> OpenSession:
    """Arina's session, begun."""
    return sit(dataset, enrol(dataset, "research"), light="artificial")


def stored(dataset: Dataset) -> list[Photo]:
    with dataset.database.read() as db:
        return list(db.scalars(select(Photo)))


def test_a_photo_is_stored_with_all_that_is_known_of_it(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    body, photo_id, burst = drawn_jpeg(), uuid.uuid4(), uuid.uuid4()
    answer = send(nobody, session.token, body, photo=photo_id, burst=str(burst), shot=2)
    assert answer.status_code == 201
    assert answer.json["sha256"] == hashlib.sha256(body).hexdigest()
    (photo,) = stored(dataset)
    assert (photo.id, photo.burst_id, photo.shot) == (photo_id, burst, 2)
    assert (photo.prompted_emotion, photo.light, photo.state) == ("happy", "artificial", "active")
    assert (photo.width, photo.height, photo.size_bytes) == (1280, 720, len(body))
    assert photo.camera_settings == {"width": 1280, "facingMode": "user"}
    assert len(photo.face_boxes) == 1
    unknown = {field.name for field in fields(Measures) if getattr(photo, field.name) is None}
    assert unknown == {"cct"}  # there is no patch known to be grey
    assert read_photo(dataset, photo) == body
    assert Image.open(io.BytesIO(read_thumbnails(dataset, [photo])[photo.id])).size == (256, 144)


def test_neither_the_picture_nor_its_hash_stands_in_any_file(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    send(nobody, session.token)
    body = drawn_jpeg()
    sha256 = hashlib.sha256(body)
    for path in (*dataset.folder.iterdir(), *dataset.keys.folder.iterdir()):
        content = path.read_bytes()
        for trace in (body[5000:5040], sha256.digest(), sha256.hexdigest().encode()):
            assert trace not in content, path


def test_the_same_photo_sent_twice_is_stored_once(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    photo = uuid.uuid4()
    first = send(nobody, session.token, photo=photo)
    second = send(nobody, session.token, photo=photo)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json == second.json
    assert len(stored(dataset)) == 1


def test_the_same_number_with_other_bytes_is_refused(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    photo = uuid.uuid4()
    send(nobody, session.token, photo=photo)
    answer = send(nobody, session.token, drawn_jpeg(seed=2), photo=photo)
    assert answer.status_code == 409
    assert "different photo" in answer.json["error"]
    assert len(stored(dataset)) == 1


def test_another_session_s_number_is_refused(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    photo = uuid.uuid4()
    send(nobody, session.token, photo=photo)
    other = sit(dataset, enrol(dataset, "research"))
    assert send(nobody, other.token, photo=photo).status_code == 409


def two_faces() -> bytes:
    one = Image.open(io.BytesIO(drawn_jpeg(seed=3)))
    both = Image.new("RGB", (1280, 720))
    for place in (0, 640):
        both.paste(one.resize((1138, 640)).crop((249, 0, 889, 640)), (place, 40))
    content = io.BytesIO()
    both.save(content, "JPEG", quality=92)
    return content.getvalue()


def test_a_second_face_puts_the_photo_into_quarantine(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    answer = send(nobody, session.token, two_faces())
    assert (answer.status_code, answer.json["state"]) == (201, "quarantined")
    with dataset.database.read() as db:
        assert db.scalars(usable_photos("research", clock.now())).all() == []
        assert len(db.scalars(quarantined_photos()).all()) == 1
        assert len(db.scalars(own_session_photos(session.id)).all()) == 1


def png(width: int, height: int, *rows: bytes) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + row for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")  # fmt: skip  # noqa: E501


BAD_BODIES = {
    "nothing": (b"", 400),
    "text": (b"hello, this is no picture", 415),
    "html": (b"<!doctype html><script>alert(1)</script>", 415),
    "gif": (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", 415),
    "truncated": (drawn_jpeg()[:20_000], 422),
    "only a beginning": (b"\xff\xd8\xff\xe0\x00\x10JFIF", 422),
    "bomb": (png(30_000, 30_000, b""), 422),
    "one pixel": (png(1, 1, b"\x80"), 422),
    "too large": (drawn_jpeg() + bytes(15 * 1024 * 1024), 413),
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_bad_body_is_refused_and_the_session_goes_on(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession, name: str
) -> None:
    body, status = BAD_BODIES[name]
    answer = send(nobody, session.token, body)
    assert answer.status_code == status
    assert answer.json["error"].endswith(".")
    assert stored(dataset) == []
    assert send(nobody, session.token).status_code == 201


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"prompt": "joyful"}, 422),
        ({"prompt": None}, 422),
        ({"shot": "first"}, 422),
        ({"shot": -1}, 422),
        ({"shot": True}, 422),
        ({"burst": "one"}, 422),
        ({"taken_at": "yesterday"}, 422),
        ({"taken_at": "2026-01-01T10:00:00"}, 422),
        ({"header": "not json"}, 400),
        ({"header": "[1, 2]"}, 400),
        ({"header": ""}, 400),
        ({"header": "[" * 3000}, 400),
    ],
)
def test_details_that_cannot_be_are_refused(
    nobody: FlaskClient,
    dataset: Dataset,
    session: OpenSession,
    changed: dict[str, object],
    status: int,
) -> None:
    answer = send(nobody, session.token, **changed)  # type: ignore[arg-type]
    assert (answer.status_code, stored(dataset)) == (status, [])
    assert answer.json["error"].endswith(".")


def test_halves_of_letters_do_no_harm(nobody: FlaskClient, session: OpenSession) -> None:
    header = details().replace("frontal", "front\\ud800al")
    assert send(nobody, session.token, header=header).status_code == 201


def test_a_wrong_or_missing_token_is_refused(nobody: FlaskClient, session: OpenSession) -> None:
    for token in ("", "x" * 43, session.token[:-1]):
        assert send(nobody, token).status_code == 401


def test_a_child_that_was_not_asked_is_not_photographed(
    nobody: FlaskClient, dataset: Dataset
) -> None:
    asleep = sit(dataset, enrol(dataset, "research"), assent=None)
    assert send(nobody, asleep.token).status_code == 409
    declined = sit(dataset, enrol(dataset, "research"), assent="no")
    assert send(nobody, declined.token).status_code == 409
    assert stored(dataset) == []


def test_without_a_standing_consent_nothing_is_stored(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    give(dataset, session.child, given=False, signed_at=clock.now())
    answer = send(nobody, session.token)
    assert (answer.status_code, stored(dataset)) == (409, [])
    assert "consent" in answer.json["error"]


def test_a_photo_of_a_withdrawn_child_is_answered_with_erased(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    erase_participant(dataset, session.child, actor="test")
    answer = send(nobody, session.token)
    assert (answer.status_code, answer.json["code"]) == (409, "erased")


def test_a_photo_sent_again_after_its_key_was_destroyed_is_answered_with_erased(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    photo = uuid.uuid4()
    assert send(nobody, session.token, photo=photo).status_code == 201
    dataset.keys.destroy_child(session.child)
    answer = send(nobody, session.token, photo=photo)
    assert (answer.status_code, answer.json["code"]) == (409, "erased")


def test_a_session_that_is_over_takes_only_what_was_announced(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, later = uuid.uuid4(), uuid.uuid4()
    assert ask(nobody, session.token, "close", how="finished",
               announced=[str(waiting), str(later)]).status_code == 200  # fmt: skip
    assert send(nobody, session.token).status_code == 409
    assert send(nobody, session.token, photo=waiting).status_code == 201
    week_later = clock.now() + LATE_PHOTOS
    monkeypatch.setattr(clock, "now", lambda: week_later)
    assert send(nobody, session.token, photo=later).status_code == 409


def test_a_photo_taken_while_the_consent_stood_may_arrive_after_its_end(
    nobody: FlaskClient, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    child, begun = enrol(dataset), clock.now()
    give(dataset, child, valid_until=begun + timedelta(hours=1))
    session = sit(dataset, child)
    two_hours_later = begun + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: two_hours_later)
    in_time = (begun + timedelta(minutes=5)).isoformat()
    assert send(nobody, session.token, taken_at=in_time).status_code == 201
    assert send(nobody, session.token, taken_at=two_hours_later.isoformat()).status_code == 409
    with dataset.database.read() as db:
        assert standing_consent(db, child, "research", two_hours_later) is None
