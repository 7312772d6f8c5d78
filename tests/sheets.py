"""Frames of a sheet of paper whose light is known, because it was painted."""

from typing import Any

import numpy as np

from collector.dataset.drawn import encode_jpeg
from collector.dataset.pixels import RGB
from tests.dataset.patterns import stored

WIDTH, HEIGHT = 1280, 720
SHEET = (slice(130, 590), slice(300, 980))  # A4 at half a metre from a tablet

# CIE 15: x, y of the illuminants, 2 degree observer, and their correlated colour temperatures.
ILLUMINANTS = {
    "A": (0.44757, 0.40745, 2856),
    "D50": (0.34567, 0.35850, 5003),
    "D55": (0.33242, 0.34743, 5503),
    "D65": (0.31271, 0.32902, 6504),
    "D75": (0.29902, 0.31485, 7504),
    "F2": (0.37208, 0.37529, 4230),
}
# XYZ to linear sRGB as IEC 61966-2-1 prints it, not computed from the matrix that is tested.
TO_RGB = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
)


def colour_of(illuminant: str) -> np.ndarray:
    """Linear red, green and blue of a grey surface in that light, the largest of them 1."""
    x, y, _ = ILLUMINANTS[illuminant]
    rgb = TO_RGB @ (x / y, 1, (1 - x - y) / y)
    return np.asarray(rgb / rgb.max())


def light_on_sheet(
    illuminant: str = "D55",
    *,
    level: float = 0.5,
    left: float = 1.0,
    right: float = 1.0,
    is_folded: bool = False,
    noise: float = 0.01,
) -> np.ndarray:
    """Linear light of a frame: a room behind, the sheet in the middle.

    `left` and `right` are the light at the picture's sides, one half each where the sheet is
    folded, else shading into one another across the picture.
    """
    dice = np.random.default_rng(1)
    across = np.linspace(0, 1, WIDTH)
    shade = np.where(across < 0.5, left, right) if is_folded else left + (right - left) * across
    frame = dice.uniform(0.02, 0.6, (HEIGHT // 40, WIDTH // 40, 3)).repeat(40, 0).repeat(40, 1)
    frame[SHEET] = (level * shade[None, :, None] * colour_of(illuminant))[:, SHEET[1]]
    return np.asarray((frame + dice.normal(0, noise, frame.shape) * frame).clip(0, 1))


def sheet_frame(illuminant: str = "D55", **light: Any) -> RGB:
    """The frame as a camera without a white balance stores it."""
    return np.asarray(stored(light_on_sheet(illuminant, **light)))


def sheet_jpeg(illuminant: str = "D55", **light: Any) -> bytes:
    """The same as a page sends it."""
    return encode_jpeg(sheet_frame(illuminant, **light))
