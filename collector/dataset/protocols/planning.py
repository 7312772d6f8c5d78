"""The planner: what a session asks for first, so that every class fills evenly; pure functions."""

import random
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from collector.dataset.coverage import Place
from collector.dataset.emotions import Emotion
from collector.dataset.protocols.goals import Goal
from collector.dataset.protocols.plan import Step

# Classes within a twentieth of the target are equally short, and the session's own shuffle orders
# them: otherwise the order of prompts would be the same for every child of an afternoon.
EQUALLY_SHORT = 20


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
    fits: Callable[[Sequence[Step]], bool] = lambda steps: True,
) -> list[Step]:
    """The steps that this session asks, short classes first.

    Required steps are always asked, and, of a protocol that begins with neutral and ends with
    happy, one step of each: the child's calm beginning and glad end. These take a single shot where
    the child or the class has enough. Of the others those are left out whose class is full or to
    which the child has given its share; bursts are cut to what is left, and no step is added with
    which the sitting no longer `fits` its time. The same arguments give the same steps.
    """
    desk = _Desk(goal, everybody, child, light, random.Random(session_id.int))
    order = desk.order()
    must = desk.must(steps)
    asked = [desk.take(steps[n], at_least=1) for n in must]
    free = [step for n, step in enumerate(steps) if n not in must]
    desk.add(asked, free, fits)
    # A child that came is asked for something, even where nothing is short.
    return sorted(asked, key=lambda step: order[step.emotion]) or [
        replace(step, shots=1) for step in steps[:1]
    ]


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
        limits = [(self.goal, self.everybody.classes, self.child.classes)]
        if self.light in self.goal.lights:
            share = self.goal.in_light(self.light)
            limits.append((share, self.everybody.in_light, self.child.in_light))
        left = []
        for goal, everybody, child in limits:
            # Every sitting adds its first and last photo, also to a class that is full.
            most = goal.target if emotion in (Emotion.NEUTRAL, Emotion.HAPPY) else goal.most
            left += [most - everybody.get(emotion, 0), goal.cap - child.get(emotion, 0)]
        return min(left) - self.planned[emotion]

    def take(self, step: Step, *, at_least: int = 0) -> Step:
        """The step, its burst cut to the room that is left."""
        shots = max(at_least, min(step.shots, self.room(step.emotion)))
        self.planned[step.emotion] += shots
        self.planned_poses[step.emotion, step.head_pose] += shots
        return replace(step, shots=shots)

    def order(self) -> dict[Emotion, tuple[int, float]]:
        """What the classes are sorted by, the shortest first; chance orders the equally short."""
        return {one: (self._stock(one), self.dice.random()) for one in Emotion}

    def must(self, steps: Sequence[Step]) -> list[int]:
        """The numbers of the required steps, and of those that begin and end the sitting."""
        must = [n for n, step in enumerate(steps) if step.required]
        for end, emotion in ((0, Emotion.NEUTRAL), (-1, Emotion.HAPPY)):
            if steps and steps[end].emotion is emotion:
                own = [n for n, step in enumerate(steps) if step.emotion is emotion]
                if not set(own) & set(must):
                    must.append(min(own, key=lambda n: self._shortness(steps[n])))
        return must

    def add(
        self, asked: list[Step], free: Sequence[Step], fits: Callable[[Sequence[Step]], bool]
    ) -> None:
        """Add free steps while there is room, one after the other, the shortest class first."""
        most = self.goal.steps_a_session or len(asked) + len(free)
        waiting = self.dice.sample(list(free), len(free))
        while len(asked) < most:
            waiting = [step for step in waiting if self.room(step.emotion) > 0]
            if not waiting:
                break
            best = min(waiting, key=self._shortness)
            waiting.remove(best)
            taken = self.take(best)
            if not fits([*asked, taken]):
                break
            asked.append(taken)

    def _stock(self, emotion: Emotion) -> int:
        """The class's photos, in whole twentieths of the target, and those planned with them."""
        there = (
            self.everybody.in_light if self.light in self.goal.lights else self.everybody.classes
        )
        alike = max(1, self.goal.target // EQUALLY_SHORT)
        return there.get(emotion, 0) // alike * alike + self.planned[emotion]

    def _shortness(self, step: Step) -> tuple[int, int]:
        place = (step.emotion, step.head_pose)
        posed = self.everybody.poses.get(place, 0) + self.planned_poses[place]
        return self._stock(step.emotion), posed
