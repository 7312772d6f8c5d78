"""Dividing photos into training and validation so that no child, or no burst, is on both sides."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from collector.dataset.emotions import EMOTIONS
from collector.dataset.errors import UserMistake
from trainer.config import SplitBy
from trainer.data import Example

FEWEST_CHILDREN = 4  # below that a quarter of the children is less than one child
METHOD = "stratified group holdout"
TRIES = 8_000  # groups looked at in all, in at least twenty orders

Group = Literal["child", "burst"]


@dataclass(frozen=True)
class Split:
    """Places of the examples on either side, and how they were divided."""

    train: tuple[int, ...]
    validation: tuple[int, ...]
    group: Group
    seed: int
    groups: tuple[int, int]  # how many children or bursts are on either side

    def as_dict(self) -> dict[str, object]:
        """What metrics.json says of it."""
        return {
            "method": METHOD,
            "seed": self.seed,
            "group": self.group,
            "train_groups": self.groups[0],
            "validation_groups": self.groups[1],
        }


def split_examples(examples: Sequence[Example], by: SplitBy, validation: float, seed: int) -> Split:
    """Divide by child from four children up, else by burst, unless `by` names one of them.

    Whole groups go to one side. Of many seeded tries the one is kept whose share of every class
    comes nearest to `validation`. Raises UserMistake where there is nothing to divide.
    """
    if len(examples) < 2:
        raise UserMistake("The snapshot has fewer than two photos that may be used: collect more.")
    group = _chosen(examples, by)
    names = [example.child if group == "child" else example.burst for example in examples]
    counts = _class_counts(examples, names)
    if len(counts) < 2:
        raise UserMistake(_refusal(group))
    held_out = _nearest(counts, validation, seed)
    sides = [name in held_out for name in names]
    return Split(
        train=tuple(place for place, held in enumerate(sides) if not held),
        validation=tuple(place for place, held in enumerate(sides) if held),
        group=group,
        seed=seed,
        groups=(len(counts) - len(held_out), len(held_out)),
    )


def _chosen(examples: Sequence[Example], by: SplitBy) -> Group:
    if by != "auto":
        return by
    children = len({example.child for example in examples})
    return "child" if children >= FEWEST_CHILDREN else "burst"


def _refusal(group: Group) -> str:
    if group == "child":
        return "All photos are of one child, so none is left to validate on: use --split burst."
    return "All photos are of one burst, and a burst must not stand on both sides: collect more."


def _class_counts(
    examples: Sequence[Example], names: Sequence[uuid.UUID]
) -> dict[uuid.UUID, NDArray[np.float64]]:
    """Photos of each class by group, in an order that depends on the groups' ids alone."""
    counted = Counter((name, example.label) for name, example in zip(names, examples, strict=True))
    return {
        name: np.array([counted[name, label] for label in range(len(EMOTIONS))], float)
        for name in sorted(set(names))
    }


def _nearest(
    counts: dict[uuid.UUID, NDArray[np.float64]], share: float, seed: int
) -> set[uuid.UUID]:
    """The groups for validation whose photos come nearest to `share` of every class.

    The cost of a choice is the squared difference between the wanted and the actual share, averaged
    over the classes, plus that over all photos together. A try takes groups in random
    order for as long as each lowers the cost.
    """
    names, table = list(counts), np.array(list(counts.values()))
    totals = table.sum(axis=0)
    there = totals > 0

    def cost(held: NDArray[np.float64]) -> float:
        off = held[there] / totals[there] - share
        return float(np.mean(off**2) + (held.sum() / totals.sum() - share) ** 2)

    rng = np.random.default_rng(seed)
    best, best_cost = [int(rng.integers(len(names)))], np.inf
    for _ in range(max(20, TRIES // len(names))):
        chosen: list[int] = []
        held, lowest = np.zeros(len(totals)), np.inf
        for index in rng.permutation(len(names)):
            tried = cost(held + table[index])
            if tried < lowest and len(chosen) < len(names) - 1:
                held, lowest = held + table[index], tried
                chosen.append(int(index))
        if lowest < best_cost:
            best, best_cost = chosen, lowest
    return {names[index] for index in best}
