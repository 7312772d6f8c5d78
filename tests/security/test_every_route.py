"""Every route is tried as nobody, operator, reviewer, administrator and with a capture token.

The table says who may come in; a route that stands in no row fails the test, so that a new one
cannot be forgotten.
"""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from collector.dataset.consents.class_batch import record_class_list
from collector.dataset.consents.class_list import read_class_list
from collector.dataset.consents.destruction import list_erasures
from collector.dataset.consents.receipts import issue_receipt
from collector.dataset.consents.texts import consent_texts
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.passports.passport import make_passport
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.voices import keep_recording
from tests.capture.sounds import WEBM
from tests.cast import enrol, give, sit, snap
from tests.dataset.lessons.classes import PairedTablet, begin
from tests.web.visitors import csrf_of, signed_in

PUBLIC = {
    "front.entrance", "front.first_account", "front.make_first_account", "front.sign_in_page",
    "front.sign_in", "front.choose_language", "tablet.capture_page", "shell.worker",
    "light_tablet.capture_page",
    "withdrawals.page", "withdrawals.answer",
    "tablets.connection", "tablets.ping", "lesson_tablet.pair",
    "tablet_api.play", "tablet_api.play_voice",
    "static", "tablet.static", "guardians.static", "review.static",
}  # fmt: skip
SIGNED_IN = {"front.home", "front.sign_out"}
ROLES = {
    "front.accounts": {"admin"},
    "front.add_account": {"admin"},
    "front.study": {"admin", "operator"},
    "front.save_study": {"admin", "operator"},
    "tablets.overview": {"operator", "admin"},
    "children.overview": {"operator"},
    "children.registration": {"operator"},
    "children.register": {"operator"},
    "children.child": {"operator"},
    "sittings.start": {"operator"},
    "sittings.renew_link": {"operator"},
    "sittings.answer_after_stop": {"operator"},
    "lessons.overview": {"operator"},
    "lessons.beginning": {"operator"},
    "lessons.begin": {"operator"},
    "lessons.show": {"operator"},
    "lessons.board": {"operator"},
    "lessons.code": {"operator"},
    "lessons.light": {"operator"},
    "lessons.send": {"operator"},
    "lessons.rehearse": {"operator"},
    "lessons.back": {"operator"},
    "lessons.absent": {"operator"},
    "lessons.close": {"operator"},
    "cards.sheet": {"operator"},
    "cards.search": {"operator"},
    "cards.find": {"operator"},
    "cards.look": {"operator"},
    "rescuing.page": {"operator"},
    "rescuing.receive": {"operator"},
    "reassigning.choice": {"operator"},
    "reassigning.reassign": {"operator"},
    "protocols.overview": {"operator"},
    "protocols.register": {"operator"},
    "protocols.show": {"operator"},
    "protocols.download": {"operator"},
    "protocols.copy_page": {"operator"},
    "protocols.copy": {"operator"},
    "protocols.version_page": {"operator"},
    "protocols.version": {"operator"},
    "coverage.overview": {"operator", "admin"},
    "playing.rehearsal": {"operator"},
    "certificates.certificate": {"operator"},
    "voices.overview": {"operator"},
    "voices.keep": {"operator"},
    "voices.hear": {"operator"},
    "voices.delete": {"operator"},
    "light.overview": {"operator"},
    "light.form": {"operator"},
    "light.make": {"operator"},
    "light.show": {"operator"},
    "light.link": {"operator"},
    "light.measure": {"operator"},
    "quarantine.overview": {"admin"},
    "quarantine.thumbnail": {"admin"},
    "quarantine.decide": {"admin"},
    "quarantine.answer": {"admin"},
    "consents.document": {"operator"},
    "consents.answer": {"operator"},
    "consents.signed": {"operator"},
    "consents.signed_document": {"operator"},
    "withdrawing.telephone": {"operator"},
    "withdrawing.answer_telephone": {"operator"},
    "withdrawing.question": {"operator"},
    "withdrawing.carry_out": {"operator"},
    "documents.overview": {"operator", "admin"},
    "documents.register": {"operator", "admin"},
    "documents.show": {"operator", "admin"},
    "printing.for_all": {"operator"},
    "printing.for_child": {"operator"},
    "printing.blank": {"operator"},
    "scans.page": {"operator"},
    "scans.read": {"operator"},
    "scans.file": {"operator"},
    "class_list.page": {"operator"},
    "class_list.look": {"operator"},
    "class_list.record": {"operator"},
    "class_list.recorded": {"operator"},
    "duties.register": {"operator", "admin"},
    "duties.done": {"operator", "admin"},
    "duties.act": {"operator", "admin"},
    "terms.overview": {"operator"},
    "terms.erase": {"operator"},
    "flow.diagram": {"operator", "admin"},
    "looking.begin": {"operator"},
    "looking.album": {"operator"},
    "looking.photo": {"operator"},
    "looking.thumbnail": {"operator"},
    "looking.end": {"operator"},
    "looking.copy": {"operator"},
    "receipts.issue": {"operator"},
    "receipts.page": {"operator"},
    "receipts.download": {"operator"},
    "receipts.reissue": {"operator"},
    "review.queue": {"reviewer"},
    "review.lease": {"reviewer"},
    "review.last": {"reviewer"},
    "review.photo": {"reviewer"},
    "review.vote": {"reviewer"},
}
# Closed to those who may come in, too, until something else opens them.
CLOSED = {
    "review.photo", "quarantine.thumbnail", "looking.album", "looking.photo", "looking.thumbnail",
}  # fmt: skip
TOKEN = {
    "tablet_api.session", "tablet_api.assent", "tablet_api.photo", "tablet_api.thumbnail",
    "tablet_api.voice", "tablet_api.bin_photo", "tablet_api.close", "tablet_api.after_stop",
    "tablet_api.guidance",
}  # fmt: skip
TABLET_TOKEN = {"lesson_tablet.task", "lesson_tablet.tell"}
LIGHT_TOKEN = {"light_api.passport", "light_api.measure"}
VISITORS = {"nobody": None, "olga": "operator", "rita": "reviewer", "admin": "admin"}


