"""What became of each answer: it stands, or ended some day; said once, for every page.

`standing.py` says in SQL whether a consent stands; this says why one does not.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from collector.dataset.consents.answers import consents_of
from collector.dataset.consents.standing import standing_consent
from collector.dataset.consents.withdrawals import withdrawals_of
from collector.dataset.models import Consent
from collector.dataset.vocabulary import PURPOSES


@dataclass(frozen=True)
class State:
    """One of given, refused, expired, withdrawn, superseded, missing; since when; which answer."""

    word: str
    since: datetime | None = None
    consent: Consent | None = None


@dataclass(frozen=True)
class States:
    """The state of each purpose, and of each answer, newest recorded first.

    A purpose is `given` if and only if a consent for it stands; `missing` without any answer.
    """

    purposes: dict[str, State]
    answers: tuple[tuple[Consent, State], ...]


def consent_states(session: Session, participant_id: uuid.UUID, at: datetime) -> States:
    """What the guardian's answers are worth at the moment `at`."""
    answers = consents_of(session, participant_id)
    withdrawn = withdrawals_of(session, participant_id)
    purposes: dict[str, State] = {}
    states: dict[uuid.UUID, State] = {}
    for purpose in PURPOSES:
        own = sorted((one for one in answers if one.purpose == purpose), key=_signing_order)
        standing = standing_consent(session, participant_id, purpose, at)
        ends = [one.withdrawn_at for one in withdrawn if one.purpose == purpose]
        for place, one in enumerate(own, start=1):
            states[one.id] = (
                State("given", one.signed_at, one)
                if standing and one.id == standing.id
                else _ended(one, own[place:], ends, at)
            )
        newest = standing or (own[-1] if own else None)
        purposes[purpose] = states[newest.id] if newest else State("missing")
    return States(purposes, tuple((one, states[one.id]) for one in answers))


def _ended(
    one: Consent, later: Sequence[Consent], withdrawn: Sequence[datetime], at: datetime
) -> State:
    """The state of an answer that is not the standing one: whatever ended it first."""
    if one.signed_at > at:  # the clocks of two machines differ by a little
        return State("missing", one.signed_at, one)
    ends = [(other.signed_at, "superseded") for other in later[:1]]
    if one.state == "given":
        ends += [(moment, "withdrawn") for moment in withdrawn if moment >= one.signed_at]
        if one.valid_until and one.valid_until <= at:
            ends.append((one.valid_until, "expired"))
    since, word = min(ends, default=(one.signed_at, one.state))
    return State(word, since, one)


def _signing_order(consent: Consent) -> tuple[datetime, datetime]:
    return consent.signed_at, consent.recorded_at
