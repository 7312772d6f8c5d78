"""Before a session the operator looks: is it this child, and does it want to, after a stop?"""

import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import count_usable, own_session_photos
from collector.dataset.errors import Conflict
from collector.dataset.models import AuditEvent, CaptureSession
from collector.dataset.participants import Attributes, register_participant
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.sessions import answer_assent, close_session, start_session
from tests.cast import OpenSession, enrol, give, sit, snap
from tests.web.visitors import post

pytestmark = pytest.mark.slow


def start(
    client: FlaskClient, dataset: Dataset, child: uuid.UUID, **ticked: object
) -> TestResponse:
    """Send the form on the child's page with these boxes ticked."""
    with dataset.database.read() as db:
        protocol = current_protocols(db)[0].id
    fields = {"protocol": protocol, "light": "natural", "language": "en", "session": uuid.uuid4()}
    return post(client, f"/children/{child}/sessions", **{**fields, **ticked})


def sessions(dataset: Dataset) -> list[CaptureSession]:
    with dataset.database.read() as db:
        return list(db.scalars(select(CaptureSession).order_by(CaptureSession.created_at)))


def events(dataset: Dataset, action: str) -> list[AuditEvent]:
    with dataset.database.read() as db:
        return list(db.scalars(select(AuditEvent).where(AuditEvent.action == action)))


def page_of(client: FlaskClient, child: uuid.UUID) -> str:
    return client.get(f"/children/{child}").get_data(as_text=True)


def stop(dataset: Dataset, session: OpenSession, *announced: uuid.UUID) -> None:
    close_session(dataset, session.id, "stopped", announced)