@dataclass
class House:
    """The app with a child and a photo in it, and everybody's client."""

    app: Flask
    token: str
    values: dict[str, object]
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    def rules(self) -> Iterator[tuple[Rule, str]]:
        """Each route with each of its methods."""
        for rule in self.app.url_map.iter_rules():
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method

    def try_as(
        self,
        visitor: str,
        rule: Rule,
        method: str,
        *,
        token: bool = False,
        headers: dict[str, str] | None = None,
    ) -> int:
        """The status that the visitor gets; with a CSRF token, so that it is not the reason."""
        client = self.clients[visitor]
        with self.app.test_request_context():
            path = rule.build({key: self.values[key] for key in rule.arguments})
        assert path
        sent = {"X-CSRFToken": csrf_of(client), **(headers or {})}
        if token:
            sent["Session-Token"] = self.token
        return client.open(path[1], method=method, headers=sent).status_code


@pytest.fixture
def house(app: Flask, dataset: Dataset, staff: dict[str, uuid.UUID]) -> House:
    child = enrol(dataset, "research")
    session = sit(dataset, child, staff["olga"])
    photo = snap(dataset, session)
    values = {
        "participant_id": child,
        "session_id": session.id,
        "protocol_id": _protocol(dataset),
        "consent_id": give(dataset, child, "publication"),
        "receipt_id": issue_receipt(dataset, child, actor="test").id,
        "photo_id": photo,
        "duty_id": uuid.uuid4(),
        "erasure_id": _erase_another(dataset),
        "text_id": _text_of(dataset),
        "batch_id": _record_a_list(dataset),
        "passport_id": _make_a_passport(dataset),
        "lesson_id": begin(dataset, [child]).id,
        "recording_id": keep_recording(dataset, "en", "Stop", WEBM, actor="test"),
        "purpose": "research",
        "filename": "style.css",
    }
    house = House(app, session.token, values)
    house.clients = {
        name: signed_in(app, name) if role else app.test_client() for name, role in VISITORS.items()
    }
    return house


def _protocol(dataset: Dataset) -> uuid.UUID:
    with dataset.database.read() as session:
        return current_protocols(session)[0].id


