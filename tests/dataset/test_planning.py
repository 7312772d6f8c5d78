"""The planner: short classes first, no class starves, no child gives more than its share."""

import random
import uuid
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from collector.dataset import clock
from collector.dataset.coverage import Place
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.models import CaptureSession, Protocol
from collector.dataset.protocols.asking import goal_of, plan_of
from collector.dataset.protocols.plan import Step, current_protocols, read_plan
from collector.dataset.protocols.planning import Goal, Holding, arrange, held
from tests.cast import OpenSession, enrol, sit, snap

ORDER = (
    Emotion.NEUTRAL, Emotion.SURPRISE, Emotion.SAD, Emotion.DISGUST, Emotion.ANGRY,
    Emotion.CONTEMPT, Emotion.FEAR, Emotion.HAPPY,
)  # fmt: skip
EIGHT = tuple(Step(emotion, ("a story",), 5, "frontal") for emotion in ORDER)
POSES = ("frontal", "left", "right", "up", "down")
# Neutral, then the other seven in five positions, then happy: as a long protocol may be.
FORTY = (
    EIGHT[0],
    *(replace(step, head_pose=pose) for pose in POSES for step in EIGHT[1:-1]),
    *(replace(EIGHT[0], head_pose=pose) for pose in POSES[1:]),
    *(replace(EIGHT[-1], head_pose=pose) for pose in POSES[1:]),
    EIGHT[-1],
)
NOTHING, USUAL = Holding(), Goal()


def session_of(number: int) -> uuid.UUID:
    return uuid.UUID(int=random.Random(number).getrandbits(128))


def arranged(
    steps: tuple[Step, ...] = EIGHT,
    goal: Goal = USUAL,
    *,
    everybody: Holding = NOTHING,
    child: Holding = NOTHING,
    light: str = "natural",
    number: int = 1,
    required: tuple[int, ...] = (),
) -> tuple[Step, ...]:
    return arrange(
        steps, goal, everybody=everybody, child=child, light=light,
        session_id=session_of(number), required=required,
    )  # fmt: skip


def classes_of(steps: tuple[Step, ...]) -> list[Emotion]:
    return [step.emotion for step in steps]


def full(count: int, *emotions: Emotion) -> Holding:
    return Holding(dict.fromkeys(emotions or EMOTIONS, count))


def test_neutral_comes_first_and_happy_last_in_every_session() -> None:
    for number in range(50):
        asked = arranged(number=number)
        assert (asked[0], asked[-1]) == (EIGHT[0], EIGHT[-1])
        assert sorted(classes_of(asked)) == sorted(ORDER)


def test_a_protocol_that_begins_otherwise_is_shuffled_from_its_start() -> None:
    firsts = {arranged(EIGHT[1:-1], number=number)[0].emotion for number in range(50)}
    assert firsts == set(ORDER[1:-1])


def test_the_same_session_is_planned_the_same_and_others_differ() -> None:
    plans = [classes_of(arranged(number=number)) for number in (1, 1, 2, 3)]
    assert plans[0] == plans[1]
    assert plans[0] != plans[2] or plans[0] != plans[3]


def test_the_shortest_class_is_asked_for_first() -> None:
    counts = Holding(dict.fromkeys(EMOTIONS, 100) | {Emotion.FEAR: 10, Emotion.DISGUST: 50})
    for number in range(20):
        asked = classes_of(arranged(everybody=counts, number=number))
        assert asked[1:3] == [Emotion.FEAR, Emotion.DISGUST]


def test_what_is_nearly_equally_short_is_shuffled() -> None:
    counts = Holding({one: 100 + n for n, one in enumerate(ORDER)})
    seconds = {arranged(everybody=counts, number=number)[1].emotion for number in range(80)}
    assert seconds == set(ORDER[1:-1])


def test_a_full_class_is_left_out_but_not_what_frames_the_session() -> None:
    asked = arranged(everybody=full(230))
    assert [(step.emotion, step.shots) for step in asked] == [("neutral", 1), ("happy", 1)]
    almost = arranged(everybody=full(228, Emotion.FEAR))
    assert next(step for step in almost if step.emotion == Emotion.FEAR).shots == 2


