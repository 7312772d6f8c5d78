"""What a session's tablet asks, from the photos that the dataset holds."""

import uuid

import pytest

from collector.dataset.dataset import Dataset
from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.errors import NotFound
from collector.dataset.models import CaptureSession
from collector.dataset.protocols.asking import ask, current_goal, rehearse
from collector.dataset.protocols.goals import Goal
from collector.dataset.protocols.plan import current_protocols, read_plan
from collector.dataset.protocols.sequences import (
    Prompt,
    arrange,
    find_sitting,
    steps_for,
)
from collector.dataset.protocols.versions import supersede
from tests.cast import OpenSession, enrol, sit, snap
from tests.dataset.protocols.bodies import keep, new_body, step

pytestmark = pytest.mark.slow


def follow(dataset: Dataset, session: OpenSession, **changed: object) -> None:
    """Let the session rest on a protocol of its own: the first one's, changed."""
    with dataset.database.read() as db:
        body = {**current_protocols(db)[0].body, **changed}
    rest_on(dataset, session, keep(dataset, body, "gaps"))


def rest_on(dataset: Dataset, session: OpenSession, protocol: uuid.UUID | None) -> None:
    with dataset.database.write() as db:
        capture = db.get(CaptureSession, session.id)
        assert capture
        capture.protocol_id = protocol


def asked_in(dataset: Dataset, session: OpenSession) -> list[Prompt]:
    with dataset.database.read() as db:
        capture = db.get(CaptureSession, session.id)
        assert capture
        return ask(db, capture).prompts


def classes_of(prompts: list[Prompt]) -> list[Emotion]:
    return [prompt.emotion for prompt in prompts]


def test_a_protocol_without_the_flag_is_asked_as_it_stands(dataset: Dataset) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    with dataset.database.read() as db:
        plan = read_plan(current_protocols(db)[0].body, "en")
        capture = db.get(CaptureSession, session.id)
        assert capture
        sitting = find_sitting(db, capture)
    assert asked_in(dataset, session) == arrange(plan, steps_for(plan, sitting), sitting)


def test_a_protocol_that_fills_gaps_asks_for_what_is_short(dataset: Dataset) -> None:
    first = sit(dataset, enrol(dataset, "research"))
    rare = Emotion.CONTEMPT
    for emotion in set(EMOTIONS) - {rare}:
        snap(dataset, first, emotion)
    session = sit(dataset, enrol(dataset, "research"))
    follow(dataset, session, plan="fill gaps", target=8)
    asked = asked_in(dataset, session)
    assert asked[1].emotion == rare
    assert (asked[0].emotion, asked[-1].emotion) == ("neutral", "happy")
    assert all(prompt.shots == 1 for prompt in asked)  # an eighth of eight
    again = sit(dataset, first.child)
    with dataset.database.read() as db:
        gaps = next(one.id for one in current_protocols(db) if one.name == "gaps")
    rest_on(dataset, again, gaps)
    assert classes_of(asked_in(dataset, again)) == ["neutral", rare, "happy"]


def test_a_tablet_that_asks_again_is_told_the_same_plan(dataset: Dataset) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    follow(dataset, session, plan="fill gaps", target=8)
    before = asked_in(dataset, session)
    for prompt in before[:3]:
        snap(dataset, session, prompt.emotion)
    assert asked_in(dataset, session) == before


def test_the_steps_of_all_parts_wanted_in_the_light_are_chosen_from(dataset: Dataset) -> None:
    parts = [{"lights": ["natural"]}, {"lights": ["artificial"]}, {"lights": []}]
    body = new_body(
        step("sad"), step("fear", part=2), step("angry", part=3), parts=parts, plan="fill gaps"
    )
    protocol = keep(dataset, body)
    for light, wanted in {
        "natural": {"sad", "angry"}, "artificial": {"fear", "angry"}, "mixed": {"angry"},
    }.items():  # fmt: skip
        session = sit(dataset, enrol(dataset, "research"), light=light)
        rest_on(dataset, session, protocol)
        assert set(classes_of(asked_in(dataset, session))) == wanted


def test_a_rehearsal_is_asked_as_a_first_sitting(dataset: Dataset) -> None:
    with dataset.database.read() as db:
        study = next(one.id for one in current_protocols(db) if one.name == "study")
        asked = rehearse(db, study, "kk")
        assert len(asked.prompts) == 24
        assert set(classes_of(asked.prompts)) == set(EMOTIONS)
        with pytest.raises(NotFound):
            rehearse(db, uuid.uuid4(), "kk")


def test_the_page_s_goal_is_that_of_the_protocol_used_last(dataset: Dataset) -> None:
    def goal() -> Goal:
        with dataset.database.read() as db:
            return current_goal(db)

    study = Goal(200, 30, 24, ("natural", "artificial"))
    assert goal() == study
    own = keep(dataset, new_body(plan="fill gaps", target=40), "ours")
    assert goal() == study
    rest_on(dataset, sit(dataset, enrol(dataset, "research")), own)
    assert goal() == Goal(40)
    with dataset.database.read() as db:
        current = current_protocols(db)
    for protocol in current:
        supersede(dataset, protocol.id, new_body(), actor="test")
    assert goal() == Goal()
