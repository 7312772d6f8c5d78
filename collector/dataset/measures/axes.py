"""Where a face's parts are, and the face cut out with its eyes where OFIQ puts them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collector.dataset.pixels import RGB, Box, Eyes, Point
from collector.dataset.warping import similarity, undo, warp

# OFIQ 1.0.3 brings every face to eyes 113 px apart with the mouth 130 px below (utils.cpp,
# alignImage), and measures its light there; so do we, without its margin.
EYE_DISTANCE = 113
EYE_TO_MOUTH = 130 / 113

# Means over 117 real faces whose parts were marked by a landmark network: the eyes in the
# detector's box, and the chin below them, +- 5 % of it.
EYES_DOWN = 0.40
EYES_APART = 0.42
EYE_TO_CHIN = 1.79
BROWS = 0.36
CHEEKS = 0.4

HALF_WIDTH = 124  # 1.1 of the distance: the temples
ABOVE = 42
BELOW = 203


@dataclass(frozen=True)
class Axes:
    """A face's own coordinates: the point between its eyes, their distance, its roll.

    `distance` in pixels, `roll` in degrees, as `Eyes.roll`.
    """

    middle: Point
    distance: float
    roll: float

    @classmethod
    def of(cls, face: Box, eyes: Eyes | None) -> "Axes":
        """By the eyes, or, where they were not found, as they lie in an upright face's box."""
        if eyes:
            return cls(eyes.middle, eyes.distance, eyes.roll)
        side = max(face.width, face.height)
        return cls((face.x + face.width / 2, face.y + EYES_DOWN * side), EYES_APART * side, 0.0)


@dataclass(frozen=True, eq=False)
class AlignedFace:
    """The face turned upright, its eyes 113 px apart: pixels, and which of them are the face.

    The face reaches from the brows to the chin and from temple to temple, as the hull of OFIQ's
    landmarks does; on 117 real faces 82 % of the two regions' union is common to both (of a box
    and the hull 58 %). Hair and forehead are left out.
    """

    pixels: RGB
    inside: NDArray[np.bool_]


def align_face(pixels: RGB, axes: Axes) -> AlignedFace:
    """Cut the face out, bilinear as OFIQ does; what lies outside of the photo is not the face."""
    height, width = pixels.shape[:2]
    size = (2 * HALF_WIDTH, ABOVE + BELOW)
    matrix = similarity(axes.middle, (HALF_WIDTH, ABOVE), EYE_DISTANCE / axes.distance, -axes.roll)
    inside = _OUTLINE
    back = undo(matrix)
    corners = np.array([[0, size[0], 0, size[0]], [0, 0, size[1], size[1]], [1, 1, 1, 1]])
    x, y = back @ corners
    if x.min() < 0 or y.min() < 0 or x.max() > width or y.max() > height:
        seen = warp(np.full((height, width), 255, np.uint8), matrix, *size, repeat_edge=False)
        inside = inside & (seen == 255)
    return AlignedFace(warp(pixels, matrix, *size, repeat_edge=True), inside)


def _outline() -> NDArray[np.bool_]:
    """The face in an aligned picture: brows and temples straight, from the cheeks on an ellipse."""
    x = (np.arange(2 * HALF_WIDTH) + 0.5 - HALF_WIDTH) / EYE_DISTANCE
    y = (np.arange(ABOVE + BELOW) + 0.5 - ABOVE) / EYE_DISTANCE
    down = np.clip((y - CHEEKS) / (EYE_TO_CHIN - CHEEKS), 0, 1)
    half_width = HALF_WIDTH / EYE_DISTANCE * np.sqrt(1 - down**2) * (y > -BROWS)
    return np.abs(x)[None, :] < half_width[:, None]


_OUTLINE = _outline()
