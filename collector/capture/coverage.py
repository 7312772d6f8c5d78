"""What is still missing: the page for those who collect, never for those who review."""

import uuid
from dataclasses import asdict, dataclass

from flask import Blueprint, render_template, request

from collector.dataset import clock
from collector.dataset.coverage import (
    Count,
    Coverage,
    ordered_emotions,
    ordered_poses,
    read_coverage,
)
from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.errors import NotFound
from collector.dataset.protocols.asking import asked_poses, current_goal
from collector.dataset.protocols.planning import Goal
from collector.dataset.spreads import read_spreads
from collector.dataset.vocabulary import LIGHTS
from collector.web.access import roles
from collector.web.charts import histogram_svg, progress_svg
from collector.web.here import dataset

# Prompts can be guessed from it where a child or a class has few photos: not for reviewers.
blueprint = Blueprint("coverage", __name__, url_prefix="/coverage", template_folder="templates")

PHOTOGRAPHED = ("natural", "artificial")  # the lights of the study; others are shown where they are
BIGGEST = 1_000_000


@dataclass(frozen=True)
class Row:
    """One child: all its photos, its usable ones of each class, the classes it gave enough to."""

    id: uuid.UUID
    pseudonym: str
    counts: Count
    classes: dict[Emotion, int]
    capped: int

    def figure(self, column: str) -> int:
        """What stands in the column of that name; 0 where there is none."""
        figures: dict[str, int] = {**asdict(self.counts), "capped": self.capped}
        figures.update({one.value: count for one, count in self.classes.items()})
        return figures.get(column, 0)


@blueprint.get("/")
@roles("operator", "admin")
def overview() -> str:
    """The counts of all children, or of the one named; light's measures; what to ask for next."""
    now = clock.now()
    with dataset().database.read() as db:
        everybody, goal = read_coverage(db, now), _goal(current_goal(db))
        spreads, poses = read_spreads(db, now), asked_poses(db)
    child = _child(everybody)
    shown = everybody.of(child) if child else everybody
    return render_template(
        "coverage.html",
        shown=shown,
        child=child,
        goal=goal,
        now=now,
        spreads=spreads,
        children=_children(everybody, goal),
        sort=request.args.get("sort", ""),
        empty=Count(),
        rows=ordered_emotions(place.emotion for place in shown.places),
        lights=[one for one in LIGHTS if one in {*PHOTOGRAPHED, *shown.by("light")}],
        poses=ordered_poses({*poses, *shown.by("head_pose")}),
        histogram_svg=histogram_svg,
        progress_svg=progress_svg,
    )


def _goal(goal: Goal) -> Goal:
    """The protocols' goal, or one for the target that the address names."""
    target = request.args.get("target", 0, int)
    return Goal(target) if 0 < target <= BIGGEST and target != goal.target else goal


def _child(found: Coverage) -> uuid.UUID | None:
    """The child that the address names; raises NotFound for one that is not there."""
    named = request.args.get("child")
    for child in found.children:
        if named == str(child):
            return child
    if named:
        raise NotFound("There is no such child.")
    return None


def _children(found: Coverage, goal: Goal) -> list[Row]:
    """A row for each child, by pseudonym, or the largest first of the column the address names."""
    classes, sums = found.by("child", "emotion"), found.by("child")
    rows = []
    for child, pseudonym in found.children.items():
        usable = {one: classes.get((child, one), Count()).usable for one in EMOTIONS}
        capped = sum(count >= goal.cap for count in usable.values())
        rows.append(Row(child, pseudonym, sums.get(child, Count()), usable, capped))
    return sorted(rows, key=lambda row: row.figure(request.args.get("sort", "")), reverse=True)
