"""What a tablet of a lesson does next, and what it tells in between."""

import base64
import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from collector.dataset import clock
from collector.dataset.consents.standing import is_leaving
from collector.dataset.dataset import Dataset
from collector.dataset.models import CaptureSession, LessonChild, Tablet
from collector.dataset.sessions import LATE_PHOTOS, give_token, hash_token

MOST_WAITING = 100_000

# Made once: copying a table for an alias takes longer than asking SQLite.
LATER = aliased(CaptureSession)


@dataclass(frozen=True)
class Task:
    """A child's session, or a rehearsal; `id` is the session's, or the rehearsal's own."""

    kind: str  # sit, rehearse
    id: uuid.UUID
    participant_id: uuid.UUID


def current_task(session: Session, tablet: Tablet, at: datetime) -> Task | None:
    """What the tablet was told to do and has not done: first come, first served.

    A session that its child went on from, to another tablet, is nobody's task any more.
    """
    sessions = session.scalars(
        select(CaptureSession)
        .where(
            CaptureSession.tablet_id == tablet.id,
            CaptureSession.state.in_(("ready", "running")),
            CaptureSession.created_at > at - LATE_PHOTOS,
            ~went_on(),
        )
        .order_by(CaptureSession.created_at)
    )
    for one in sessions:
        if not is_leaving(session, one.participant_id):
            return Task("sit", one.id, one.participant_id)
    rehearsal = session.scalars(
        select(LessonChild)
        .where(
            LessonChild.tablet_id == tablet.id,
            LessonChild.rehearsed_at.is_(None),
        )
        .order_by(LessonChild.place)
    ).first()
    if rehearsal is None or rehearsal.rehearsal_id is None:
        return None
    return Task("rehearse", rehearsal.rehearsal_id, rehearsal.participant_id)


def went_on() -> ColumnElement[bool]:
    """The SQL condition that the session's child was sent on to another tablet since."""
    return exists(
        select(LATER.id).where(
            LATER.lesson_id == CaptureSession.lesson_id,
            LATER.participant_id == CaptureSession.participant_id,
            LATER.tablet_id.is_not(None),
            LATER.created_at > CaptureSession.created_at,
        )
    )


def hand_over(dataset: Dataset, tablet_id: uuid.UUID, token: str) -> tuple[Task | None, str]:
    """The tablet's task, and the token that opens its session; `token` is the tablet's own.

    The session's token follows from the tablet's: asked again, after an answer that was lost, it
    is the same one, and another tablet's would be another. It opens its session from now on.
    """
    with dataset.database.read() as session:
        task = _current(session, tablet_id)
        if task is None or task.kind != "sit":
            return task, ""
        opening = session_token(token, task.id)
        if session.get_one(CaptureSession, task.id).token_sha256 == hash_token(opening):
            return task, opening
    with dataset.database.write() as session:
        if _current(session, tablet_id) == task:  # it may have been taken back meanwhile
            give_token(session.get_one(CaptureSession, task.id), opening)
            return task, opening
    return None, ""


def session_token(token: str, session_id: uuid.UUID) -> str:
    """The token of a session at the tablet that holds `token`: 32 bytes in base64url."""
    mac = hmac.new(token.encode(), b"session " + session_id.bytes, hashlib.sha256)
    return base64.urlsafe_b64encode(mac.digest()).decode().rstrip("=")


@dataclass(frozen=True)
class Reply:
    """The id of the tablet's task, and whether the task that it named is still its own."""

    task: uuid.UUID | None
    holds: bool


def report(
    dataset: Dataset,
    tablet_id: uuid.UUID,
    *,
    waiting: int,
    now: uuid.UUID | None = None,
    ended: uuid.UUID | None = None,
) -> Reply:
    """A tablet tells how many photos wait there, what it does now, and which task it has ended."""
    with dataset.database.write() as session:
        tablet = session.get_one(Tablet, tablet_id)
        tablet.waiting, tablet.seen_at = min(max(waiting, 0), MOST_WAITING), clock.now()
        played = _rehearsal(session, tablet_id, ended) if ended else None
        if played is not None:
            played.rehearsed_at = played.rehearsed_at or clock.now()
        session.flush()
        task = current_task(session, tablet, clock.now())
        holds = now is None or _holds(session, tablet_id, now, is_wanted=task is not None)
    return Reply(task.id if task else None, holds)


def _current(session: Session, tablet_id: uuid.UUID) -> Task | None:
    return current_task(session, session.get_one(Tablet, tablet_id), clock.now())


def _holds(session: Session, tablet_id: uuid.UUID, task_id: uuid.UUID, *, is_wanted: bool) -> bool:
    """Whether the task is this tablet's still, begun or ended.

    A child that stopped and walked away from the question about its photos gives the tablet free
    as soon as it is wanted, or the answer was recorded elsewhere. One that is erased is for the
    page that shows it to tell.
    """
    capture = session.get(CaptureSession, task_id)
    if capture is not None:
        if capture.state == "stopped" and (is_wanted or capture.after_stop):
            return False
        mine = select(CaptureSession.id).where(
            CaptureSession.id == task_id, CaptureSession.tablet_id == tablet_id, ~went_on()
        )
        return session.scalars(mine).first() is not None
    rehearsal = session.scalars(
        select(LessonChild).where(LessonChild.rehearsal_id == task_id)
    ).first()
    return rehearsal is None or rehearsal.tablet_id == tablet_id


def _rehearsal(session: Session, tablet_id: uuid.UUID, one: uuid.UUID) -> LessonChild | None:
    statement = select(LessonChild).where(
        LessonChild.rehearsal_id == one, LessonChild.tablet_id == tablet_id
    )
    return session.scalars(statement).first()
