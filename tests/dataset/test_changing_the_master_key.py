"""The master key: rotated under a running server, from a passphrase and back, lost and wrong."""

import sqlite3
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from collector.cli import collector
from collector.dataset.commands import run_command
from collector.dataset.dataset import Dataset
from collector.dataset.errors import UserMistake
from collector.dataset.keys import Keys
from collector.dataset.master import Master, write_next
from collector.dataset.opening import open_dataset
from collector.dataset.sealing import Key, Unreadable, new_secret
from tests.cast import enrol

pytestmark = pytest.mark.slow

SITE, CHILD, LATER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
WORDS = "four quiet grey horses"


def a_passphrase(words: str = WORDS) -> Callable[[], str]:
    return lambda: words


def opens(keys: Keys, sealed: bytes, child: uuid.UUID = CHILD) -> bool:
    return keys.child(child).open(sealed, "photo", child) == b"pixels"


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys")


@pytest.fixture
def sealed(keys: Keys) -> bytes:
    return keys.begin_child(SITE, CHILD).seal(b"pixels", "photo", CHILD)


def test_after_a_rotation_the_old_master_key_opens_nothing(keys: Keys, sealed: bytes) -> None:
    old = (keys.folder / "master.key").read_bytes()
    assert keys.rotate() == 1
    assert (keys.folder / "master.key").read_bytes() != old
    assert opens(Keys(keys.folder), sealed)
    wrapped = keys._rows("SELECT wrapped FROM child_key")[0][0]
    with pytest.raises(Unreadable):
        Key(old).open(wrapped, "child key", CHILD)


def test_the_keys_as_they_were_wrapped_before_are_gone(keys: Keys, sealed: bytes) -> None:
    assert sealed
    before = keys._rows("SELECT wrapped FROM child_key")[0][0]
    keys.rotate()
    for file in keys.folder.iterdir():
        assert before not in file.read_bytes(), file


def test_a_running_server_goes_on_after_a_rotation(keys: Keys, sealed: bytes) -> None:
    server = Keys(keys.folder)
    keys.rotate()
    assert opens(server, sealed)
    keys.rotate()
    later = server.begin_child(SITE, LATER).seal(b"pixels", "photo", LATER)
    assert opens(Keys(keys.folder), later, LATER)


def test_a_damaged_key_stops_the_rotation_whole(keys: Keys, sealed: bytes) -> None:
    assert sealed
    keys.begin_child(SITE, LATER)
    keys._execute("UPDATE child_key SET wrapped = ? WHERE participant = ?", bytes(60), LATER.hex)
    with pytest.raises(UserMistake, match="collector doctor"):
        keys.rotate()
    assert opens(Keys(keys.folder), sealed)
    assert [one.name for one in keys.folder.glob("master*")] == ["master.key"]


def test_a_rotation_that_was_never_committed_is_forgotten(keys: Keys, sealed: bytes) -> None:
    write_next(keys.folder, Master(new_secret()))
    assert opens(Keys(keys.folder), sealed)
    assert not (keys.folder / "master.key.new").exists()


def test_with_a_passphrase_no_file_opens_anything(keys: Keys, sealed: bytes) -> None:
    keys.use_passphrase(WORDS)
    assert not (keys.folder / "master.key").exists()
    assert opens(Keys(keys.folder, a_passphrase()), sealed)
    with pytest.raises(UserMistake, match="COLLECTOR_PASSPHRASE"):
        Keys(keys.folder)
    with pytest.raises(UserMistake, match="not the passphrase"):
        Keys(keys.folder, a_passphrase("four quiet grey houses"))
    opened = Keys(keys.folder, a_passphrase())
    opened.rotate()
    opened.use_file()
    assert opens(Keys(keys.folder), sealed)


def test_two_ways_to_write_a_letter_are_one_passphrase(keys: Keys, sealed: bytes) -> None:
    keys.use_passphrase("мой тёплый дом")
    decomposed = "мои\u0306 те\u0308плыи\u0306 дом"
    assert opens(Keys(keys.folder, a_passphrase(decomposed)), sealed)


def test_a_short_passphrase_is_refused(keys: Keys) -> None:
    with pytest.raises(UserMistake, match="at least 12"):
        keys.use_passphrase("qwerty")
    assert not keys.by_passphrase


def test_keys_of_before_the_fingerprint_open(keys: Keys, sealed: bytes) -> None:
    with sqlite3.connect(keys.folder / "keys.db") as connection:
        connection.execute("DROP TABLE master")
    assert opens(Keys(keys.folder), sealed)
    with sqlite3.connect(keys.folder / "keys.db") as connection:
        connection.execute("DROP TABLE master")
    (keys.folder / "master.key").write_bytes(bytes(32))
    with pytest.raises(UserMistake, match="not the one"):
        Keys(keys.folder)


def test_from_the_command_line(
    dataset: Dataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    child = enrol(dataset, "research")
    here = ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]
    assert run_command(collector, ["keys", "rotate", *here]) == 0
    assert "new backup of the keys" in capsys.readouterr().out
    change = ["keys", "passphrase", "--new-passphrase", WORDS, *here]
    assert run_command(collector, change) == 0
    assert run_command(collector, ["users", "list", *here]) == 2
    assert "COLLECTOR_PASSPHRASE" in capsys.readouterr().err
    monkeypatch.setenv("COLLECTOR_PASSPHRASE", WORDS)
    assert run_command(collector, ["users", "list", *here]) == 0
    with_passphrase = tmp_path / "keys.zip"
    assert run_command(collector, ["backup", str(tmp_path / "p.db"), *here]) == 0
    assert run_command(collector, ["backup-keys", str(with_passphrase), *here]) == 0
    there = ["--data", str(tmp_path / "new"), "--keys", str(tmp_path / "new-keys")]
    restore = ["restore", str(tmp_path / "p.db"), "--keys-from", str(with_passphrase), *there]
    assert run_command(collector, restore) == 0
    assert not (tmp_path / "new-keys" / "master.key").exists()
    assert run_command(collector, ["keys", "passphrase", "--to-file", *here]) == 0
    monkeypatch.delenv("COLLECTOR_PASSPHRASE")
    opened = open_dataset(tmp_path / "data", tmp_path / "keys")
    opened.keys.child(child)
    with opened.database.read() as session:
        assert opened.chain.first_broken(session) is None
    opened.close()
