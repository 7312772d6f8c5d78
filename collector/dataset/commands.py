"""What the three command lines share: their options, their answers, their exit codes.

A command exits with 0 when it is done, 1 when it failed, 2 when the user must change something,
then with one sentence on standard error. COLLECTOR_DEBUG=1 adds the traceback of a failure.
"""

import io
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from collector.dataset.dataset import Dataset
from collector.dataset.errors import CommandMistake, UserMistake
from collector.dataset.opening import open_dataset

Function = TypeVar("Function", bound=Callable[..., Any])

DONE, FAILED, MISTAKE = 0, 1, 2


def run_command(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run the command (with `sys.argv` unless arguments are given); returns the exit code.

    The function of a console script is `sys.exit(run_command(group))`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A console's code page may lack a letter of somebody's name.
            stream.reconfigure(errors="replace")
    try:
        result = command.main(arguments, prog_name=command.name, standalone_mode=False)
    except UserMistake as error:
        return _say(str(error), MISTAKE)
    except click.ClickException as error:
        return _say(error.format_message(), MISTAKE)
    except (click.Abort, KeyboardInterrupt):
        return _say("Stopped.", FAILED)
    except Exception as error:
        if os.environ.get("COLLECTOR_DEBUG"):
            traceback.print_exc()
        return _say(f"Something failed: {_first_line(error)}", FAILED)
    # Without its standalone mode click hands an `exit(code)` back as the result.
    return result if isinstance(result, int) else DONE


def dataset_options(function: Function) -> Function:
    """Add `--data` and `--keys`, handed on as `data: Path` and `keys: Path | None`."""
    folder = click.Path(file_okay=False, path_type=Path)
    keys = click.option(
        "--keys",
        type=folder,
        envvar="COLLECTOR_KEYS",
        show_envvar=True,
        help="The folder of the keys; left out, the user's own data folder.",
    )
    data = click.option(
        "--data",
        type=folder,
        default=Path("data"),
        show_default=True,
        envvar="COLLECTOR_DATA",
        show_envvar=True,
        help="The folder of the dataset.",
    )
    return data(keys(function))


def json_option(function: Function) -> Function:
    """Add `--json`, handed on as `as_json: bool`."""
    words = "Print one JSON object on standard output."
    return click.option("--json", "as_json", is_flag=True, help=words)(function)


@contextmanager
def opened_dataset(data: Path, keys: Path | None) -> Iterator[Dataset]:
    """The dataset that is there, open for the length of a command; raises UserMistake without."""
    dataset = open_dataset(data, keys, create=False, passphrase=ask_passphrase)
    try:
        yield dataset
    finally:
        dataset.close()


def ask_passphrase() -> str:
    """The passphrase of the keys: from COLLECTOR_PASSPHRASE, or asked for; UserMistake if neither.

    Asked on standard error, so that the answer of a command with `--json` stays one object.
    """
    given = os.environ.get("COLLECTOR_PASSPHRASE")
    if given:
        return given
    if not sys.stdin.isatty():
        raise CommandMistake("These keys open with a passphrase: give it in COLLECTOR_PASSPHRASE.")
    return str(click.prompt("Passphrase of the keys", hide_input=True, err=True))


def report(result: Mapping[str, Any], as_json: bool, text: str) -> None:
    """Print the result: one JSON object, or the text for people.

    JSON is written in ASCII, so that a Windows console's code page cannot break it.
    """
    click.echo(json.dumps(result, default=str) if as_json else text)


def _say(sentence: str, code: int) -> int:
    click.echo(sentence, file=sys.stderr)
    return code


def _first_line(error: Exception) -> str:
    # SQLAlchemy's messages go on with the statement and its values, which are nobody's business.
    return (str(error) or type(error).__name__).splitlines()[0]
