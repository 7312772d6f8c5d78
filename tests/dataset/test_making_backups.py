"""Backups: of one moment while people capture, verified, apart from each other, for nobody else."""

import json
import sqlite3
import stat
import sys
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from collector.cli import collector
from collector.dataset.commands import run_command
from collector.dataset.dataset import Dataset
from collector.dataset.errors import UserMistake
from collector.dataset.upkeep.backups import (
    DATASET_MADE,
    KEYS_MADE,
    back_up_dataset,
    back_up_keys,
    backups_made,
)
from tests.cast import enrol, sit, snap


def test_a_backup_made_during_capture_is_of_one_moment(dataset: Dataset, tmp_path: Path) -> None:
    sitting = sit(dataset, enrol(dataset, "research"))
    stop, stored = threading.Event(), []

    def capture() -> None:
        while not stop.is_set():
            stored.append(snap(dataset, sitting))

    tablet = threading.Thread(target=capture)
    tablet.start()
    try:
        made = []
        while len(stored) < 3 and len(made) < 200:
            made.append(back_up_dataset(dataset, tmp_path / f"{len(made)}.db", actor="test"))
    finally:
        stop.set()
        tablet.join()
    assert len(stored) > 2
    counts = [one.counts["photos"] for one in made]
    assert counts == sorted(counts)
    for one in made:
        with closing(sqlite3.connect(one.file)) as connection:
            photos = connection.execute("SELECT count(*) FROM photo").fetchone()[0]
        assert photos == one.counts["photos"]


def test_a_backup_is_one_file_that_nobody_else_may_read(dataset: Dataset, tmp_path: Path) -> None:
    enrol(dataset, "research")
    place = tmp_path / "stick"
    place.mkdir()
    back_up_dataset(dataset, place / "photos.db", actor="test")
    back_up_keys(dataset, place / "keys.zip", actor="test")
    assert sorted(one.name for one in place.iterdir()) == ["keys.zip", "photos.db"]
    if sys.platform != "win32":
        assert {stat.S_IMODE(one.stat().st_mode) for one in place.iterdir()} == {0o600}


def test_the_two_backups_hold_nothing_of_each_other(dataset: Dataset, tmp_path: Path) -> None:
    child = enrol(dataset, "research")
    dataset.keys.set_real_name(child, "Aruzhan")
    photos = back_up_dataset(dataset, tmp_path / "photos.db", actor="test").file.read_bytes()
    keys = back_up_keys(dataset, tmp_path / "keys.zip", actor="test").file
    wrapped = dataset.keys._rows("SELECT wrapped FROM child_key")[0][0]
    master = (dataset.keys.folder / "master.key").read_bytes()
    assert wrapped not in photos
    assert master not in photos
    with zipfile.ZipFile(keys) as container:
        assert sorted(container.namelist()) == ["about.json", "keys.db", "master.key"]
        assert container.read("master.key") == master
    assert b"Aruzhan" not in keys.read_bytes()


@pytest.mark.parametrize("back_up", [back_up_dataset, back_up_keys])
def test_a_backup_replaces_nothing(dataset: Dataset, tmp_path: Path, back_up: object) -> None:
    (tmp_path / "there").write_text("a thesis")
    with pytest.raises(UserMistake, match="exists already"):
        back_up(dataset, tmp_path / "there", actor="test")  # type: ignore[operator]
    assert (tmp_path / "there").read_text() == "a thesis"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right on Windows")
def test_lock_and_key_never_come_to_lie_together(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(dataset.folder)
    for place in (dataset.folder, tmp_path / "link"):
        with pytest.raises(UserMistake, match="must not lie with the photos"):
            back_up_keys(dataset, place / "keys.zip", actor="test")
    with pytest.raises(UserMistake, match="must not lie with the keys"):
        back_up_dataset(dataset, dataset.keys.folder / "photos.db", actor="test")
    with pytest.raises(UserMistake, match="no folder"):
        back_up_dataset(dataset, tmp_path / "nowhere" / "photos.db", actor="test")


def test_the_log_knows_each_backup_by_a_number(dataset: Dataset, tmp_path: Path) -> None:
    enrol(dataset, "research")
    first = back_up_keys(dataset, tmp_path / "first", actor="test")
    second = back_up_keys(dataset, tmp_path / "second", actor="test")
    photos = back_up_dataset(dataset, tmp_path / "photos", actor="test")
    with dataset.database.read() as session:
        keys = backups_made(session, KEYS_MADE)
        assert [(one.id, one.file) for one in keys] == [
            (second.id, "second"),
            (first.id, "first"),
        ]
        assert [one.id for one in backups_made(session, DATASET_MADE)] == [photos.id]
        assert dataset.chain.first_broken(session) is None


def test_from_the_command_line_and_back(
    dataset: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    snap(dataset, sit(dataset, enrol(dataset, "research")))
    here = ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys"), "--json"]
    there = ["--data", str(tmp_path / "new"), "--keys", str(tmp_path / "new-keys"), "--json"]
    photos, keys = str(tmp_path / "photos.db"), str(tmp_path / "keys.zip")
    answers = []
    for command in (
        ["backup", photos, *here],
        ["backup-keys", keys, *here],
        ["restore", photos, "--keys-from", keys, *there],
    ):
        assert run_command(collector, command) == 0
        answers.append(json.loads(capsys.readouterr().out))
    assert answers[0]["photos"] == 1
    assert answers[1]["keys"] == 1
    assert answers[2]["photos"] == 1
    assert answers[2]["erased_again"] == {"children": 0, "photos": 0}
    assert run_command(collector, ["backup", photos, *here]) == 2
    assert "exists already" in capsys.readouterr().err
