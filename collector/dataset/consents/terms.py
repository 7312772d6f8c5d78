"""Consents that end: which end soon, which have ended, and what must be erased then.

An answer ends with the day that it states (`valid_until`), or with the last day on which the study
may keep photos (`keep_until`). Nothing is erased by the clock alone: a machine whose clock is wrong
would destroy a dataset. People are told what is due, and one of them says so.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import Session, aliased

from collector.dataset import clock
from collector.dataset.consents.standing import standing, standing_consent
from collector.dataset.dataset import Dataset
from collector.dataset.doors import count_stored, count_usable
from collector.dataset.erasure import RETENTION_ENDED, erase_participant
from collector.dataset.models import CaptureSession, Consent, Participant, Study, Withdrawal
from collector.dataset.vocabulary import PURPOSES

SOON = timedelta(days=60)

# Where a study states no last day, a guardian has this long to renew a consent that ended.
TIME_TO_RENEW = timedelta(days=30)

NEWER = aliased(Consent)  # made once: copying a table takes longer than asking SQLite


@dataclass(frozen=True)
class Ending:
    """An answer that ends: whose, when, and what follows.

    `by_study` says that the study ends first, so that no guardian can prolong it; `last` that
    nothing stands afterwards; `hides` is the number of photos that may be used for the purpose now
    and not from then on.
    """

    participant_id: uuid.UUID
    pseudonym: str
    purpose: str
    until: datetime
    by_study: bool = False
    last: bool = True
    hides: int = 0


@dataclass(frozen=True)
class Due:
    """A child that is due to be erased, its photos, and since when."""

    participant_id: uuid.UUID
    pseudonym: str
    photos: int
    since: datetime


@dataclass(frozen=True)
class Expiry:
    """What was erased because its retention ended; `pending` while bytes wait in the log."""

    children: int
    photos: int
    pending: bool


def ending(session: Session, at: datetime, within: timedelta = SOON) -> list[Ending]:
    """Answers that stand at `at` and end within that time, soonest first.

    One that was renewed in time is left out, unless it takes photos with it: a new consent covers
    earlier photos only if its text says so.
    """
    study_ends = _study_ends(session)
    found = []
    for purpose in PURPOSES:
        for consent, pseudonym in _answers(session, standing(Consent, purpose, at)):
            until = min((one for one in (consent.valid_until, study_ends) if one), default=None)
            if until is None or not at < until <= at + within:
                continue
            child = consent.participant_id
            by_study = until == study_ends
            last = by_study or standing_consent(session, child, purpose, until) is None
            hides = count_usable(session, child, at, purpose) - count_usable(
                session, child, until, purpose
            )
            if last or hides:
                found.append(Ending(child, pseudonym, purpose, until, by_study, last, hides))
    return sorted(found, key=lambda one: (one.until, one.pseudonym))


def expired(session: Session, at: datetime) -> list[Ending]:
    """Purposes whose consent was given and has ended, and nothing newer stands; by pseudonym.

    What a guardian withdrew or refused later has not expired: it was ended.
    """
    newest: dict[tuple[str, str], Ending] = {}
    for consent, pseudonym in _answers(
        session,
        Consent.state == "given",
        Consent.valid_until <= at,
        ~_refused_since(),
        ~_withdrawn_since(),
    ):
        child, purpose = consent.participant_id, consent.purpose
        until = consent.valid_until
        if until is None or standing_consent(session, child, purpose, at):
            continue
        known = newest.get((pseudonym, purpose))
        if known is None or known.until < until:
            newest[pseudonym, purpose] = Ending(child, pseudonym, purpose, until)
    return [newest[one] for one in sorted(newest)]


def due_for_erasure(session: Session, at: datetime) -> list[Due]:
    """Children about whom nothing may be kept any more, by pseudonym.

    That is everybody once the study's `keep_until` has passed. Where the study states no last day,
    a child is due 30 days (`TIME_TO_RENEW`) after its research consent ended by its own
    `valid_until`, if nothing newer stands; while a last day is stated, an ended consent hides until
    then. People in licensed outside collections gave their consent elsewhere and are never due.
    """
    study_ends = _study_ends(session)
    if study_ends is None:
        ended = _research_ended(session, at)
        due = {child: since for child, since in ended.items() if since <= at}
    else:
        everybody = session.scalars(select(Participant.id)) if study_ends <= at else ()
        due = dict.fromkeys(everybody, study_ends)
    refused = _research_refused(session, at)
    due = {child: since for child, since in refused.items() if since <= at} | due
    statement = select(Participant).where(~_from_outside()).order_by(Participant.pseudonym)
    return [
        Due(one.id, one.pseudonym, count_stored(session, one.id), due[one.id])
        for one in session.scalars(statement)
        if one.id in due
    ]


def erase_expired(
    dataset: Dataset, *, actor: str, wanted: Collection[uuid.UUID] | None = None
) -> Expiry:
    """Erase the children that are due, of those `wanted` alone where they are named.

    Each is asked about again just before it is erased: a guardian may have renewed meanwhile.
    """
    children = photos = 0
    pending = False
    for one in _still_due(dataset):
        if wanted is not None and one.participant_id not in wanted:
            continue
        again = {each.participant_id: each for each in _still_due(dataset)}
        if one.participant_id not in again:
            continue
        done = erase_participant(dataset, one.participant_id, actor=actor, reason=RETENTION_ENDED)
        pending = not done
        children += 1
        photos += again[one.participant_id].photos
    return Expiry(children, photos, pending)


def _still_due(dataset: Dataset) -> list[Due]:
    with dataset.database.read() as session:
        return due_for_erasure(session, clock.now())


def _answers(session: Session, *conditions: ColumnElement[bool]) -> Sequence[tuple[Consent, str]]:
    statement = (
        select(Consent, Participant.pseudonym)
        .join(Participant, Participant.id == Consent.participant_id)
        .where(*conditions)
    )
    return [(row[0], row[1]) for row in session.execute(statement)]


def _study_ends(session: Session) -> datetime | None:
    """The moment from which the doors show nothing any more, where the study states a last day."""
    last = session.scalars(select(Study.keep_until)).one()
    return clock.midnight(last + timedelta(days=1)) if last else None


def _research_ended(session: Session, at: datetime) -> dict[uuid.UUID, datetime]:
    """Children whose research consent has ended by its own term, with the day they are due."""
    statement = (
        select(Consent.participant_id, func.max(Consent.valid_until))
        .where(Consent.purpose == "research", Consent.state == "given", Consent.valid_until <= at)
        .group_by(Consent.participant_id)
    )
    return {
        child: ended + TIME_TO_RENEW
        for child, ended in session.execute(statement)
        if ended and standing_consent(session, child, "research", at) is None
    }


def _research_refused(session: Session, at: datetime) -> dict[uuid.UUID, datetime]:
    """Children whose guardian consented once and refused later, with the day they are due."""
    statement = (
        select(NEWER.participant_id, func.max(NEWER.signed_at))
        .join(Consent, Consent.participant_id == NEWER.participant_id)
        .where(
            *(one.purpose == "research" for one in (Consent, NEWER)),
            *(Consent.state == "given", NEWER.state == "refused"),
            Consent.signed_at <= NEWER.signed_at,
        )
        .group_by(NEWER.participant_id)
    )
    return {
        child: refused + TIME_TO_RENEW
        for child, refused in session.execute(statement)
        if standing_consent(session, child, "research", at) is None
    }


def _refused_since() -> ColumnElement[bool]:
    return exists(
        select(NEWER.id).where(
            NEWER.participant_id == Consent.participant_id,
            NEWER.purpose == Consent.purpose,
            NEWER.state == "refused",
            NEWER.signed_at > Consent.signed_at,
        )
    )


def _withdrawn_since() -> ColumnElement[bool]:
    return exists(
        select(Withdrawal.id).where(
            Withdrawal.participant_id == Consent.participant_id,
            Withdrawal.purpose == Consent.purpose,
            Withdrawal.withdrawn_at >= Consent.signed_at,
        )
    )


def _from_outside() -> ColumnElement[bool]:
    return exists(
        select(CaptureSession.id).where(
            CaptureSession.participant_id == Participant.id,
            CaptureSession.source_id.is_not(None),
        )
    )
