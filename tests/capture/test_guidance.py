"""Guidance over HTTP: an answer to a small frame of which nothing stays, and a photo's mark."""

import hashlib
import io
import logging
import uuid
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from collector.dataset import clock, guidance
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.models import Photo
from collector.dataset.vocabulary import GUIDANCE
from tests.capture.tablet import ask, send
from tests.cast import OpenSession, drawn_jpeg, enrol, give, sit

pytestmark = pytest.mark.slow


@pytest.fixture
def session(dataset: Dataset) -> OpenSession:
    """Arina's session, begun."""
    return sit(dataset, enrol(dataset, "research"))


def small(seed: int = 1, size: tuple[int, int] = (240, 135)) -> bytes:
    """A drawn child as the page sends it."""
    content = io.BytesIO()
    picture = Image.open(io.BytesIO(drawn_jpeg(seed=seed))).resize(size)
    picture.save(content, "JPEG", quality=60)
    return content.getvalue()


def look(
    client: FlaskClient, token: str, frame: bytes | None = None, pose: str = "frontal"
) -> TestResponse:
    """Send a frame as the page does."""
    return client.post(
        f"/capture/api/guidance?head_pose={pose}",
        data=small() if frame is None else frame,
        headers={"Session-Token": token, "Content-Type": "image/jpeg"},
    )


def empty() -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (240, 135), (120, 120, 120)).save(content, "JPEG")
    return content.getvalue()


def test_a_child_in_the_middle_is_fine_and_an_empty_chair_is_noticed(
    nobody: FlaskClient, session: OpenSession
) -> None:
    assert look(nobody, session.token).json == {"advice": "fine", "arrow": None}
    assert look(nobody, session.token, empty()).json == {"advice": "no_face", "arrow": None}
    assert look(nobody, session.token, empty(), "up").json == {"advice": None, "arrow": None}


def contents(dataset: Dataset) -> dict[str, str]:
    """The hash of each file but SQLite's index of its log, which readers mark too."""
    files = [one for where in (dataset.folder, dataset.keys.folder) for one in where.rglob("*")]
    return {
        str(one): hashlib.sha256(one.read_bytes()).hexdigest()
        for one in files
        if one.is_file() and not one.name.endswith("-shm")
    }


def rows(dataset: Dataset) -> dict[str, int]:
    with dataset.database.read() as db:
        names = db.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")).all()
        return {name: db.scalar(text(f'SELECT count(*) FROM "{name}"')) or 0 for name in names}  # noqa: S608


def test_nothing_of_a_frame_is_written_anywhere(
    nobody: FlaskClient,
    dataset: Dataset,
    session: OpenSession,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    workplace = tmp_path / "workplace"
    workplace.mkdir()
    monkeypatch.chdir(workplace)
    monkeypatch.setenv("TMPDIR", str(workplace))
    frames = [small(), empty(), b"\xff\xd8\xff broken", bytes(70_000)]
    before, counted = contents(dataset), rows(dataset)
    with caplog.at_level(logging.DEBUG):
        answers = [look(nobody, session.token, frame).status_code for frame in frames]
    assert answers == [200, 200, 422, 413]
    assert (contents(dataset), rows(dataset)) == (before, counted)
    assert list(workplace.iterdir()) == []
    said = caplog.text + "".join(capfd.readouterr())
    assert session.token not in said
    for frame in frames[:2]:
        assert repr(frame[200:230])[2:-1] not in said


def test_a_frame_has_at_most_64_kib_and_480_pixels(
    nobody: FlaskClient, session: OpenSession
) -> None:
    padded = small() + bytes(64 * 1024 - len(small()))
    assert look(nobody, session.token, padded).status_code == 200
    assert look(nobody, session.token, padded + b"\0").status_code == 413
    assert look(nobody, session.token, small(size=(480, 270))).status_code == 200
    too_wide = look(nobody, session.token, small(size=(512, 288)))
    assert (too_wide.status_code, "480" in too_wide.json["error"]) == (422, True)


@pytest.mark.parametrize("frame", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(200)])
def test_what_is_no_jpeg_is_refused_in_a_sentence(
    nobody: FlaskClient, session: OpenSession, frame: bytes
) -> None:
    answer = look(nobody, session.token, frame)
    assert answer.status_code == 422
    assert answer.json["error"].endswith(".")


def test_only_a_session_that_runs_is_looked_at(nobody: FlaskClient, dataset: Dataset) -> None:
    asleep = sit(dataset, enrol(dataset, "research"), assent=None)
    declined = sit(dataset, enrol(dataset, "research"), assent="no")
    ended = sit(dataset, enrol(dataset, "research"))
    ask(nobody, ended.token, "close", how="finished", announced=[])
    for one in (asleep, declined, ended):
        assert look(nobody, one.token).status_code == 409
    assert look(nobody, "x" * 43).status_code == 401


def test_without_a_standing_consent_nobody_is_looked_at(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    give(dataset, session.child, given=False, signed_at=clock.now())
    answer = look(nobody, session.token)
    assert (answer.status_code, "consent" in answer.json["error"]) == (409, True)


def test_a_child_that_was_withdrawn_is_not_looked_at(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    erase_participant(dataset, session.child, actor="test")
    answer = look(nobody, session.token)
    assert (answer.status_code, answer.json["code"]) == (409, "erased")


def test_more_frames_than_a_class_can_send_are_turned_away(
    nobody: FlaskClient, session: OpenSession
) -> None:
    statuses = [look(nobody, session.token, b"x").status_code for _ in range(60)]
    assert 429 in statuses
    assert statuses[:15] == [422] * 15


def test_a_frame_does_not_wait_for_others(nobody: FlaskClient, session: OpenSession) -> None:
    with guidance.LOOKING, guidance.LOOKING:
        assert look(nobody, session.token).json == {"advice": None, "arrow": None}
    assert look(nobody, session.token).json["advice"] == "fine"
    # What was refused has given its place back.
    for _ in range(3):
        look(nobody, session.token, b"no picture")
    assert look(nobody, session.token).json["advice"] == "fine"


def stored(dataset: Dataset, photo: uuid.UUID) -> Photo:
    with dataset.database.read() as db:
        return db.scalars(select(Photo).where(Photo.id == photo)).one()


@pytest.mark.parametrize("advice", [*GUIDANCE, None])
def test_a_photo_taken_all_the_same_carries_the_advice_that_stood(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession, advice: str | None
) -> None:
    photo = uuid.uuid4()
    assert send(nobody, session.token, photo=photo, guidance=advice).status_code == 201
    assert stored(dataset, photo).guidance == advice


@pytest.mark.parametrize("advice", ["fine", "smile", "", 7, True, ["closer"], {"a": 1}])
def test_advice_that_is_none_of_ours_is_left_out_and_the_photo_kept(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession, advice: object
) -> None:
    photo = uuid.uuid4()
    assert send(nobody, session.token, photo=photo, guidance=advice).status_code == 201
    assert stored(dataset, photo).guidance is None


def test_what_the_browser_tells_of_exposure_and_colour_is_stored(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    settings: dict[str, object] = {
        "exposureTime": 166.5,  # in 100 microseconds
        "exposureMode": "continuous",
        "exposureCompensation": -0.5,
        "iso": 400,
        "colorTemperature": 5200,
        "whiteBalanceMode": "manual",
        "torch": False,
        "frameRate": 30.000030517578125,
        "aspectRatio": 1.7777777777777777,
        "width": 1280,
    }
    photo = uuid.uuid4()
    assert send(nobody, session.token, photo=photo, settings=settings).status_code == 201
    assert stored(dataset, photo).camera_settings == settings