def test_what_the_protocol_requires_is_never_dropped() -> None:
    """Neither where all is full, nor where the child has given its share, nor in a short one."""
    fear = ORDER.index(Emotion.FEAR)
    for number in range(20):
        for given in ({"everybody": full(999)}, {"child": full(999)},
                      {"goal": Goal(steps_a_session=1)}):  # fmt: skip
            asked = arranged(required=(fear,), number=number, **given)  # type: ignore[arg-type]
            assert {Emotion.NEUTRAL, Emotion.FEAR, Emotion.HAPPY} <= set(classes_of(asked))
            assert asked[0].emotion == Emotion.NEUTRAL
            assert asked[-1].emotion == Emotion.HAPPY


def test_a_child_at_its_cap_is_asked_for_other_classes() -> None:
    asked = arranged(child=full(25, Emotion.SAD, Emotion.FEAR))
    assert set(ORDER) - set(classes_of(asked)) == {Emotion.SAD, Emotion.FEAR}
    partly = arranged(child=full(22, Emotion.SAD))
    assert next(step for step in partly if step.emotion == Emotion.SAD).shots == 3


def test_a_child_that_came_is_asked_for_something() -> None:
    asked = arranged(EIGHT[1:-1], everybody=full(999))
    assert [step.shots for step in asked] == [1]
    assert arranged(()) == ()


def test_a_long_protocol_asks_for_a_sitting_s_worth() -> None:
    asked = arranged(FORTY, Goal(steps_a_session=12))
    assert len(asked) == 12
    assert len({step.emotion for step in asked}) == 8


def test_the_same_class_does_not_come_twice_running() -> None:
    for number in range(30):
        asked = classes_of(arranged(FORTY, Goal(steps_a_session=14), number=number))[:-1]
        assert all(one != other for one, other in pairwise(asked))


def test_the_rarest_position_of_a_class_comes_first() -> None:
    poses = {(Emotion.SAD, pose): 9 for pose in POSES if pose != "up"}
    counts = Holding(dict.fromkeys(EMOTIONS, 99) | {Emotion.SAD: 36}, {}, poses)
    asked = arranged(FORTY, Goal(steps_a_session=3), everybody=counts)
    assert (asked[1].emotion, asked[1].head_pose) == (Emotion.SAD, "up")


def test_a_light_that_is_missing_is_asked_for_although_the_other_is_full() -> None:
    goal = Goal(lights=("natural", "artificial"))
    counts = Holding(dict.fromkeys(EMOTIONS, 115), dict.fromkeys(EMOTIONS, 115))
    assert len(arranged(goal=goal, everybody=counts)) == 2
    by_lamp = Holding(dict.fromkeys(EMOTIONS, 115))
    assert len(arranged(goal=goal, everybody=by_lamp, light="artificial")) == 8
    assert len(arranged(goal=goal, everybody=counts, light="mixed")) == 8


@pytest.mark.parametrize("steps", [EIGHT, FORTY], ids=["eight steps", "forty"])
@pytest.mark.parametrize("seed", range(4))
def test_no_class_starves_and_no_child_dominates(steps: tuple[Step, ...], seed: int) -> None:
    """Thirty children who come, stop half-way, and have photos binned as children do.

    Fear and disgust lose six photos of ten, happy one: each class reaches its target all the same,
    none goes beyond its ceiling by more than the single shots that frame a session, and the
    largest and smallest class differ by no more than the ceiling allows.
    """
    dice, goal = random.Random(seed), Goal(target=80, steps_a_session=12)
    losses = {Emotion.FEAR: 0.6, Emotion.DISGUST: 0.6, Emotion.HAPPY: 0.1}
    there = Counter[Place]()
    children, framing = [session_of(1000 + n) for n in range(30)], Counter[tuple[object, str]]()
    for number in range(600):
        child = dice.choice(children)
        own = {place: n for place, n in there.items() if place.child == child}
        asked = arranged(
            steps, goal, everybody=held(there, "natural"), child=held(own, "natural"),
            number=seed * 10_000 + number,
        )  # fmt: skip
        stops = len(asked) if dice.random() < 0.7 else dice.randint(1, len(asked))
        for step in asked[:stops]:
            # A frame of one shot is the exception that `arrange` names.
            framing[child, step.emotion] += step.shots == 1
            for _ in range(step.shots):
                if dice.random() >= losses.get(step.emotion, 0.3):
                    there[Place(step.emotion, "natural", step.head_pose, child)] += 1
    by_class, by_child = Counter[str](), Counter[tuple[object, str]]()
    for place, count in there.items():
        assert place.emotion
        by_class[place.emotion] += count
        by_child[place.child, place.emotion] += count
    inner = {one: by_class[one] for one in EMOTIONS if one not in ("neutral", "happy")}
    assert min(by_class[one] for one in EMOTIONS) >= goal.target, by_class
    assert max(inner.values()) <= goal.most, by_class
    assert max(inner.values()) - min(inner.values()) <= goal.most - goal.target
    for (child, emotion), count in by_child.items():
        beyond = framing[child, emotion] if emotion in ("neutral", "happy") else 0
        assert count <= goal.cap + beyond