def _text_of(dataset: Dataset) -> uuid.UUID:
    with dataset.database.read() as session:
        return consent_texts(session, "research")[0].id


def _record_a_list(dataset: Dataset) -> uuid.UUID:
    batch, form = uuid.uuid4(), read_class_list("Aru;Gulnara;mother;2025-09-01;yes").forms[0]
    texts = {"research": _text_of(dataset)}
    record_class_list(dataset, batch, [form], texts, actor="test")
    return batch


def _make_a_passport(dataset: Dataset) -> uuid.UUID:
    return make_passport(
        dataset, room="14", light="natural", sheet="white", lux=None, actor="test", operator_id=None
    ).id


def _erase_another(dataset: Dataset) -> uuid.UUID:
    erase_participant(dataset, enrol(dataset, "research"), actor="test")
    with dataset.database.read() as session:
        return list_erasures(session, dataset.site_id)[0].id


def test_every_route_says_who_may_come_in(app: Flask) -> None:
    known = PUBLIC | SIGNED_IN | set(ROLES) | TOKEN | LIGHT_TOKEN | TABLET_TOKEN
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == known


def test_nobody_gets_past_the_door(house: House) -> None:
    for rule, method in house.rules():
        if rule.endpoint not in PUBLIC:
            assert house.try_as("nobody", rule, method) == 401, (rule, method)


@pytest.mark.slow
@pytest.mark.parametrize("visitor", ["olga", "rita", "admin"])
def test_a_page_exists_for_its_roles_alone(house: House, visitor: str) -> None:
    for rule, method in house.rules():
        if rule.endpoint not in ROLES:
            continue
        status = house.try_as(visitor, rule, method)
        if VISITORS[visitor] in ROLES[rule.endpoint]:
            assert status not in {401, 500}, (rule, method, status)
            if method == "GET" and rule.endpoint not in CLOSED:
                assert status == 200, (rule, method, status)
        else:
            assert status == 404, (rule, method, status)


@pytest.mark.parametrize("visitor", ["olga", "rita", "admin"])
def test_a_sign_in_opens_no_tablet(house: House, visitor: str) -> None:
    for rule, method in house.rules():
        if rule.endpoint in TOKEN | LIGHT_TOKEN | TABLET_TOKEN:
            assert house.try_as(visitor, rule, method) == 401, (rule, method)


def test_a_capture_token_opens_the_tablet_s_api_alone(house: House) -> None:
    for rule, method in house.rules():
        status = house.try_as("nobody", rule, method, token=True)
        if rule.endpoint in TOKEN:
            assert status not in {401, 500}, (rule, method, status)
        elif rule.endpoint not in PUBLIC:
            assert status == 401, (rule, method, status)


def test_a_paired_tablet_opens_its_own_tasks_alone(house: House, dataset: Dataset) -> None:
    lesson = house.values["lesson_id"]
    assert isinstance(lesson, uuid.UUID)
    headers = {"Tablet-Token": PairedTablet(dataset, lesson).token}
    for rule, method in house.rules():
        status = house.try_as("nobody", rule, method, headers=headers)
        if rule.endpoint in TABLET_TOKEN:
            assert status not in {401, 500}, (rule, method, status)
        elif rule.endpoint not in PUBLIC:
            assert status == 401, (rule, method, status)


def test_a_token_of_another_session_shows_no_photo(house: House, dataset: Dataset) -> None:
    other = sit(dataset, enrol(dataset, "research"))
    photo = house.values["photo_id"]
    client, header = house.clients["nobody"], {"Session-Token": other.token}
    path = f"/capture/api/photos/{photo}"
    assert client.get(f"{path}/thumbnail", headers=header).status_code == 404
    assert client.delete(path, headers=header).status_code == 404


def test_a_form_without_its_token_is_refused(house: House) -> None:
    for rule, method in house.rules():
        if method == "GET" or rule.endpoint in TOKEN | LIGHT_TOKEN | TABLET_TOKEN:
            continue
        for client in house.clients.values():
            with house.app.test_request_context():
                path = rule.build({key: house.values[key] for key in rule.arguments})
            assert path
            assert client.open(path[1], method=method).status_code == 400, (rule, method)
