"""The light on a white or grey sheet of paper in the middle of one frame."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from collector.dataset.errors import Unprocessable
from collector.dataset.measures import measure_cct
from collector.dataset.measures.colour import CLIPPED_FROM, Luminance, linear_light, luminance_of
from collector.dataset.measures.exposure import asymmetry
from collector.dataset.pixels import RGB

# A sheet of A4 at half a metre covers more than that of a tablet's picture, lying or standing.
SIDE = 0.5  # of the frame's shorter side

# Of clipped pixels the colour is unknown; a few are dust or a glint.
MOST_CLIPPED = 0.02
# An sRGB grey of 25: below it, a step of the 8 bits is a tenth of the light.
DARKEST = 0.01

# The sheet is looked at in cells, in which the camera's noise is averaged away.
CELLS = 48
# How far a cell's light may be from that of a smooth sheet: fingers, print, hair and the sheet's
# own edge are farther, paper's grain and waves are not.
FARTHEST = 0.2  # of the natural logarithm: 22 %
MOST_FAR = 0.05  # of the cells


@dataclass(frozen=True)
class Sheet:
    """What the sheet tells of the light; as the camera rendered it (docs/MEASURES.md).

    cct: kelvin. luminance_mean: linear light, 0 to 1. lr_asymmetry: -1 to 1, 1 where only the
    picture's right half is lit.
    """

    cct: float
    luminance_mean: float
    lr_asymmetry: float


def measure_sheet(pixels: RGB) -> Sheet:
    """Measure the sheet in the middle of a frame that is not mirrored.

    The sheet may be flat, or folded once from top to bottom and half open: then each half shows
    the light of its side, as the halves of a face do. Raises Unprocessable where the middle is
    overexposed or dark, or is no plain, white or grey surface.
    """
    patch = middle_of(pixels)
    if (patch.max(axis=2) >= CLIPPED_FROM).mean() > MOST_CLIPPED:
        raise Unprocessable(
            "The sheet is overexposed: tilt it, or move it away from the lamp or the window, until "
            "it is no longer blinding white."
        )
    luminance = luminance_of(patch)
    if luminance.mean() < DARKEST:
        raise Unprocessable("It is too dark to measure the light: switch on a light.")
    if _share_beside_smooth(patch) > MOST_FAR:
        raise Unprocessable(
            "No white or grey sheet fills the frame in the middle: hold one sheet there, with no "
            "hand, print or shadow on it."
        )
    return _measure(patch, luminance)


def middle_of(pixels: RGB) -> RGB:
    """The square in which the sheet is looked for."""
    height, width = pixels.shape[:2]
    side = round(SIDE * min(height, width))
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]


def _measure(patch: RGB, luminance: Luminance) -> Sheet:
    cct, half = measure_cct(patch), luminance.shape[1] // 2
    left, right = (
        float(part.mean(dtype=np.float64)) for part in (luminance[:, :half], luminance[:, half:])
    )
    uneven = asymmetry(left, right)
    if cct is None or uneven is None:
        raise Unprocessable("What is in the middle of the picture is neither white nor grey.")
    return Sheet(cct, float(luminance.mean(dtype=np.float64)), uneven)


def _share_beside_smooth(patch: RGB) -> float:
    """The share of cells that are not as light as a smooth surface would be there.

    The surface is one or two halves, left and right of the best of several folds; on each, the
    logarithm of red, green and blue is a plane, as shading and two lights' mixture nearly are.
    """
    small = cv2.resize(linear_light(patch), (CELLS, CELLS), interpolation=cv2.INTER_AREA)
    light = np.log(small.astype(np.float64) + DARKEST / 4)  # black has no logarithm
    folds = range(CELLS // 3, 2 * CELLS // 3 + 1, 2)
    beside = [
        np.concatenate([_from_plane(light[:, :fold]), _from_plane(light[:, fold:])])
        for fold in folds
    ]
    return float(min((one > FARTHEST).mean() for one in beside))


def _from_plane(light: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each cell's distance, in its farthest colour, from the plane through all of them."""
    rows, columns = np.mgrid[: light.shape[0], : light.shape[1]]
    places = np.stack([rows.ravel(), columns.ravel(), np.ones(rows.size)], axis=1)
    values = light.reshape(-1, 3)
    plane, *_ = np.linalg.lstsq(places, values, rcond=None)
    return np.asarray(np.abs(values - places @ plane).max(axis=1))
