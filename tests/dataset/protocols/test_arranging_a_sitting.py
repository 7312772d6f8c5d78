"""Order, parts, breaks and stories of one sitting."""

import uuid
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from collector.dataset.dataset import Dataset
from collector.dataset.emotions import EMOTIONS
from collector.dataset.models import CaptureSession
from collector.dataset.protocols.plan import Plan, current_protocols, read_plan
from collector.dataset.protocols.sequences import (
    Prompt,
    Sitting,
    arrange,
    choose_part,
    find_sitting,
    steps_for,
)
from collector.dataset.protocols.stories import shipped_stories
from collector.dataset.sessions import answer_assent, start_session
from tests.cast import enrol
from tests.dataset.protocols.bodies import first_body, new_body, step

CHILD = uuid.UUID(int=77)
NAMES = [str(one) for one in EMOTIONS]


def plan_of(*steps: dict[str, Any], **changed: Any) -> Plan:
    return read_plan(new_body(*steps, **changed), "en")


def sitting(number: int = 1, **changed: Any) -> Sitting:
    fields = {"session_id": uuid.UUID(int=number), "child": CHILD, "light": "natural", **changed}
    return Sitting(**fields)


def arranged(plan: Plan, of: Sitting) -> list[Prompt]:
    """The sitting of a protocol that is asked as it stands."""
    return arrange(plan, steps_for(plan, of), of)


def order(prompts: list[Prompt]) -> list[str]:
    return [str(prompt.emotion) for prompt in prompts]


def test_neutral_comes_first_happy_last_and_the_rest_differs_between_sessions() -> None:
    plan = plan_of(*map(step, NAMES))
    orders = [order(arranged(plan, sitting(number))) for number in range(40)]
    assert {one[0] for one in orders} == {"neutral"}
    assert {one[-1] for one in orders} == {"happy"}
    assert all(sorted(one) == sorted(NAMES) for one in orders)
    assert len({tuple(one) for one in orders}) > 30
    # Each place in between is taken by every emotion now and then: a place tells no prompt.
    for place in range(1, 7):
        assert len({one[place] for one in orders}) == 6


def test_a_session_has_the_same_order_whenever_it_is_asked() -> None:
    plan = plan_of(*map(step, NAMES))
    assert arranged(plan, sitting(5)) == arranged(plan, sitting(5))


def test_a_protocol_that_forbids_shuffling_keeps_its_order() -> None:
    asked = ["happy", "sad", "neutral", "sad"]
    plan = plan_of(*map(step, asked), shuffle=False)
    assert order(arranged(plan, sitting(3))) == asked


def test_an_emotion_s_positions_of_the_head_stay_together_and_in_order() -> None:
    poses = ["frontal", "left", "up"]
    plan = plan_of(*(step(one, pose) for pose in poses for one in ("sad", "fear", "angry")))
    prompts = arranged(plan, sitting(9))
    for start in (0, 3, 6):
        block = prompts[start : start + 3]
        assert len({prompt.emotion for prompt in block}) == 1
        assert [prompt.head_pose for prompt in block] == poses
        assert len({prompt.story for prompt in block}) == 3


def test_a_break_comes_after_every_two_emotions_and_not_after_the_last() -> None:
    steps = [step(one, pose) for one in NAMES[:6] for pose in ("frontal", "left")]
    prompts = arranged(plan_of(*steps, break_after_emotions=2), sitting(2))
    assert [place for place, prompt in enumerate(prompts) if prompt.rests] == [4, 8]
    calm = arranged(plan_of(*steps, break_after_emotions=0), sitting(2))
    assert not [prompt for prompt in calm if prompt.rests]


def test_the_parts_of_a_light_take_turns() -> None:
    steps = [step("sad", part=1), step("fear", part=2), step("angry", part=3)]
    parts = [{"lights": ["natural"]}, {"lights": ["natural", "artificial"]}, {"lights": []}]
    plan = plan_of(*steps, parts=parts)
    by_light = {
        light: [choose_part(plan, sitting(light=light, alike=alike)) for alike in range(4)]
        for light in ("natural", "artificial", "mixed")
    }
    assert by_light == {
        "natural": [1, 2, 3, 1], "artificial": [2, 3, 2, 3], "mixed": [3, 3, 3, 3],
    }  # fmt: skip
    assert order(arranged(plan, sitting(light="artificial"))) == ["fear"]


