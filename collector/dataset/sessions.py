"""One sitting of one child: started by an operator, assented to and ended by the child."""

import hashlib
import secrets
import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.standing import is_leaving, require_consent
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, Erased, NotFound, Unprocessable
from collector.dataset.models import CaptureSession, Participant, Photo
from collector.dataset.passports.passport import declared_light
from collector.dataset.studies import require_capturing
from collector.dataset.vocabulary import ASSENTS

# A tablet's queue may have waited for the school's Wi-Fi over a weekend.
LATE_PHOTOS = timedelta(days=7)

# A tablet's clock and the server's, where both are right.
CLOCKS_APART = timedelta(minutes=5)

# How the operator made sure that it is this child who sits in front of the camera.
CONFIRMATIONS = ("hand", "card")


def start_session(
    dataset: Dataset,
    participant_id: uuid.UUID,
    protocol_id: uuid.UUID,
    *,
    light: str,
    language: str,
    actor: str,
    operator_id: uuid.UUID | None,
    confirmed: str,
    after_stop_confirmed: bool = False,
    session_id: uuid.UUID | None = None,
    light_passport_id: uuid.UUID | None = None,
) -> tuple[CaptureSession, str]:
    """A session that is ready for the child, and the token that opens it and nothing else.

    `confirmed` says how the child was recognised, by hand or by its card; after a stop or a no an
    adult has talked with it (`after_stop_confirmed`). With a light passport, `light` is its own or
    empty (`declared_light`). The same `session_id` again is the same session with a new token,
    unless the child has refused since it was made, in another one. Raises Conflict for that, for a
    passport that is over, and without a standing research consent or that talk; Unprocessable for
    an unknown light, another than the passport's, or a child that nobody looked at.
    """
    token = secrets.token_urlsafe(32)
    with dataset.database.write() as session:
        known = session.get(CaptureSession, session_id) if session_id else None
        if known is not None:
            if known.participant_id != participant_id:
                raise Conflict("This session belongs to another child now.")
            return _with_token(session, known, token), token
        capture = add_session(
            dataset,
            session,
            participant_id,
            protocol_id,
            light=light,
            language=language,
            actor=actor,
            operator_id=operator_id,
            confirmed=confirmed,
            after_stop_confirmed=after_stop_confirmed,
            session_id=session_id,
            light_passport_id=light_passport_id,
        )
        give_token(capture, token)
    return capture, token


def add_session(
    dataset: Dataset,
    session: Session,
    participant_id: uuid.UUID,
    protocol_id: uuid.UUID,
    *,
    light: str,
    language: str,
    actor: str,
    operator_id: uuid.UUID | None,
    confirmed: str,
    after_stop_confirmed: bool = False,
    session_id: uuid.UUID | None = None,
    light_passport_id: uuid.UUID | None = None,
) -> CaptureSession:
    """A new session that no token opens yet, in the caller's write transaction.

    Raises as `start_session` does.
    """
    require_confirmed(confirmed)
    if session.get(Participant, participant_id) is None:
        raise NotFound("There is no such child.")
    light = declared_light(session, light, light_passport_id, clock.now())
    require_capturing(session, clock.now())
    consent = require_consent(session, participant_id, "research", clock.now())
    refusal = last_refusal(session, participant_id, clock.now())
    if refusal is not None and not after_stop_confirmed:
        raise talk_first()
    capture = CaptureSession(
        id=session_id or uuid.uuid4(),
        site_id=dataset.site_id,
        participant_id=participant_id,
        consent_id=consent.id,
        protocol_id=protocol_id,
        light_passport_id=light_passport_id,
        operator_id=operator_id,
        origin="captured",
        language=language,
        light=light,
        state="ready",
        created_at=clock.now(),
        announced=[],
    )
    session.add(capture)
    session.flush()
    dataset.chain.record(
        session, actor, "session started", capture.id,
        light=light, confirmed=f"by {confirmed}",
        **({"talked_about": refusal.id.hex} if refusal else {}),
    )  # fmt: skip
    return capture


def require_confirmed(confirmed: str) -> None:
    """Raises Unprocessable unless an adult made sure, in one of the ways, who is at the camera."""
    if confirmed not in CONFIRMATIONS:
        raise Unprocessable("Confirm first that the child in front of you is the one chosen.")


