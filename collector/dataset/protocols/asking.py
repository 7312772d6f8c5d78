"""What a tablet asks for: the protocol as it stands, or what is short (goals.py)."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.dataset.coverage import Place, read_usable
from collector.dataset.errors import NotFound
from collector.dataset.models import CaptureSession, Protocol
from collector.dataset.protocols.goals import Goal, fills_gaps, goal_of
from collector.dataset.protocols.plan import Plan, Step, current_protocols, find_protocol, read_plan
from collector.dataset.protocols.planning import choose_short, held
from collector.dataset.protocols.sequences import (
    Prompt,
    Sitting,
    arrange,
    estimate_minutes,
    find_sitting,
    steps_for,
    steps_in_light,
)


def current_goal(session: Session) -> Goal:
    """The goal of the protocol that fills gaps and was used last; the study's own without one."""
    filling = [one for one in current_protocols(session) if fills_gaps(one.body)]
    used = (
        select(Protocol.name, func.max(CaptureSession.created_at))
        .join(CaptureSession, CaptureSession.protocol_id == Protocol.id)
        .group_by(Protocol.name)
        .order_by(func.max(CaptureSession.created_at))
    )
    names = [row[0] for row in session.execute(used)]
    filling.sort(key=lambda one: names.index(one.name) if one.name in names else -1)
    return goal_of(filling[-1].body) if filling else Goal()


def asked_poses(session: Session) -> set[str]:
    """The positions of the head that the protocols in use ask for."""
    plans = [read_plan(one.body, "en") for one in current_protocols(session)]
    return {step.head_pose for plan in plans for step in plan.steps}


@dataclass(frozen=True)
class Asked:
    """What one session asks: the protocol in the session's language, and the prompts in order."""

    plan: Plan
    prompts: list[Prompt]


def ask(session: Session, capture: CaptureSession) -> Asked:
    """What the tablet asks in this session; the same however often it is asked for.

    Raises NotFound for a session without a protocol.
    """
    if capture.protocol_id is None:
        raise NotFound("This session has no protocol.")
    body = find_protocol(session, capture.protocol_id).body
    plan = read_plan(body, capture.language)
    sitting = find_sitting(session, capture)
    if not fills_gaps(body):
        return Asked(plan, arrange(plan, steps_for(plan, sitting), sitting))
    steps = fill_gaps(
        plan,
        goal_of(body),
        read_usable(session, capture.created_at),
        child=capture.participant_id,
        light=capture.light,
        session_id=capture.id,
    )
    return Asked(plan, arrange(plan, steps, sitting, by_need=True))


def rehearse(session: Session, protocol_id: uuid.UUID, language: str) -> Asked:
    """What somebody is asked who only plays: a sitting of nobody. Raises NotFound.

    As in a first sitting; where a planner chooses, as where nothing is there yet.
    """
    body = find_protocol(session, protocol_id).body
    plan = read_plan(body, language)
    nobody = Sitting(uuid.uuid4(), uuid.uuid4(), light="unknown")
    if not fills_gaps(body):
        return Asked(plan, arrange(plan, steps_for(plan, nobody), nobody))
    steps = longest_sitting(plan, goal_of(body), nobody.session_id)
    return Asked(plan, arrange(plan, steps, nobody, by_need=True))


def longest_sitting(plan: Plan, goal: Goal, session_id: uuid.UUID) -> list[Step]:
    """What a sitting of a protocol that fills gaps asks where no photo is there yet."""
    return fill_gaps(plan, goal, {}, child=session_id, light="unknown", session_id=session_id)


def fill_gaps(
    plan: Plan,
    goal: Goal,
    there: Mapping[Place, int],
    *,
    child: uuid.UUID,
    light: str,
    session_id: uuid.UUID,
) -> list[Step]:
    """What a child's session in that light asks, from what is `there` of all children.

    It chooses from the steps of all parts wanted in the light, as many as the plan has time for.
    """
    own = {place: n for place, n in there.items() if place.child == child}
    return choose_short(
        steps_in_light(plan, light),
        goal,
        everybody=held(there, light),
        child=held(own, light),
        light=light,
        session_id=session_id,
        fits=lambda steps: not plan.minutes or estimate_minutes(plan, steps) <= plan.minutes,
    )