def test_a_light_that_no_part_wants_takes_all_parts_in_turn() -> None:
    steps = [step("sad", part=1), step("fear", part=2)]
    plan = plan_of(*steps, parts=[{"lights": ["natural"]}, {"lights": ["natural"]}])
    assert [choose_part(plan, sitting(light="mixed", alike=one)) for one in range(3)] == [1, 2, 1]


def test_each_later_sitting_of_a_child_tells_another_story_at_every_step() -> None:
    for poses in (1, 2, 3, 4, 5):
        heads = ["frontal", "left", "right", "up", "down"][:poses]
        plan = plan_of(*(step("sad", head) for head in heads), stories=4)
        told = [
            [prompt.story for prompt in arranged(plan, sitting(number, before=number))]
            for number in range(9)
        ]
        for earlier, later in pairwise(told):
            assert not [one for one, other in zip(earlier, later, strict=True) if one == other]


def test_sittings_that_ask_for_more_or_less_tell_other_stories_too() -> None:
    plan = plan_of(*(step("sad", head) for head in ("frontal", "left", "right", "up")), stories=4)
    told = [
        [
            one.story
            for one in arrange(plan, plan.steps[:asked], sitting(before=number), by_need=True)
        ]
        for number, asked in enumerate((4, 2, 3, 1, 4, 2))
    ]
    for earlier, later in pairwise(told):
        assert not [one for one, other in zip(earlier, later, strict=False) if one == other]


def test_an_emotion_that_comes_twice_in_a_sitting_has_two_stories() -> None:
    prompts = arranged(plan_of(*map(step, ["sad", "happy", "sad"]), shuffle=False), sitting())
    assert prompts[0].story != prompts[2].story


def test_children_do_not_all_begin_with_the_same_story() -> None:
    plan = plan_of(step("sad"), stories=3)
    told = {arranged(plan, sitting(child=uuid.UUID(int=one)))[0].story for one in range(6)}
    assert len(told) == 3


def test_a_protocol_of_the_first_form_is_read_as_it_was_meant() -> None:
    plan = read_plan(first_body("happy", "sad", "neutral"), "kk")
    assert [(one.emotion, one.shots, one.head_pose) for one in plan.steps] == [
        ("happy", 4, "frontal"), ("sad", 4, "frontal"), ("neutral", 4, "frontal"),
    ]  # fmt: skip
    assert (plan.practice, plan.break_after, plan.minutes) == (False, 0, 0)
    prompts = arranged(plan, sitting())
    assert order(prompts) == ["happy", "sad", "neutral"]
    assert not [prompt for prompt in prompts if prompt.rests]


def begin(dataset: Dataset, child: uuid.UUID, light: str, *, answer: str | None = "yes") -> Sitting:
    with dataset.database.read() as session:
        protocol = current_protocols(session)[0].id
    capture, _ = start_session(
        dataset, child, protocol, light=light, language="en", actor="test", operator_id=None,
        confirmed="hand", after_stop_confirmed=True,
    )  # fmt: skip
    if answer:
        answer_assent(dataset, capture.id, answer, "")
    return sitting_of(dataset, capture.id)


def sitting_of(dataset: Dataset, session_id: uuid.UUID) -> Sitting:
    with dataset.database.read() as session:
        statement = select(CaptureSession).where(CaptureSession.id == session_id)
        return find_sitting(session, session.scalars(statement).one())


def test_the_sittings_that_a_child_agreed_to_are_counted_and_a_light_s_own(
    dataset: Dataset,
) -> None:
    child = enrol(dataset, "research")
    begin(dataset, enrol(dataset, "research"), "natural")
    first = begin(dataset, child, "natural")
    begin(dataset, child, "natural", answer="not_today")
    begin(dataset, child, "natural", answer=None)
    second = begin(dataset, child, "artificial")
    third = begin(dataset, child, "natural")
    counted = [(one.before, one.alike) for one in (first, second, third)]
    assert counted == [(0, 0), (1, 0), (2, 1)]
    assert sitting_of(dataset, first.session_id) == first  # later sittings change nothing


def test_every_story_shipped_is_told_to_a_child_within_four_sittings(dataset: Dataset) -> None:
    with dataset.database.read() as session:
        plan = read_plan(current_protocols(session)[0].body, "uk")
    told = {
        prompt.story
        for number in range(4)
        for prompt in arranged(plan, sitting(number, before=number))
    }
    assert told == {one for stories in shipped_stories().values() for one in stories["uk"]}
