"""The guardian sits beside the operator: a child's photos open for a while, and nothing else."""

import io
import json
import uuid
import zipfile
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from collector.dataset import clock
from collector.dataset.consents.receipts import issue_receipt, read_code
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.users import add_user
from tests.cast import PASSWORD, drawn_jpeg, enrol, sit, snap
from tests.web.visitors import csrf_of, post, signed_in

pytestmark = pytest.mark.slow


class Desk:
    """Two children with a photo each, and the operator at her desk."""

    def __init__(self, app: Flask, dataset: Dataset) -> None:
        self.app, self.dataset = app, dataset
        self.olga = signed_in(app, "olga")
        self.child, self.other = enrol(dataset, "research"), enrol(dataset, "research")
        self.photos = {one: snap(dataset, sit(dataset, one)) for one in (self.child, self.other)}
        self.codes = {
            one: read_code(dataset, issue_receipt(dataset, one, actor="test"))
            for one in (self.child, self.other)
        }

    def begin(self, child: uuid.UUID | None = None, **fields: str) -> TestResponse:
        child = child or self.child
        return post(self.olga, f"/children/{child}/look", **(fields or {"known": "yes"}))

    def statuses(
        self, client: FlaskClient | None = None, child: uuid.UUID | None = None
    ) -> set[int]:
        """What all addresses of a look answer."""
        client, child = client or self.olga, child or self.child
        base = f"/children/{child}/look"
        pages = (base, f"{base}/{self.photos[child]}", f"{base}/{self.photos[child]}/thumbnail")
        token = {"X-CSRFToken": csrf_of(client)}
        return {
            *(client.get(page).status_code for page in pages),
            client.post(f"{base}/copy", headers=token).status_code,
        }

    def events(self, action: str) -> list[tuple[str, dict[str, object]]]:
        with self.dataset.database.read() as session:
            rows = session.execute(
                text("SELECT actor, details FROM audit_event WHERE action = :action"
                     " ORDER BY position"),
                {"action": action},
            ).all()  # fmt: skip
        return [(row[0], json.loads(row[1])) for row in rows]


@pytest.fixture
def desk(app: Flask, dataset: Dataset, staff: dict[str, uuid.UUID]) -> Desk:
    assert staff
    return Desk(app, dataset)


def test_without_a_guardian_an_operator_sees_no_photo(desk: Desk) -> None:
    assert desk.statuses() == {404}


def test_a_receipt_s_code_opens_the_photos_of_its_child(desk: Desk) -> None:
    found = desk.begin(code=desk.codes[desk.child])
    assert found.status_code == 302
    page = desk.olga.get(found.location or "").get_data(as_text=True)
    address = f"/children/{desk.child}/look/{desk.photos[desk.child]}"
    assert f'href="{address}"' in page
    assert f'src="{address}/thumbnail"' in page
    large = desk.olga.get(address)
    assert large.data == drawn_jpeg()
    assert large.headers["Cache-Control"] == "no-store"
    small = desk.olga.get(f"{address}/thumbnail")
    assert small.data.startswith(b"\xff\xd8")
    assert len(small.data) < len(large.data) / 4


def test_another_child_s_code_and_an_unknown_one_open_nothing(desk: Desk) -> None:
    answers = [desk.begin(code=one) for one in (desk.codes[desk.other], "1234 5678 9012 3456")]
    assert [one.status_code for one in answers] == [404, 404]
    assert "This code is not known" in answers[0].get_data(as_text=True)
    assert desk.statuses() == {404}
    assert desk.events("look opened") == []


def test_nobody_is_shown_photos_unidentified(desk: Desk) -> None:
    assert desk.begin(known="").status_code == 422
    assert desk.statuses() == {404}


def test_a_guardian_may_be_known_in_person(desk: Desk) -> None:
    assert desk.begin(known="yes").status_code == 302
    assert desk.statuses() == {200}


def test_a_look_opens_one_child_and_no_other(desk: Desk) -> None:
    desk.begin()
    assert desk.statuses(child=desk.other) == {404}
    crossed = f"/children/{desk.child}/look/{desk.photos[desk.other]}"
    assert desk.olga.get(crossed).status_code == 404
    assert desk.olga.get(f"{crossed}/thumbnail").status_code == 404
    desk.begin(desk.other)
    assert desk.statuses(child=desk.other) == {200}
    assert desk.statuses() == {404}


