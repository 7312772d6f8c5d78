"""Withdrawing: one purpose, or everything.

Publication or sharing withdrawn ends that purpose. Research withdrawn erases the child. The row is
written first: from then on no consent stands, no photo is stored or shown, whatever is interrupted.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.duties import duties_of, list_duties
from collector.dataset.consents.standing import standing_consent
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.errors import Unprocessable
from collector.dataset.models import CaptureSession, Consent, Participant, Photo, Withdrawal
from collector.dataset.vocabulary import CHANNELS, PURPOSES


@dataclass(frozen=True)
class Held:
    """What a guardian is told about the child: no name, no pseudonym, no picture.

    `standing` are the purposes that may be withdrawn; `withdrawn` says when others were;
    `photos` counts by state; `erased` when the child is no longer there.
    """

    standing: tuple[str, ...]
    withdrawn: dict[str, datetime]
    photos: dict[str, int]
    erased: bool


@dataclass(frozen=True)
class Outcome:
    """What a withdrawal did: purposes ended now, photos erased, duties left, and whether erased
    bytes still wait in the write-ahead log for a reader to finish."""

    purposes: tuple[str, ...]
    photos: int
    duties: int
    erased: bool
    pending: bool


def held_for(session: Session, participant_id: uuid.UUID) -> Held:
    """What is held about the child, or what became of it."""
    now = clock.now()
    standing = tuple(one for one in PURPOSES if standing_consent(session, participant_id, one, now))
    counted = session.execute(
        select(Photo.state, func.count())
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(CaptureSession.participant_id == participant_id)
        .group_by(Photo.state)
    )
    return Held(
        standing=standing,
        withdrawn={
            one.purpose: one.withdrawn_at
            for one in withdrawals_of(session, participant_id)
            if one.purpose not in standing
        },
        photos={row[0]: row[1] for row in counted},
        erased=session.get(Participant, participant_id) is None,
    )


def withdraw(
    dataset: Dataset,
    participant_id: uuid.UUID,
    purposes: Collection[str],
    *,
    channel: str,
    actor: str,
    recorded_by: uuid.UUID | None = None,
) -> Outcome:
    """Withdraw these purposes; with research among them everything ends and the child is erased.

    The same again changes nothing: what is no longer there is not withdrawn twice. Raises
    Unprocessable for an unknown purpose or channel.
    """
    if not purposes or not set(purposes) <= set(PURPOSES) or channel not in CHANNELS:
        raise Unprocessable("Choose what is withdrawn: research, publication or sharing.")
    erasing = "research" in purposes
    wanted = PURPOSES if erasing else tuple(purposes)
    with dataset.database.write() as session:
        photos = sum(held_for(session, participant_id).photos.values())
        ended = [
            purpose
            for purpose in wanted
            if _end(dataset, session, participant_id, purpose, channel, actor, recorded_by)
        ]
        duties = [] if erasing else duties_of(session, dataset.site_id, participant_id, ended)
        session.add_all(duties)
        left = len(duties)
    pending = False
    if erasing:
        pending = not erase_participant(dataset, participant_id, actor=actor)
        with dataset.database.read() as session:
            left = len(list_duties(session, participant_id))
    return Outcome(tuple(ended), photos if erasing else 0, left, erasing, pending)


def withdrawals_of(session: Session, participant_id: uuid.UUID) -> Sequence[Withdrawal]:
    """The child's withdrawals, oldest first."""
    return session.scalars(
        select(Withdrawal)
        .where(Withdrawal.participant_id == participant_id)
        .order_by(Withdrawal.withdrawn_at)
    ).all()


def list_withdrawals(session: Session) -> Sequence[Withdrawal]:
    """All withdrawals, newest first."""
    return session.scalars(select(Withdrawal).order_by(Withdrawal.withdrawn_at.desc())).all()


def withdrawn_kind(purpose: str) -> str:
    """The kind of tombstone for a purpose; it bears child, moment and channel."""
    return f"withdrawn {purpose}"


def _end(
    dataset: Dataset,
    session: Session,
    participant_id: uuid.UUID,
    purpose: str,
    channel: str,
    actor: str,
    recorded_by: uuid.UUID | None,
) -> bool:
    """End one purpose if there is anything to end; its tombstone outlives a restored backup."""
    if not _endable(session, participant_id, purpose):
        return False
    at = clock.now()
    name = f"{participant_id.hex} {at.isoformat()} {channel}"
    dataset.keys.bury(dataset.site_id, withdrawn_kind(purpose), name)
    session.add(
        Withdrawal(
            site_id=dataset.site_id,
            participant_id=participant_id,
            purpose=purpose,
            channel=channel,
            recorded_by=recorded_by,
            withdrawn_at=at,
        )
    )
    dataset.chain.record(
        session, actor, "consent withdrawn", participant_id, purpose=purpose, channel=channel
    )
    return True


def _endable(session: Session, participant_id: uuid.UUID, purpose: str) -> bool:
    """Whether the purpose was ever consented to and not withdrawn since; expired ones too.

    Research always is while the child is there: a registered child may be erased at a guardian's
    word even where no answer was recorded.
    """
    if purpose == "research":
        there = session.get(Participant, participant_id) is not None
        done = any(one.purpose == "research" for one in withdrawals_of(session, participant_id))
        return there and not done
    since = exists(
        select(Withdrawal.id).where(
            Withdrawal.participant_id == participant_id,
            Withdrawal.purpose == purpose,
            Withdrawal.withdrawn_at >= Consent.signed_at,
        )
    )
    given = select(Consent.id).where(
        Consent.participant_id == participant_id,
        Consent.purpose == purpose,
        Consent.state == "given",
        ~since,
    )
    return session.scalars(given).first() is not None
