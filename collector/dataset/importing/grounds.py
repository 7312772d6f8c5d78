"""What an import rests on: a child, and a research consent of its guardian that stands."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.answers import consents_of
from collector.dataset.consents.standing import is_leaving, standing
from collector.dataset.errors import CommandMistake, NotFound
from collector.dataset.models import Consent, Participant
from collector.dataset.participants import find_by_pseudonym
from collector.dataset.studies import read_study

FEWEST_DIGITS = 8


@dataclass(frozen=True)
class Ground:
    """The child, the consent, since when and whether backwards it covers photos, and the study's
    last day for taking them."""

    participant_id: uuid.UUID
    consent_id: uuid.UUID
    signed_at: datetime
    covers_earlier: bool
    language: str
    capture_until: date | None

    def is_too_early(self, taken_at: datetime | None) -> bool:
        """Whether a photo of that moment is not covered; without a time nobody can tell."""
        return taken_at is not None and taken_at < self.signed_at and not self.covers_earlier

    def is_too_late(self, taken_at: datetime | None) -> bool:
        """Whether the study took no photos any more at that moment."""
        until = self.capture_until
        return taken_at is not None and until is not None and clock.day_of(taken_at) > until


def find_ground(session: Session, participant: str, consent: str, at: datetime) -> Ground:
    """The ground named by a pseudonym or id, and a consent's id or its first eight digits.

    Raises CommandMistake with what is wrong: no such child or consent, one for another purpose or
    that does not stand at `at`, a study that keeps no photos any more.
    """
    child = _find_child(session, participant)
    given = _find_consent(session, child, consent)
    if given.purpose != "research":
        raise CommandMistake(
            f"The consent {consent} is for {given.purpose}: photos are stored on one for research."
        )
    stands = select(Consent.id).where(Consent.id == given.id, standing(Consent, "research", at))
    if session.scalars(stands).first() is None or is_leaving(session, child.id):
        raise CommandMistake(
            f"The consent {consent} does not stand: it was refused, withdrawn, or has ended."
        )
    study = read_study(session)
    if study.keep_until and study.keep_until < clock.day_of(at):
        raise CommandMistake(f"The study keeps no photos since {study.keep_until}.")
    return Ground(
        child.id,
        given.id,
        given.signed_at,
        given.text.covers_earlier_photos,
        given.text.language,
        study.capture_until,
    )


def _find_child(session: Session, name: str) -> Participant:
    number = _hexadecimal(name)
    child = session.get(Participant, uuid.UUID(hex=number)) if len(number) == 32 else None
    try:
        return child or find_by_pseudonym(session, name)
    except NotFound as error:
        raise CommandMistake(f"There is no child called {name}.") from error


def _find_consent(session: Session, child: Participant, name: str) -> Consent:
    number = _hexadecimal(name)
    if len(number) < FEWEST_DIGITS:
        raise CommandMistake(f"{name} is no consent's number: give its first eight digits or all.")
    found = [one for one in consents_of(session, child.id) if one.id.hex.startswith(number)]
    if len(found) != 1:
        some = "several consents" if found else "no consent"
        raise CommandMistake(f"{child.pseudonym} has {some} with the number {name}.")
    return found[0]


def _hexadecimal(text: str) -> str:
    digits = text.strip().replace("-", "").lower()
    return digits if all(digit in "0123456789abcdef" for digit in digits) else ""
