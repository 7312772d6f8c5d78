"""Example photos with their predicted class: of publishable photos, or drawn in their place."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from collector.dataset.drawn import LIGHTS, draw_frame, invent_character
from collector.dataset.emotions import EMOTIONS
from collector.dataset.pixels import RGB
from trainer.augment import resized
from trainer.data import Example, face_square
from trainer.fit import Scores
from trainer.split import Split

A_CLASS = 2  # examples shown of each class
SIDE = 200  # pixels


@dataclass(frozen=True)
class Shown:
    """One example: what it is, what the model took it for, and with which score."""

    photo_id: uuid.UUID
    truth: str
    predicted: str
    score: float
    picture: RGB
    drawn: bool


def choose_examples(
    examples: Sequence[Example],
    split: Split,
    scores: Scores,
    publishable: frozenset[uuid.UUID],
    seed: int,
) -> list[Shown]:
    """Up to two validation photos of each class, drawn by lot and not by how well they went.

    Only photos whose guardian consented to publication are shown. Where there are none, the
    predictions shown are of other validation photos, and a drawn face of the true class stands in
    for each of them.
    """
    dice = np.random.default_rng(seed)
    rows = list(enumerate(split.validation))
    open_rows = [row for row in rows if examples[row[1]].photo_id in publishable]
    drawn = not open_rows
    shown = []
    for label in range(len(EMOTIONS)):
        ours = [row for row in open_rows or rows if examples[row[1]].label == label]
        for pick in sorted(dice.permutation(len(ours))[:A_CLASS]):
            row, place = ours[pick]
            shown.append(_show(examples[place], scores[row], drawn, dice))
    return shown


def _show(example: Example, scores: Scores, drawn: bool, dice: np.random.Generator) -> Shown:
    best = int(scores.argmax())
    return Shown(
        photo_id=example.photo_id,
        truth=EMOTIONS[example.label].value,
        predicted=EMOTIONS[best].value,
        score=float(scores[best]),
        picture=_drawn_face(example.label, dice) if drawn else resized(example.crop, SIDE),
        drawn=drawn,
    )


def _drawn_face(label: int, dice: np.random.Generator) -> RGB:
    light = LIGHTS[int(dice.integers(len(LIGHTS)))]
    drawing = draw_frame(EMOTIONS[label], invent_character(dice), light, dice, size=(640, 480))
    box = face_square(640, 480, drawing.face)
    return resized(drawing.photo[box.y : box.y + box.height, box.x : box.x + box.width], SIDE)
