"""Eight expressions as facial actions, and how strongly one is shown."""

from dataclasses import dataclass, fields

import numpy as np

from collector.dataset.emotions import Emotion


@dataclass(frozen=True)
class Expression:
    """A face's actions, relaxed by default; lengths in head units (half the width of a face).

    After the action units of Ekman and Friesen's Facial Action Coding System, whose numbers stand
    beside the fields.
    """

    brow_inner: float = 0.0  # 1: how far the inner end of the brow is raised
    brow_outer: float = 0.0  # 2: its outer end
    brow_gather: float = 0.0  # 4: how far the brows are drawn together
    upper_lid: float = 1.0  # 5: opening above the pupil, 1 at rest
    lower_lid: float = 1.0  # 7: opening beneath it, 1 at rest
    lid_slant: float = 0.0  # how far the lid droops on its outer side
    pupil: float = 1.0
    gaze: float = 0.0  # towards the smirk's side
    cheek: float = 0.0  # 6: cheeks raised, 0 to 1
    wrinkle: float = 0.0  # 9: nose wrinkled, 0 to 1
    frown: float = 0.0  # furrow between the brows, 0 to 1
    forehead: float = 0.0  # lines across the forehead, 0 to 1
    fold: float = 0.0  # fold from nose to lip corner, 0 to 1
    corner: float = 0.0  # 12 up, 15 down: lip corners
    width: float = 1.0  # 20: mouth's width, 1 at rest
    lip_raise: float = 0.0  # 10: middle of the upper lip raised
    jaw: float = 0.0  # 26: lower lip let down
    pout: float = 0.0  # 17: lower lip pushed up and out, 0 to 1
    rounding: float = 0.0  # 0 pointed corners, 1 and above an oval mouth
    square: float = 0.0  # 22: a square mouth, 0 to 1
    press: float = 0.0  # 24: lips pressed thin, 0 to 1
    teeth: float = 0.0  # height of the upper row that shows
    lower_teeth: float = 0.0
    smirk: float = 0.0  # 14: one lip corner raised and tightened
    brow_cock: float = 0.0  # the brow on the other side raised
    tilt: float = 0.0  # head towards the shoulder, radians
    chin_up: float = 0.0  # radians
    shrug: float = 0.0  # shoulders raised
    lop: float = 0.0  # -1 to 1: how much livelier the right half of the face is than the left


NEUTRAL = Expression()

# Where an emotion is shown in more than one way, each way has its own entry.
SHOWN: dict[Emotion, tuple[Expression, ...]] = {
    Emotion.SURPRISE: (
        Expression(
            brow_inner=0.2, brow_outer=0.2, upper_lid=1.5, lower_lid=1.12, forehead=0.8,
            width=0.6, jaw=0.43, rounding=1.6, teeth=0.05, lip_raise=0.06,
        ),
    ),
    Emotion.DISGUST: (
        Expression(
            brow_inner=-0.1, brow_outer=-0.05, brow_gather=0.05, upper_lid=0.5, lower_lid=0.45,
            cheek=0.45, wrinkle=1.0, frown=0.5, fold=1.0, corner=-0.07, width=0.95,
            lip_raise=0.12, jaw=0.07, square=0.35, teeth=0.09, pout=0.3,
        ),
    ),
    Emotion.SAD: (
        Expression(
            brow_inner=0.17, brow_outer=-0.07, brow_gather=0.04, upper_lid=0.68, lower_lid=0.9,
            lid_slant=0.07, frown=0.3, forehead=0.25, corner=-0.13, width=0.86, pout=0.8,
            chin_up=0.05, tilt=0.06,
        ),
    ),
    Emotion.ANGRY: (
        Expression(
            brow_inner=-0.16, brow_outer=0.09, brow_gather=0.09, upper_lid=0.85, lower_lid=0.55,
            lid_slant=-0.07, frown=1.0, wrinkle=0.2, corner=-0.06, width=0.9, press=1.0,
            chin_up=0.07,
        ),
        Expression(
            brow_inner=-0.16, brow_outer=0.09, brow_gather=0.09, upper_lid=0.88, lower_lid=0.55,
            lid_slant=-0.07, frown=1.0, wrinkle=0.3, fold=0.5, corner=-0.05, width=1.0,
            lip_raise=0.06, jaw=0.12, square=1.0, teeth=0.1, lower_teeth=0.1, chin_up=0.07,
        ),
    ),
    Emotion.FEAR: (
        Expression(
            brow_inner=0.2, brow_outer=0.06, brow_gather=0.07, upper_lid=1.42, lower_lid=0.85,
            pupil=0.75, forehead=0.7, frown=0.4, corner=-0.13, width=1.3, lip_raise=0.05,
            jaw=0.1, square=0.7, teeth=0.03, lower_teeth=0.07, shrug=0.16,
        ),
    ),
    Emotion.HAPPY: (
        Expression(
            brow_inner=0.03, brow_outer=0.04, upper_lid=0.82, lower_lid=0.55, cheek=1.0, fold=0.4,
            corner=0.17, width=1.3, jaw=0.23, teeth=0.12,
        ),
    ),
    Emotion.CONTEMPT: (
        Expression(
            upper_lid=0.62, lower_lid=0.8, corner=-0.015, smirk=0.2, brow_cock=0.14,
            brow_inner=-0.03, press=0.35, gaze=0.5, tilt=-0.12, chin_up=-0.1,
        ),
    ),
    Emotion.NEUTRAL: (NEUTRAL,),
}  # fmt: skip


def show(emotion: Emotion, intensity: float, rng: np.random.Generator) -> Expression:
    """An emotion shown at an intensity (0 relaxed, 1 full), each action a little off the table."""
    ways = SHOWN[emotion]
    full = ways[int(rng.integers(len(ways)))]
    actions = {}
    for field in fields(Expression):
        rest, target = getattr(NEUTRAL, field.name), getattr(full, field.name)
        share = intensity * rng.uniform(0.88, 1.12)
        actions[field.name] = rest + (target - rest) * share
    return Expression(**actions)