def test_a_child_nobody_looked_at_gets_no_session(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    for ticked in ({}, {"confirmed": ""}, {"confirmed": "card"}):
        answer = start(olga, dataset, child, **ticked)
        assert answer.status_code == 422
        assert "in front of you" in answer.get_data(as_text=True)
    assert sessions(dataset) == []


def test_the_log_says_that_it_was_confirmed_by_hand(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    assert start(olga, dataset, child, confirmed="yes").status_code == 200
    (event,) = events(dataset, "session started")
    assert event.details == {"light": "natural", "confirmed": "by hand"}


def test_the_box_names_the_child(olga: FlaskClient, dataset: Dataset) -> None:
    child = register_participant(dataset, Attributes(), actor="test", real_name="Aru").id
    give(dataset, child)
    page = page_of(olga, child)
    assert re.search(r"The child in front of me is [A-Z]{2}-\d{3} \(Aru\)\.", page)
    box = re.search(r'<input[^>]*name="confirmed"[^>]*>', page)
    assert box
    assert "required" in box[0]
    assert "checked" not in box[0]


def test_a_form_of_before_a_reassignment_opens_no_other_child_s_session(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    other = sit(dataset, enrol(dataset, "research"), assent=None)
    answer = start(olga, dataset, child, confirmed="yes", session=other.id)
    assert answer.status_code == 409


def stopped(dataset: Dataset, child: uuid.UUID) -> None:
    stop(dataset, sit(dataset, child))


def said_no(dataset: Dataset, child: uuid.UUID) -> None:
    sit(dataset, child, assent="no")


def said_not_today(dataset: Dataset, child: uuid.UUID) -> None:
    sit(dataset, child, assent="not_today")


@pytest.mark.parametrize(
    ("refuse", "words"),
    [
        (stopped, "The child stopped last time."),
        (said_no, "The child said no last time."),
        (said_not_today, "The child said “not today” today."),
    ],
)
def test_after_a_refusal_an_adult_talks_with_the_child_first(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID, refuse: object, words: str
) -> None:
    assert callable(refuse)
    assert words not in page_of(olga, child)
    refuse(dataset, child)
    before = sessions(dataset)
    assert words in page_of(olga, child)
    answer = start(olga, dataset, child, confirmed="yes")
    assert answer.status_code == 409
    assert "talk with it" in answer.get_data(as_text=True)
    assert len(sessions(dataset)) == len(before) == 1
    assert start(olga, dataset, child, confirmed="yes", after_stop="yes").status_code == 200
    assert events(dataset, "session started")[-1].details["talked_about"] == before[0].id.hex


def test_the_talk_is_asked_for_again_until_the_child_has_answered(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    stopped(dataset, child)
    start(olga, dataset, child, confirmed="yes", after_stop="yes")  # and the link is lost
    assert start(olga, dataset, child, confirmed="yes").status_code == 409
    answer_assent(dataset, sessions(dataset)[-1].id, "yes", "a tablet")
    assert start(olga, dataset, child, confirmed="yes").status_code == 200


def test_a_not_today_is_over_tomorrow(
    olga: FlaskClient,
    dataset: Dataset,
    child: uuid.UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said_not_today(dataset, child)
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    assert start(olga, dataset, child, confirmed="yes").status_code == 200


def test_another_child_s_stop_is_no_matter(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    stopped(dataset, enrol(dataset, "research"))
    assert start(olga, dataset, child, confirmed="yes").status_code == 200


def test_an_older_link_is_not_renewed_after_a_stop(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    older = sit(dataset, child, assent=None)
    stopped(dataset, child)
    answer = post(olga, f"/children/sessions/{older.id}/link")
    assert answer.status_code == 409


def test_the_program_itself_is_held_to_it(dataset: Dataset, child: uuid.UUID) -> None:
    stopped(dataset, child)
    with dataset.database.read() as db:
        protocol = current_protocols(db)[0].id
    with pytest.raises(Conflict):
        start_session(
            dataset, child, protocol, light="natural", language="en", actor="test",
            operator_id=None, confirmed="hand",
        )  # fmt: skip


@pytest.fixture
def waiting(dataset: Dataset, child: uuid.UUID) -> OpenSession:
    """A session that the child stopped after a photo."""
    session = sit(dataset, child)
    snap(dataset, session)
    stop(dataset, session)
    return session


def answer(client: FlaskClient, session: OpenSession, said: str) -> TestResponse:
    return post(client, f"/children/sessions/{session.id}/answer", answer=said)


def test_the_page_says_that_photos_wait_and_takes_the_answer(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID, waiting: OpenSession
) -> None:
    page = page_of(olga, child)
    assert "1 photo still waits for its answer" in page
    assert f"/children/sessions/{waiting.id}/answer" in page
    assert answer(olga, waiting, "keep").status_code == 302
    with dataset.database.read() as db:
        assert count_usable(db, child, clock.now()) == 1
    (event,) = events(dataset, "photos kept after stop")
    assert (event.actor, event.subject) == ("olga", waiting.id.hex)
    assert "still waits for its answer" not in page_of(olga, child)


def test_thrown_away_by_word_they_are_gone(
    olga: FlaskClient, dataset: Dataset, waiting: OpenSession
) -> None:
    assert answer(olga, waiting, "bin").status_code == 302
    with dataset.database.read() as db:
        assert db.scalars(own_session_photos(waiting.id)).all() == []
    (event,) = events(dataset, "photos thrown away after stop")
    assert (event.actor, event.subject) == ("olga", waiting.id.hex)


def test_an_answer_is_recorded_once(
    olga: FlaskClient, dataset: Dataset, waiting: OpenSession
) -> None:
    assert answer(olga, waiting, "perhaps").status_code == 422
    assert answer(olga, waiting, "keep").status_code == 302
    assert answer(olga, waiting, "keep").status_code == 302
    assert answer(olga, waiting, "bin").status_code == 409
    assert len(events(dataset, "photos kept after stop")) == 1
    with dataset.database.read() as db:
        assert len(db.scalars(own_session_photos(waiting.id)).all()) == 1


def test_a_session_that_goes_on_has_no_answer_to_record(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    running = sit(dataset, child)
    snap(dataset, running)
    for said in ("keep", "bin"):
        assert answer(olga, running, said).status_code == 409
    assert answer(olga, OpenSession(uuid.uuid4(), "", child), "keep").status_code == 404
    with dataset.database.read() as db:
        assert len(db.scalars(own_session_photos(running.id)).all()) == 1
