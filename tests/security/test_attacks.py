"""Attacks that no other file tries: each is answered in a sentence, and changes nothing."""

import base64
import uuid
from datetime import timedelta
from posixpath import normpath

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.receipts import issue_receipt, read_code
from collector.dataset.consents.texts import consent_texts
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict
from collector.dataset.models import Participant, Photo
from collector.dataset.opening import open_dataset
from collector.dataset.sessions import close_session
from collector.dataset.studies import StudyDetails, describe_study
from collector.dataset.users import add_user
from tests.capture.tablet import ask, send
from tests.cast import PASSWORD, SIGNATURE, OpenSession, enrol, give, sit, snap
from tests.security.poison import Poisoned
from tests.web.visitors import csrf_of, post, signed_in

FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.fixture
def sitting(dataset: Dataset, child: uuid.UUID) -> OpenSession:
    return sit(dataset, child)


def count(dataset: Dataset, what: str) -> int:
    statements = {
        "photos": "SELECT count(*) FROM photo",
        "consents": "SELECT count(*) FROM consent",
        "leases": "SELECT count(*) FROM lease",
        "events": "SELECT count(*) FROM audit_event",
    }
    with dataset.database.read() as session:
        return session.scalar(text(statements[what])) or 0


@pytest.mark.parametrize("door", ["form", "scan", "class list"])
def test_no_door_takes_a_consent_from_the_future(
    door: str, olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    tomorrow = (clock.now().astimezone().date() + timedelta(days=1)).isoformat()
    with dataset.database.read() as session:
        document = str(consent_texts(session, "research")[0].id)
    answer = {"guardian": "Gulnara", "relation": "mother", "answer": "given", "text": document}
    scan = base64.b64encode(SIGNATURE).decode()
    forms = {
        "form": (f"/children/{child}/consent/research", {**answer, "method": "paper"}),
        "scan": ("/scans/", {**answer, "participant": str(child), "scan": scan}),
        "class list": (
            "/class-list/",
            {"list": f"A;B;mother;{tomorrow};yes", "batch": str(uuid.uuid4()), "language": "en"},
        ),
    }
    path, fields = forms[door]
    before = count(dataset, "consents"), count(dataset, "events")
    found = post(olga, path, **fields, signed_on=tomorrow)
    assert found.status_code == 422
    assert (count(dataset, "consents"), count(dataset, "events")) == before


TRICKS = (
    "..", "../../dataset.db", "..%2f..%2fdataset.db", "%2e%2e/%2e%2e/master.key", "%00",
    "0", "-1", "' OR 1=1 --", "{child}'--", "{child}%00", "{child}/..", "%7B{child}%7D",
    "urn:uuid:{child}", "{child}.jpg", "{hex}", "{{child}}", "null", "*", "%ff%fe", "\u0661" * 32,
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", ["olga", "rita", "admin"])
def test_what_is_no_id_leads_nowhere(
    name: str, app: Flask, dataset: Dataset, staff: dict[str, uuid.UUID], child: uuid.UUID
) -> None:
    assert staff
    photo = snap(dataset, sit(dataset, child))
    client = signed_in(app, name)
    token = {"X-CSRFToken": csrf_of(client)}
    tried = 0
    for rule in app.url_map.iter_rules():
        if not rule.arguments:
            continue
        for trick in TRICKS:
            wrong = trick.replace("{child}", str(photo)).replace("{hex}", photo.hex)
            path = rule.rule
            for argument in rule.arguments:
                for kind in ("uuid:", "path:", ""):
                    path = path.replace(f"<{kind}{argument}>", wrong)
            assert "<" not in path, path
            for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
                found = client.open(path, method=method, headers=token)
                assert found.status_code in {404, 405, 401, 308}, (method, path, found.status)
                assert dataset.site_id.hex.encode() not in found.data
                tried += 1
    assert tried > 500


def test_a_vote_takes_no_other_reviewer_s_lease(
    app: Flask, dataset: Dataset, sitting: OpenSession, staff: dict[str, uuid.UUID]
) -> None:
    photo = snap(dataset, sitting)
    rita, rustam = signed_in(app, "rita"), signed_in(app, "rustam")
    assert rita.get("/review/api/queue").json == {"photos": [str(photo)], "waiting": 1, "voted": 0}
    ballot = {"vote_id": str(uuid.uuid4()), "photo_id": str(photo), "verdict": "unsure"}
    headers = {"X-CSRFToken": csrf_of(rustam)}
    assert rustam.post("/review/api/votes", json=ballot, headers=headers).status_code == 201
    with dataset.database.read() as session:
        holders = session.scalars(text("SELECT reviewer_id FROM lease")).all()
    assert holders == [staff["rita"].hex]
    # The same ballot in another's name is another vote with a number that is taken.
    headers = {"X-CSRFToken": csrf_of(rita)}
    assert rita.post("/review/api/votes", json=ballot, headers=headers).status_code == 409


def test_a_tablet_that_names_another_child_s_photos_reaches_none_of_them(
    nobody: FlaskClient, dataset: Dataset, sitting: OpenSession
) -> None:
    other = sit(dataset, enrol(dataset, "research"))
    photo = snap(dataset, sitting)
    announced = [str(photo)]
    assert send(nobody, other.token, photo=photo).status_code == 409
    assert ask(nobody, other.token, "close", how="stopped", announced=announced).status_code == 200
    assert send(nobody, other.token, photo=photo).status_code == 409
    path = f"/capture/api/photos/{photo}"
    header = {"Session-Token": other.token}
    assert nobody.get(f"{path}/thumbnail", headers=header).status_code == 404
    assert nobody.delete(path, headers=header).status_code == 404
    thrown = ask(nobody, other.token, "after-stop", answer="bin", announced=announced)
    assert thrown.status_code == 200
    assert count(dataset, "photos") == 1
    assert nobody.get(f"{path}/thumbnail", headers={"Session-Token": sitting.token}).data


@pytest.mark.slow
def test_a_question_left_open_in_another_window_is_answered_after_the_erasure(
    nobody: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    code = read_code(dataset, issue_receipt(dataset, child, actor="test"))
    withdraw(dataset, child, ["research"], channel="operator", actor="test")
    for what in ("everything", "publication", "sharing"):
        for sure in ("", "yes"):
            found = post(nobody, "/withdraw", code=code, what=what, sure=sure)
            assert found.status_code == 200, (what, sure)
            assert "Yes, withdraw" not in found.get_data(as_text=True)


@pytest.mark.parametrize("page", ["", "/../consents/{answer}", "/../consents/{answer}/document"])
def test_a_page_asked_for_between_key_and_rows_of_an_erasure_is_not_there(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID, page: str
) -> None:
    answer = give(dataset, child)
    path = normpath(f"/children/{child}{page.format(answer=answer)}")
    assert olga.get(path).status_code == 200
    dataset.keys.destroy_child(child)
    assert olga.get(path).status_code == 404


def test_nothing_is_stored_that_the_study_may_keep_no_longer(
    nobody: FlaskClient, dataset: Dataset, sitting: OpenSession
) -> None:
    """Neither a photo of now, nor one that was taken in time and comes too late."""
    late = uuid.uuid4()
    close_session(dataset, sitting.id, "finished", [late])
    taken_at = clock.now()
    last_day = (clock.now() - timedelta(days=1)).date()
    describe_study(dataset, StudyDetails(title="Faces", keep_until=last_day), actor="test")
    found = send(nobody, sitting.token, photo=late, taken_at=taken_at.isoformat())
    assert found.status_code == 409
    assert "last day has passed" in found.json["error"]
    assert count(dataset, "photos") == 0


@pytest.mark.slow
def test_what_was_smuggled_in_under_a_consent_does_not_hold_up_its_erasure(
    poisoned: Dataset, school: Poisoned
) -> None:
    arina = school.children["arina"]
    withdraw(poisoned, arina, ["research"], channel="operator", actor="test")
    smuggled = school.photos_of(frozenset({"nina"}))
    assert smuggled
    again = open_dataset(poisoned.folder, poisoned.keys.folder)
    with again.database.read() as session:
        assert session.get(Participant, arina) is None
        assert not [one for one in smuggled if session.get(Photo, one)]
    again.close()


def test_a_stranger_s_long_form_is_refused_before_it_is_taken_apart(nobody: FlaskClient) -> None:
    answer = nobody.post("/withdraw", data="a=1&" * 20_000, content_type=FORM_TYPE)
    assert answer.status_code == 400
    assert "form has expired" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("name", ["guardian", "Child", "start-up"])
def test_no_account_bears_a_name_that_the_log_uses(dataset: Dataset, name: str) -> None:
    with pytest.raises(Conflict):
        add_user(dataset, name, PASSWORD, ["operator"], actor="test")
