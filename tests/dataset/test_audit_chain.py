"""The chain of events shows where it was tampered with."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from collector.dataset.dataset import Dataset
from tests.cast import enrol


@pytest.fixture
def chained(dataset: Dataset) -> Dataset:
    """A dataset with a few events."""
    for _ in range(3):
        enrol(dataset, "research")
    return dataset


def first_broken(dataset: Dataset) -> int | None:
    with dataset.database.read() as session:
        return dataset.chain.first_broken(session)


def tamper(dataset: Dataset, statement: str) -> None:
    with dataset.database.write() as session:
        session.execute(text(statement))


def test_an_untouched_chain_is_whole(chained: Dataset) -> None:
    assert first_broken(chained) is None


def test_an_altered_event_is_found(chained: Dataset) -> None:
    tamper(chained, "UPDATE audit_event SET actor = 'somebody else' WHERE position = 2")
    assert first_broken(chained) == 2


def test_a_removed_event_is_found(chained: Dataset) -> None:
    tamper(chained, "DELETE FROM audit_event WHERE position = 3")
    assert first_broken(chained) == 3


def test_swapped_events_are_found(chained: Dataset) -> None:
    tamper(chained, "UPDATE audit_event SET position = -2 WHERE position = 2")
    tamper(chained, "UPDATE audit_event SET position = 2 WHERE position = 3")
    tamper(chained, "UPDATE audit_event SET position = 3 WHERE position = -2")
    assert first_broken(chained) == 2


def test_eight_writers_at_once_make_one_whole_chain(dataset: Dataset) -> None:
    def record(number: int) -> None:
        with dataset.database.write() as session:
            dataset.chain.record(session, "writer", "wrote", number=number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(record, range(80)))
    assert first_broken(dataset) is None
    with dataset.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM audit_event")).scalar_one() == 80
