"""The commands that keep a dataset safe: backups, restoring, the doctor, the keys."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress as Bar

from collector.dataset.commands import (
    ask_passphrase,
    dataset_options,
    json_option,
    opened_dataset,
    report,
)
from collector.dataset.consents.duties import note_destroyed_keys
from collector.dataset.dataset import Dataset
from collector.dataset.errors import CommandMistake
from collector.dataset.upkeep.backups import Backup, back_up_dataset, back_up_keys
from collector.dataset.upkeep.integrity import Progress, examine
from collector.dataset.upkeep.restoring import restore as restore_backup

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=FILE)
@dataset_options
@json_option
def backup(file: Path, data: Path, keys: Path | None, as_json: bool) -> None:
    """Copy the dataset, without its keys, into a new FILE; people may go on working meanwhile."""
    with opened_dataset(data, keys) as dataset:
        made = back_up_dataset(dataset, file, actor="command")
    text = (
        f"{made.counts['children']} children, {made.counts['photos']} photos in {file}, verified. "
        "Without the keys nobody can see them: collector backup-keys copies those, "
        "to another place."
    )
    report(_summary(made, file), as_json, text)


@click.command("backup-keys")
@click.argument("file", type=FILE)
@dataset_options
@json_option
def backup_keys(file: Path, data: Path, keys: Path | None, as_json: bool) -> None:
    """Copy the keys and the master key into a new FILE, to be kept apart from the photos."""
    with opened_dataset(data, keys) as dataset:
        made = back_up_keys(dataset, file, actor="command")
    text = (
        f"The keys of {made.counts['keys']} children in {file}, verified. "
        "Keep it locked away, in another place than the backup of the photos. "
        f"Its number is {made.id}: when a child is withdrawn, this file must be destroyed."
    )
    report(_summary(made, file), as_json, text)


@click.command()
@click.argument("file", type=FILE)
@click.option("--keys-from", type=FILE, help="A backup of the keys, joined with those there are.")
@click.option("--erase", type=click.UUID, multiple=True, metavar="NUMBER",
              help="A child that paper alone still says was withdrawn: the number on its "
                   "destruction act; may be given several times.")  # fmt: skip
@click.option("--replace", is_flag=True,
              help="Replace the dataset that is there; it is kept beside the new one.")  # fmt: skip
@dataset_options
@json_option
def restore(
    file: Path,
    keys_from: Path | None,
    erase: tuple[uuid.UUID, ...],
    replace: bool,
    data: Path,
    keys: Path | None,
    as_json: bool,
) -> None:
    """Bring the backup FILE back; what was erased since it was made is erased again."""
    restored = restore_backup(
        file,
        data,
        keys,
        keys_from=keys_from,
        replace=replace,
        erase=erase,
        passphrase=ask_passphrase,
        actor="command",
    )
    counts, erased = restored.counts, restored.erased_again
    lines = [
        f"{counts['children']} children, {counts['photos']} photos are back in {data}.",
        f"Erased again: {erased['children']} children, {erased['photos']} photos.",
    ]
    if restored.answers:
        lines.append(f"{restored.answers} answers of guardians since the backup were taken over.")
    if restored.answers is None:
        lines.append(
            "Nothing could be taken over from the dataset that was there: answers, receipts and "
            "copies since the backup are forgotten. Record them again."
        )
    if restored.kept:
        lines.append(
            f"What was there lies in {data / restored.kept}: delete it once all is well, "
            "withdrawals do not reach it."
        )
    result = {
        **counts,
        "erased_again": erased,
        "keys_adopted": restored.keys_adopted,
        "kept": restored.kept,
        "answers": restored.answers,
    }
    report(result, as_json, "\n".join(lines))


@click.command()
@dataset_options
@json_option
def doctor(data: Path, keys: Path | None, as_json: bool) -> None:
    """Examine everything: the log, the keys, each photo, the consents, the backups' age.

    Exits with 1 if anything is wrong; a warning alone does not.
    """
    with opened_dataset(data, keys) as dataset, _progress() as progress:
        findings = list(examine(dataset, progress))
    wrong = [one for one in findings if one.wrong]
    warnings = [one for one in findings if not one.wrong]
    lines = [
        f"{word}: {one.sentence} {one.to_do}"
        for word, ones in (("Wrong", wrong), ("Warning", warnings))
        for one in ones
    ]
    if not wrong:
        lines.append("Nothing is wrong.")
    result = {
        "wrong": [asdict(one) for one in wrong],
        "warnings": [asdict(one) for one in warnings],
    }
    report(result, as_json, "\n".join(lines))
    if wrong:
        raise click.exceptions.Exit(1)


def _summary(made: Backup, file: Path) -> dict[str, Any]:
    """A backup as the JSON that both commands print."""
    return {
        "id": str(made.id),
        "file": str(file),
        "made_at": made.made_at.isoformat(),
        **made.counts,
    }


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on standard error while the photos are opened; none where nobody is watching."""
    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Opening photos", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@click.group()
