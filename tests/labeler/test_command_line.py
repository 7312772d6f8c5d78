"""`labeler snapshot`: its answers as JSON and for people, and its exit codes."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from collector.dataset.commands import run_command
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import EMOTIONS
from labeler.cli import labeler


@pytest.fixture
def command(dataset: Dataset, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run `labeler snapshot ...` on this test's dataset: exit code, output, errors."""
    folders = ["--data", str(dataset.folder), "--keys", str(dataset.keys.folder)]

    def run(*arguments: str) -> tuple[int, str, str]:
        code = run_command(labeler, ["snapshot", *arguments, *folders])
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_create_answers_with_one_json_object(command: Any, photos: list[uuid.UUID]) -> None:
    code, out, err = command("create", "first", "--rule", "prompted", "--json")
    assert (code, err) == (0, "")
    answer = json.loads(out)
    assert answer["snapshot"] == "first"
    assert answer["rule"] == "prompted"
    assert answer["photos"] == len(photos)
    assert list(answer["labels"]) == [emotion.value for emotion in EMOTIONS]
    assert sum(answer["labels"].values()) == len(photos)
    assert answer["left_out"] == {}
    assert len(answer["manifest_sha256"]) == 64


def test_create_tells_people_what_was_left_out(
    command: Any, photos: list[uuid.UUID], judge: Any
) -> None:
    judge("rita", photos[0], "happy")
    code, out, _ = command("create", "first")
    assert code == 0
    assert out == "Frozen: first, 1 photos by majority: happy 1; left out: 2 no votes.\n"


def test_list_names_the_frozen_sets(command: Any, photos: list[uuid.UUID]) -> None:
    assert command("list") == (0, "There is no snapshot yet.\n", "")
    assert json.loads(command("list", "--json")[1]) == {"snapshots": []}
    command("create", "first", "--rule", "prompted")
    command("create", "второй", "--rule", "prompted")
    names = [one["snapshot"] for one in json.loads(command("list", "--json")[1])["snapshots"]]
    assert names == ["first", "второй"]


def test_verify_exits_with_1_where_the_set_was_changed(
    command: Any, dataset: Dataset, photos: list[uuid.UUID]
) -> None:
    command("create", "first", "--rule", "prompted")
    code, out, _ = command("verify", "first", "--json")
    assert (code, json.loads(out)) == (0, {"snapshot": "first", "verified": True})
    with dataset.database.write() as session:
        session.execute(text("UPDATE snapshot_item SET label = 'neutral' WHERE position = 0"))
    code, out, _ = command("verify", "first", "--json")
    assert (code, json.loads(out)) == (1, {"snapshot": "first", "verified": False})


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("create", "first"), "No photo has a label by the rule majority (3 no votes): "),
        (("create", "first", "--rule", "best"), "Invalid value for '--rule': "),
        (("create",), "Missing argument 'NAME'."),
        (("create", "first", "--rool", "prompted"), "No such option"),
        (("verify", "second"), "There is no snapshot called second. There is none yet."),
        (("thaw",), "No such command 'thaw'."),
    ],
)
def test_what_the_user_must_change_is_said_in_one_sentence(
    command: Any, photos: list[uuid.UUID], arguments: tuple[str, ...], sentence: str
) -> None:
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(sentence)
    assert err.count("\n") == 1


def test_a_folder_without_a_dataset_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "nowhere"
    arguments = ["snapshot", "list", "--data", str(empty), "--keys", str(tmp_path / "k")]
    assert run_command(labeler, arguments) == 2
    assert (
        capsys.readouterr().err == f"There is no dataset in {empty}: name its folder with --data.\n"
    )
    assert not empty.exists()


@pytest.mark.slow
def test_the_installed_command_runs_and_takes_the_folders_from_the_environment(
    dataset: Dataset, photos: list[uuid.UUID]
) -> None:
    program = Path(sys.executable).with_name("labeler")
    folders = {
        "COLLECTOR_DATA": str(dataset.folder),
        "COLLECTOR_KEYS": str(dataset.keys.folder),
    }
    done = subprocess.run(
        [program, "snapshot", "create", "first", "--rule", "prompted", "--json"],
        env=os.environ | folders,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["photos"] == len(photos)


@pytest.mark.parametrize("arguments", [["--help"], ["snapshot", "create", "--help"], ["--version"]])
def test_help_and_version_exit_with_0(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(labeler, arguments) == 0
    assert capsys.readouterr().out
