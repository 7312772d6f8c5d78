"""The operator's way to put right a session that was recorded under the wrong child."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.models import AuditEvent, CaptureSession
from collector.dataset.participants import find_participant
from tests.capture.tablet import send
from tests.cast import OpenSession, enrol, sit, snap
from tests.web.visitors import post

pytestmark = pytest.mark.slow


@pytest.fixture
def session(dataset: Dataset, staff: dict[str, uuid.UUID]) -> OpenSession:
    """A session with a photo, under Wanda, in which Rosa sat."""
    opened = sit(dataset, enrol(dataset, "research"), staff["olga"])
    snap(dataset, opened)
    return opened


@pytest.fixture
def rosa(dataset: Dataset) -> uuid.UUID:
    return enrol(dataset, "research")


def pseudonym(dataset: Dataset, child: uuid.UUID) -> str:
    with dataset.database.read() as db:
        return find_participant(db, child).pseudonym


def child_of(dataset: Dataset, session: OpenSession) -> uuid.UUID:
    with dataset.database.read() as db:
        return db.get_one(CaptureSession, session.id).participant_id


def look(client: FlaskClient, session: OpenSession, to: uuid.UUID | None = None) -> str:
    path = f"/children/sessions/{session.id}/child"
    return client.get(f"{path}?to={to}" if to else path).get_data(as_text=True)


def test_the_child_s_page_leads_there(olga: FlaskClient, session: OpenSession) -> None:
    page = olga.get(f"/children/{session.child}").get_data(as_text=True)
    assert f"/children/sessions/{session.id}/child" in page


def test_first_the_right_child_is_chosen(
    olga: FlaskClient, dataset: Dataset, session: OpenSession, rosa: uuid.UUID
) -> None:
    page = look(olga, session)
    assert f'<option value="{rosa}"' in page.replace("\n", " ")
    assert f'value="{session.child}"' not in page
    assert "I am sure" not in page


def test_then_it_is_confirmed_and_moved(
    olga: FlaskClient, dataset: Dataset, session: OpenSession, rosa: uuid.UUID
) -> None:
    page = look(olga, session, rosa)
    assert f"I am sure that {pseudonym(dataset, rosa)} sat in this session." in page
    path = f"/children/sessions/{session.id}/child"
    assert post(olga, path, to=rosa).status_code == 422
    assert child_of(dataset, session) == session.child
    answer = post(olga, path, to=rosa, sure="yes")
    assert (answer.status_code, answer.location) == (302, f"/children/{rosa}")
    assert child_of(dataset, session) == rosa
    old = olga.get(f"/children/{session.child}").get_data(as_text=True)
    new = olga.get(f"/children/{rosa}").get_data(as_text=True)
    assert str(session.id) not in old
    assert str(session.id) in new
    with dataset.database.read() as db:
        found = select(AuditEvent).where(AuditEvent.action == "session reassigned")
        (event,) = db.scalars(found)
    assert event.actor == "olga"


def test_the_tablet_goes_on_with_its_token(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset, session: OpenSession, rosa: uuid.UUID
) -> None:
    post(olga, f"/children/sessions/{session.id}/child", to=rosa, sure="yes")
    assert send(nobody, session.token).status_code == 201
    with dataset.database.read() as db:
        assert len(db.scalars(own_session_photos(session.id)).all()) == 2


def test_without_consent_the_page_says_so_and_offers_nothing(
    olga: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    never = enrol(dataset)
    page = look(olga, session, never)
    assert "for 1 of its photos" in page
    assert "I am sure" not in page
    answer = post(olga, f"/children/sessions/{session.id}/child", to=never, sure="yes")
    assert answer.status_code == 409
    assert "did not stand" in answer.get_data(as_text=True)
    assert child_of(dataset, session) == session.child


def test_an_empty_session_says_that_it_is_empty(
    olga: FlaskClient, dataset: Dataset, rosa: uuid.UUID
) -> None:
    empty = sit(dataset, enrol(dataset, "research"), assent=None)
    assert "has no photos" in look(olga, empty, rosa)
    assert "Record it first" in look(olga, empty, enrol(dataset))


def test_numbers_that_are_nobody_s_lead_nowhere(
    olga: FlaskClient, session: OpenSession, rosa: uuid.UUID
) -> None:
    path = f"/children/sessions/{session.id}/child"
    assert olga.get(f"{path}?to={uuid.uuid4()}").status_code == 404
    assert olga.get(f"{path}?to=somebody").status_code == 200
    assert post(olga, path, to=uuid.uuid4(), sure="yes").status_code == 404
    assert olga.get(f"/children/sessions/{uuid.uuid4()}/child").status_code == 404
    assert (
        post(olga, f"/children/sessions/{uuid.uuid4()}/child", to=rosa, sure="yes").status_code
        == 404
    )
