"""Which prompts a sitting asks for, in which order, and with which story.

Neutral comes first and happy last, so that a sitting begins calmly and ends well. The rest is
shuffled by the session's id, or follows what is short: the same again after a reload, another in
another session.
"""

import hashlib
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset.emotions import Emotion
from collector.dataset.models import CaptureSession, Protocol
from collector.dataset.protocols.plan import Plan, Step

# What a child of six needs beside countdown and burst: to hear the story, and for its star.
SECONDS_A_STEP = 10


@dataclass(frozen=True)
class Prompt:
    """One burst of a sitting; `rests` if a break comes before it."""

    emotion: Emotion
    story: str
    shots: int
    head_pose: str
    rests: bool = False


@dataclass(frozen=True)
class Sitting:
    """What chooses a sitting's part and stories: how many came before, and of what kind."""

    session_id: uuid.UUID
    child: uuid.UUID
    light: str
    before: int = 0  # sittings of this child
    alike: int = 0  # those with this protocol, in this light


def find_sitting(session: Session, capture: CaptureSession) -> Sitting:
    """The sitting of a session. What counts before it no longer changes once the child agreed."""
    earlier = (
        select(CaptureSession.light, Protocol.name)
        .join(Protocol, Protocol.id == CaptureSession.protocol_id)
        .where(
            CaptureSession.participant_id == capture.participant_id,
            CaptureSession.id != capture.id,
            CaptureSession.assent == "yes",
        )
    )
    if capture.assent_at is not None:
        earlier = earlier.where(CaptureSession.assent_at < capture.assent_at)
    kinds = Counter((row[0], row[1]) for row in session.execute(earlier))
    name = capture.protocol.name if capture.protocol else ""
    return Sitting(
        capture.id,
        capture.participant_id,
        capture.light,
        kinds.total(),
        kinds[capture.light, name],
    )


def arrange(
    plan: Plan, steps: Sequence[Step], sitting: Sitting, *, by_need: bool = False
) -> list[Prompt]:
    """The prompts of one sitting that asks for these steps, in their order.

    `by_need`: the emotions follow one another as the steps do, the most wanted first.
    """
    if plan.shuffled or by_need:
        blocks = _order(_blocks(steps), None if by_need else sitting.session_id)
    else:
        blocks = _runs(steps)
    told, strides = Counter[Emotion](), _strides(plan)
    prompts = []
    for place, block in enumerate(blocks):
        rests = place > 0 and plan.break_after > 0 and place % plan.break_after == 0
        for number, step in enumerate(block):
            story = _choose_story(step, told[step.emotion], strides[step.emotion], sitting)
            told[step.emotion] += 1
            first = rests and number == 0
            prompts.append(Prompt(step.emotion, story, step.shots, step.head_pose, first))
    return prompts


def steps_for(plan: Plan, sitting: Sitting) -> list[Step]:
    """The steps of the part whose turn it is."""
    return steps_of_part(plan, choose_part(plan, sitting))


def choose_part(plan: Plan, sitting: Sitting) -> int:
    """The part's number, from 1: those wanted in this light take turns, all where none is."""
    fitting = _parts_in(plan, sitting.light)
    return fitting[sitting.alike % len(fitting)]


def steps_in_light(plan: Plan, light: str) -> list[Step]:
    """The steps of all parts wanted in this light, as they are written; all where none is."""
    parts = _parts_in(plan, light)
    return [step for step in plan.steps if step.part in parts]


def steps_of_part(plan: Plan, part: int) -> list[Step]:
    """The steps of one part, as they are written."""
    return [step for step in plan.steps if step.part == part]


def estimate_minutes(plan: Plan, steps: Sequence[Step]) -> float:
    """How long a sitting of these steps takes, about: with the practice round and the breaks."""
    bursts = sum((step.shots - 1) * plan.shot_interval_ms / 1000 for step in steps)
    emotions = len({step.emotion for step in steps})
    breaks = (emotions - 1) // plan.break_after if plan.break_after else 0
    rounds = len(steps) + plan.practice
    return (rounds * (SECONDS_A_STEP + plan.countdown_seconds) + bursts + breaks * 10) / 60


def _parts_in(plan: Plan, light: str) -> list[int]:
    numbers = range(1, len(plan.parts) + 1)
    lit = [number for number in numbers if light in (plan.parts[number - 1] or [light])]
    return lit or list(numbers)


def _blocks(steps: Sequence[Step]) -> list[list[Step]]:
    """The steps by emotion, each emotion's together, in the order in which they first appear."""
    blocks: dict[Emotion, list[Step]] = {}
    for step in steps:
        blocks.setdefault(step.emotion, []).append(step)
    return list(blocks.values())


def _runs(steps: Sequence[Step]) -> list[list[Step]]:
    runs: list[list[Step]] = []
    for step in steps:
        if runs and runs[-1][0].emotion == step.emotion:
            runs[-1].append(step)
        else:
            runs.append([step])
    return runs


def _order(blocks: list[list[Step]], session_id: uuid.UUID | None) -> list[list[Step]]:
    """Neutral first and happy last; the rest by the session's id, as they are without one."""

    def rank(block: list[Step]) -> tuple[int, bytes]:
        emotion = block[0].emotion
        end = {Emotion.NEUTRAL: 0, Emotion.HAPPY: 2}.get(emotion, 1)
        chance = session_id.bytes + emotion.encode() if session_id else b""
        return end, hashlib.sha256(chance).digest()

    return sorted(blocks, key=rank)


def _strides(plan: Plan) -> Counter[Emotion]:
    """How many stories of each emotion a sitting tells at most: the same for every sitting."""
    strides = Counter[Emotion]()
    for number in range(1, len(plan.parts) + 1):
        strides |= Counter(step.emotion for step in steps_of_part(plan, number))
    return strides


def _choose_story(step: Step, number: int, stride: int, sitting: Sitting) -> str:
    """Children begin with different stories, and hear others in each later sitting."""
    stories = step.stories
    # As many on as a sitting tells, unless that comes back to where it began.
    on = stride if stride % len(stories) else stride + 1
    return stories[(sitting.child.int + sitting.before * on + number) % len(stories)]
