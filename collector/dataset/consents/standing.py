"""Whether a guardian's word stands.

A consent stands at a moment if it was given and not refused later, signed by then, not yet
expired, and not withdrawn since it was signed. `standing` says so once, in SQL; the check before
a photo is stored and the doors to photos are built on it.
"""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from collector.dataset.errors import Conflict
from collector.dataset.models import Consent, Withdrawal

# Made once: copying a table for an alias takes longer than asking SQLite.
LATER = aliased(Consent)


def standing_consent(
    session: Session, participant_id: uuid.UUID, purpose: str, at: datetime
) -> Consent | None:
    """The consent for that purpose that stands at the moment `at`, if any."""
    statement = (
        select(Consent)
        .where(Consent.participant_id == participant_id, standing(Consent, purpose, at))
        .order_by(Consent.signed_at.desc(), Consent.recorded_at.desc())
    )
    return session.scalars(statement).first()


def require_consent(
    session: Session, participant_id: uuid.UUID, purpose: str, at: datetime
) -> Consent:
    """The consent that stands; raises Conflict where none does."""
    consent = standing_consent(session, participant_id, purpose, at)
    if consent is None:
        raise Conflict("The guardian's consent for this child is missing or has ended.")
    return consent


def is_leaving(session: Session, participant_id: uuid.UUID) -> bool:
    """Whether research was withdrawn: the child is about to be erased, and nothing more is taken.

    Between a withdrawal and the erasure that follows it the child's rows are still there.
    """
    statement = select(Withdrawal.id).where(
        Withdrawal.participant_id == participant_id, Withdrawal.purpose == "research"
    )
    return session.scalars(statement).first() is not None


def standing(consent: Any, purpose: str, at: datetime) -> ColumnElement[bool]:
    """The SQL condition that `consent` (the table or an alias of it) stands at the moment `at`."""
    refused_later = exists(
        select(LATER.id).where(
            LATER.participant_id == consent.participant_id,
            LATER.purpose == purpose,
            LATER.state == "refused",
            or_(
                LATER.signed_at > consent.signed_at,
                and_(LATER.signed_at == consent.signed_at, LATER.recorded_at > consent.recorded_at),
            ),
        )
    )
    withdrawn = exists(
        select(Withdrawal.id).where(
            Withdrawal.participant_id == consent.participant_id,
            Withdrawal.purpose == purpose,
            Withdrawal.withdrawn_at >= consent.signed_at,
        )
    )
    return and_(
        consent.purpose == purpose,
        consent.state == "given",
        consent.signed_at <= at,
        or_(consent.valid_until.is_(None), consent.valid_until > at),
        ~refused_later,
        ~withdrawn,
    )
