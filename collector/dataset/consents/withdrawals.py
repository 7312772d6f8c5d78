"""Withdrawing: one purpose, or everything.

Publication or sharing withdrawn ends that purpose. Research withdrawn erases the child. The row is
written first: from then on no consent stands, no photo is stored or shown, whatever is interrupted.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.duties import duties_of, list_duties
from collector.dataset.consents.standing import standing_consent
from collector.dataset.dataset import Dataset
from collector.dataset.doors import count_usable
from collector.dataset.erasure import erase_participant
from collector.dataset.errors import Unprocessable
from collector.dataset.models import CaptureSession, Consent, Participant, Photo, Withdrawal
from collector.dataset.vocabulary import CHANNELS, PURPOSES


@dataclass(frozen=True)
class Held:
    """What a guardian is told about the child: no name, no pseudonym, no picture.

    `standing` are the purposes that may be withdrawn; `withdrawn` says when others were; `photos`
    counts those that are usable, unused (no consent covers them now), quarantined and rejected,
    taken in `sessions` sittings between `first` and `last`; `erased` when the child is no longer
    there.
    """

    standing: tuple[str, ...]
    withdrawn: dict[str, datetime]
    photos: dict[str, int]
    sessions: int
    first: datetime | None
    last: datetime | None
    erased: bool

    @property
    def count(self) -> int:
        """All photos, in whatever state."""
        return sum(self.photos.values())


@dataclass(frozen=True)
class Outcome:
    """What a withdrawal did: purposes ended now, photos erased, duties that are open, whether the
    child is erased, and whether erased bytes still wait in the write-ahead log for a reader."""

    purposes: tuple[str, ...]
    photos: int
    duties: int
    erased: bool
    pending: bool


@dataclass(frozen=True)
class Word:
    """A guardian's word on its way into the dataset: whose child, when, by which channel."""

    participant_id: uuid.UUID
    at: datetime
    channel: str
    actor: str
    recorded_by: uuid.UUID | None

    @property
    def tombstone(self) -> str:
        """What the folder of keys remembers, so that the word outlives a restored backup."""
        return f"{self.participant_id.hex} {self.at.isoformat()} {self.channel}"


def held_for(session: Session, participant_id: uuid.UUID) -> Held:
    """What is held about the child, or what became of it."""
    now = clock.now()
    standing = tuple(one for one in PURPOSES if standing_consent(session, participant_id, one, now))
    ended = {one.purpose: one.withdrawn_at for one in withdrawals_of(session, participant_id)}
    taken_at = func.coalesce(Photo.taken_at, Photo.received_at)
    sessions, first, last = session.execute(
        _photos_of(participant_id).with_only_columns(
            func.count(Photo.session_id.distinct()),
            func.min(taken_at),
            func.max(taken_at),
        )
    ).one()
    return Held(
        standing=standing,
        withdrawn={one: ended[one] for one in PURPOSES if one in ended and one not in standing},
        photos=_count_photos(session, participant_id, now),
        sessions=sessions,
        first=first,
        last=last,
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

    The same again changes nothing, and finishes an erasure that was interrupted. Raises
    Unprocessable for an unknown purpose or channel.
    """
    if not purposes or not set(purposes) <= set(PURPOSES) or channel not in CHANNELS:
        raise Unprocessable("Choose what is withdrawn: research, publication or sharing.")
    erasing = "research" in purposes
    with dataset.database.write() as session:
        is_there = session.get(Participant, participant_id) is not None
        photos = session.scalar(_photos_of(participant_id).with_only_columns(func.count())) or 0
        word = Word(participant_id, _moment(session, participant_id), channel, actor, recorded_by)
        ended = [
            purpose
            for purpose in PURPOSES
            if (erasing or purpose in purposes) and _is_endable(session, participant_id, purpose)
        ]
        # Together: after a kill in between, part of the guardian's word would be lost.
        dataset.keys.bury_together(
            dataset.site_id, [(withdrawn_kind(purpose), word.tombstone) for purpose in ended]
        )
        for purpose in ended:
            record_withdrawal(dataset, session, purpose, word)
        if not erasing:
            session.add_all(duties_of(session, dataset.site_id, participant_id, ended))
    is_clean = True
    if erasing and is_there:
        is_clean = erase_participant(dataset, participant_id, actor=actor)
    elif erasing:  # nothing is left to erase but what somebody was still reading
        is_clean = dataset.database.forget_erased_pages()
    dataset.keep_head()
    with dataset.database.read() as session:
        left = [one for one in list_duties(session, participant_id) if one.done_at is None]
    return Outcome(
        purposes=tuple(ended),
        photos=photos if erasing else 0,
        duties=len(left),
        erased=erasing or not is_there,
        pending=not is_clean,
    )


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


def _photos_of(participant_id: uuid.UUID) -> Select[Photo]:
    return (
        select(Photo)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(CaptureSession.participant_id == participant_id)
    )


def _count_photos(session: Session, participant_id: uuid.UUID, at: datetime) -> dict[str, int]:
    """The child's photos by state; states without any are left out."""
    rows = session.execute(
        _photos_of(participant_id)
        .with_only_columns(Photo.state, func.count())
        .group_by(Photo.state)
    )
    counts = {row[0]: row[1] for row in rows}
    usable = count_usable(session, participant_id, at)
    found = {
        "usable": usable,
        "unused": counts.get("active", 0) - usable,
        "quarantined": counts.get("quarantined", 0),
        "rejected": counts.get("rejected", 0),
    }
    return {state: count for state, count in found.items() if count}


def _moment(session: Session, participant_id: uuid.UUID) -> datetime:
    """Now, or when the newest consent was signed by a clock that runs ahead: it ends that too."""
    signed_at = session.scalar(
        select(func.max(Consent.signed_at)).where(Consent.participant_id == participant_id)
    )
    return max(clock.now(), signed_at) if signed_at else clock.now()


def record_withdrawal(dataset: Dataset, session: Session, purpose: str, word: Word) -> None:
    """The row, and in the log all that the row says: the doctor compares them."""
    session.add(
        Withdrawal(
            site_id=dataset.site_id,
            participant_id=word.participant_id,
            purpose=purpose,
            channel=word.channel,
            recorded_by=word.recorded_by,
            withdrawn_at=word.at,
        )
    )
    details = {"purpose": purpose, "channel": word.channel, "withdrawn_at": word.at.isoformat()}
    sessions = _sessions_of(session, word.participant_id) if purpose == "research" else []
    dataset.chain.record(
        session, word.actor, "consent withdrawn", word.participant_id,
        **details, **({"sessions": sessions} if sessions else {}),
    )  # fmt: skip


def _sessions_of(session: Session, participant_id: uuid.UUID) -> list[str]:
    """The child's sittings: once their rows are gone, the log alone can say whose they were."""
    statement = (
        select(CaptureSession.id)
        .where(CaptureSession.participant_id == participant_id)
        .order_by(CaptureSession.created_at)
    )
    return [one.hex for one in session.scalars(statement)]


def _is_endable(session: Session, participant_id: uuid.UUID, purpose: str) -> bool:
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
