"""What a dying tablet saved to a file is stored as if it had sent it, and only then."""

import hashlib
import os
import uuid
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from collector.dataset import clock
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.models import AuditEvent, CaptureSession, Photo
from collector.dataset.opening import open_dataset
from collector.dataset.photos import read_photo
from collector.dataset.rescue.envelope import CURVE, public_key
from collector.dataset.sessions import LATE_PHOTOS, close_session, renew_token
from tests.capture.envelope import pack, parcel, saved, waiting
from tests.capture.tablet import ask, send
from tests.cast import OpenSession, enrol, give, let_no_text_cover_earlier_photos, sit
from tests.web.visitors import csrf_of, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def session(dataset: Dataset, staff: dict[str, uuid.UUID]) -> OpenSession:
    assert staff
    return sit(dataset, enrol(dataset, "research"))


@pytest.fixture
def olga(app: Flask, staff: dict[str, uuid.UUID]) -> FlaskClient:
    assert staff
    return signed_in(app, "olga")


def bring(client: FlaskClient, file: bytes) -> TestResponse:
    return client.post(
        "/children/waiting-photos",
        data=file,
        headers={
            "Content-Type": "application/octet-stream",
            "X-CSRFToken": csrf_of(client),
            "Accept": "application/json",
        },
    )


def stored(dataset: Dataset, session: OpenSession) -> list[Photo]:
    with dataset.database.read() as db:
        return list(db.scalars(own_session_photos(session.id)))


def change(dataset: Dataset, session: OpenSession, **values: object) -> None:
    with dataset.database.write() as db:
        capture = db.get(CaptureSession, session.id)
        for name, value in values.items():
            setattr(capture, name, value)


