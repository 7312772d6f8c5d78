"""What became of each answer: given, refused, expired, withdrawn, superseded, missing."""

import uuid
from datetime import datetime, timedelta

import pytest

from collector.dataset import clock
from collector.dataset.consents.standing import standing_consent
from collector.dataset.consents.states import States, consent_states
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.vocabulary import PURPOSES
from tests.cast import enrol, give

DAY = timedelta(days=1)


def states(dataset: Dataset, child: uuid.UUID, at: datetime | None = None) -> States:
    with dataset.database.read() as session:
        return consent_states(session, child, at or clock.now())


def words(found: States) -> list[str]:
    """The state of each answer, oldest recorded first."""
    return [state.word for _, state in reversed(found.answers)]


def end(dataset: Dataset, child: uuid.UUID, purpose: str) -> None:
    withdraw(dataset, child, [purpose], channel="operator", actor="test")


def test_without_an_answer_every_purpose_is_missing(dataset: Dataset) -> None:
    found = states(dataset, enrol(dataset))
    assert {purpose: state.word for purpose, state in found.purposes.items()} == dict.fromkeys(
        PURPOSES, "missing"
    )
    assert found.answers == ()


def test_each_purpose_has_a_state_of_its_own(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    give(dataset, child, "publication", given=False)
    found = states(dataset, child).purposes
    assert [found[one].word for one in PURPOSES] == ["given", "refused", "missing"]


def test_an_expired_consent_says_since_when(dataset: Dataset) -> None:
    child, now = enrol(dataset), clock.now()
    give(dataset, child, signed_at=now - 3 * DAY, valid_until=now - DAY)
    state = states(dataset, child).purposes["research"]
    assert (state.word, state.since) == ("expired", now - DAY)
    before = states(dataset, child, now - 2 * DAY).purposes["research"]
    assert (before.word, before.since) == ("given", now - 3 * DAY)


def test_a_withdrawn_consent_says_since_when(dataset: Dataset) -> None:
    child = enrol(dataset, "research", "publication")
    before = clock.now()
    end(dataset, child, "publication")
    found = states(dataset, child).purposes
    assert (found["publication"].word, found["research"].word) == ("withdrawn", "given")
    assert before <= (found["publication"].since or before - DAY) <= clock.now()


def test_a_consent_given_anew_stands_beside_the_withdrawn_one(dataset: Dataset) -> None:
    child = enrol(dataset, "publication")
    end(dataset, child, "publication")
    give(dataset, child, "publication", signed_at=clock.now())
    found = states(dataset, child)
    assert words(found) == ["withdrawn", "given"]
    assert found.purposes["publication"].consent == found.answers[0][0]


def test_a_later_answer_supersedes_the_earlier_ones(dataset: Dataset) -> None:
    child, now = enrol(dataset), clock.now()
    give(dataset, child, signed_at=now - 3 * DAY)
    give(dataset, child, signed_at=now - 2 * DAY, given=False)
    give(dataset, child, signed_at=now - DAY)
    found = states(dataset, child)
    assert words(found) == ["superseded", "superseded", "given"]
    assert found.answers[-1][1].since == now - 2 * DAY


def test_what_ended_an_answer_first_names_its_state(dataset: Dataset) -> None:
    child, now = enrol(dataset), clock.now()
    give(dataset, child, "sharing", signed_at=now - 5 * DAY, valid_until=now - 3 * DAY)
    give(dataset, child, "sharing", signed_at=now - 4 * DAY, valid_until=now - 2 * DAY)
    give(dataset, child, "sharing", signed_at=now - DAY)
    end(dataset, child, "sharing")
    assert words(states(dataset, child)) == ["superseded", "expired", "withdrawn"]


def test_a_paper_recorded_late_counts_from_its_signature(dataset: Dataset) -> None:
    child, now = enrol(dataset), clock.now()
    give(dataset, child, signed_at=now - DAY, given=False)
    give(dataset, child, signed_at=now - 2 * DAY)
    found = states(dataset, child)
    assert words(found) == ["refused", "superseded"]
    assert found.purposes["research"].word == "refused"


def test_a_longer_consent_stands_on_when_a_newer_one_expires(dataset: Dataset) -> None:
    child, now = enrol(dataset), clock.now()
    give(dataset, child, signed_at=now - 3 * DAY)
    give(dataset, child, signed_at=now - 2 * DAY, valid_until=now + DAY)
    assert words(states(dataset, child, now)) == ["superseded", "given"]
    later = states(dataset, child, now + 2 * DAY)
    assert words(later) == ["given", "expired"]
    assert later.purposes["research"].word == "given"


@pytest.mark.parametrize("days", [-9, -4, -2, 0, 2, 9])
def test_given_is_what_stands_and_nothing_else(dataset: Dataset, days: int) -> None:
    child, now = enrol(dataset), clock.now()
    give(dataset, child, "research", signed_at=now - 5 * DAY, valid_until=now + 5 * DAY)
    give(dataset, child, "publication", signed_at=now - 5 * DAY)
    give(dataset, child, "publication", signed_at=now - 3 * DAY, given=False)
    give(dataset, child, "sharing", signed_at=now - 3 * DAY)
    end(dataset, child, "sharing")
    at = now + days * DAY
    with dataset.database.read() as session:
        for purpose, state in consent_states(session, child, at).purposes.items():
            standing = standing_consent(session, child, purpose, at)
            assert (state.word == "given") == (standing is not None)
            if standing:
                assert state.consent == standing
