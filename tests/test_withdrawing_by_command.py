"""`collector consent withdraw`: asks first, tells what it did, and exits as commands do."""

import io
import json
import uuid
from pathlib import Path

import pytest

from collector.cli import collector
from collector.dataset.commands import run_command
from collector.dataset.dataset import Dataset
from collector.dataset.vocabulary import PURPOSES
from tests.cast import enrol
from tests.guardians.aftermath import code_for, copy_out, spread

pytestmark = pytest.mark.slow


@pytest.fixture
def child(dataset: Dataset) -> uuid.UUID:
    return enrol(dataset, *PURPOSES)


def run(dataset: Dataset, *words: str) -> int:
    folders = ("--data", str(dataset.folder), "--keys", str(dataset.keys.folder))
    return run_command(collector, ["consent", "withdraw", *words, *folders])


def answer(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))


def test_it_erases_when_it_is_sure(
    dataset: Dataset, child: uuid.UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spread(dataset, child, tmp_path)
    code = code_for(dataset, child)
    assert run(dataset, code, "--yes", "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["withdrawn"], said["photos_erased"], said["erased"]) == (list(PURPOSES), 1, True)
    assert sorted(one["kind"] for one in said["duties"]) == ["key_backup", "model", "snapshot"]
    assert run(dataset, code) == 0  # nothing is left to be asked about
    assert "nothing that was not before" in capsys.readouterr().out


def test_a_purpose_may_be_named(
    dataset: Dataset, child: uuid.UUID, capsys: pytest.CaptureFixture[str]
) -> None:
    copy_out(dataset, "sharing", child)
    assert run(dataset, code_for(dataset, child), "--purpose", "sharing", "--yes") == 0
    said = capsys.readouterr().out
    assert "Withdrawn: sharing." in said
    assert "folder: sharing.zip" in said
    assert dataset.keys.child(child)


@pytest.mark.parametrize(
    ("typed", "code", "kept"), [("y\n", 0, False), ("n\n", 1, True), ("", 1, True)]
)
def test_it_asks_first(
    dataset: Dataset,
    child: uuid.UUID,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: str,
    code: int,
    kept: bool,
) -> None:
    receipt = code_for(dataset, child)
    answer(monkeypatch, typed)
    assert run(dataset, receipt, "--json") == code
    said = capsys.readouterr()
    assert "Erase this child and 0 photos for good?" in said.err
    assert said.out.startswith("{") == (code == 0)
    assert (child in dataset.keys.children(dataset.site_id)) == kept


@pytest.mark.parametrize("words", [("1234567890123456",), ("",), ("x", "--purpose", "fame"), ()])
def test_what_the_user_must_change_exits_with_two(
    dataset: Dataset, child: uuid.UUID, words: tuple[str, ...]
) -> None:
    assert run(dataset, *words, "--yes") == 2
    assert child in dataset.keys.children(dataset.site_id)
