"""Goals of protocols that fill gaps: how much is wanted, and of whom at most.

A protocol whose body says `"plan": "fill gaps"` leaves the choice of its steps to the planner
(planning.py), and may set

- `target`: usable photos wanted of each class. 200 unless set: the study took 200 to 230;
- `per_child`: the most that one child gives to a class. An eighth of the target unless set: with
  eight children or more no child is over 12.5 % of a class, so a quarter of the photos kept for
  validation always means two children or more; and 25 of 200 are five bursts of five, one for each
  position of the head. A study of one child sets it to the target;
- `steps_a_session`: how many steps a sitting asks at most;
- `lights`: the lights between which the target is divided evenly.

A step that says `"required": true` is asked of every child in every session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

FILL_GAPS = "fill gaps"
TARGET = 200
ABOVE = 1.15  # the study's 230 photos over its 200: then a class is full
CHILDREN = 8


@dataclass(frozen=True)
class Goal:
    """How many usable photos are wanted of each class, and of each child for a class."""

    target: int = TARGET
    per_child: int | None = None
    steps_a_session: int | None = None
    lights: tuple[str, ...] = ()

    @property
    def most(self) -> int:
        """With so many a class is full: 230 for a target of 200."""
        return round(self.target * ABOVE)

    @property
    def cap(self) -> int:
        """The most photos of one class by one child."""
        return self.per_child or max(1, self.target // CHILDREN)

    def in_light(self, light: str | None) -> "Goal":
        """What of it is wanted in that light: an even part, rounded up, where it is divided."""
        parts = len(self.lights) if light in self.lights else 1
        if parts == 1:
            return self
        return replace(self, target=-(-self.target // parts), per_child=-(-self.cap // parts))


def fills_gaps(body: Mapping[str, Any]) -> bool:
    """Whether the planner chooses what a sitting of this protocol asks."""
    return body.get("plan") == FILL_GAPS


def goal_of(body: Mapping[str, Any]) -> Goal:
    """The goal that a protocol's body sets."""
    return Goal(
        int(body.get("target", TARGET)),
        body.get("per_child"),
        body.get("steps_a_session"),
        tuple(body.get("lights", ())),
    )
