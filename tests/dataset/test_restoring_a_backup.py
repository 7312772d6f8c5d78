"""The restore drill: what was erased since a backup was made is erased again, then served."""

import hashlib
import shutil
import sqlite3
import uuid
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.erasure import erase_participant, erase_photos
from collector.dataset.errors import UserMistake
from collector.dataset.keys import KeyGone
from collector.dataset.opening import open_dataset
from collector.dataset.photos import digest_photo, read_photo
from collector.dataset.upkeep.backups import back_up_dataset, back_up_keys
from collector.dataset.upkeep.restoring import Restored, restore
from tests.cast import drawn_jpeg, enrol, sit, snap

pytestmark = pytest.mark.slow


class Drill:
    """Two children with a photo each, backed up; then the first one is erased."""

    def __init__(self, dataset: Dataset, folder: Path) -> None:
        self.folder = folder
        self.erased, self.other = enrol(dataset, "research"), enrol(dataset, "research")
        self.photos = {}
        for child in (self.erased, self.other):
            self.photos[child] = snap(dataset, sit(dataset, child))
        self.backup = back_up_dataset(dataset, folder / "stick.db", actor="test").file
        self.keys = back_up_keys(dataset, folder / "stick.keys", actor="test").file
        erase_participant(dataset, self.erased, actor="test")
        dataset.close()

    def restore(self, data: str = "data", keys: str = "keys", **options: object) -> Restored:
        return restore(self.backup, self.folder / data, self.folder / keys, actor="test", **options)  # type: ignore[arg-type]

    def open_raw(self, data: str = "data") -> sqlite3.Connection:
        return sqlite3.connect(self.folder / data / "dataset.db")

    def check(self, data: str = "data", keys: str = "keys") -> None:
        """The first child is gone everywhere, the other's photo is as it was sent."""
        with closing(self.open_raw(data)) as connection:
            for table, column, name in [
                ("participant", "id", self.erased),
                ("photo", "id", self.photos[self.erased]),
                ("photo_bytes", "photo_id", self.photos[self.erased]),
                ("consent", "participant_id", self.erased),
            ]:
                statement = f"SELECT count(*) FROM {table} WHERE {column} = ?"  # noqa: S608
                assert connection.execute(statement, (name.hex,)).fetchone() == (0,), table
        dataset = open_dataset(self.folder / data, self.folder / keys, create=False)
        with pytest.raises(KeyGone):
            dataset.keys.child(self.erased)
        assert dataset.keys.is_buried("participant", self.erased.hex)
        assert photo_of(dataset, self.photos[self.other]) == drawn_jpeg()
        with dataset.database.read() as session:
            assert dataset.chain.first_broken(session) is None
        dataset.close()


@pytest.fixture
def drill(dataset: Dataset, tmp_path: Path) -> Drill:
    return Drill(dataset, tmp_path)


def photo_of(dataset: Dataset, photo_id: uuid.UUID) -> bytes:
    with dataset.database.read() as session:
        sitting, child = session.execute(
            text(
                "SELECT session_id, participant_id FROM photo JOIN capture_session "
                "ON capture_session.id = session_id WHERE photo.id = :id"
            ),
            {"id": photo_id.hex},
        ).one()
        photo = session.scalars(own_session_photos(uuid.UUID(sitting))).one()
    content = read_photo(dataset, photo)
    key = dataset.keys.child(uuid.UUID(child))
    assert digest_photo(key, photo_id, hashlib.sha256(content).hexdigest()) == photo.digest
    return content


def test_an_old_backup_over_the_dataset_erases_the_child_again(drill: Drill) -> None:
    restored = drill.restore(replace=True)
    drill.check()
    assert restored.erased_again == {"children": 1, "photos": 1}
    assert restored.counts == {"children": 1, "photos": 1}
    assert restored.kept
    assert (drill.folder / "data" / restored.kept).exists()


def test_an_old_backup_in_an_empty_folder_erases_the_child_again(drill: Drill) -> None:
    drill.restore("elsewhere")
    drill.check("elsewhere")


def test_an_old_key_backup_brings_no_erased_key_back(drill: Drill) -> None:
    drill.restore("elsewhere", keys_from=drill.keys)
    drill.check("elsewhere")


def test_tombstones_survive_a_lost_master_key(drill: Drill) -> None:
    (drill.folder / "keys" / "master.key").unlink()
    restored = drill.restore("elsewhere", keys_from=drill.keys)
    drill.check("elsewhere")
    assert restored.keys_adopted == 2 - 1


