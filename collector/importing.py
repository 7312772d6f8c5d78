"""The command that takes over photos from before the tool."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress as Bar

from collector.dataset.commands import dataset_options, json_option, opened_dataset, report
from collector.dataset.faces import FaceFinder
from collector.dataset.importing.checking import Progress, Wish
from collector.dataset.importing.folders import (
    Imported,
    ImportRefused,
    import_folder,
    name_bad_files,
)
from collector.dataset.importing.summary import Summary


@click.command("import")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--participant", required=True,
              help="The child's pseudonym, or its id.")  # fmt: skip
@click.option("--consent", required=True,
              help="The research consent that covers the photos: its id, or the first eight "
                   "digits.")  # fmt: skip
@click.option("--map", "map_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="A CSV table with the columns folder or file, emotion, and perhaps light and "
                   "head_pose, where the folders' names do not say it.")  # fmt: skip
@click.option("--skip-bad", is_flag=True,
              help="Leave out what cannot be taken, and store the rest.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Check everything and store nothing.")
@dataset_options
@json_option
def import_photos(
    folder: Path,
    participant: str,
    consent: str,
    map_file: Path | None,
    skip_bad: bool,
    dry_run: bool,
    data: Path,
    keys: Path | None,
    as_json: bool,
) -> None:
    """Take over the photos in FOLDER, sorted into folders by emotion or not, for one child.

    Folders named by one of the eight emotions, in any of the four languages, say what was prompted;
    photos in other folders have no prompt. Of the camera's notes the time and the orientation are
    used; none is stored. Nothing is stored unless everything can be, and the same photos again
    change nothing.
    """
    wish = Wish(folder, participant, consent, map_file)
    with opened_dataset(data, keys) as dataset, _progress() as progress:
        try:
            done = import_folder(
                dataset,
                FaceFinder(),
                wish,
                actor="command",
                skip_bad=skip_bad,
                dry_run=dry_run,
                progress=progress,
            )
        except ImportRefused as refusal:
            if as_json:
                report(_result(Imported(refusal.summary, None), dry_run), as_json, "")
            raise
    report(_result(done, dry_run), as_json, "\n".join(_lines(done.summary, folder, dry_run)))


def _result(done: Imported, dry_run: bool) -> dict[str, object]:
    """The object that --json prints; `stored` counts the photos that are there now by this."""
    stored = done.summary.new if done.session_id else 0
    return {
        **asdict(done.summary),
        "stored": stored,
        "session": str(done.session_id) if done.session_id else None,
        "dry_run": dry_run,
    }


def _lines(summary: Summary, folder: Path, dry_run: bool) -> Iterator[str]:
    verb = "would be stored" if dry_run else "stored"
    yield f"{folder}: {summary.found} photos, {summary.new} {verb} in {summary.bursts} bursts."
    if summary.prompts:
        yield "Prompts: " + ", ".join(f"{name} {n}" for name, n in summary.prompts.items()) + "."
    if summary.unknown_folders:
        yield f"Folders that say no emotion: {_counted(summary.unknown_folders)}."
    for words, count in (
        ("In quarantine, because there is a second face", summary.quarantined),
        ("There already", summary.already_there),
        ("Twice in the folder, taken once", summary.same_twice),
        ("Erased once, and left erased", summary.erased),
        ("Left out, taken before a consent that does not cover them", summary.too_early),
        ("Left out, taken after the study's last day", summary.too_late),
        ("Without a time", summary.without_time),
    ):
        if count:
            yield f"{words}: {count}."
    if summary.unproven:
        yield (
            "This consent does not cover photos from before it was signed, and nothing shows when "
            "those without a time were taken: they are stored on your word."
        )
    if summary.bad:
        yield f"Left out, because they cannot be taken: {len(summary.bad)}."
        yield from name_bad_files(summary)
    if summary.left_aside:
        yield f"Other files, left aside: {_counted(summary.left_aside)}."


def _counted(counts: dict[str, int]) -> str:
    first = [f"{name} ({count})" for name, count in list(counts.items())[:10]]
    return ", ".join(first) + (f" and {len(counts) - 10} more" if len(counts) > 10 else "")


@contextmanager
def _progress() -> Iterator[Progress]:
    """A bar on standard error; none where nobody is watching."""
    console = Console(stderr=True)
    with Bar(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("Looking around", total=None)
        yield lambda what, done, total: bar.update(
            task, description=what, completed=done, total=total
        )
