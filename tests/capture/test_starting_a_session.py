"""The operator starts a session, and the link opens it on the tablet."""

import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.sessions import close_session, sessions_of
from collector.dataset.studies import StudyDetails, describe_study
from tests.capture.tablet import ask
from tests.cast import enrol, give, sit
from tests.web.visitors import post


def start(olga: FlaskClient, dataset: Dataset, child: uuid.UUID, **changed: str) -> TestResponse:
    with dataset.database.read() as session:
        protocol = current_protocols(session)[0].id
    fields = {
        "session": str(uuid.uuid4()),
        "protocol": str(protocol),
        "light": "natural",
        "language": "kk",
        "confirmed": "yes",
        **changed,
    }
    return post(olga, f"/children/{child}/sessions", **fields)


def tokens(page: TestResponse) -> list[str]:
    return re.findall(r"/capture/#([\w-]{43})", page.get_data(as_text=True))


def test_a_session_is_started_with_a_link_for_the_tablet(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset
) -> None:
    page = start(olga, dataset, enrol(dataset, "research")).get_data(as_text=True)
    found = re.search(r"/capture/#([\w-]{43})", page)
    assert found
    header = {"Session-Token": found[1]}
    told = nobody.get("/capture/api/session", headers=header).json
    assert (told["state"], told["language"]) == ("ready", "kk")


def test_a_start_sent_twice_is_one_session_with_a_new_link(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset
) -> None:
    child, session = enrol(dataset, "research"), str(uuid.uuid4())
    (first,) = tokens(start(olga, dataset, child, session=session))
    (second,) = tokens(start(olga, dataset, child, session=session))
    with dataset.database.read() as db:
        assert len(sessions_of(db, child)) == 1
    statuses = [
        nobody.get("/capture/api/session", headers={"Session-Token": token}).status_code
        for token in (first, second)
    ]
    assert statuses == [401, 200]


def test_a_start_sent_again_does_not_go_round_the_talk_after_a_stop(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child, before = enrol(dataset, "research"), str(uuid.uuid4())
    start(olga, dataset, child, session=before)
    close_session(dataset, sit(dataset, child).id, "stopped", [])
    again = start(olga, dataset, child, session=before, after_stop="yes")
    assert (again.status_code, tokens(again)) == (409, [])
    assert tokens(start(olga, dataset, child, after_stop="yes"))


def test_a_lost_link_is_replaced_until_the_session_is_closed(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset
) -> None:
    child, session = enrol(dataset, "research"), uuid.uuid4()
    start(olga, dataset, child, session=str(session))
    (token,) = tokens(post(olga, f"/children/sessions/{session}/link"))
    assert "New link" in olga.get(f"/children/{child}").get_data(as_text=True)
    ask(nobody, token, "assent", answer="no")
    assert post(olga, f"/children/sessions/{session}/link").status_code == 409
    assert "New link" not in olga.get(f"/children/{child}").get_data(as_text=True)


def test_a_session_needs_the_research_consent(olga: FlaskClient, dataset: Dataset) -> None:
    for child in (enrol(dataset), enrol(dataset, "publication")):
        assert start(olga, dataset, child).status_code == 409
    refused = enrol(dataset, "research")
    give(dataset, refused, given=False, signed_at=clock.now())
    assert start(olga, dataset, refused).status_code == 409


@pytest.mark.parametrize("changed", [{"light": "candle"}, {"light": ""}])
def test_the_light_must_be_declared(
    olga: FlaskClient, dataset: Dataset, changed: dict[str, str]
) -> None:
    assert start(olga, dataset, enrol(dataset, "research"), **changed).status_code == 422


def test_after_the_study_s_last_day_no_session_starts(olga: FlaskClient, dataset: Dataset) -> None:
    child, yesterday = enrol(dataset, "research"), clock.now().date() - timedelta(days=1)
    describe_study(dataset, StudyDetails(capture_until=yesterday), actor="test")
    assert start(olga, dataset, child).status_code == 409


def test_an_unknown_child_or_protocol_is_not_found(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    assert start(olga, dataset, uuid.uuid4()).status_code == 404
    assert start(olga, dataset, child, protocol=str(uuid.uuid4())).status_code == 404
    assert start(olga, dataset, child, protocol="first").status_code == 404
