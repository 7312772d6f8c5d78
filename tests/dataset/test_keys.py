"""The folder of keys: what fits together, what does not, and that the two files are needed both."""

import stat
import sys
import uuid
from pathlib import Path

import pytest

from collector.dataset.dataset import Dataset
from collector.dataset.errors import UserMistake
from collector.dataset.keys import KeyGone, Keys
from collector.dataset.opening import open_dataset
from collector.dataset.participants import Attributes, read_attributes, register_participant
from collector.dataset.sealing import Unreadable

SITE, CHILD, OTHER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()


def test_what_a_child_s_key_seals_it_opens(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    sealed = keys.begin_child(SITE, CHILD).seal(b"pixels", "photo", CHILD)
    assert Keys(tmp_path).child(CHILD).open(sealed, "photo", CHILD) == b"pixels"
    assert b"pixels" not in sealed


@pytest.mark.parametrize(("what", "row"), [("thumbnail", CHILD), ("photo", OTHER)])
def test_sealed_bytes_cannot_be_moved_elsewhere(tmp_path: Path, what: str, row: uuid.UUID) -> None:
    key = Keys(tmp_path).begin_child(SITE, CHILD)
    with pytest.raises(Unreadable):
        key.open(key.seal(b"pixels", "photo", CHILD), what, row)


def test_a_destroyed_key_is_gone_with_the_name(tmp_path: Path) -> None:
    keys = Keys(tmp_path)
    keys.begin_child(SITE, CHILD)
    keys.set_real_name(CHILD, "Aru")
    assert keys.real_name(CHILD) == "Aru"
    keys.destroy_child(CHILD)
    assert keys.real_name(CHILD) is None
    with pytest.raises(KeyGone):
        keys.child(CHILD)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has its own access lists")
def test_nobody_else_on_the_machine_can_read_the_master_key(tmp_path: Path) -> None:
    Keys(tmp_path / "keys")
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "keys" / "master.key").stat().st_mode) == 0o600


def test_a_lost_master_key_is_said_in_a_sentence(tmp_path: Path) -> None:
    Keys(tmp_path)
    (tmp_path / "master.key").unlink()
    with pytest.raises(UserMistake, match=r"master\.key is missing"):
        Keys(tmp_path)


def test_a_wrong_master_key_is_said_in_a_sentence(tmp_path: Path) -> None:
    Keys(tmp_path)
    (tmp_path / "master.key").write_bytes(bytes(32))
    with pytest.raises(UserMistake, match="not the one"):
        Keys(tmp_path)


def test_a_damaged_master_key_is_said_in_a_sentence(tmp_path: Path) -> None:
    Keys(tmp_path)
    (tmp_path / "master.key").write_bytes(b"")
    with pytest.raises(UserMistake, match="is damaged"):
        Keys(tmp_path)


def test_a_dataset_does_not_open_with_another_s_keys(dataset: Dataset, tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="does not hold the keys of this dataset"):
        open_dataset(dataset.folder, tmp_path / "others")


def test_the_keys_may_not_lie_in_the_data_folder(tmp_path: Path) -> None:
    for keys in (tmp_path / "data" / "keys", tmp_path / "elsewhere" / ".." / "data" / "keys"):
        with pytest.raises(UserMistake, match="must not lie inside"):
            open_dataset(tmp_path / "data", keys)


def test_the_database_alone_shows_no_attribute(dataset: Dataset) -> None:
    child = register_participant(
        dataset, Attributes(origin="Qostanai steppe"), actor="test", real_name="Aruzhan"
    )
    assert read_attributes(dataset, child).origin == "Qostanai steppe"
    dataset.database.forget_erased_pages()
    content = dataset.database.path.read_bytes()
    assert b"Qostanai" not in content
    assert b"Aruzhan" not in content
