"""The destruction act: everything an authority asks for that the program knows, and no name."""

import re
import uuid
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.dataset.consents.destruction import draw_up_act, list_erasures
from collector.dataset.consents.receipts import issue_receipt
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import bin_own_photo, erase_participant
from collector.dataset.participants import find_participant
from collector.dataset.studies import StudyDetails, describe_study
from collector.dataset.vocabulary import PURPOSES
from tests.cast import enrol, sit, snap
from tests.guardians.aftermath import photograph, spread
from tests.web.visitors import signed_in

pytestmark = pytest.mark.slow


def act_of(olga: FlaskClient, dataset: Dataset) -> str:
    """The newest act as a page."""
    with dataset.database.read() as session:
        newest = list_erasures(session, dataset.site_id)[0]
    answer = olga.get(f"/withdrawals/acts/{newest.id}")
    assert answer.status_code == 200
    return unescape(answer.get_data(as_text=True))


def test_the_act_says_who_what_when_why_and_how(
    olga: FlaskClient, dataset: Dataset, tmp_path: Path, staff: dict[str, uuid.UUID]
) -> None:
    describe_study(
        dataset,
        StudyDetails("Faces", "School No. 5", "Kostanay, Abai 28", "E-17"),
        actor="test",
    )
    child = enrol(dataset, *PURPOSES)
    spread(dataset, child, tmp_path)
    photograph(dataset, child, 2)
    receipt = issue_receipt(dataset, child, actor="test")
    with dataset.database.read() as session:
        pseudonym = find_participant(session, child).pseudonym
    withdraw(dataset, child, PURPOSES, channel="operator", actor="olga", recorded_by=staff["olga"])
    shown = act_of(olga, dataset)
    for said in ("School No. 5", "Kostanay, Abai 28", "Faces", "E-17", child.hex,
                 receipt.id.hex[:8], "3 photos of the child", "from 2 sessions", "olga",
                 "secure_delete", "through an operator", "keys.backup", "Signature",
                 "No byte of them is left"):  # fmt: skip
        assert said in shown, said
    for hidden in (pseudonym, "Gulnara"):
        assert hidden not in shown


def test_a_guardian_who_withdrew_by_code_is_named_in_words(
    olga: FlaskClient, dataset: Dataset
) -> None:
    withdraw(dataset, enrol(dataset, *PURPOSES), PURPOSES, channel="code", actor="guardian")
    assert "; the guardian" in act_of(olga, dataset)


def test_the_extract_holds_the_seals_of_the_child_s_events_and_of_no_other(
    olga: FlaskClient, dataset: Dataset
) -> None:
    other = enrol(dataset, "research")
    photograph(dataset, other)
    child = enrol(dataset, "research")
    photograph(dataset, child)
    withdraw(dataset, child, PURPOSES, channel="code", actor="guardian")
    shown = act_of(olga, dataset)
    with dataset.database.read() as session:
        newest = list_erasures(session, dataset.site_id)[0]
    events = draw_up_act(dataset, newest.id).events
    assert len(events) >= 5
    for event in events:
        assert event.mac in shown
    assert other.hex not in shown
    rows = re.search(r'<table class="log">.*?</table>', shown, re.DOTALL)
    assert rows
    assert rows[0].count("<tr>") == len(events) + 1


def test_the_extract_names_photos_that_the_child_threw_away_before(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    sitting = sit(dataset, child)
    thrown, kept = snap(dataset, sitting), snap(dataset, sitting)
    bin_own_photo(dataset, sitting.id, thrown)
    withdraw(dataset, child, PURPOSES, channel="code", actor="guardian")
    with dataset.database.read() as session:
        newest = list_erasures(session, dataset.site_id)[0]
    subjects = [event.subject for event in draw_up_act(dataset, newest.id).events]
    assert thrown.hex in subjects
    assert kept.hex not in subjects  # counted in the erasure's own event


def test_the_act_of_an_ended_term_names_the_sessions(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    sitting = sit(dataset, child)
    erase_participant(dataset, child, actor="command", reason="retention ended")
    with dataset.database.read() as session:
        newest = list_erasures(session, dataset.site_id)[0]
    act = draw_up_act(dataset, newest.id)
    assert act.sessions == 1
    assert sitting.id.hex in [event.subject for event in act.events]


def test_a_child_erased_at_the_end_of_its_term_has_an_act(
    olga: FlaskClient, dataset: Dataset
) -> None:
    erase_participant(
        dataset, enrol(dataset, "research"), actor="command", reason="retention ended"
    )
    shown = act_of(olga, dataset)
    assert "might be kept has ended" in shown
    assert "0 photos of the child" in shown
    assert "The institution or its address is missing" in shown


def test_an_act_is_for_whoever_works_here_and_of_an_erasure_alone(
    app: Flask, olga: FlaskClient, nobody: FlaskClient, dataset: Dataset
) -> None:
    child = enrol(dataset, "research")
    withdraw(dataset, child, PURPOSES, channel="code", actor="guardian")
    with dataset.database.read() as session:
        newest = list_erasures(session, dataset.site_id)[0]
    path = f"/withdrawals/acts/{newest.id}"
    assert nobody.get(path).status_code == 401
    assert signed_in(app, "rita").get(path).status_code == 404
    assert signed_in(app, "admin").get(path).status_code == 200
    for other in (child, uuid.uuid4()):
        assert olga.get(f"/withdrawals/acts/{other}").status_code == 404
