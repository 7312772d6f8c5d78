"""What a tablet asks for: the protocol as it stands, or what is short (planning.py).

A protocol whose body says `"plan": "fill gaps"` leaves the order of its steps to the planner, and
may set

- `target`: usable photos wanted of each class. 200 unless set: the study took 200 to 230;
- `per_child`: the most that one child gives to a class. An eighth of the target unless set: with
  eight children or more no child is over 12.5 % of a class, so a quarter of the photos kept for
  validation always means two children or more; and 25 of 200 are five bursts of five, one for each
  position of the head. A study of one child sets it to the target;
- `steps_a_session`: how many steps a sitting asks at most;
- `lights`: the lights between which the target is divided evenly.

A step that says `"required": true` is asked of every child in every session.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from collector.dataset.coverage import read_usable
from collector.dataset.errors import NotFound
from collector.dataset.models import CaptureSession
from collector.dataset.protocols.plan import Plan, Step, current_protocols, find_protocol, read_plan
from collector.dataset.protocols.planning import TARGET, Goal, choose_short, held
from collector.dataset.protocols.sequences import Prompt, arrange, find_sitting, parts_in, steps_for

FILL_GAPS = "fill gaps"


def goal_of(body: Mapping[str, Any]) -> Goal:
    """The goal that a protocol's body sets."""
    return Goal(
        int(body.get("target", TARGET)),
        body.get("per_child"),
        body.get("steps_a_session"),
        tuple(body.get("lights", ())),
    )


def current_goal(session: Session) -> Goal:
    """The goal of the first protocol in use that fills gaps; the study's own where none does."""
    bodies = [one.body for one in current_protocols(session)]
    return next((goal_of(one) for one in bodies if one.get("plan") == FILL_GAPS), Goal())


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
    if body.get("plan") != FILL_GAPS:
        return Asked(plan, arrange(plan, steps_for(plan, sitting), sitting))
    steps = _short(session, capture, plan, body)
    return Asked(plan, arrange(plan, steps, sitting, by_need=True))


def _short(
    session: Session, capture: CaptureSession, plan: Plan, body: Mapping[str, Any]
) -> list[Step]:
    """The steps of all parts wanted in the session's light of which photos are short."""
    parts = parts_in(plan, capture.light)
    steps = [step for step in plan.steps if step.part in parts]
    there = read_usable(session, capture.created_at)
    own = {place: n for place, n in there.items() if place.child == capture.participant_id}
    return choose_short(
        steps,
        goal_of(body),
        everybody=held(there, capture.light),
        child=held(own, capture.light),
        light=capture.light,
        session_id=capture.id,
    )