def test_with_stops_in_the_middle_the_order_decides_what_is_there() -> None:
    """Every child stops after four steps: by the protocol's own order five classes would starve."""
    there = Counter[Place]()
    for number in range(200):
        asked = arranged(everybody=held(there, "natural"), number=number, goal=Goal(per_child=1000))
        for step in asked[:4]:
            there[Place(step.emotion, "natural", "frontal", session_of(number))] += step.shots
    classes = held(there, "natural").classes
    inner = [classes[one] for one in ORDER[1:-1]]
    assert min(inner) >= 200
    assert max(inner) - min(inner) <= 30


def test_what_a_protocol_sets_is_its_goal() -> None:
    assert (Goal().target, Goal().most, Goal().cap) == (200, 230, 25)
    body = {"target": 40, "per_child": 12, "steps_a_session": 9, "lights": ["natural"]}
    assert goal_of(body) == Goal(40, 12, 9, ("natural",))
    assert goal_of({}) == Goal()
    assert Goal(3).cap == 1


def follow(dataset: Dataset, session: OpenSession, **changed: object) -> None:
    """Let the session rest on a protocol of its own: the first one's, changed."""
    with dataset.database.write() as db:
        known = current_protocols(db)[0]
        protocol = Protocol(
            id=uuid.uuid4(), site_id=dataset.site_id, name="gaps", version=1,
            body={**known.body, **changed}, created_at=clock.now(),
        )  # fmt: skip
        db.add(protocol)
        db.flush()
        capture = db.get(CaptureSession, session.id)
        assert capture
        capture.protocol_id = protocol.id


def planned(dataset: Dataset, session: OpenSession) -> tuple[Step, ...]:
    with dataset.database.read() as db:
        capture = db.get(CaptureSession, session.id)
        assert capture
        return plan_of(db, capture).steps


def test_a_protocol_without_the_flag_is_asked_as_it_stands(dataset: Dataset) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    with dataset.database.read() as db:
        expected = read_plan(current_protocols(db)[0].body, "en").steps
    assert planned(dataset, session) == expected


def test_a_protocol_that_fills_gaps_asks_for_what_is_short(dataset: Dataset) -> None:
    first = sit(dataset, enrol(dataset, "research"))
    rare = Emotion.CONTEMPT
    for emotion in set(EMOTIONS) - {rare}:
        snap(dataset, first, emotion)
    session = sit(dataset, enrol(dataset, "research"))
    follow(dataset, session, plan="fill gaps", target=8)
    asked = planned(dataset, session)
    assert asked[1].emotion == rare
    assert (asked[0].emotion, asked[-1].emotion) == ("neutral", "happy")
    assert all(step.shots == 1 for step in asked)  # an eighth of eight
    again = sit(dataset, first.child)
    follow_again = planned_with(dataset, again, session)
    assert classes_of(follow_again) == ["neutral", rare, "happy"]


def planned_with(dataset: Dataset, session: OpenSession, like: OpenSession) -> tuple[Step, ...]:
    with dataset.database.write() as db:
        mine, other = db.get(CaptureSession, session.id), db.get(CaptureSession, like.id)
        assert mine
        assert other
        mine.protocol_id = other.protocol_id
    return planned(dataset, session)


def test_a_tablet_that_asks_again_is_told_the_same_plan(dataset: Dataset) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    follow(dataset, session, plan="fill gaps", target=8)
    before = planned(dataset, session)
    for step in before[:3]:
        snap(dataset, session, step.emotion)
    assert planned(dataset, session) == before
