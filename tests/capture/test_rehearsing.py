"""Play mode: the same plan and words, and nothing of a child."""

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from collector.dataset.columns import Base
from collector.dataset.dataset import Dataset
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.voices import keep_recording
from tests.capture.sounds import WEBM
from tests.cast import enrol, sit
from tests.web.visitors import signed_in

HELLO = "Hello! Shall we play with faces?"


@pytest.fixture
def protocol(dataset: Dataset) -> uuid.UUID:
    """The short one."""
    with dataset.database.read() as session:
        return next(one.id for one in current_protocols(session) if one.name == "short")


def test_a_rehearsal_gets_the_plan_and_words_of_a_session(
    nobody: FlaskClient, dataset: Dataset, protocol: uuid.UUID
) -> None:
    played = nobody.get(f"/capture/api/play/{protocol}?language=kk").json
    token = sit(dataset, enrol(dataset, "research")).token
    asked = nobody.get("/capture/api/session", headers={"Session-Token": token}).json
    assert played["language"] == "kk"
    assert played["words"].keys() == asked["words"].keys()
    assert played["plan"].keys() == asked["plan"].keys()
    assert played["plan"]["steps"][0].keys() == asked["plan"]["steps"][0].keys()
    assert [step["emotion"] for step in played["plan"]["steps"]][::15] == ["neutral", "happy"]


def test_a_rehearsal_tells_nothing_of_children_and_leaves_nothing(
    nobody: FlaskClient, dataset: Dataset, protocol: uuid.UUID
) -> None:
    child = enrol(dataset, "research")
    before = count_rows(dataset)
    played = nobody.get(f"/capture/api/play/{protocol}?language=en")
    assert played.json.keys() == {"plan", "words", "language", "voices"}
    assert str(child) not in played.get_data(as_text=True)
    assert "Set-Cookie" not in played.headers
    assert count_rows(dataset) == before


def count_rows(dataset: Dataset) -> dict[str, int]:
    with dataset.database.read() as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


def test_an_unknown_language_falls_back_to_the_browser_s_and_a_protocol_must_exist(
    nobody: FlaskClient, protocol: uuid.UUID
) -> None:
    header = {"Accept-Language": "uk"}
    played = nobody.get(f"/capture/api/play/{protocol}?language=xx", headers=header)
    assert played.json["language"] == "uk"
    assert nobody.get(f"/capture/api/play/{uuid.uuid4()}").status_code == 404


def test_a_rehearsal_speaks_with_the_operator_s_voice_too(
    nobody: FlaskClient, dataset: Dataset, protocol: uuid.UUID
) -> None:
    keep_recording(dataset, "en", HELLO, WEBM, actor="test")
    voices = nobody.get(f"/capture/api/play/{protocol}?language=en").json["voices"]
    assert nobody.get(f"/capture/api/{voices[HELLO]}").data == WEBM
    elsewhere = voices[HELLO].replace(str(protocol), str(uuid.uuid4()))
    assert nobody.get(f"/capture/api/{elsewhere}").status_code == 404


def test_asking_for_rehearsals_without_end_is_slowed_down(
    nobody: FlaskClient, protocol: uuid.UUID
) -> None:
    path = f"/capture/api/play/{protocol}?language=en"
    statuses = {nobody.get(path).status_code for _ in range(61)}
    assert statuses == {200, 429}


def test_operators_find_the_rehearsal_at_the_protocol_and_at_the_child(
    app: Flask, dataset: Dataset, staff: dict[str, uuid.UUID], protocol: uuid.UUID
) -> None:
    assert staff
    olga, path = signed_in(app, "olga"), f"/protocols/{protocol}/rehearsal"
    for page in (f"/protocols/{protocol}", f"/children/{enrol(dataset)}"):
        assert path in olga.get(page).get_data(as_text=True)
    page = olga.get(f"{path}?language=kk").get_data(as_text=True)
    assert re.search(rf'href="/capture/#play\.{protocol}\.kk"', page)
    assert "<svg" in page
