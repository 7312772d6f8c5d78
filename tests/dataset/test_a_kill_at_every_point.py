"""Keys and rows live in two files: a kill between them must leave nothing that stays undone.

The work is done in a forked process that kills itself (SIGKILL) before the n-th SQL statement that
it sends to either file, for every n until it gets through: between statements nothing durable
happens. Then the dataset is opened again, as a restart would, and must be whole.
"""

import os
import signal
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.erasure import erase_participant, erase_photos
from collector.dataset.keys import KeyGone
from collector.dataset.opening import open_dataset
from collector.dataset.participants import Attributes, register_participant
from collector.dataset.photos import read_photo
from collector.dataset.upkeep.backups import back_up_dataset
from collector.dataset.upkeep.restoring import restore
from tests.cast import drawn_jpeg, enrol, sit, snap

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]

GOT_THROUGH = 17
PASSPHRASE = "камень ножницы бумага"


def dies_before(statement: int, folder: Path, work: Callable[[Dataset], Any]) -> bool:
    """Run the work in a process that kills itself before that statement; whether it died."""
    child = os.fork()
    if child == 0:
        countdown: list[int | None] = [None]
        _watch_statements(countdown)
        dataset = open_dataset(folder / "data", folder / "keys", passphrase=say)
        countdown[0] = statement
        work(dataset)
        os._exit(GOT_THROUGH)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == GOT_THROUGH
    return False


