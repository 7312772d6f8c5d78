"""The command that says what is still missing."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from collector.dataset import clock
from collector.dataset.commands import dataset_options, json_option, opened_dataset, report
from collector.dataset.coverage import Coverage, ordered_emotions, read_coverage
from collector.dataset.protocols.planning import TARGET, Goal


@click.command()
@click.option("--target", type=click.IntRange(1, 1_000_000), default=TARGET, show_default=True,
              help="Usable photos wanted of each emotion.")  # fmt: skip
@dataset_options
@json_option
def coverage(target: int, data: Path, keys: Path | None, as_json: bool) -> None:
    """Count photos taken, usable and agreed upon by emotion, light, head position and child.

    Prompts stand in it: it is for those who do not review.
    """
    with opened_dataset(data, keys) as dataset, dataset.database.read() as db:
        found = read_coverage(db, clock.now())
    goal = Goal(target)
    report(_as_json(found, goal), as_json, "\n".join(_lines(found, goal)))


def _as_json(found: Coverage, goal: Goal) -> dict[str, Any]:
    places = sorted(found.places.items(), key=lambda one: [str(part) for part in one[0]])
    return {
        "target": goal.target,
        "most": goal.most,
        "per_child": goal.cap,
        "total": asdict(found.total),
        "places": [
            {**place._asdict(), "child": found.children.get(place.child, ""), **asdict(count)}
            for place, count in places
        ],
    }


def _lines(found: Coverage, goal: Goal) -> list[str]:
    by_emotion = found.by("emotion")
    lines = []
    for emotion in ordered_emotions(by_emotion):
        count = by_emotion.get(emotion)
        taken, usable, agreed = (count.taken, count.usable, count.agreed) if count else (0, 0, 0)
        missing = max(0, goal.target - usable)
        lines.append(
            f"{emotion or 'no prompt'}: taken {taken}, usable {usable}, agreed {agreed}"
            + (f", missing {missing}" if emotion else "")
        )
    return lines
