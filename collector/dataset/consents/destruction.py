"""The destruction act: what was erased of one child, when, why, and what the log says of it.

Written for the Russian order that says how destruction is proved (Roskomnadzor, 28.10.2022, No.
179): an act, and beside it an extract from the information system's log of events, both to be kept
for three years. The extract holds a random number instead of a name, which the order allows ("other
information relating to a determined person"): by the receipt the guardian shows whose it is. What
the program cannot know is left to be filled in by hand: names, posts and signatures of those who
answer for it, and the sheets of paper that were destroyed beside the data. Whether this satisfies
an authority, a lawyer must say.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collector.dataset.consents.duties import list_duties
from collector.dataset.consents.receipts import receipts_of
from collector.dataset.consents.withdrawals import withdrawals_of
from collector.dataset.dataset import Dataset
from collector.dataset.errors import NotFound
from collector.dataset.heads import Head, head_of
from collector.dataset.models import AuditEvent, Duty, Receipt, User

ERASED = "participant erased"


@dataclass(frozen=True)
class Erasure:
    """An erasure as the log knows it: `id` is that event's own, `photos` how many were erased."""

    id: uuid.UUID
    participant_id: uuid.UUID
    at: datetime
    actor: str
    photos: int


@dataclass(frozen=True)
class Ground:
    """Why a child was erased: the guardian's withdrawal and who recorded it, or another reason."""

    withdrawn_at: datetime | None = None
    channel: str = ""
    recorded_by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Act:
    """What the act says; `sessions` counts the sittings that the log can still name, `overwritten`
    whether no erased byte is left in the write-ahead log."""

    erasure: Erasure
    ground: Ground
    sessions: int
    receipts: Sequence[Receipt]
    duties: Sequence[Duty]
    events: Sequence[AuditEvent]
    head: Head | None
    overwritten: bool


def list_erasures(session: Session, site_id: uuid.UUID) -> list[Erasure]:
    """Every child that was ever erased, newest first."""
    statement = (
        select(AuditEvent)
        .where(AuditEvent.site_id == site_id, AuditEvent.action == ERASED)
        .order_by(AuditEvent.position.desc())
    )
    return [_erasure(event) for event in session.scalars(statement)]


def erasure_of(session: Session, site_id: uuid.UUID, participant_id: uuid.UUID) -> Erasure | None:
    """When that child was erased; None while it is there."""
    erasures = list_erasures(session, site_id)
    return next((one for one in erasures if one.participant_id == participant_id), None)


def draw_up_act(dataset: Dataset, erasure_id: uuid.UUID) -> Act:
    """The act for that erasure; raises NotFound. Empties the write-ahead log if it can."""
    overwritten = dataset.database.forget_erased_pages()
    with dataset.database.read() as session:
        event = session.get(AuditEvent, erasure_id)
        if event is None or event.action != ERASED:
            raise NotFound("There is no such erasure.")
        erasure = _erasure(event)
        child = erasure.participant_id
        sittings = _sittings_of(session, dataset.site_id, child)
        return Act(
            erasure=erasure,
            ground=_ground(session, event),
            sessions=len(sittings),
            receipts=receipts_of(session, child)[::-1],
            duties=list_duties(session, child),
            events=_events_about(session, dataset.site_id, [child.hex, *sittings]),
            head=head_of(session, dataset.site_id),
            overwritten=overwritten,
        )


def _erasure(event: AuditEvent) -> Erasure:
    return Erasure(
        id=event.id,
        participant_id=uuid.UUID(hex=event.subject),
        at=event.at,
        actor=event.actor,
        photos=int(event.details.get("photos", 0)),
    )


def _ground(session: Session, event: AuditEvent) -> Ground:
    child = uuid.UUID(hex=event.subject)
    research = [one for one in withdrawals_of(session, child) if one.purpose == "research"]
    if not research:
        return Ground(reason=str(event.details.get("reason", "")))
    user = session.get(User, research[0].recorded_by) if research[0].recorded_by else None
    return Ground(research[0].withdrawn_at, research[0].channel, user.name if user else "")


def _sittings_of(session: Session, site_id: uuid.UUID, child: uuid.UUID) -> list[str]:
    """The child's sittings, as its withdrawal and its erasure named them to the log."""
    statement = select(AuditEvent).where(
        AuditEvent.site_id == site_id, AuditEvent.subject == child.hex
    )
    named = [
        one for event in session.scalars(statement) for one in event.details.get("sessions", [])
    ]
    return list(dict.fromkeys(named))


def _events_about(
    session: Session, site_id: uuid.UUID, subjects: Sequence[str]
) -> Sequence[AuditEvent]:
    """The log's events about these ids, and about photos of these sittings, in its own order."""
    statement = (
        select(AuditEvent)
        .where(
            AuditEvent.site_id == site_id,
            or_(
                AuditEvent.subject.in_(subjects),
                AuditEvent.details["sitting"].as_string().in_(subjects),
            ),
        )
        .order_by(AuditEvent.position)
    )
    return session.scalars(statement).all()
