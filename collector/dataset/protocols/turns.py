"""Which part of a protocol a child's next sitting takes, and in which light it is wanted."""

import uuid
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset.models import CaptureSession, Protocol
from collector.dataset.protocols.goals import fills_gaps, goal_of
from collector.dataset.protocols.plan import current_protocols, read_plan
from collector.dataset.protocols.sequences import Sitting, choose_part
from collector.dataset.vocabulary import WANTED_LIGHTS


@dataclass(frozen=True)
class Turn:
    """What comes next of a protocol; `part` is 0 where it has but one."""

    protocol: Protocol
    light: str
    part: int


def next_turns(session: Session, child: uuid.UUID) -> list[Turn]:
    """For each protocol in use that wants certain lights: the one in which the child sat least.

    One that fills gaps chooses from all parts, in the lights that its target is divided between.
    """
    sat = _sittings(session, child)
    turns = []
    for protocol in current_protocols(session):
        plan = read_plan(protocol.body, "en")
        parts = [goal_of(protocol.body).lights] if fills_gaps(protocol.body) else plan.parts
        lights = [one for one in WANTED_LIGHTS if any(one in part for part in parts)]
        if not lights:
            continue
        # The first of the lights in which the child sat least.
        light = min(lights, key=lambda one: sat[protocol.name, one])
        sitting = Sitting(child, child, light, alike=sat[protocol.name, light])
        part = choose_part(plan, sitting) if len(parts) > 1 else 0
        turns.append(Turn(protocol, light, part))
    return turns


def _sittings(session: Session, child: uuid.UUID) -> Counter[tuple[str, str]]:
    """How often the child agreed to sit, by the protocol's name and the light."""
    statement = (
        select(Protocol.name, CaptureSession.light)
        .join(Protocol, Protocol.id == CaptureSession.protocol_id)
        .where(CaptureSession.participant_id == child, CaptureSession.assent == "yes")
    )
    return Counter((row[0], row[1]) for row in session.execute(statement))
