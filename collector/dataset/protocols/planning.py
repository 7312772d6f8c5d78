"""The planner: what a session asks for first, so that every class fills evenly; pure functions."""

import random
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from collector.dataset.coverage import Place
from collector.dataset.emotions import Emotion
from collector.dataset.protocols.plan import Step

TARGET = 200
ABOVE = 1.15  # the study's 230 photos over its 200: then a class is full
CHILDREN = 8

# Classes within a twentieth of the target are equally short, and the session's own shuffle orders
# them: otherwise the order of prompts would be the same for every child of an afternoon.
EQUALLY_SHORT = 20


@dataclass(frozen=True)
class Goal:
    """How many usable photos are wanted of each class, and of each child for a class."""

    target: int = TARGET
    per_child: int | None = None
    steps_a_session: int | None = None
    lights: tuple[str, ...] = ()

    @property
    def most(self) -> int:
        """With so many a class is full: 230 for a target of 200."""
        return round(self.target * ABOVE)

    @property
    def cap(self) -> int:
        """The most photos of one class by one child."""
        return self.per_child or max(1, self.target // CHILDREN)


@dataclass(frozen=True)
class Holding:
    """How many usable photos there are by class, and by class and head position.

    `in_light` counts those in the session's own light alone.
    """

    classes: Mapping[str, int] = field(default_factory=dict)
    in_light: Mapping[str, int] = field(default_factory=dict)
    poses: Mapping[tuple[str, str], int] = field(default_factory=dict)


def held(places: Mapping[Place, int], light: str) -> Holding:
    """The counts that a session in that light starts from."""
    classes, in_light = Counter[str](), Counter[str]()
    poses = Counter[tuple[str, str]]()
    for place, count in places.items():
        if place.emotion is None:
            continue
        classes[place.emotion] += count
        if place.light == light:
            in_light[place.emotion] += count
            poses[place.emotion, place.head_pose or ""] += count
    return Holding(classes, in_light, poses)


def choose_short(
    steps: Sequence[Step],
    goal: Goal,
    *,
    everybody: Holding,
    child: Holding,
    light: str,
    session_id: uuid.UUID,
) -> list[Step]:
    """The steps that this session asks, short classes first.

    A neutral first step and a happy last one, the child's calm beginning and glad end, and the
    required steps are always asked, with a single shot where the child or the class has enough. Of
    the others those are left out whose class is full or to which the child has given its share;
    bursts are cut to what is left. The same arguments give the same steps.
    """
    desk = _Desk(goal, everybody, child, light, random.Random(session_id.int))
    frame = _frame(steps)
    must = [n for n, step in enumerate(steps) if step.required or n in frame]
    demanded = [desk.take(steps[n], at_least=1) for n in must]
    free = [step for n, step in enumerate(steps) if n not in must]
    room = len(free) if goal.steps_a_session is None else goal.steps_a_session - len(demanded)
    # A child that came is asked for something, even where nothing is short.
    return demanded + desk.choose(free, room) or [replace(step, shots=1) for step in steps[:1]]


@dataclass
class _Desk:
    """One session being planned: what is there, and what the plan will add to it."""

    goal: Goal
    everybody: Holding
    child: Holding
    light: str
    dice: random.Random
    planned: Counter[str] = field(default_factory=Counter)
    planned_poses: Counter[tuple[str, str]] = field(default_factory=Counter)

    def room(self, emotion: Emotion) -> int:
        """How many photos of the class this session may still ask for."""
        parts = len(self.goal.lights) if self.light in self.goal.lights else 1
        left = [
            self.goal.most - self.everybody.classes.get(emotion, 0),
            self.goal.cap - self.child.classes.get(emotion, 0),
        ]
        if parts > 1:  # rounded up, so that the lights' parts together reach the target
            left.append(-(-self.goal.most // parts) - self.everybody.in_light.get(emotion, 0))
            left.append(-(-self.goal.cap // parts) - self.child.in_light.get(emotion, 0))
        return min(left) - self.planned[emotion]

    def take(self, step: Step, *, at_least: int = 0) -> Step:
        """The step, its burst cut to the room that is left."""
        shots = max(at_least, min(step.shots, self.room(step.emotion)))
        self.planned[step.emotion] += shots
        self.planned_poses[step.emotion, step.head_pose] += shots
        return replace(step, shots=shots)

    def choose(self, free: Sequence[Step], room: int) -> list[Step]:
        """Up to `room` of the free steps, one after the other, the shortest class first."""
        waiting = self.dice.sample(list(free), len(free))
        chosen: list[Step] = []
        while len(chosen) < room:
            waiting = [step for step in waiting if self.room(step.emotion) > 0]
            if not waiting:
                break
            best = min(waiting, key=self._shortness)
            waiting.remove(best)
            chosen.append(self.take(best))
        return chosen

    def _shortness(self, step: Step) -> tuple[int, int]:
        there = (
            self.everybody.in_light if self.light in self.goal.lights else self.everybody.classes
        )
        count = there.get(step.emotion, 0) + self.planned[step.emotion]
        place = (step.emotion, step.head_pose)
        posed = self.everybody.poses.get(place, 0) + self.planned_poses[place]
        return count * EQUALLY_SHORT // self.goal.target, posed


def _frame(steps: Sequence[Step]) -> set[int]:
    """The numbers of a neutral first step and of a happy last one, where the protocol has them."""
    if not steps:
        return set()
    end = len(steps) - 1
    first = {0} if steps[0].emotion is Emotion.NEUTRAL else set()
    return first | ({end} if steps[end].emotion is Emotion.HAPPY else set())