def test_the_photos_are_stored_as_they_were_taken_and_once(
    olga: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    photos = waiting(2)
    file = saved(dataset, session, photos)
    said = bring(olga, file).json
    assert said["complete"]
    assert said["sentences"][:2] == ["2 photos are stored now.", "0 photos were here already."]
    kept = {
        photo.id: hashlib.sha256(read_photo(dataset, photo)).digest()
        for photo in stored(dataset, session)
    }
    assert kept == {one["id"]: hashlib.sha256(one["data"]).digest() for one in photos}
    again = bring(olga, file).json["sentences"]
    assert again == ["0 photos are stored now.", "2 photos were here already."]
    assert len(stored(dataset, session)) == 2


def test_the_tablet_sends_what_was_brought_in_and_is_told_that_it_is_known(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    (photo,) = waiting()
    bring(olga, saved(dataset, session, [photo]))
    answer = send(nobody, session.token, photo["data"], photo=photo["id"])
    assert answer.status_code == 200
    assert answer.json["sha256"] == hashlib.sha256(photo["data"]).hexdigest()


def test_what_the_child_said_last_is_heard_first(
    olga: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    bring(olga, saved(dataset, session, waiting(), ("close", "stopped")))
    (photo,) = stored(dataset, session)
    assert (photo.state, photo.state_reason) == ("quarantined", "stopped")
    bring(olga, saved(dataset, session, [], ("close", "stopped"), ("answerAfterStop", "keep")))
    assert [one.state for one in stored(dataset, session)] == ["active"]


def test_a_child_that_threw_its_photos_away_is_heard(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    send(nobody, session.token)
    bring(olga, saved(dataset, session, [], ("close", "stopped"), ("answerAfterStop", "bin")))
    assert stored(dataset, session) == []
    said = bring(olga, saved(dataset, session, waiting())).json
    assert not said["complete"]
    assert said["sentences"][-1] == (
        "1 photo was refused. The child threw the photos of this session away."
    )


def test_a_photo_thrown_away_by_itself_stays_away(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    photo = uuid.uuid4()
    send(nobody, session.token, photo=photo)
    bring(olga, saved(dataset, session, [], ("bin", str(photo))))
    assert stored(dataset, session) == []


def test_a_file_may_be_older_than_the_link_and_the_link_another(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset
) -> None:
    weeks_ago = clock.now() - LATE_PHOTOS - timedelta(days=10)
    child = enrol(dataset)
    give(dataset, child, signed_at=weeks_ago - timedelta(days=1))
    session = sit(dataset, child)
    renew_token(dataset, session.id)
    ended = weeks_ago + timedelta(hours=1)
    change(
        dataset, session,
        created_at=weeks_ago, assent_at=weeks_ago, closed_at=ended, state="finished",
    )  # fmt: skip
    (photo,) = waiting(taken_at=(weeks_ago + timedelta(minutes=5)).isoformat())
    assert send(nobody, session.token, photo["data"], photo=photo["id"]).status_code == 401
    assert bring(olga, saved(dataset, session, [photo])).json["complete"]
    assert [one.id for one in stored(dataset, session)] == [photo["id"]]


def test_without_a_consent_of_that_day_nothing_is_stored(
    olga: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    weeks_ago = clock.now() - timedelta(days=20)
    let_no_text_cover_earlier_photos(dataset)
    change(dataset, session, created_at=weeks_ago, assent_at=weeks_ago)
    said = bring(olga, saved(dataset, session, waiting(taken_at=weeks_ago.isoformat()))).json
    assert "consent" in said["sentences"][-1]
    assert stored(dataset, session) == []


def test_a_photo_of_after_the_end_is_refused_unless_it_was_announced(
    olga: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    announced, other = waiting(2)
    close_session(dataset, session.id, "finished", [announced["id"]])
    for one in (announced, other):
        one["details"]["taken_at"] = clock.now().isoformat()
    said = bring(olga, saved(dataset, session, [announced, other])).json["sentences"]
    assert [one.id for one in stored(dataset, session)] == [announced["id"]]
    assert said[-1].startswith("1 photo was refused. This session is over")


@pytest.mark.parametrize("assent", [None, "no"])
def test_a_child_that_did_not_agree_has_no_photos(
    olga: FlaskClient, dataset: Dataset, staff: dict[str, uuid.UUID], assent: str | None
) -> None:
    session = sit(dataset, enrol(dataset, "research"), assent=assent)
    said = bring(olga, saved(dataset, session, waiting())).json
    assert not said["complete"]
    assert stored(dataset, session) == []


def test_a_withdrawn_child_s_photos_stay_away(
    olga: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    file = saved(dataset, session, waiting())
    withdraw(dataset, session.child, ["research"], channel="code", actor="guardian")
    said = bring(olga, file).json
    assert not said["complete"]
    assert "erased" in said["sentences"][-1]
    with dataset.database.read() as db:
        assert db.scalars(select(Photo)).all() == []


def test_whoever_never_held_the_session_brings_nothing_into_it(
    olga: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    photos = waiting()
    about = {"sessions": [parcel(dataset, session, photos, ("close", "stopped"), proof="0" * 64)]}
    said = bring(olga, pack(dataset, about, [one["data"] for one in photos])).json
    assert "did not give to the tablet" in said["sentences"][-1]
    assert stored(dataset, session) == []
    with dataset.database.read() as db:
        assert db.get(CaptureSession, session.id).state == "running"


def test_a_picture_that_is_none_is_refused_and_the_others_are_stored(
    olga: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    photos = waiting(2)
    photos[0]["data"] = b"no picture"
    said = bring(olga, saved(dataset, session, photos)).json
    assert said["sentences"][0] == "1 photo is stored now."
    assert not said["complete"]


def test_a_photo_that_arrived_while_the_file_was_saved_is_known(
    olga: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    about = {"sessions": [parcel(dataset, session, waiting())]}
    said = bring(olga, pack(dataset, about, [b""])).json
    assert said["sentences"] == ["0 photos are stored now.", "1 photo was here already."]


def _foreign_key() -> bytes:
    other = ec.generate_private_key(CURVE).public_key()
    return other.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def test_a_damaged_or_foreign_file_is_refused_whole_in_one_sentence(
    olga: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    photos = waiting(2)
    whole = saved(dataset, session, photos)
    about = {"sessions": [parcel(dataset, session, photos)]}
    pictures = [one["data"] for one in photos]
    middle = len(whole) // 2
    broken = {
        "cut": whole[:-1],
        "last photo missing": pack(dataset, about, pictures[:1]),
        "one photo more": pack(dataset, about, [*pictures, b"x"]),
        "altered": whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :],
        "another server's": pack(dataset, about, pictures, key=_foreign_key()),
        "no list": pack(dataset, [], []),
        "no sessions": pack(dataset, {}, []),
        "wrong ids": pack(
            dataset, {"sessions": [{**about["sessions"][0], "session": "x"}]}, pictures
        ),
        "no point": whole[:13] + bytes(65) + whole[78:],
        "header alone": whole[:78],
        "noise": os.urandom(4000),
        "nothing": b"",
        "a picture": photos[0]["data"],
    }
    for name, file in broken.items():
        answer = bring(olga, file)
        assert answer.status_code == 422, name
        assert answer.json["error"].startswith("This "), name
    assert stored(dataset, session) == []
    assert bring(olga, whole).json["complete"]


def test_a_file_of_many_photos_passes_the_door(olga: FlaskClient) -> None:
    """A form's limit is 24 MB; what is longer than the file's own is refused in a sentence."""
    assert bring(olga, bytes(30 * 1024 * 1024)).status_code == 422
    answer = olga.post(
        "/children/waiting-photos",
        data=b"",
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Length": str(200 * 1024 * 1024),
            "X-CSRFToken": csrf_of(olga),
        },
    )
    assert answer.status_code in (413, 422)


def test_it_is_written_down_who_brought_what(
    olga: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    bring(olga, saved(dataset, session, waiting(2)))
    with dataset.database.read() as db:
        event = db.scalars(select(AuditEvent).where(AuditEvent.action == "photos brought in")).one()
    assert (event.actor, event.subject) == ("olga", session.id.hex)
    assert event.details == {"stored": 2, "known": 0, "refused": 0}


def test_the_tablet_gets_the_key_with_its_session(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    answer = nobody.get("/capture/api/session", headers={"Session-Token": session.token}).json
    assert answer["rescue"]["session"] == str(session.id)
    assert len(answer["rescue"]["proof"]) == 64
    assert ask(nobody, session.token, "close", how="finished").status_code == 200


def test_the_key_outlives_a_rotation_and_a_start(dataset: Dataset) -> None:
    before = public_key(dataset)
    dataset.keys.rotate()
    assert public_key(dataset) == before
    again = open_dataset(dataset.folder, dataset.keys.folder)
    assert public_key(again) == before
    again.close()


def test_the_page_says_what_to_do(olga: FlaskClient) -> None:
    assert b"Bring in the photos" in olga.get("/children/waiting-photos").data


def test_a_file_agrees_in_no_child_s_name(
    olga: FlaskClient, dataset: Dataset, staff: dict[str, uuid.UUID]
) -> None:
    session = sit(dataset, enrol(dataset, "research"), assent=None)
    said = bring(olga, saved(dataset, session, waiting(), ("answerAssent", "yes"))).json
    assert not said["complete"]
    assert stored(dataset, session) == []
    bring(olga, saved(dataset, session, [], ("answerAssent", "no")))
    with dataset.database.read() as db:
        assert db.get_one(CaptureSession, session.id).state == "declined"


@pytest.mark.parametrize("taken", [-2, 40])
def test_a_photo_from_before_the_yes_or_long_after_is_refused(
    olga: FlaskClient, dataset: Dataset, session: OpenSession, taken: int
) -> None:
    """Of a session that was never ended: made 60 days ago, agreed to on the third day."""
    begun = clock.now() - timedelta(days=60)
    give(dataset, session.child, signed_at=begun - timedelta(days=9))
    agreed = begun + timedelta(days=3)
    change(dataset, session, created_at=begun, assent_at=agreed)
    photos = waiting(taken_at=(agreed + timedelta(days=taken)).isoformat())
    for errands in ((), (("close", "finished"),)):
        said = bring(olga, saved(dataset, session, photos, *errands)).json
        assert "This session is over" in said["sentences"][-1]
    assert stored(dataset, session) == []


def test_a_session_that_a_file_ends_late_is_opened_by_nothing(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    begun = clock.now() - LATE_PHOTOS - timedelta(days=1)
    give(dataset, session.child, signed_at=begun - timedelta(days=1))
    change(dataset, session, created_at=begun, assent_at=begun)
    (photo,) = waiting(taken_at=(begun + timedelta(hours=1)).isoformat())
    bring(olga, saved(dataset, session, [photo], ("close", "finished")))
    assert [one.id for one in stored(dataset, session)] == [photo["id"]]
    assert send(nobody, session.token).status_code == 401


@pytest.mark.parametrize("about", [b"[" * 200_000, b'{"sessions":[' + b"{}," * 10**6])
def test_a_list_that_no_tablet_writes_is_refused(
    olga: FlaskClient, dataset: Dataset, about: bytes
) -> None:
    answer = bring(olga, pack(dataset, about, []))
    assert answer.status_code == 422
    assert "damaged" in answer.json["error"]
