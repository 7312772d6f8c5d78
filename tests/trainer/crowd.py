"""Examples without pictures, for whatever looks at labels, children and bursts alone."""

import uuid
from collections.abc import Sequence

import numpy as np

from collector.dataset.emotions import EMOTIONS
from trainer.data import Example

CROP = np.zeros((1, 1, 3), np.uint8)


def example(child: int, burst: int, label: int, *, has_face: bool = True) -> Example:
    """A photo of that child, in that burst, with that label."""
    ids = uuid.uuid4(), uuid.UUID(int=child), uuid.UUID(int=burst)
    return Example(*ids, label=label, crop=CROP, has_face=has_face)


def crowd(
    children: int, shots: int = 3, labels: Sequence[int] = range(len(EMOTIONS))
) -> list[Example]:
    """Each child shows each emotion in one burst of `shots`."""
    return [
        example(child, 100 * child + label, label)
        for child in range(children)
        for label in labels
        for _ in range(shots)
    ]


def uneven_crowd(children: int, seed: int) -> list[Example]:
    """As life is: some children leave early, every second emotion is rare."""
    rng = np.random.default_rng(seed)
    return [
        example(child, 100 * child + label, label)
        for child in range(children)
        for label in range(len(EMOTIONS))
        for _ in range(rng.integers(0, 6 if label % 2 else 3))
    ]
