"""Importing a folder: first everything is checked, then everything is stored, or nothing."""

import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from collector.dataset.dataset import Dataset
from collector.dataset.errors import CommandMistake
from collector.dataset.faces import FaceFinder
from collector.dataset.importing.checking import Progress, Wish, check_folder
from collector.dataset.importing.staging import Staging
from collector.dataset.importing.storing import store_photos
from collector.dataset.importing.summary import Summary

NAMED = 10  # how many bad files are named


class ImportRefused(CommandMistake):
    """Something in the folder cannot be taken, so nothing was stored."""

    def __init__(self, sentence: str, summary: Summary) -> None:
        super().__init__(sentence)
        self.summary = summary


@dataclass(frozen=True)
class Imported:
    """What an import did; `session_id` is None where it stored nothing."""

    summary: Summary
    session_id: uuid.UUID | None


def import_folder(
    dataset: Dataset,
    finder: FaceFinder,
    wish: Wish,
    *,
    actor: str,
    skip_bad: bool = False,
    dry_run: bool = False,
    progress: Progress = lambda _what, _done, _all: None,
) -> Imported:
    """Import the folder's photos as one finished session of the child, without assent or protocol.

    The same file again, under whatever name, changes nothing; with nothing new no session is made.
    `dry_run` checks all and stores nothing. Raises ImportRefused where files cannot be taken or are
    not covered by the consent (with `skip_bad` they are left out), CommandMistake for the rest.
    """
    with Staging(dataset.folder) as staging, _without_pillows_warnings():
        plan = check_folder(dataset, finder, wish, staging, progress)
        refusals = list(_refusals(plan.summary))
        if refusals and not skip_bad:
            raise ImportRefused("\n".join(refusals), plan.summary)
        if dry_run or not plan.photos:
            return Imported(plan.summary, None)
        store_photos(dataset, plan, staging, progress, actor=actor)
        return Imported(plan.summary, plan.session_id)


def name_bad_files(summary: Summary) -> list[str]:
    """The first ten bad files with their reasons, a line each."""
    lines = [f"  {path}: {reason}" for path, reason in list(summary.bad.items())[:NAMED]]
    if len(summary.bad) > NAMED:
        lines.append(f"  and {len(summary.bad) - NAMED} more")
    return lines


def _refusals(summary: Summary) -> Iterator[str]:
    """Why nothing is stored, a sentence for each reason."""
    of = f"of {summary.found} photos"
    if summary.bad:
        yield (
            f"{len(summary.bad)} {of} cannot be taken, so nothing was stored: "
            "put them right, or leave them out with --skip-bad."
        )
        yield from name_bad_files(summary)
    if summary.too_early:
        yield (
            f"{summary.too_early} {of} were taken before this consent was signed, and its text "
            "does not cover earlier photos, so nothing was stored: --skip-bad leaves them out."
        )
    if summary.too_late:
        yield (
            f"{summary.too_late} {of} were taken after the study's last day for photos, "
            "so nothing was stored: --skip-bad leaves them out."
        )


@contextmanager
def _without_pillows_warnings() -> Iterator[None]:
    """Pillow prints what it thinks of broken camera notes, which are not used anyway."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=r"PIL\.")
        yield
