"""What the tablet is told of a sitting: its own part, order and stories."""

import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.dataset.dataset import Dataset
from collector.dataset.sessions import answer_assent, start_session
from tests.cast import enrol, sit, snap
from tests.dataset.protocols.bodies import TITLES, keep, new_body, step


def plan_of(nobody: FlaskClient, token: str) -> dict[str, Any]:
    answer = nobody.get("/capture/api/session", headers={"Session-Token": token})
    assert answer.json
    plan: dict[str, Any] = answer.json["plan"]
    return plan


def start(dataset: Dataset, protocol: uuid.UUID, child: uuid.UUID, light: str = "natural") -> str:
    capture, token = start_session(
        dataset, child, protocol, light=light, language="ru", actor="test", operator_id=None,
        confirmed="hand",
    )  # fmt: skip
    answer_assent(dataset, capture.id, "yes", "")
    return token


def test_the_part_in_this_light_is_told_with_where_the_head_looks(
    nobody: FlaskClient, dataset: Dataset
) -> None:
    parts = [{"lights": ["natural"]}, {"lights": ["artificial"]}]
    body = new_body(
        step("sad"), step("sad", "left"), step("fear", "up", part=2), parts=parts, practice=True
    )
    protocol, child = keep(dataset, body), enrol(dataset, "research")
    plan = plan_of(nobody, start(dataset, protocol, child))
    assert (plan["practice"], plan["minutes"]) == (True, 10)
    told = [(one["emotion"], one["head_pose"], bool(one["pose"])) for one in plan["steps"]]
    assert told == [("sad", "frontal", False), ("sad", "left", True)]
    lamp = plan_of(nobody, start(dataset, protocol, child, "artificial"))
    assert [one["emotion"] for one in lamp["steps"]] == ["fear"]


def test_a_child_who_comes_again_hears_other_stories(nobody: FlaskClient, dataset: Dataset) -> None:
    protocol, child = (
        keep(dataset, new_body(step("sad"), step("happy"))),
        enrol(dataset, "research"),
    )
    first, second = (plan_of(nobody, start(dataset, protocol, child)) for _ in range(2))
    stories = [{one["emotion"]: one["story"] for one in plan["steps"]} for plan in (first, second)]
    assert stories[0].keys() == stories[1].keys()
    assert not set(stories[0].values()) & set(stories[1].values())


def test_a_reload_tells_the_same_again(nobody: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    session = sit(dataset, child)
    plan = plan_of(nobody, session.token)
    sit(dataset, child)
    assert plan_of(nobody, session.token) == plan


def test_what_is_stored_is_told_with_where_the_head_looked(
    app: Flask, nobody: FlaskClient, dataset: Dataset
) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    snap(dataset, session)
    told = nobody.get("/capture/api/session", headers={"Session-Token": session.token}).json
    assert told
    assert told["stored"][0]["emotion"] == "happy"
    assert "head_pose" in told["stored"][0]


@pytest.mark.parametrize("language", ["kk", "uk"])
def test_a_protocol_of_one_language_is_told_in_english_elsewhere(
    nobody: FlaskClient, dataset: Dataset, language: str
) -> None:
    steps = [{"emotion": "sad", "stories": {"en": ["A tale that is told."]}}]
    body = {
        "titles": TITLES, "shots": 2, "shot_interval_ms": 200, "countdown_seconds": 1,
        "steps": steps,
    }  # fmt: skip
    protocol, child = keep(dataset, body), enrol(dataset, "research")
    _, token = start_session(
        dataset, child, protocol, light="mixed", language=language, actor="test",
        operator_id=None, confirmed="hand",
    )  # fmt: skip
    plan = plan_of(nobody, token)
    assert [(one["story"], one["shots"]) for one in plan["steps"]] == [("A tale that is told.", 2)]
    assert (plan["practice"], plan["minutes"]) == (False, 0)
