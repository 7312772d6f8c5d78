"""The register of withdrawals and of what they left to do, as operators look at it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset.consents.duties import list_duties
from collector.dataset.consents.withdrawals import list_withdrawals
from collector.dataset.models import Duty, User, Withdrawal


@dataclass(frozen=True)
class Entry:
    """A guardian's word at one moment, and how far the child's duties have come."""

    participant_id: uuid.UUID
    at: datetime
    channel: str
    recorded_by: str
    purposes: tuple[str, ...]
    open: int
    done: int


@dataclass(frozen=True)
class Task:
    """One thing to be dealt with, for all `children` who left it; `id` is a duty to be noted."""

    id: uuid.UUID
    kind: str
    place: str
    due_on: date
    children: tuple[uuid.UUID, ...]
    done_at: datetime | None
    done_by: str
    overdue: bool


def read_register(session: Session) -> list[Entry]:
    """All withdrawals, newest first; what one guardian withdrew at one moment is one entry."""
    duties = list_duties(session)
    names = _names(session)
    together = groupby(
        sorted(list_withdrawals(session), key=_moment_and_child, reverse=True), _moment_and_child
    )
    return [_entry(list(rows), duties, names) for _, rows in together]


def read_tasks(session: Session, at: datetime) -> list[Task]:
    """All things to be dealt with: open ones by the day they are due, then those that are done."""
    names = _names(session)
    found: dict[tuple[str, str, datetime | None], list[Duty]] = {}
    for duty in list_duties(session):
        found.setdefault((duty.kind, duty.subject, duty.done_at), []).append(duty)
    return [_task(duties, names, at.date()) for duties in found.values()]


def _task(duties: Sequence[Duty], names: dict[uuid.UUID | None, str], today: date) -> Task:
    first = duties[0]
    # Whoever notes the newest has seen all the children that are named with it.
    newest = max(duties, key=lambda duty: duty.created_at)
    return Task(
        id=newest.id,
        kind=first.kind,
        place=first.place,
        due_on=first.due_on,
        children=tuple(duty.participant_id for duty in duties),
        done_at=first.done_at,
        done_by=names.get(first.done_by, ""),
        overdue=first.done_at is None and first.due_on < today,
    )


def _entry(
    rows: Sequence[Withdrawal], duties: Iterable[Duty], names: dict[uuid.UUID | None, str]
) -> Entry:
    first = rows[0]
    own = [duty for duty in duties if duty.participant_id == first.participant_id]
    done = sum(duty.done_at is not None for duty in own)
    return Entry(
        participant_id=first.participant_id,
        at=first.withdrawn_at,
        channel=first.channel,
        recorded_by=names.get(first.recorded_by, ""),
        purposes=tuple(row.purpose for row in rows),
        open=len(own) - done,
        done=done,
    )


def _moment_and_child(row: Withdrawal) -> tuple[datetime, str]:
    return row.withdrawn_at, row.participant_id.hex


def _names(session: Session) -> dict[uuid.UUID | None, str]:
    return {row[0]: row[1] for row in session.execute(select(User.id, User.name))}
