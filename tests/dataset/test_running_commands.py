"""What the three command lines share: exit codes, one sentence, never a traceback."""

import json
from pathlib import Path

import click
import pytest

from collector.dataset.commands import dataset_options, json_option, report, run_command
from collector.dataset.errors import NotFound


@click.group("program")
def program() -> None:
    """A program."""


@program.command()
@click.argument("what")
def fail(what: str) -> None:
    """Fail in one of the ways there are."""
    ways = {
        "mistake": NotFound("There is no such thing."),
        "bug": RuntimeError("the first line\nand more that is nobody's business"),
        "silent bug": ValueError(),
        "ctrl-c": KeyboardInterrupt(),
        "exit": click.exceptions.Exit(1),
    }
    raise ways[what]


@program.command()
@dataset_options
@json_option
def say(data: Path, keys: Path | None, as_json: bool) -> None:
    """Say what was understood."""
    report({"data": data, "keys": keys, "word": "Қуаныш"}, as_json, f"{data}, {keys}")


@pytest.mark.parametrize(
    ("what", "code", "sentence"),
    [
        ("mistake", 2, "There is no such thing.\n"),
        ("bug", 1, "Something failed: the first line\n"),
        ("silent bug", 1, "Something failed: ValueError\n"),
        ("exit", 1, ""),
    ],
)
def test_each_failure_has_its_code_and_one_sentence(
    capsys: pytest.CaptureFixture[str], what: str, code: int, sentence: str
) -> None:
    assert run_command(program, ["fail", what]) == code
    assert capsys.readouterr() == ("", sentence)


def test_ctrl_c_is_no_failure_of_the_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(program, ["fail", "ctrl-c"]) == 1
    assert capsys.readouterr().err.strip() == "Stopped."


def test_the_traceback_is_there_for_who_asks_for_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLLECTOR_DEBUG", "1")
    assert run_command(program, ["fail", "bug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_the_folders_come_from_options_then_from_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_command(program, ["say"]) == 0
    monkeypatch.setenv("COLLECTOR_DATA", "from-environment")
    monkeypatch.setenv("COLLECTOR_KEYS", "k")
    assert run_command(program, ["say"]) == 0
    assert run_command(program, ["say", "--data", "from-option"]) == 0
    assert capsys.readouterr().out == "data, None\nfrom-environment, k\nfrom-option, k\n"


def test_json_is_one_object_that_any_code_page_can_carry(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_command(program, ["say", "--json"]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert json.loads(out) == {"data": "data", "keys": None, "word": "Қуаныш"}


def test_no_arguments_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    run_command(program, [])
    assert "Usage: program" in "".join(capsys.readouterr())


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert run_command(program, ["say", "--data", str(tmp_path / "file")]) == 2
    assert "is a file" in capsys.readouterr().err