def keys() -> None:
    """The master key: change it, or make it from a passphrase."""


@keys.command()
@dataset_options
@json_option
def rotate(data: Path, keys: Path | None, as_json: bool) -> None:
    """Make a new master key; copies of the old one open nothing of what is here from now on."""
    with opened_dataset(data, keys) as dataset:
        changed = dataset.keys.rotate()
        _note(dataset, "master key rotated")
    text = f"A new master key wraps {changed} keys. Make a new backup of the keys."
    report({"keys": changed}, as_json, text)


@keys.command()
@click.option("--to-file", is_flag=True, help="Back to a master key that lies in its file.")
@click.option("--new-passphrase", envvar="COLLECTOR_NEW_PASSPHRASE", show_envvar=True,
              help="Asked for if it is left out.")  # fmt: skip
@dataset_options
@json_option
def passphrase(
    to_file: bool, new_passphrase: str | None, data: Path, keys: Path | None, as_json: bool
) -> None:
    """Make the master key from a passphrase, which is asked at every start, or change it.

    A forgotten passphrase cannot be replaced by anything: no photo could be opened again.
    """
    if not to_file and new_passphrase is None:
        new_passphrase = click.prompt(
            "New passphrase of the keys", hide_input=True, confirmation_prompt=True, err=True
        )
    with opened_dataset(data, keys) as dataset:
        if to_file or new_passphrase is None:
            changed = dataset.keys.use_file()
            _note(dataset, "master key put into a file")
            text = f"The master key lies in its file in {dataset.keys.folder} again."
        else:
            changed = dataset.keys.use_passphrase(new_passphrase)
            _note(dataset, "master key made from a passphrase")
            text = "The master key is made from the passphrase, which is asked at every start."
    text += " Make a new backup of the keys."
    report({"keys": changed, "by_passphrase": not to_file}, as_json, text)


@keys.command()
@click.argument("number")
@dataset_options
@json_option
def destroyed(number: str, data: Path, keys: Path | None, as_json: bool) -> None:
    """Note that the key backup of that NUMBER was destroyed; backup-keys printed the number.

    What withdrawals left to do about it is done with that, and no later one names it.
    """
    try:
        backup_id = uuid.UUID(number)
    except ValueError as error:
        raise CommandMistake("A backup's number has 32 digits and letters (0-9, a-f).") from error
    with opened_dataset(data, keys) as dataset:
        duties = note_destroyed_keys(dataset, backup_id, actor="command")
    text = f"Noted. {duties} duties that withdrawals had left are done with it."
    report({"id": str(backup_id), "duties": duties}, as_json, text)


def _note(dataset: Dataset, action: str) -> None:
    with dataset.database.write() as session:
        dataset.chain.record(session, "command", action)


COMMANDS = (backup, backup_keys, restore, doctor, keys)
