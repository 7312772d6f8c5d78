"""The command that says what is still missing."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from collector.dataset import clock
from collector.dataset.commands import dataset_options, json_option, opened_dataset, report
from collector.dataset.coverage import (
    Count,
    Coverage,
    ordered_emotions,
    ordered_poses,
    read_coverage,
)
from collector.dataset.protocols.asking import current_goal
from collector.dataset.protocols.goals import Goal
from collector.dataset.vocabulary import LIGHTS


@click.command()
@click.option("--target", type=click.IntRange(1, 1_000_000),
              help="Usable photos wanted of each emotion.  [default: as the protocol says that was "
              "used last, of those that ask first for what is short]")  # fmt: skip
@dataset_options
@json_option
def coverage(target: int | None, data: Path, keys: Path | None, as_json: bool) -> None:
    """Count photos taken, usable and agreed upon by emotion, light, head position and child.

    Prompts stand in it: it is for those who do not review.
    """
    with opened_dataset(data, keys) as dataset, dataset.database.read() as db:
        found = read_coverage(db, clock.now())
        goal = Goal(target) if target else current_goal(db)
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
    by_emotion, by_light, by_pose = (found.by(one) for one in ("emotion", "light", "head_pose"))
    lines = []
    for emotion in ordered_emotions(by_emotion):
        count = by_emotion.get(emotion, Count())
        missing = f", missing {max(0, goal.target - count.usable)}" if emotion else ""
        lines.append(f"{emotion or 'no prompt'}: {_words(count)}{missing}")
    lines += [f"{one} light: {_words(by_light[one])}" for one in LIGHTS if one in by_light]
    lines += [f"head {one or 'not said'}: {_words(by_pose[one])}" for one in ordered_poses(by_pose)]
    children = len(found.by("child"))
    return [*lines, f"{children} {'child' if children == 1 else 'children'} with photos"]


def _words(count: Count) -> str:
    return f"taken {count.taken}, usable {count.usable}, agreed {count.agreed}"
