"""The receipt's machine-readable form: what it certifies, and the schema that describes it."""

import json
import re
import uuid
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.answers import Answer, Guardian, record_consent
from collector.dataset.consents.certificate import open_certificate, read_certificate
from collector.dataset.consents.machine_form import certify
from collector.dataset.consents.receipts import (
    find_receipt,
    is_receipt_due,
    issue_receipt,
    read_code,
    receipt_of_code,
)
from collector.dataset.consents.texts import consent_texts
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.errors import Conflict, NotFound
from collector.dataset.participants import list_participants
from collector.dataset.studies import StudyDetails, describe_study
from tests.cast import enrol, give

ROOT = Path(__file__).parents[2]
DAY = timedelta(days=1)
STUDY = StudyDetails("Faces", "The School", "call 117", "E-7", date(2030, 1, 31), date(2035, 1, 31))


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    """The published schema, itself found to be one."""
    content = json.loads((ROOT / "docs" / "receipt.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


def form(dataset: Dataset, receipt_id: uuid.UUID) -> dict[str, Any]:
    """The receipt's form, as it comes out of JSON."""
    content = certify(open_certificate(dataset, receipt_id, actor="test"))
    found: dict[str, Any] = json.loads(json.dumps(content))
    return found


def receipt(dataset: Dataset, child: uuid.UUID, *, lost: bool = False) -> uuid.UUID:
    return issue_receipt(dataset, child, actor="test", lost=lost).id


def test_every_receipt_is_valid_under_the_published_schema(
    dataset: Dataset, schema: Draft202012Validator
) -> None:
    now = clock.now()
    bare = enrol(dataset, "research")
    schema.validate(form(dataset, receipt(dataset, bare)))
    describe_study(dataset, STUDY, actor="test")
    rich = enrol(dataset, "research", "publication")
    give(dataset, rich, "sharing", given=False)
    give(dataset, rich, "research", signed_at=now - 2 * DAY, valid_until=now + DAY)
    first, second = receipt(dataset, rich), receipt(dataset, rich, lost=True)
    for one in (first, second):
        schema.validate(form(dataset, one))
    assert form(dataset, first)["void_at"] is not None
    assert form(dataset, second)["void_at"] is None


def test_a_wrong_receipt_is_found_by_the_schema(
    dataset: Dataset, schema: Draft202012Validator
) -> None:
    right = form(dataset, receipt(dataset, enrol(dataset, "research")))
    for name in right:
        assert not schema.is_valid({key: right[key] for key in right if key != name}), name
    for path, wrong in (
        (("code",), "1234 5678 9012 3456"),
        (("schema_version",), "2"),
        (("pii_principal_id",), "AB-123"),
        (("issued_at",), "yesterday"),
        (("audit_chain", "mac"), "f00"),
        (("audit_chain", "position"), 0),
        (("consents",), []),
        (("consents", 0, "privacy_notice", "sha256"), "0" * 63),
        (("consents", 0, "purposes"), []),
        (("consents", 0, "purposes", 0, "purpose"), "advertising"),
        (("consents", 0, "event", "event_state"), "perhaps"),
        (("consents", 0, "event", "validity_duration"), "for ever"),
        (("parties", 0, "party_id"), "guardian-1"),
        (("parties", 1, "party_name"), ""),
        (("parties",), right["parties"][:1]),
        (("processing", "withdrawal_method"), []),
    ):
        broken = deepcopy(right)
        place: Any = broken
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = wrong
        assert not schema.is_valid(broken), path


def test_a_receipt_says_what_was_answered_by_whom_to_which_document(dataset: Dataset) -> None:
    describe_study(dataset, STUDY, actor="test")
    child, signed = enrol(dataset), clock.now() - 3 * DAY
    with dataset.database.read() as session:
        document = consent_texts(session, "sharing")[0]
    answer = Answer("sharing", document.id, Guardian("Askar"), "father", "paper", signed,
                    given=False)  # fmt: skip
    give(dataset, child, "research", valid_until=clock.now() + DAY)
    refusal = record_consent(dataset, child, answer, actor="test")
    found = form(dataset, receipt(dataset, child))
    assert found["pii_principal_id"] == str(child)
    assert [one["party_name"] for one in found["parties"]] == [
        "The School", "Gulnara the guardian", "Askar",
    ]  # fmt: skip
    assert found["parties"][0]["party_contact"] == "call 117"
    assert found["study"] == {
        "title": "Faces", "ethics_approval": "E-7",
        "capture_until": "2030-01-31", "keep_until": "2035-01-31",
    }  # fmt: skip
    given, refused = found["consents"]
    assert given["valid_until"] == given["event"]["validity_duration"].partition("/")[2]
    assert refused["record_id"] == str(refusal.id)
    assert refused["purposes"][0]["purpose"] == "sharing"
    assert refused["privacy_notice"] == {
        "title": document.title, "version": document.version, "sha256": document.sha256,
    }  # fmt: skip
    moment = signed.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert refused["event"] == {
        "event_time": moment, "event_type": "explicit", "event_state": "refused",
        "entity_id": "guardian-2", "validity_duration": f"{moment}/..", "method": "paper",
    }  # fmt: skip


def test_a_receipt_certifies_nothing_that_was_recorded_after_it(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    first = receipt(dataset, child)
    give(dataset, child, "publication")
    second = receipt(dataset, child)
    purposes = [
        [one["purposes"][0]["purpose"] for one in form(dataset, each)["consents"]]
        for each in (first, second)
    ]
    assert purposes == [["research"], ["research", "publication"]]


def test_neither_the_code_nor_the_pseudonym_travels_in_the_file(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    issued = issue_receipt(dataset, child, actor="test")
    written = json.dumps(form(dataset, issued.id))
    with dataset.database.read() as session:
        (participant,) = list_participants(session)
    code = read_code(dataset, issued)
    assert re.fullmatch(r"\d{4}( \d{4}){3}", code)
    assert code not in written
    assert code.replace(" ", "") not in written
    assert participant.pseudonym not in written


def test_the_head_on_a_receipt_is_an_event_of_the_log(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    issued = receipt(dataset, child)
    head = form(dataset, issued)["audit_chain"]
    query = "SELECT action, subject, mac FROM audit_event WHERE position = :position"
    with dataset.database.read() as session:
        row = session.execute(text(query), {"position": head["position"]}).one()
        assert dataset.chain.first_broken(session) is None
    assert tuple(row) == ("receipt issued", child.hex, head["mac"])


def test_opening_a_receipt_is_logged(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    issued = receipt(dataset, child)
    open_certificate(dataset, issued, actor="olga")
    query = "SELECT actor, action, subject, details FROM audit_event ORDER BY position DESC LIMIT 1"
    with dataset.database.read() as session:
        actor, action, subject, details = session.execute(text(query)).one()
    assert (actor, action, subject) == ("olga", "receipt opened", child.hex)
    assert json.loads(details) == {"receipt": issued.hex}


def test_a_lost_receipt_s_code_opens_nothing_and_its_successor_s_does(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    old = issue_receipt(dataset, child, actor="test")
    old_code = read_code(dataset, old)
    new = issue_receipt(dataset, child, actor="test", lost=True)
    with dataset.database.read() as session:
        with pytest.raises(NotFound):
            receipt_of_code(dataset, session, old_code)
        assert receipt_of_code(dataset, session, read_code(dataset, new)).id == new.id
        void = find_receipt(session, old.id)
        assert read_certificate(dataset, session, void).code is None
        with pytest.raises(NotFound):
            read_code(dataset, void)


def test_losing_one_child_s_receipt_leaves_another_s_alone(dataset: Dataset) -> None:
    other = issue_receipt(dataset, enrol(dataset, "research"), actor="test")
    receipt(dataset, enrol(dataset, "research"), lost=True)
    with dataset.database.read() as session:
        assert receipt_of_code(dataset, session, read_code(dataset, other)).id == other.id


def test_a_receipt_is_due_while_an_answer_stands_on_none(dataset: Dataset) -> None:
    child = enrol(dataset)

    def due() -> bool:
        with dataset.database.read() as session:
            return is_receipt_due(session, child)

    steps = [due()]
    for act in (
        lambda: give(dataset, child),
        lambda: receipt(dataset, child),
        lambda: give(dataset, child, "publication", given=False),
        lambda: receipt(dataset, child, lost=True),
    ):
        act()
        steps.append(due())
    assert steps == [False, True, False, True, False]


def test_without_an_answer_there_is_no_receipt(dataset: Dataset) -> None:
    with pytest.raises(Conflict):
        receipt(dataset, enrol(dataset))
    with pytest.raises(NotFound):
        receipt(dataset, uuid.uuid4())


def test_an_erased_child_s_receipt_opens_no_more(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    void, valid = receipt(dataset, child), receipt(dataset, child, lost=True)
    erase_participant(dataset, child, actor="test")
    for one in (void, valid):
        with pytest.raises(NotFound):
            open_certificate(dataset, one, actor="test")
    with pytest.raises(NotFound):
        receipt(dataset, child)


def test_while_a_child_is_being_erased_its_receipt_is_gone_already(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    issued = receipt(dataset, child)
    dataset.keys.destroy_child(child)  # the step before the rows
    with pytest.raises(NotFound):
        open_certificate(dataset, issued, actor="test")
    with pytest.raises(NotFound):
        receipt(dataset, child)
