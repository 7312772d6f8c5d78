"""The doors to photos. Nobody else selects photos."""

import uuid
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from collector.dataset import clock
from collector.dataset.consents.standing import standing
from collector.dataset.models import CaptureSession, Consent, ConsentText, Photo, Study
from collector.dataset.vocabulary import PURPOSES

SECOND_FACE = "second_face"

# Aliases, so that a query around the door may name the tables itself; made once.
COVERING, COVERING_TEXT = aliased(Consent), aliased(ConsentText)


def usable_photos(purpose: str, at: datetime) -> Select[Photo]:
    """The one door: photos that may be listed, shown, exported or trained on for that purpose.

    They are active, and the guardian's research consent stands at `at` and covers them; for
    publication and sharing that purpose's own consent does so too. Photos of a licensed outside
    source are for research alone. Raises ValueError for an unknown purpose.
    """
    if purpose not in PURPOSES:
        raise ValueError(f"unknown purpose {purpose}")
    permitted = _covered("research", at)
    if purpose != "research":
        permitted = and_(permitted, _covered(purpose, at))
    else:
        permitted = or_(CaptureSession.source_id.is_not(None), permitted)
    return (
        select(Photo)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(Photo.state == "active", permitted)
    )


def count_usable(
    session: Session, participant_id: uuid.UUID, at: datetime, purpose: str = "research"
) -> int:
    """How many photos of the child may be used for the purpose."""
    photos = usable_photos(purpose, at).where(CaptureSession.participant_id == participant_id)
    return session.scalar(select(func.count()).select_from(photos.subquery())) or 0


def stored_photos() -> Select[Photo]:
    """Every photo in whatever state, joined with its session: for counting, never for showing."""
    return select(Photo).join(CaptureSession, CaptureSession.id == Photo.session_id)


def count_stored(session: Session, participant_id: uuid.UUID) -> int:
    """How many photos of the child are there, in whatever state."""
    photos = stored_photos().where(CaptureSession.participant_id == participant_id)
    return session.scalar(photos.with_only_columns(func.count(Photo.id))) or 0


def own_session_photos(session_id: uuid.UUID) -> Select[Photo]:
    """The child's own photos of the running session, shown to it alone."""
    return (
        select(Photo).where(Photo.session_id == session_id).order_by(Photo.received_at, Photo.shot)
    )


def quarantined_photos() -> Select[Photo]:
    """Photos that wait for an admin or the child to decide."""
    return select(Photo).where(Photo.state == "quarantined").order_by(Photo.received_at)


def viewable_in_quarantine(at: datetime) -> Select[Photo]:
    """Those of them whose picture an admin may see: the guardian's research consent covers them."""
    covered = or_(CaptureSession.source_id.is_not(None), _covered("research", at))
    return (
        quarantined_photos()
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(covered)
    )


def guardians_photos(participant_id: uuid.UUID) -> Select[Photo]:
    """All photos of one child for its guardian: in whatever state, whatever was consented to.

    Whoever answers for a child may see and receive all that is held about it, also what nobody
    else may use any more (GDPR, article 15; 152-FZ, article 14). Photos with a second face in them
    stay behind this door, for they show somebody else (GDPR, article 15(4)); `count_with_others`
    says how many.
    """
    return (
        select(Photo)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(
            CaptureSession.participant_id == participant_id,
            Photo.state_reason.is_distinct_from(SECOND_FACE),
        )
        .order_by(CaptureSession.created_at, Photo.received_at, Photo.shot)
    )


def count_with_others(session: Session, participant_id: uuid.UUID) -> int:
    """How many photos of the child are kept from its guardian because they show somebody else."""
    statement = (
        select(func.count(Photo.id))
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(CaptureSession.participant_id == participant_id, Photo.state_reason == SECOND_FACE)
    )
    return session.scalar(statement) or 0


def integrity_scan() -> Select[Photo]:
    """Every photo in whatever state, for the doctor, who opens each and shows none."""
    return select(Photo).order_by(Photo.id)


def _covered(purpose: str, at: datetime) -> ColumnElement[bool]:
    """Whether a standing consent for the purpose covers a photo (joined with its session)."""
    taken_at = func.coalesce(Photo.taken_at, Photo.received_at)
    return exists(
        select(COVERING.id)
        .join(COVERING_TEXT, COVERING_TEXT.id == COVERING.text_id)
        .where(
            COVERING.participant_id == CaptureSession.participant_id,
            standing(COVERING, purpose, at),
            or_(COVERING.signed_at <= taken_at, COVERING_TEXT.covers_earlier_photos),
        )
    ) & _kept(at)


def _kept(at: datetime) -> ColumnElement[bool]:
    """Whether the study may still keep photos at that moment."""
    keep_until = select(Study.keep_until).scalar_subquery()
    return or_(keep_until.is_(None), keep_until >= clock.day_of(at))