def last_refusal(
    session: Session, participant_id: uuid.UUID, at: datetime
) -> CaptureSession | None:
    """The child's last sitting if it did not want to go on: a stop, a no, a "not today" of today.

    A session that was made and never answered tells nothing of what the child wants.
    """
    last = session.scalars(
        select(CaptureSession)
        .where(
            CaptureSession.participant_id == participant_id,
            CaptureSession.origin == "captured",
            CaptureSession.state != "ready",
        )
        .order_by(func.coalesce(CaptureSession.closed_at, CaptureSession.created_at).desc())
    ).first()
    if last is None or last.state == "stopped" or last.assent == "no":
        return last
    if last.assent == "not_today" and last.assent_at is not None:
        return last if last.assent_at.astimezone().date() == at.astimezone().date() else None
    return None


def awaits_answer(capture: CaptureSession) -> bool:
    """Whether the child stopped and has not yet said what becomes of its photos."""
    return capture.state == "stopped" and capture.after_stop is None


def renew_token(dataset: Dataset, session_id: uuid.UUID) -> tuple[CaptureSession, str]:
    """A new token for a session that is not closed; the old one opens nothing any more.

    Raises Conflict where the child has refused since: another session is started after a talk.
    """
    token = secrets.token_urlsafe(32)
    with dataset.database.write() as session:
        capture = find_session(session, session_id)
        capture.tablet_id = None  # a lesson's tablet would make its own token again
        return _with_token(session, capture, token), token


def session_of_token(dataset: Dataset, token: str) -> CaptureSession | None:
    """The session that the token opens; raises Erased where the child was withdrawn since."""
    with dataset.database.read() as session:
        capture = session.scalars(
            select(CaptureSession).where(CaptureSession.token_sha256 == hash_token(token))
        ).first()
        leaving = capture is not None and is_leaving(session, capture.participant_id)
    if leaving or (capture is None and dataset.keys.is_buried("token", hash_token(token))):
        # Shown on the tablet, to a child, where its page is opened again.
        raise Erased(
            "Your photos are gone: somebody asked us to delete them. Thank you for taking part!"
        )
    return capture


def find_session(session: Session, session_id: uuid.UUID) -> CaptureSession:
    """The session of that id; raises NotFound."""
    capture = session.get(CaptureSession, session_id)
    if capture is None:
        raise NotFound("There is no such session.")
    return capture