def test_a_look_ends_after_a_quarter_of_an_hour(desk: Desk) -> None:
    desk.begin()
    with desk.olga.session_transaction() as cookie:
        child, until, who = cookie["look"]
        left = (clock.now() + timedelta(minutes=15)).isoformat()
        assert until <= left
        cookie["look"] = [child, (clock.now() - timedelta(seconds=1)).isoformat(), who]
    assert desk.statuses() == {404}


def test_a_look_is_closed_when_the_guardian_has_seen_enough(desk: Desk) -> None:
    desk.begin()
    post(desk.olga, f"/children/{desk.child}/look/end")
    assert desk.statuses() == {404}


def test_a_look_ends_with_the_sign_in(desk: Desk) -> None:
    desk.begin()
    post(desk.olga, "/sign-out")
    assert desk.statuses() == {401}
    post(desk.olga, "/sign-in", name="olga", password=PASSWORD, target="/home")
    assert desk.statuses() == {404}


def test_a_look_is_not_inherited_by_who_signs_in_next(desk: Desk) -> None:
    add_user(desk.dataset, "oleg", PASSWORD, ["operator"], actor="test")
    desk.begin()
    assert desk.statuses(signed_in(desk.app, "oleg")) == {404}
    post(desk.olga, "/sign-in", name="oleg", password=PASSWORD, target="/home")
    assert desk.statuses() == {404}


def test_looking_is_logged_by_page_and_tells_no_name(desk: Desk) -> None:
    desk.begin(code=desk.codes[desk.child])
    desk.begin(known="yes", code="", name="Gulnara")
    desk.statuses()
    desk.olga.get(f"/children/{desk.child}/look")
    assert desk.events("look opened") == [
        ("olga", {"identified": "code"}), ("olga", {"identified": "known in person"}),
    ]  # fmt: skip
    assert desk.events("photos shown to the guardian") == [("olga", {"photos": 1})] * 2


def test_a_photo_with_a_second_face_is_not_shown(desk: Desk) -> None:
    with desk.dataset.database.write() as session:
        session.execute(
            text("UPDATE photo SET state = 'quarantined', state_reason = 'second_face'"
                 " WHERE id = :id"),
            {"id": desk.photos[desk.child].hex},
        )  # fmt: skip
    desk.begin()
    page = desk.olga.get(f"/children/{desk.child}/look").get_data(as_text=True)
    assert "1 photo is left out" in page
    assert str(desk.photos[desk.child]) not in page
    address = f"/children/{desk.child}/look/{desk.photos[desk.child]}"
    assert desk.olga.get(address).status_code == 404
    assert desk.olga.get(f"{address}/thumbnail").status_code == 404


def test_the_guardian_receives_everything_as_a_file(desk: Desk) -> None:
    desk.begin()
    found = post(desk.olga, f"/children/{desk.child}/look/copy")
    assert found.headers["Cache-Control"] == "no-store"
    assert found.headers["Content-Disposition"].startswith("attachment; filename=")
    with zipfile.ZipFile(io.BytesIO(found.data)) as container:
        assert {"index.html", "data.json"} < set(container.namelist())
        assert desk.photos[desk.child].hex[:8] in "".join(container.namelist())
    assert desk.events("all data handed over") == [("olga", {"photos": 1, "left_out": 0})]


def test_an_erased_child_cannot_be_looked_at(desk: Desk) -> None:
    desk.begin()
    erase_participant(desk.dataset, desk.child, actor="test")
    assert desk.statuses() == {404}
    assert desk.begin().status_code == 404


def test_guesses_are_slowed_down(desk: Desk) -> None:
    answers = [desk.begin(code=f"{number:016}").status_code for number in range(12)]
    assert answers == [404] * 10 + [429] * 2


def test_reviewers_and_administrators_have_no_such_page(desk: Desk) -> None:
    for name in ("rita", "admin"):
        client = signed_in(desk.app, name)
        assert post(client, f"/children/{desk.child}/look", known="yes").status_code == 404
        assert desk.statuses(client) == {404}
