"""A protocol is never changed: a change is a new version that supersedes."""

import json
import uuid

import pytest
from sqlalchemy import select

from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.models import AuditEvent, Protocol
from collector.dataset.protocols.plan import current_protocols, find_protocol
from collector.dataset.protocols.versions import (
    copy_protocol,
    count_uses,
    export_protocol,
    import_protocol,
    list_protocols,
    supersede,
)
from tests.cast import enrol, sit
from tests.dataset.protocols.bodies import first_body, keep, new_body, step

BODY, OTHER = new_body(step("happy")), new_body(step("sad"))


def current(dataset: Dataset, name: str) -> list[tuple[int, uuid.UUID]]:
    with dataset.database.read() as session:
        return [(one.version, one.id) for one in current_protocols(session) if one.name == name]


def row(dataset: Dataset, protocol_id: uuid.UUID) -> Protocol:
    with dataset.database.read() as session:
        return find_protocol(session, protocol_id)


def test_a_new_version_takes_the_place_and_the_old_row_stays_as_it_was(dataset: Dataset) -> None:
    first = copy_protocol(dataset, "ours", BODY, actor="test")
    second = supersede(dataset, first.id, OTHER, actor="test")
    assert current(dataset, "ours") == [(2, second.id)]
    assert second.supersedes_id == first.id
    assert row(dataset, first.id).body == {**BODY, "origin": "own"}
    assert row(dataset, second.id).body == {**OTHER, "origin": "own"}


def test_saving_twice_or_without_a_change_adds_no_version(dataset: Dataset) -> None:
    first = copy_protocol(dataset, "ours", BODY, actor="test")
    assert copy_protocol(dataset, " ours ", BODY, actor="test").id == first.id
    assert supersede(dataset, first.id, BODY, actor="test").id == first.id
    second = supersede(dataset, first.id, OTHER, actor="test")
    assert supersede(dataset, first.id, OTHER, actor="test").id == second.id
    assert [one for one, _ in current(dataset, "ours")] == [2]


def test_two_people_cannot_supersede_the_same_version(dataset: Dataset) -> None:
    first = copy_protocol(dataset, "ours", BODY, actor="test")
    supersede(dataset, first.id, OTHER, actor="test")
    with pytest.raises(Conflict):
        supersede(dataset, first.id, new_body(step("fear")), actor="test")


def test_a_name_is_taken_once(dataset: Dataset) -> None:
    copy_protocol(dataset, "ours", BODY, actor="test")
    with pytest.raises(Conflict):
        copy_protocol(dataset, "ours", OTHER, actor="test")


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, None, "a\u0000b"])
def test_a_name_is_one_short_line(dataset: Dataset, name: str) -> None:
    with pytest.raises(Unprocessable):
        copy_protocol(dataset, name, BODY, actor="test")


def test_what_may_not_be_kept_leaves_nothing_behind(dataset: Dataset) -> None:
    with pytest.raises(Unprocessable):
        copy_protocol(dataset, "ours", {**BODY, "parts": []}, actor="test")
    with pytest.raises(NotFound):
        supersede(dataset, uuid.uuid4(), BODY, actor="test")
    assert not current(dataset, "ours")


def test_uses_are_counted_by_version(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    sit(dataset, child)
    sit(dataset, child)
    ((_, lesson),) = current(dataset, "lesson")
    newer = supersede(dataset, lesson, BODY, actor="test")
    with dataset.database.read() as session:
        listed = [one for one in list_protocols(session) if one.protocol.name == "lesson"]
        assert (count_uses(session, lesson), count_uses(session, newer.id)) == (2, 0)
    assert [(one.protocol.version, one.sessions, one.current) for one in listed] == [
        (2, 0, True), (1, 2, False),
    ]  # fmt: skip


def test_a_version_is_on_record_without_its_words(dataset: Dataset) -> None:
    first = copy_protocol(dataset, "ours", BODY, actor="olga")
    second = supersede(dataset, first.id, OTHER, actor="olga")
    with dataset.database.read() as session:
        events = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "protocol registered")
        ).all()
    assert [(one.actor, one.subject) for one in events] == [
        ("olga", first.id.hex), ("olga", second.id.hex),
    ]  # fmt: skip
    assert [one.details for one in events] == [
        {"version": 1}, {"version": 2, "supersedes": first.id.hex},
    ]  # fmt: skip


def test_an_export_is_imported_elsewhere_as_the_same_protocol(dataset: Dataset) -> None:
    first = copy_protocol(dataset, "ours", BODY, actor="test")
    text = export_protocol(first)
    assert import_protocol(dataset, text, actor="test").id == first.id
    elsewhere = import_protocol(dataset, text.replace("ours", "theirs"), actor="test")
    assert (elsewhere.version, elsewhere.body) == (1, first.body)


def test_an_import_of_a_known_name_supersedes_its_newest_version(dataset: Dataset) -> None:
    first = copy_protocol(dataset, "ours", BODY, actor="test")
    second = import_protocol(dataset, json.dumps({**OTHER, "name": "ours"}), actor="test")
    assert (second.version, second.supersedes_id) == (2, first.id)


def test_a_row_of_the_first_form_is_exported_in_today_s(dataset: Dataset) -> None:
    old = row(dataset, keep(dataset, first_body("sad")))
    again = import_protocol(dataset, export_protocol(old).replace("tests", "new"), actor="test")
    assert again.body["steps"][0]["shots"] == 4
    assert import_protocol(dataset, export_protocol(old), actor="test").id == old.id


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "5", "[" * 100_000, '{"name": "x"}', "x" * 400_001]
)
def test_a_text_that_is_no_protocol_is_refused(dataset: Dataset, text: str) -> None:
    with pytest.raises(Unprocessable):
        import_protocol(dataset, text, actor="test")
