"""The command that counts what became of everybody and everything."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from collector.dataset import clock
from collector.dataset.commands import dataset_options, json_option, opened_dataset, report
from collector.dataset.flow import read_flow


@click.command()
@click.option("--votes", type=click.IntRange(1, 50), default=3, show_default=True,
              envvar="COLLECTOR_VOTES", show_envvar=True,
              help="How many votes make a photo judged.")  # fmt: skip
@dataset_options
@json_option
def flow(votes: int, data: Path, keys: Path | None, as_json: bool) -> None:
    """Count what became of every child, answer, session and photo, as a flow diagram shows it.

    Counts survive erasures.
    """
    with opened_dataset(data, keys) as dataset, dataset.database.read() as db:
        found = asdict(read_flow(db, clock.now(), wanted_votes=votes))
    lines = []
    for group, counts in found.items():
        if isinstance(counts, dict):
            lines += [f"{group}:", *_indented(counts)]
    report(found, as_json, "\n".join(lines))


def _indented(counts: dict[str, Any]) -> list[str]:
    lines = []
    for name, count in counts.items():
        words = name.replace("_", " ")
        if isinstance(count, dict):
            told = ", ".join(f"{one.replace('_', ' ')} {number}" for one, number in count.items())
            lines.append(f"  {words}: {told}")
        else:
            lines.append(f"  {words}: {count}")
    return lines
