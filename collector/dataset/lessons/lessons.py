"""Lessons: begun with a list of children, changed while they run, closed, continued another day."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import LANGUAGES
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.lessons.board import read_board
from collector.dataset.models import CaptureSession, Lesson, LessonChild, Participant, Tablet
from collector.dataset.passports.passport import declared_light
from collector.dataset.protocols.plan import find_protocol
from collector.dataset.sessions import give_token

MOST_CHILDREN = 200


@dataclass(frozen=True)
class NewLesson:
    """What an operator says of a lesson; `light` may be empty where there is a passport."""

    title: str
    protocol_id: uuid.UUID
    language: str
    light: str
    light_passport_id: uuid.UUID | None
    children: Sequence[uuid.UUID]


@dataclass(frozen=True)
class Listed:
    """A lesson as a list shows it: its children, and those who finished."""

    lesson: Lesson
    children: int
    done: int


def start_lesson(
    dataset: Dataset,
    wanted: NewLesson,
    *,
    actor: str,
    operator_id: uuid.UUID | None,
    lesson_id: uuid.UUID | None = None,
) -> Lesson:
    """A lesson for these children, in their order; the same `lesson_id` again changes nothing.

    Raises Unprocessable for a missing title or child, an unknown light or language; NotFound for
    an unknown child or protocol; Conflict for a light passport that has ended.
    """
    title = " ".join(wanted.title.split())
    if not 0 < len(title) <= 120:
        raise Unprocessable("Give the lesson a title of at most 120 letters.")
    if wanted.language not in LANGUAGES:
        raise Unprocessable("Choose the language of the children.")
    children = list(dict.fromkeys(wanted.children))
    if not 0 < len(children) <= MOST_CHILDREN:
        raise Unprocessable("Choose the children of this lesson, at least one.")
    with dataset.database.write() as session:
        known = session.get(Lesson, lesson_id) if lesson_id else None
        if known is not None:
            return known
        lesson = Lesson(
            id=lesson_id or uuid.uuid4(),
            site_id=dataset.site_id,
            title=title,
            protocol_id=find_protocol(session, wanted.protocol_id).id,
            light_passport_id=wanted.light_passport_id,
            operator_id=operator_id,
            language=wanted.language,
            light=_light_of(session, wanted.light, wanted.light_passport_id),
            created_at=clock.now(),
        )
        session.add(lesson)
        session.flush()
        for place, one in enumerate(children):
            if session.get(Participant, one) is None:
                raise NotFound("There is no such child.")
            session.add(LessonChild(lesson_id=lesson.id, participant_id=one, place=place))
        dataset.chain.record(session, actor, "lesson started", lesson.id, children=len(children))
    return lesson


def list_lessons(session: Session, *, at_most: int = 200) -> list[Listed]:
    """Lessons, the newest first."""
    listed = select(LessonChild.lesson_id, func.count()).group_by(LessonChild.lesson_id)
    children = {row[0]: row[1] for row in session.execute(listed)}
    finished = (
        select(CaptureSession.lesson_id, func.count(CaptureSession.participant_id.distinct()))
        .where(CaptureSession.lesson_id.is_not(None), CaptureSession.state == "finished")
        .group_by(CaptureSession.lesson_id)
    )
    done = {row[0]: row[1] for row in session.execute(finished)}
    newest = select(Lesson).order_by(Lesson.created_at.desc()).limit(at_most)
    return [
        Listed(one, children.get(one.id, 0), done.get(one.id, 0)) for one in session.scalars(newest)
    ]


def find_lesson(session: Session, lesson_id: uuid.UUID) -> Lesson:
    """The lesson of that id; raises NotFound."""
    lesson = session.get(Lesson, lesson_id)
    if lesson is None:
        raise NotFound("There is no such lesson.")
    return lesson


def open_lesson(session: Session, lesson_id: uuid.UUID) -> Lesson:
    """The lesson of that id; raises NotFound, and Conflict once it is closed."""
    lesson = find_lesson(session, lesson_id)
    if lesson.closed_at is not None:
        raise Conflict("This lesson is closed: continue it as a new one.")
    return lesson


def find_pupil(session: Session, lesson_id: uuid.UUID, participant_id: uuid.UUID) -> LessonChild:
    """The child's row in the lesson; raises NotFound."""
    row = session.get(LessonChild, (lesson_id, participant_id))
    if row is None:
        raise NotFound("There is no such child.")
    return row


def mark_absent(
    dataset: Dataset, lesson_id: uuid.UUID, participant_id: uuid.UUID, *, absent: bool
) -> None:
    """Note whether the child is here."""
    with dataset.database.write() as session:
        open_lesson(session, lesson_id)
        find_pupil(session, lesson_id, participant_id).is_absent = absent


def change_light(
    dataset: Dataset, lesson_id: uuid.UUID, light: str, passport_id: uuid.UUID | None
) -> None:
    """The light of the sessions that begin from now on. Raises as `start_lesson`."""
    with dataset.database.write() as session:
        lesson = open_lesson(session, lesson_id)
        lesson.light = _light_of(session, light, passport_id)
        lesson.light_passport_id = passport_id


def close_lesson(
    dataset: Dataset, lesson_id: uuid.UUID, *, actor: str, anyway: bool = False
) -> None:
    """No tablet gets a task any more; the same again changes nothing.

    Sessions that no child has begun are opened by nothing from now on. Photos that a tablet
    announced still arrive, by their sessions' own tokens. Raises Conflict while a child is in
    front of a tablet, or photos wait, unless an adult says `anyway`.
    """
    with dataset.database.write() as session:
        lesson = find_lesson(session, lesson_id)
        if lesson.closed_at is not None:
            return
        board = read_board(dataset, session, lesson, clock.now())
        if not (board.is_safe or anyway):
            raise Conflict(
                "Not everything has arrived yet: wait until the page says that it is safe to close."
            )
        lesson.closed_at = clock.now()
        session.execute(
            update(Tablet).where(Tablet.lesson_id == lesson.id).values(token_sha256=None)
        )
        for one in session.scalars(
            select(CaptureSession).where(
                CaptureSession.lesson_id == lesson.id, CaptureSession.state == "ready"
            )
        ):
            one.tablet_id = None
            give_token(one, None)
        dataset.chain.record(
            session,
            actor,
            "lesson closed",
            lesson.id,
            safe=board.is_safe,
            waiting=sum(one.tablet.waiting for one in board.seats),
            missing=board.missing,
        )


def _light_of(session: Session, light: str, passport_id: uuid.UUID | None) -> str:
    return declared_light(session, light, passport_id, clock.now())
