"""How a lesson stands: each child, each tablet, and whether everything has arrived."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.dataset.consents.standing import standing
from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.lessons.tasks import Task, current_task
from collector.dataset.models import (
    CaptureSession,
    Consent,
    Lesson,
    LessonChild,
    Participant,
    Photo,
    Tablet,
    Withdrawal,
)
from collector.dataset.sessions import last_refusal

# How a child stands; the page has a word for each.
WAITING, SENT, IN_SESSION, DONE, STOPPED = "waiting", "sent", "in_session", "done", "stopped"
SAID_NO, NOT_TODAY, ABSENT, NO_CONSENT = "no", "not_today", "absent", "no_consent"
REHEARSING, REHEARSED = "rehearsing", "rehearsed"
STATES = (
    WAITING, SENT, IN_SESSION, DONE, STOPPED, SAID_NO, NOT_TODAY, ABSENT, NO_CONSENT, REHEARSING,
    REHEARSED,
)  # fmt: skip
# A child in one of them is at a tablet, or on its way there.
AT_A_TABLET = frozenset({SENT, IN_SESSION, REHEARSING})
# Who comes first when the lesson goes on another day: not those who finished, or do not want to.
LEFT_OVER = frozenset(STATES) - {DONE, SAID_NO, REHEARSED}


@dataclass(frozen=True)
class Pupil:
    """A child of the lesson, its newest session here, how many photos are stored, where it is.

    `refusal` is the sitting after which an adult must talk with it first. A child that is not
    `listed` got its session here when that was moved to it.
    """

    participant: Participant
    state: str
    session: CaptureSession | None
    photos: int
    seat: int | None
    refusal: CaptureSession | None
    has_consent: bool
    listed: bool = True

    @property
    def undecided(self) -> bool:
        """Whether it stopped, and has not said what becomes of its photos."""
        one = self.session
        return self.state == STOPPED and one is not None and not one.after_stop and self.photos > 0


@dataclass(frozen=True)
class Seat:
    """A paired tablet, what it does, and whether nothing of this lesson can be left on it."""

    tablet: Tablet
    task: Task | None
    is_empty: bool


@dataclass(frozen=True)
class Board:
    """A lesson at one moment; `missing` counts photos that were announced and have not come."""

    lesson: Lesson
    pupils: Sequence[Pupil]
    seats: Sequence[Seat]
    missing: int

    @property
    def is_safe(self) -> bool:
        """Whether the tablets may be switched off, and nothing is lost."""
        busy = any(pupil.state in AT_A_TABLET or pupil.undecided for pupil in self.pupils)
        return not busy and not self.missing and all(seat.is_empty for seat in self.seats)


def read_board(dataset: Dataset, session: Session, lesson: Lesson, at: datetime) -> Board:
    """The lesson's children in their order, without those who were withdrawn; and its tablets.

    A session tells itself whose it is: one that was moved to the right child shows there, also
    where that child was not on the list.
    """
    sittings = _sittings(session, lesson)
    tablets = session.scalars(
        select(Tablet)
        .where(Tablet.lesson_id == lesson.id, Tablet.paired_at.is_not(None))
        .order_by(Tablet.number)
    ).all()
    seats = [Seat(one, current_task(session, one, at), _is_empty(one, sittings)) for one in tablets]
    return Board(
        lesson,
        _pupils(session, lesson, sittings, seats, at),
        seats,
        _count_missing(dataset, session, sittings),
    )


def _sittings(session: Session, lesson: Lesson) -> Sequence[CaptureSession]:
    """The lesson's sessions, oldest first."""
    return session.scalars(
        select(CaptureSession)
        .where(CaptureSession.lesson_id == lesson.id)
        .order_by(CaptureSession.created_at)
    ).all()


def _pupils(
    session: Session,
    lesson: Lesson,
    sittings: Sequence[CaptureSession],
    seats: Sequence[Seat],
    at: datetime,
) -> list[Pupil]:
    rows = {
        row.participant_id: row
        for row in session.scalars(
            select(LessonChild)
            .where(LessonChild.lesson_id == lesson.id)
            .order_by(LessonChild.place)
        )
    }
    newest = {one.participant_id: one for one in sittings}
    children = list(dict.fromkeys([*rows, *newest]))
    leaving = _leaving(session, children)
    consenting = _consenting(session, children, at)
    photos = _count_photos(session, newest.values())
    numbers = {seat.tablet.id: seat.tablet.number for seat in seats}
    pupils = []
    for child in children:
        if child in leaving:
            continue
        row, last = rows.get(child), newest.get(child)
        state = _state(row, last, has_consent=child in consenting)
        place = row.tablet_id if row and state == REHEARSING else last and last.tablet_id
        pupils.append(
            Pupil(
                session.get_one(Participant, child),
                state,
                last,
                photos.get(last.id, 0) if last else 0,
                numbers.get(place) if place else None,
                last_refusal(session, child, at),
                child in consenting,
                listed=row is not None,
            )
        )
    return pupils


def _state(row: LessonChild | None, last: CaptureSession | None, *, has_consent: bool) -> str:
    if row and row.tablet_id and row.rehearsed_at is None:
        return REHEARSING
    if last is not None and (last.state != "ready" or last.tablet_id):
        if last.state == "declined":
            return SAID_NO if last.assent == "no" else NOT_TODAY
        known = {"ready": SENT, "running": IN_SESSION, "finished": DONE, "stopped": STOPPED}
        return known[last.state]
    if row and row.is_absent:
        return ABSENT
    if has_consent:
        return WAITING
    return REHEARSED if row and row.rehearsed_at else NO_CONSENT


def _is_empty(tablet: Tablet, sittings: Sequence[CaptureSession]) -> bool:
    """Whether it said that nothing waits there, after all that it was to photograph had ended."""
    if tablet.waiting or tablet.seen_at is None:
        return False
    own = [one for one in sittings if one.tablet_id == tablet.id and one.state != "ready"]
    return all(tablet.seen_at >= _end(one, sittings) for one in own)


def _end(one: CaptureSession, sittings: Sequence[CaptureSession]) -> datetime:
    """When it ended, or was left for another tablet; its beginning while it goes on."""
    later = [other for other in sittings if other.participant_id == one.participant_id]
    return one.closed_at or later[-1].created_at


def _count_missing(dataset: Dataset, session: Session, sittings: Sequence[CaptureSession]) -> int:
    """Photos that were announced and neither stored nor erased."""
    announced = {uuid.UUID(hex=one) for sitting in sittings for one in sitting.announced}
    for sitting in sittings if announced else ():
        stored = own_session_photos(sitting.id).order_by(None).with_only_columns(Photo.id)
        announced -= set(session.scalars(stored))
    return sum(not dataset.keys.is_buried("photo", one.hex) for one in announced)


def _count_photos(session: Session, sittings: Collection[CaptureSession]) -> dict[uuid.UUID, int]:
    counted = (
        select(Photo.session_id, func.count())
        .where(Photo.session_id.in_([one.id for one in sittings]))
        .group_by(Photo.session_id)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def _leaving(session: Session, children: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those who were withdrawn and are about to be erased."""
    return set(
        session.scalars(
            select(Withdrawal.participant_id).where(
                Withdrawal.participant_id.in_(children), Withdrawal.purpose == "research"
            )
        )
    )


def _consenting(session: Session, children: Collection[uuid.UUID], at: datetime) -> set[uuid.UUID]:
    return set(
        session.scalars(
            select(Consent.participant_id).where(
                Consent.participant_id.in_(children), standing(Consent, "research", at)
            )
        )
    )
