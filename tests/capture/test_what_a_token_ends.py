"""When a session's token, an older one, or a file saved long ago opens nothing any more."""

import uuid
from datetime import timedelta

from flask.testing import FlaskClient

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.models import CaptureSession
from collector.dataset.sessions import LATE_PHOTOS, is_over, renew_token
from tests.capture.tablet import ask, send
from tests.cast import OpenSession, enrol, sit

AGES = LATE_PHOTOS + timedelta(days=20)


def age(dataset: Dataset, session: OpenSession) -> None:
    """The session was begun long ago and never ended."""
    with dataset.database.write() as db:
        capture = db.get_one(CaptureSession, session.id)
        capture.created_at = capture.assent_at = clock.now() - AGES


def test_a_session_left_open_does_not_live_on_by_ending_it(
    nobody: FlaskClient, dataset: Dataset
) -> None:
    session, photo = sit(dataset, enrol(dataset, "research")), uuid.uuid4()
    age(dataset, session)
    assert (
        ask(nobody, session.token, "close", how="stopped", announced=[str(photo)]).status_code
        == 409
    )
    assert send(nobody, session.token, photo=photo).status_code == 409
    with dataset.database.read() as db:
        capture = db.get_one(CaptureSession, session.id)
        assert (capture.state, is_over(capture, clock.now())) == ("running", True)


def test_a_no_is_not_walked_round_by_an_older_session(
    nobody: FlaskClient, dataset: Dataset
) -> None:
    child = enrol(dataset, "research")
    older, newer = sit(dataset, child, assent=None), sit(dataset, child, assent=None)
    assert ask(nobody, newer.token, "assent", answer="no").status_code == 200
    refused = ask(nobody, older.token, "assent", answer="yes")
    assert refused.status_code == 409
    assert "talk with it" in refused.json["error"]
    assert send(nobody, older.token).status_code == 409


def test_every_token_that_a_session_had_learns_of_the_erasure(
    nobody: FlaskClient, dataset: Dataset
) -> None:
    child = enrol(dataset, "research")
    session = sit(dataset, child)
    newer = renew_token(dataset, session.id)[1]
    assert send(nobody, session.token).status_code == 401
    erase_participant(dataset, child, actor="admin")
    for token in (session.token, newer):
        answer = send(nobody, token)
        assert (answer.status_code, answer.json["code"]) == (409, "erased")