def _watch_statements(countdown: list[int | None]) -> None:
    def seen(_statement: str) -> None:
        if countdown[0] is not None:
            countdown[0] -= 1
            if countdown[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    connect = sqlite3.connect

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        connection.set_trace_callback(seen)
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = watched  # type: ignore[assignment]


def killed_everywhere(
    folder: Path,
    prepare: Callable[[Dataset], Any],
    work: Callable[[Dataset, Any], Any],
) -> Iterator[tuple[Dataset, Any, int]]:
    """After each kill: the dataset opened anew, and what `prepare` returned for this round."""
    statement, died = 1, True
    after = open_dataset(folder / "data", folder / "keys")
    while died:
        prepared = prepare(after)
        after.close()
        died = dies_before(statement, folder, lambda dataset, it=prepared: work(dataset, it))
        after = open_dataset(folder / "data", folder / "keys")
        yield after, prepared, statement
        statement += 1
    after.close()


def rows_of(dataset: Dataset, table: str) -> int:
    with dataset.database.read() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


def keys_held(dataset: Dataset) -> int:
    return len(dataset.keys._rows("SELECT participant FROM child_key"))


def test_a_registration_is_whole_or_never_was(dataset: Dataset, tmp_path: Path) -> None:
    def register(opened: Dataset, _nothing: None) -> None:
        register_participant(opened, Attributes(), actor="test", real_name="Aru")

    rounds = 0
    for after, _, at in killed_everywhere(tmp_path, lambda _dataset: None, register):
        assert after.keys.unconfirmed(after.site_id) == [], at
        assert keys_held(after) == rows_of(after, "participant"), at
        with after.database.read() as session:
            assert after.chain.first_broken(session) is None, at
        rounds += 1
    assert rounds > 10
    assert rows_of(dataset, "participant") >= 1


def test_an_erasure_ends_erased_once_it_has_begun(dataset: Dataset, tmp_path: Path) -> None:
    def enrol_with_photo(opened: Dataset) -> tuple[uuid.UUID, uuid.UUID]:
        child = enrol(opened, "research", birth_year=2018)
        return child, snap(opened, sit(opened, child))

    def erase(opened: Dataset, prepared: tuple[uuid.UUID, uuid.UUID]) -> None:
        erase_participant(opened, prepared[0], actor="test")

    outcomes = set()
    for after, (child, photo), at in killed_everywhere(tmp_path, enrol_with_photo, erase):
        with after.database.read() as session:
            there = session.execute(
                text("SELECT count(*) FROM participant WHERE id = :id"), {"id": child.hex}
            ).scalar_one()
            pixels = session.execute(
                text("SELECT count(*) FROM photo_bytes WHERE photo_id = :id"), {"id": photo.hex}
            ).scalar_one()
            assert after.chain.first_broken(session) is None, at
        begun = after.keys.is_buried("participant", child.hex)
        if begun:
            assert (there, pixels) == (0, 0), at
            with pytest.raises(KeyGone):
                after.keys.child(child)
        else:
            assert there == 1, at
            after.keys.child(child)
        outcomes.add(begun)
        erase_participant(after, child, actor="test")
    assert outcomes == {True, False}
    assert rows_of(dataset, "photo_bytes") == 0


def test_a_binned_photo_stays_binned(dataset: Dataset, tmp_path: Path) -> None:
    session = sit(dataset, enrol(dataset, "research"))

    def erase(opened: Dataset, photo: uuid.UUID) -> None:
        erase_photos(opened, [photo], actor="test")

    outcomes = set()
    for after, photo, at in killed_everywhere(tmp_path, lambda one: snap(one, session), erase):
        with after.database.read() as db:
            there = db.execute(
                text("SELECT count(*) FROM photo WHERE id = :id"), {"id": photo.hex}
            ).scalar_one()
        buried = after.keys.is_buried("photo", photo.hex)
        assert there == (0 if buried else 1), at
        outcomes.add(buried)
    assert outcomes == {True, False}


def test_a_change_of_the_master_key_loses_no_key(dataset: Dataset, tmp_path: Path) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    photo = snap(dataset, session)
    masters = set()
    rounds = 0
    for after, before, at in killed_everywhere(
        tmp_path, lambda one: one.keys.copy()[1].fingerprint, lambda one, _: one.keys.rotate()
    ):
        assert photo_opens(after, session.id, photo), at
        assert sorted(one.name for one in after.keys.folder.glob("master*")) == ["master.key"], at
        masters.add(after.keys.copy()[1].fingerprint == before)
        rounds += 1
    assert masters == {True, False}
    assert rounds > 10


def test_a_change_to_a_passphrase_and_back_loses_no_key(dataset: Dataset, tmp_path: Path) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    photo = snap(dataset, session)
    statement, died, kinds = 1, True, set()
    keys = dataset.keys
    while died:
        begun_as = keys.by_passphrase

        def change(opened: Dataset) -> None:
            if opened.keys.by_passphrase:
                opened.keys.use_file()
            else:
                opened.keys.use_passphrase(PASSPHRASE)

        died = dies_before(statement, tmp_path, change)
        with closing(open_dataset(tmp_path / "data", tmp_path / "keys", passphrase=say)) as after:
            assert photo_opens(after, session.id, photo), statement
            lying = [one.name for one in after.keys.folder.glob("master*")]
            assert lying == ([] if after.keys.by_passphrase else ["master.key"]), statement
            kinds.add((begun_as, after.keys.by_passphrase))
        statement += 1
    assert (False, False) in kinds
    assert len(kinds) > 2


def test_a_restore_shows_no_erased_child_and_loses_no_other(
    dataset: Dataset, tmp_path: Path
) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    photo = snap(dataset, session)
    child = enrol(dataset, "research")
    file = back_up_dataset(dataset, tmp_path / "stick.db", actor="test").file
    erase_participant(dataset, child, actor="test")
    dataset.close()

    def bring_back(opened: Dataset, _nothing: None) -> None:
        opened.close()
        folders = opened.folder, opened.keys.folder
        restore(file, *folders, replace=True, actor="test")

    outcomes = set()
    for after, _, at in killed_everywhere(tmp_path, lambda _dataset: None, bring_back):
        with after.database.read() as db:
            there = db.execute(
                text("SELECT count(*) FROM participant WHERE id = :id"), {"id": child.hex}
            ).scalar_one()
            assert after.chain.first_broken(db) is None, at
        assert there == 0, at
        with pytest.raises(KeyGone):
            after.keys.child(child)
        assert photo_opens(after, session.id, photo), at
        replaced = list(after.folder.glob("*.replaced-*"))
        outcomes.add(bool(replaced))
        for path in replaced:
            path.unlink()
    assert outcomes == {True, False}


def photo_opens(dataset: Dataset, session_id: uuid.UUID, photo_id: uuid.UUID) -> bool:
    with dataset.database.read() as session:
        photo = session.scalars(own_session_photos(session_id)).one()
    return photo.id == photo_id and read_photo(dataset, photo) == drawn_jpeg()


def say() -> str:
    return PASSPHRASE
