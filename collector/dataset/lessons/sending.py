"""What an operator tells a tablet to do: a session of a child, or a rehearsal."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.standing import require_consent
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, NotFound
from collector.dataset.lessons.lessons import find_pupil, open_lesson
from collector.dataset.lessons.tasks import current_task
from collector.dataset.models import CaptureSession, Lesson, LessonChild, Tablet
from collector.dataset.passports.passport import declared_light
from collector.dataset.sessions import (
    add_session,
    give_token,
    is_over,
    last_refusal,
    require_confirmed,
    talk_first,
)
from collector.dataset.studies import require_capturing


def send_child(
    dataset: Dataset,
    lesson_id: uuid.UUID,
    participant_id: uuid.UUID,
    tablet_id: uuid.UUID,
    *,
    actor: str,
    operator_id: uuid.UUID | None,
    confirmed: str,
    talked: bool = False,
) -> CaptureSession:
    """The tablet asks this child next. A session that nobody has begun moves, else one is made.

    Sent twice, it is one session. A session that runs on another tablet is left there: what it has
    photographed still arrives. Raises Conflict for a tablet with another child, and everything
    that `start_session` raises.
    """
    require_confirmed(confirmed)
    with dataset.database.write() as session:
        lesson, row = _admit(session, lesson_id, participant_id)
        tablet = _free_tablet(session, lesson, tablet_id, participant_id)
        capture = _unbegun(session, lesson, participant_id)
        if capture is not None and capture.tablet_id == tablet.id:
            return capture
        last = _last(session, lesson, participant_id)
        if last is not None and last.state == "running" and last.tablet_id == tablet.id:
            return last
        if capture is None:
            capture = add_session(
                dataset, session, participant_id, lesson.protocol_id,
                light=lesson.light, light_passport_id=lesson.light_passport_id,
                language=lesson.language, actor=actor, operator_id=operator_id,
                confirmed=confirmed, after_stop_confirmed=talked,
            )  # fmt: skip
        else:
            _renew(session, lesson, capture, talked=talked)
            capture.operator_id = operator_id  # who sends it will not be shown its photos
        capture.lesson_id, capture.tablet_id = lesson.id, tablet.id
        give_token(capture, None)
        row.is_absent, row.tablet_id = False, None
        dataset.chain.record(
            session, actor, "child sent", capture.id,
            lesson=lesson.id.hex, tablet=tablet.number, confirmed=f"by {confirmed}",
        )  # fmt: skip
    return capture


def let_rehearse(
    dataset: Dataset, lesson_id: uuid.UUID, participant_id: uuid.UUID, tablet_id: uuid.UUID
) -> None:
    """The tablet plays with this child: nothing is photographed, and no consent is needed."""
    with dataset.database.write() as session:
        lesson, row = _admit(session, lesson_id, participant_id)
        tablet = _free_tablet(session, lesson, tablet_id, participant_id)
        if row.rehearsed_at is None and row.tablet_id == tablet.id:
            return
        row.is_absent, row.tablet_id = False, tablet.id
        row.rehearsal_id, row.rehearsed_at = uuid.uuid4(), None


def take_back(dataset: Dataset, lesson_id: uuid.UUID, participant_id: uuid.UUID) -> None:
    """The child does not go to its tablet after all; what it has begun is not touched."""
    with dataset.database.write() as session:
        lesson, row = _admit(session, lesson_id, participant_id)
        capture = _unbegun(session, lesson, participant_id)
        if capture is not None:
            capture.tablet_id = None
            give_token(capture, None)
        if row.rehearsed_at is None:
            row.tablet_id = None


def _admit(
    session: Session, lesson_id: uuid.UUID, participant_id: uuid.UUID
) -> tuple[Lesson, LessonChild]:
    return open_lesson(session, lesson_id), find_pupil(session, lesson_id, participant_id)


def _free_tablet(
    session: Session, lesson: Lesson, tablet_id: uuid.UUID, participant_id: uuid.UUID
) -> Tablet:
    tablet = session.get(Tablet, tablet_id)
    if tablet is None or tablet.lesson_id != lesson.id or tablet.paired_at is None:
        raise NotFound("There is no such tablet in this lesson.")
    task = current_task(session, tablet, clock.now())
    if task is not None and task.participant_id != participant_id:
        raise Conflict("Another child is at this tablet: wait until it is done.")
    return tablet


def _last(session: Session, lesson: Lesson, participant_id: uuid.UUID) -> CaptureSession | None:
    return session.scalars(
        select(CaptureSession)
        .where(
            CaptureSession.lesson_id == lesson.id,
            CaptureSession.participant_id == participant_id,
        )
        .order_by(CaptureSession.created_at.desc())
    ).first()


def _unbegun(session: Session, lesson: Lesson, participant_id: uuid.UUID) -> CaptureSession | None:
    """The child's session in this lesson that was made and not begun, if it can still be."""
    last = _last(session, lesson, participant_id)
    if last is None or last.state != "ready" or is_over(last, clock.now()):
        return None
    return last


def _renew(session: Session, lesson: Lesson, capture: CaptureSession, *, talked: bool) -> None:
    """As if it were made now; raises as `start_session` where it could not be."""
    now = clock.now()
    require_capturing(session, now)
    consent = require_consent(session, capture.participant_id, "research", now)
    if last_refusal(session, capture.participant_id, now) is not None and not talked:
        raise talk_first()
    light = declared_light(session, lesson.light, lesson.light_passport_id, now)
    capture.light, capture.light_passport_id = light, lesson.light_passport_id
    capture.consent_id, capture.created_at = consent.id, now
