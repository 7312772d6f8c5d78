"""What the shipped protocols bring from a class of children who come again and again."""

import random
import uuid
from collections import Counter
from typing import Any

import pytest

from collector.dataset.coverage import Place
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import EMOTIONS
from collector.dataset.protocols.asking import fill_gaps, longest_sitting
from collector.dataset.protocols.goals import fills_gaps, goal_of
from collector.dataset.protocols.plan import Plan, read_plan
from collector.dataset.protocols.sequences import (
    Prompt,
    Sitting,
    arrange,
    estimate_minutes,
    steps_for,
)
from collector.dataset.vocabulary import HEAD_POSES, WANTED_LIGHTS
from tests.dataset.protocols.bodies import body_of

Photos = Counter[Place]


def classes(there: Photos, child: uuid.UUID | None = None) -> Counter[str | None]:
    found = Counter[str | None]()
    for place, count in there.items():
        found[place.emotion] += count if child in (None, place.child) else 0
    return found


class Class:
    """Children who sit by turns, in another light each time, until there is enough."""

    def __init__(self, body: dict[str, Any], children: int, lost: float, seed: int) -> None:
        self.plan, self.goal = read_plan(body, "en"), goal_of(body)
        self.dice = random.Random(seed)
        self.children = [self.number() for _ in range(children)]
        self.there, self.lost, self.sittings = Photos(), lost, 0

    def number(self) -> uuid.UUID:
        return uuid.UUID(int=self.dice.getrandbits(128))

    def come(self) -> None:
        """Every child sits once; every sixth stops somewhere, as children do."""
        light = WANTED_LIGHTS[self.sittings % 2]
        self.sittings += 1
        for child in self.children:
            session = self.number()
            steps = fill_gaps(
                self.plan, self.goal, self.there, child=child, light=light, session_id=session
            )
            assert estimate_minutes(self.plan, steps) <= self.plan.minutes
            sitting = Sitting(session, child, light, self.sittings)
            prompts = arrange(self.plan, steps, sitting, by_need=True)
            stops = self.dice.random() < 1 / 6
            self.photograph(prompts[: self.dice.randrange(1, 20)] if stops else prompts, sitting)

    def photograph(self, prompts: list[Prompt], of: Sitting) -> None:
        for prompt in prompts:
            usable = sum(self.dice.random() >= self.lost for _ in range(prompt.shots))
            self.there[Place(prompt.emotion, of.light, prompt.head_pose, of.child)] += usable


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("children", "lost", "sittings"), [(8, 0.2, 6), (10, 0.2, 5), (12, 0.2, 4), (12, 0.5, 8)]
)
def test_a_class_fills_the_study_with_200_to_230_photos_of_each_emotion(
    dataset: Dataset, children: int, lost: float, sittings: int, seed: int
) -> None:
    """In two lights and five positions of the head; no child is over its share of a class.

    The one photo with which a sitting begins or ends comes on top of a child's share.
    """
    pupils = Class(body_of(dataset, "study"), children, lost, seed)
    while min(classes(pupils.there)[one] for one in EMOTIONS) < 200:
        pupils.come()
        assert pupils.sittings <= sittings
    found = classes(pupils.there)
    assert set(found) == set(EMOTIONS)
    assert all(200 <= count <= 230 for count in found.values()), found
    for emotion in EMOTIONS:
        places = {place: n for place, n in pupils.there.items() if place.emotion == emotion}
        for pose in HEAD_POSES:
            assert sum(n for place, n in places.items() if place.head_pose == pose) >= 30
        for light in WANTED_LIGHTS:
            assert sum(n for place, n in places.items() if place.light == light) >= 85
        for child in pupils.children:
            framing = pupils.sittings if emotion in ("neutral", "happy") else 0
            assert classes(pupils.there, child)[emotion] <= 30 + framing


def test_many_children_bring_twelve_photos_of_each_emotion_each(dataset: Dataset) -> None:
    plan = read_plan(body_of(dataset, "many-children"), "en")
    for number in range(18):
        sitting = Sitting(uuid.UUID(int=number), uuid.UUID(int=number), "natural")
        prompts = arrange(plan, steps_for(plan, sitting), sitting)
        taken = Counter[str]()
        for prompt in prompts:
            taken[prompt.emotion] += prompt.shots
        assert taken == dict.fromkeys(EMOTIONS, 12)
        assert len({prompt.head_pose for prompt in prompts}) == 3


def plan_and_goal(dataset: Dataset, **changed: object) -> tuple[Plan, dict[str, Any]]:
    body = {**body_of(dataset, "study"), **changed}
    return read_plan(body, "en"), body


@pytest.mark.parametrize("minutes", [2, 5, 10])
def test_a_planned_sitting_ends_within_its_time_although_its_steps_are_more(
    dataset: Dataset, minutes: int
) -> None:
    plan, body = plan_and_goal(dataset, time_limit_minutes=minutes, steps_a_session=200)
    assert fills_gaps(body)
    for number in range(10):
        steps = longest_sitting(plan, goal_of(body), uuid.UUID(int=number))
        # One more burst of five, with its story and a break: half a minute.
        assert minutes - 0.5 <= estimate_minutes(plan, steps) <= minutes
        assert {"neutral", "happy"} <= {step.emotion for step in steps}


def test_a_protocol_without_a_limit_is_asked_for_whole(dataset: Dataset) -> None:
    plan, body = plan_and_goal(dataset, time_limit_minutes=0, per_child=200)
    body = {key: value for key, value in body.items() if key != "steps_a_session"}
    assert len(longest_sitting(plan, goal_of(body), uuid.UUID(int=1))) == len(plan.steps)


def test_a_sitting_of_the_study_takes_about_seven_minutes(dataset: Dataset) -> None:
    plan, body = plan_and_goal(dataset)
    steps = longest_sitting(plan, goal_of(body), uuid.UUID(int=1))
    assert Counter(step.emotion for step in steps) == dict.fromkeys(EMOTIONS, 3)
    assert 6 < estimate_minutes(plan, steps) < 7
