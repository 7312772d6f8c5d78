"""The commands for guardians' rights: withdrawing, and seeing what is held."""

from pathlib import Path
from typing import Any

import click

from collector.dataset import clock
from collector.dataset.commands import dataset_options, json_option, opened_dataset, report
from collector.dataset.consents.dossier import write_dossier
from collector.dataset.consents.duties import list_duties
from collector.dataset.consents.receipts import receipt_of_code
from collector.dataset.consents.terms import Expiry, due_for_erasure, erase_expired
from collector.dataset.consents.withdrawals import Held, Outcome, held_for
from collector.dataset.consents.withdrawals import withdraw as carry_out
from collector.dataset.errors import CommandMistake
from collector.dataset.vocabulary import PURPOSES


@click.group()
def consent() -> None:
    """What a guardian may ask for: withdraw, see all that is held."""


@consent.command()
@click.argument("code")
@click.option("--purpose", "purposes", multiple=True, type=click.Choice(PURPOSES),
              help="What is withdrawn; may be given several times. Left out, or with research "
                   "among them: everything, and the child is erased.")  # fmt: skip
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask for confirmation.")
@dataset_options
@json_option
def withdraw(
    code: str,
    purposes: tuple[str, ...],
    is_sure: bool,
    data: Path,
    keys: Path | None,
    as_json: bool,
) -> None:
    """Withdraw what the receipt with CODE stands for, as its guardian asks.

    Withdrawing the same again changes nothing.
    """
    with opened_dataset(data, keys) as dataset:
        with dataset.database.read() as db:
            child = receipt_of_code(dataset, db, code).participant_id
            held = held_for(db, child)
        wanted = purposes or PURPOSES
        if not is_sure and not held.erased:
            # Asked on standard error, so that the answer with --json stays one object.
            click.confirm(_question(held, wanted), abort=True, err=True)
        outcome = carry_out(dataset, child, wanted, channel="command", actor="command")
        with dataset.database.read() as db:
            duties = [
                {"kind": one.kind, "place": one.place, "due_on": one.due_on.isoformat()}
                for one in list_duties(db, child)
                if one.done_at is None
            ]
    result = {
        "withdrawn": outcome.purposes,
        "erased": outcome.erased,
        "photos_erased": outcome.photos,
        "pending": outcome.pending,
        "duties": duties,
    }
    report(result, as_json, _told(outcome, duties))


@consent.command()
@click.argument("code")
@click.option("--out", "file", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="The new ZIP file.")  # fmt: skip
@dataset_options
@json_option
def access(code: str, file: Path, data: Path, keys: Path | None, as_json: bool) -> None:
    """Write all that is held about the child of the receipt with CODE into a new ZIP.

    Photos, what was signed, a page to read and a file for programs: hand it to the guardian and
    delete it.
    """
    with opened_dataset(data, keys) as dataset:
        with dataset.database.read() as db:
            child = receipt_of_code(dataset, db, code).participant_id
            if held_for(db, child).erased:
                raise CommandMistake("This child was erased: nothing is held any more.")
        dossier = write_dossier(dataset, child, file, actor="command")
    lines = [f"{dossier.photos} photos and all that is known of the child in {file}."]
    if dossier.left_out:
        lines.append(f"Left out: {dossier.left_out} photos in which somebody else can be seen.")
    lines.append("Hand it to the guardian, then delete it: anybody can open it.")
    result = {
        "file": str(file),
        "photos": dossier.photos,
        "photos_left_out": dossier.left_out,
        "bytes": len(dossier.content),
    }
    report(result, as_json, "\n".join(lines))


@consent.command("erase-expired")
@click.option("--dry-run", is_flag=True, help="Only say who is due.")
@click.option("--yes", "is_sure", is_flag=True, help="Do not ask for confirmation.")
@dataset_options
@json_option
def erase_ended(dry_run: bool, is_sure: bool, data: Path, keys: Path | None, as_json: bool) -> None:
    """Erase the children about whom nothing may be kept any more.

    That is everybody after the study's last day; where it states none, a child thirty days after
    its research consent ended and was not renewed.
    """
    with opened_dataset(data, keys) as dataset:
        with dataset.database.read() as db:
            due = due_for_erasure(db, clock.now())
        children = [
            {"child": one.pseudonym, "photos": one.photos, "since": one.since.isoformat()}
            for one in due
        ]
        lines = [f"{one.pseudonym}: {one.photos} photos, since {one.since:%Y-%m-%d}" for one in due]
        if due and not dry_run:
            click.echo("\n".join(lines), err=True)
            if not is_sure:
                today = clock.now().astimezone().date()
                question = f"Today is {today}. Erase these {len(due)} children for good?"
                click.confirm(question, abort=True, err=True)
            done = erase_expired(
                dataset, actor="command", wanted=[one.participant_id for one in due]
            )
        else:
            done = Expiry(0, 0, False)
    result = {"due": children, "erased": done.children, "photos_erased": done.photos,
              "pending": done.pending}  # fmt: skip
    if not due:
        lines = ["Nobody is due to be erased."]
    elif not dry_run:
        lines = [f"Erased: {done.children} children, {done.photos} photos."]
    report(result, as_json, "\n".join(lines))


def _question(held: Held, purposes: tuple[str, ...]) -> str:
    if "research" not in purposes:
        return f"Withdraw {' and '.join(purposes)}?"
    return f"Erase this child and {held.count} photos for good?"


def _told(outcome: Outcome, duties: list[dict[str, Any]]) -> str:
    """What was done, for people."""
    lines = [f"Withdrawn: {', '.join(outcome.purposes) or 'nothing that was not before'}."]
    if outcome.photos:
        lines.append(f"Erased: {outcome.photos} photos, and all that was known of the child.")
    if outcome.pending:
        lines.append("Their last bytes are overwritten once nobody reads the dataset any more.")
    lines += [f"To do until {one['due_on']}: {one['kind']}, {one['place']}" for one in duties]
    return "\n".join(lines)