def test_both_tombstones_and_keys_come_together(drill: Drill, tmp_path: Path) -> None:
    """A photo binned on another machine since, whose keys were backed up there."""
    shutil.copytree(tmp_path / "keys", tmp_path / "other-keys")
    drill.restore("other", "other-keys")
    other = open_dataset(tmp_path / "other", tmp_path / "other-keys")
    erase_photos(other, [drill.photos[drill.other]], actor="test")
    back_up_keys(other, tmp_path / "newer.keys", actor="test")
    other.close()
    drill.restore("third", keys_from=tmp_path / "newer.keys")
    with closing(drill.open_raw("third")) as connection:
        assert connection.execute("SELECT count(*) FROM photo").fetchone() == (0,)


def test_the_replaced_dataset_s_log_tells_what_was_erased(drill: Drill) -> None:
    """The keys folder is lost and its backup is old: the log still names the erased child."""
    shutil.rmtree(drill.folder / "keys")
    drill.restore(replace=True, keys_from=drill.keys)
    drill.check()


def test_onto_a_new_machine_from_the_two_backups_alone(drill: Drill) -> None:
    """The one limit: nothing here knows of the erasure, so both children come back."""
    drill.restore("new", "new-keys", keys_from=drill.keys)
    dataset = open_dataset(drill.folder / "new", drill.folder / "new-keys", create=False)
    for child in (drill.erased, drill.other):
        assert photo_of(dataset, drill.photos[child]) == drawn_jpeg()
    dataset.close()


def test_a_dataset_is_replaced_only_when_asked(drill: Drill) -> None:
    with pytest.raises(UserMistake, match="--replace"):
        drill.restore()


def test_a_dataset_in_use_is_not_replaced(drill: Drill, tmp_path: Path) -> None:
    served = open_dataset(tmp_path / "data", tmp_path / "keys")
    with pytest.raises(UserMistake, match="in use"):
        drill.restore(replace=True)
    with served.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM participant")).scalar_one() == 1
    served.close()


def test_other_keys_are_refused_before_anything_changes(drill: Drill, tmp_path: Path) -> None:
    open_dataset(tmp_path / "strange", tmp_path / "strange-keys").close()
    with pytest.raises(UserMistake, match="does not hold the keys of this dataset"):
        drill.restore("elsewhere", "strange-keys")
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_key_backup_of_another_dataset_is_refused(drill: Drill, tmp_path: Path) -> None:
    strange = open_dataset(tmp_path / "strange", tmp_path / "strange-keys")
    keys = back_up_keys(strange, tmp_path / "strange.keys", actor="test").file
    strange.close()
    with pytest.raises(UserMistake, match="of another dataset"):
        drill.restore("elsewhere", "new-keys", keys_from=keys)
    assert not (tmp_path / "new-keys").exists()


def test_without_any_keys_the_way_is_named(drill: Drill) -> None:
    with pytest.raises(UserMistake, match="--keys-from"):
        drill.restore("elsewhere", "no-keys")


def test_what_is_no_backup_is_refused(drill: Drill, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.db"
    content = bytearray(drill.backup.read_bytes())
    content[40_000:60_000] = bytes(20_000)
    damaged.write_bytes(content)
    for file in (damaged, drill.keys, tmp_path / "nothing.db"):
        with pytest.raises(UserMistake, match=r"no dataset, or damaged|There is no file"):
            restore(file, tmp_path / "elsewhere", tmp_path / "keys", actor="test")
    with pytest.raises(UserMistake, match="no backup of keys"):
        drill.restore("elsewhere", keys_from=drill.backup)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_damaged_dataset_is_replaced_and_kept(drill: Drill, tmp_path: Path) -> None:
    (tmp_path / "data" / "dataset.db").write_bytes(b"not a database" * 1000)
    restored = drill.restore(replace=True)
    drill.check()
    assert (tmp_path / "data" / str(restored.kept)).read_bytes().startswith(b"not a database")


def test_lost_keys_come_back_to_the_dataset_that_is_there(drill: Drill, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "keys")
    drill.backup = tmp_path / "data" / "dataset.db"
    drill.restore(replace=True, keys_from=drill.keys)
    drill.check()


def test_what_a_log_beside_the_file_holds_comes_along(drill: Drill, tmp_path: Path) -> None:
    running = open_dataset(tmp_path / "data", tmp_path / "keys")
    enrol(running, "research")
    for name in ("dataset.db", "dataset.db-wal"):
        shutil.copy(tmp_path / "data" / name, tmp_path / f"copied-{name}")
    running.close()
    drill.backup = tmp_path / "copied-dataset.db"
    assert drill.restore("elsewhere").counts["children"] == 2