def sessions_of(
    session: Session, participant_id: uuid.UUID
) -> Sequence[tuple[CaptureSession, int]]:
    """The child's sessions, newest first, each with the number of its photos."""
    statement = (
        select(CaptureSession, func.count(Photo.id))
        .outerjoin(Photo, Photo.session_id == CaptureSession.id)
        .where(CaptureSession.participant_id == participant_id)
        .group_by(CaptureSession.id)
        .order_by(CaptureSession.created_at.desc())
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def answer_assent(dataset: Dataset, session_id: uuid.UUID, answer: str, device: str) -> str:
    """The child's own answer; anything but yes ends the session. Returns the session's state."""
    if answer not in ASSENTS:
        raise Unprocessable("The answer must be yes, no, or not today.")
    with dataset.database.write() as session:
        capture = find_session(session, session_id)
        if capture.assent == answer:
            return capture.state
        if capture.state != "ready" or is_over(capture, clock.now()):
            raise Conflict("This session has begun or ended already.")
        if answer == "yes":
            require_consent(session, capture.participant_id, "research", clock.now())
            _require_no_refusal_since(session, capture)
        capture.assent, capture.assent_at = answer, clock.now()
        capture.device = device[:300]
        capture.state = "running" if answer == "yes" else "declined"
        if answer != "yes":
            capture.closed_at = clock.now()
        dataset.chain.record(session, "child", "assent", capture.id, answer=answer)
        return capture.state


def close_session(
    dataset: Dataset,
    session_id: uuid.UUID,
    how: str,
    announced: Sequence[uuid.UUID],
    *,
    rescued: bool = False,
) -> None:
    """Finished or stopped by the child; `announced` photos are still on the tablet and may follow.

    After a stop the photos wait in quarantine for the child's answer. A session that was left open
    for seven days ends only by a file that an operator brings (`rescued`), and its token with it.
    """
    if how not in ("finished", "stopped"):
        raise Unprocessable("A session can only be finished or stopped.")
    with dataset.database.write() as session:
        capture = find_session(session, session_id)
        if capture.state == how:
            return
        if capture.state != "running":
            raise Conflict("This session is not running.")
        now = clock.now()
        if is_over(capture, now):
            if not rescued:
                raise Conflict("This session has ended already.")
            give_token(capture, None)
        capture.state = how
        capture.closed_at = min(now, capture.created_at + LATE_PHOTOS)
        capture.announced = [one.hex for one in announced[:1000]]
        if how == "stopped":
            session.execute(
                update(Photo)
                .where(Photo.session_id == capture.id, Photo.state == "active")
                .values(state="quarantined", state_reason="stopped")
            )
        photos = session.scalar(select(func.count(Photo.id)).where(Photo.session_id == capture.id))
        dataset.chain.record(session, "child", f"session {how}", capture.id, photos=photos)


def keep_after_stop(dataset: Dataset, session_id: uuid.UUID, *, actor: str = "child") -> None:
    """The child wants its photos kept although it stopped: they leave quarantine.

    `actor` is the adult who records the child's answer, where the tablet did not.
    """
    with dataset.database.write() as session:
        capture = find_session(session, session_id)
        if capture.state != "stopped" or capture.after_stop == "bin":
            raise Conflict("There is nothing to keep in this session.")
        capture.after_stop = "keep"
        session.execute(
            update(Photo)
            .where(Photo.session_id == capture.id, Photo.state_reason == "stopped")
            .values(state="active", state_reason=None)
        )
        dataset.chain.record(session, actor, "photos kept after stop", capture.id)


def is_over(capture: CaptureSession, at: datetime) -> bool:
    """Whether nothing can be done in this session any more, not even a late photo delivered."""
    return at >= (capture.closed_at or capture.created_at) + LATE_PHOTOS


def require_in_hands(session: Session, capture: CaptureSession) -> None:
    """Raises Conflict unless the child still has its photos in its hands, to look and to bin."""
    at = clock.now()
    if is_over(capture, at) or not (capture.state == "running" or awaits_answer(capture)):
        raise Conflict("This session is over: its photos are no longer shown here.")
    require_consent(session, capture.participant_id, "research", at)


def require_open_for(capture: CaptureSession, photo_id: uuid.UUID, at: datetime) -> None:
    """Raises Conflict unless this photo may be stored in this session now."""
    if is_over(capture, at):
        raise Conflict("This session is over: no more photos can be added to it.")
    if capture.state == "running":
        return
    if capture.state == "ready":
        raise Conflict("The child has not agreed to this session yet.")
    if photo_id.hex in capture.announced:
        return
    raise Conflict("This session is over: no more photos can be added to it.")


def require_open_for_rescued(
    capture: CaptureSession,
    photo_id: uuid.UUID,
    taken_at: datetime | None,
    announced: Collection[str],
) -> None:
    """Raises Conflict unless a photo that an operator brings in a file may be stored here.

    The file may be older than seven days; what the tablet itself had no time to announce must have
    been taken between the child's yes and the session's end. A tablet whose clock cannot be
    believed is heard for seven days.
    """
    if capture.state in ("ready", "declined"):
        raise Conflict("The child has not agreed to this session yet.")
    if capture.after_stop == "bin":
        raise Conflict("The child threw the photos of this session away.")
    if photo_id.hex in announced:
        return
    latest = capture.created_at + LATE_PHOTOS
    if taken_at is None:
        fits = clock.now() < latest
    else:
        agreed = (capture.assent_at or capture.created_at) - CLOCKS_APART
        fits = agreed <= taken_at <= (capture.closed_at or latest)
    if not fits:
        raise Conflict("This session is over: no more photos can be added to it.")


def talk_first() -> Conflict:
    """The refusal where an adult has to talk with the child before it is asked again."""
    return Conflict(
        "The child did not want to go on last time: talk with it, confirm that it wants to now, "
        "and start a new session."
    )


def _with_token(session: Session, capture: CaptureSession, token: str) -> CaptureSession:
    if capture.state == "ready":
        _require_no_refusal_since(session, capture)
    if capture.state not in ("ready", "running") or is_over(capture, clock.now()):
        raise Conflict("This session has ended already.")
    give_token(capture, token)
    return capture


def _require_no_refusal_since(session: Session, capture: CaptureSession) -> None:
    """Neither a page from the browser's history nor another tablet goes round the talk."""
    refusal = last_refusal(session, capture.participant_id, clock.now())
    if refusal and refusal.closed_at and refusal.closed_at > capture.created_at:
        raise talk_first()


def give_token(capture: CaptureSession, token: str | None) -> None:
    """The session is opened by this token alone from now on, or by none.

    Earlier ones are remembered: an erasure tells them all to whoever still holds one.
    """
    if capture.token_sha256 is not None:
        capture.earlier_tokens = [*capture.earlier_tokens, capture.token_sha256]
    capture.token_sha256 = hash_token(token) if token else None


def hash_token(token: str) -> str:
    """What the tables keep of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
