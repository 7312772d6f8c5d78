"""A restore forgets no word of a child, and puts no session back under the wrong one."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.flow import read_flow
from collector.dataset.models import CaptureSession
from collector.dataset.opening import open_dataset
from collector.dataset.quarantine import record_answer
from collector.dataset.reassigning import reassign_session
from collector.dataset.sessions import close_session, session_of_token
from collector.dataset.upkeep.backups import back_up_dataset, back_up_keys
from collector.dataset.upkeep.restoring import restore
from tests.cast import enrol, sit, snap
from tests.dataset.doctor import wrong

pytestmark = pytest.mark.slow


class Past:
    """A child in the middle of a session, backed up."""

    def __init__(self, dataset: Dataset, folder: Path) -> None:
        self.dataset, self.folder = dataset, folder
        self.child = enrol(dataset, "research")
        self.sitting = sit(dataset, self.child)
        self.photo = snap(dataset, self.sitting)
        self.backup = back_up_dataset(dataset, folder / "stick.db", actor="test").file

    @contextmanager
    def restored(self, keys: Path | None = None) -> Iterator[Dataset]:
        """After the backup took the dataset's place, or came to a new machine with these keys."""
        self.dataset.close()
        place = self.folder / ("new" if keys else "")
        restore(self.backup, place / "data", place / "keys", keys_from=keys,
                replace=not keys, actor="test")  # fmt: skip
        opened = open_dataset(place / "data", place / "keys", create=False)
        assert wrong(opened) == []
        yield opened
        opened.close()


@pytest.fixture
def past(dataset: Dataset, tmp_path: Path) -> Past:
    return Past(dataset, tmp_path)


def usable(dataset: Dataset) -> list[uuid.UUID]:
    with dataset.database.read() as session:
        return [one.id for one in session.scalars(usable_photos("research", clock.now()))]


def owner(dataset: Dataset, sitting: uuid.UUID) -> uuid.UUID:
    with dataset.database.read() as session:
        return session.get_one(CaptureSession, sitting).participant_id


def test_a_child_that_stopped_since_the_backup_has_stopped_after_it(past: Past) -> None:
    close_session(past.dataset, past.sitting.id, "stopped", [])
    with past.restored() as dataset:
        assert usable(dataset) == []
        capture = session_of_token(dataset, past.sitting.token)
        assert capture
        assert (capture.state, capture.after_stop) == ("stopped", None)
        with dataset.database.read() as session:
            sessions = read_flow(session, clock.now(), wanted_votes=3).sessions
        assert (sessions["stopped"], sessions["abandoned"]) == (1, 0)


@pytest.mark.parametrize("answer", ["keep", "bin"])
def test_what_it_said_of_its_photos_holds(past: Past, answer: str) -> None:
    close_session(past.dataset, past.sitting.id, "stopped", [])
    record_answer(past.dataset, past.sitting.id, answer, actor="test")
    with past.restored() as dataset:
        assert usable(dataset) == ([past.photo] if answer == "keep" else [])


def test_an_older_dataset_in_its_place_takes_no_answer_back(past: Past) -> None:
    close_session(past.dataset, past.sitting.id, "stopped", [])
    newer = back_up_dataset(past.dataset, past.folder / "newer.db", actor="test").file
    with past.restored(back_up_keys(past.dataset, past.folder / "k.zip", actor="test").file):
        pass
    new = past.folder / "new"
    restore(newer, new / "data", new / "keys", replace=True, actor="test")
    opened = open_dataset(new / "data", new / "keys", create=False)
    assert usable(opened) == []
    opened.close()


@pytest.mark.parametrize("elsewhere", [False, True], ids=["in its place", "on a new machine"])
def test_a_session_moved_to_the_right_child_is_moved_again(past: Past, elsewhere: bool) -> None:
    right = enrol(past.dataset, "research")
    past.backup = back_up_dataset(past.dataset, past.folder / "both.db", actor="test").file
    reassign_session(past.dataset, past.sitting.id, right, actor="test")
    keys = back_up_keys(past.dataset, past.folder / "keys.zip", actor="test").file
    with past.restored(keys if elsewhere else None) as dataset:
        assert owner(dataset, past.sitting.id) == right
        assert usable(dataset) == [past.photo]


def test_one_moved_there_and_back_stays(past: Past) -> None:
    other = enrol(past.dataset, "research")
    past.backup = back_up_dataset(past.dataset, past.folder / "both.db", actor="test").file
    for child in (other, past.child):
        reassign_session(past.dataset, past.sitting.id, child, actor="test")
    with past.restored() as dataset:
        assert owner(dataset, past.sitting.id) == past.child


def test_one_whose_right_child_the_backup_does_not_know_holds_nothing_up(past: Past) -> None:
    right = enrol(past.dataset, "research")
    reassign_session(past.dataset, past.sitting.id, right, actor="test")
    past.dataset.close()
    restore(past.backup, past.folder / "data", past.folder / "keys", replace=True, actor="test")
    opened = open_dataset(past.folder / "data", past.folder / "keys", create=False)
    assert owner(opened, past.sitting.id) == past.child
    opened.close()
