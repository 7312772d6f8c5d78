"""What is still missing: the page for those who collect, never for those who review."""

import uuid
from dataclasses import asdict, dataclass, replace

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
from collector.dataset.protocols.goals import Goal
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
    """The counts of all children and lights, or of those named; light's measures."""
    now, light = clock.now(), _light()
    with dataset().database.read() as db:
        everybody, whole = read_coverage(db, now).only(light=light), _goal(current_goal(db))
        spreads, poses = read_spreads(db, now, light), asked_poses(db)
    child, goal = _child(everybody), whole.in_light(light)
    shown = everybody.only(child=child)
    return render_template(
        "coverage.html",
        shown=shown,
        child=child,
        light=light,
        offered=LIGHTS,
        target=whole.target,
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
    """The protocols' goal, or the same with the target that the address names."""
    target = request.args.get("target", 0, int)
    if not 0 < target <= BIGGEST or target == goal.target:
        return goal
    return replace(goal, target=target, per_child=None)


def _light() -> str | None:
    """The light that the address names; None, which is all, for any other word."""
    named = request.args.get("light", "")
    return named if named in LIGHTS else None


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
