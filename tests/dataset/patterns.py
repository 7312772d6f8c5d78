"""Pictures whose light is known because it was painted, and a face's place in them.

The eyes are 113 px apart, level, their middle on a pixel's corner: such a face is aligned without
interpolation, so that what was painted is measured exactly.
"""

import math

import cv2
import numpy as np

from collector.dataset.pixels import RGB, Box, Eyes

WIDTH, HEIGHT = 800, 600
MIDDLE = (400, 220)
EYES = Eyes((343.5, 220.0), (456.5, 220.0))
FACE = Box(266, 112, 269, 269)


def flat(*colour: int, width: int = WIDTH, height: int = HEIGHT) -> RGB:
    """One colour, or one grey, all over."""
    value = np.array(colour if len(colour) == 3 else colour * 3, np.uint8)
    return np.broadcast_to(value, (height, width, 3)).copy()


def halved(left: int, right: int) -> RGB:
    """Two greys that meet between the eyes."""
    frame = flat(left)
    frame[:, MIDDLE[0] :] = right
    return frame


def linear(grey: int) -> float:
    """The sRGB transfer function of IEC 61966-2-1."""
    value = grey / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def stored(light: np.ndarray) -> np.ndarray:
    """The sRGB values, 0 to 255, of linear light from 0 to 1 (IEC 61966-2-1, the other way)."""
    curve = np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
    return np.asarray((curve * 255).round().clip(0, 255).astype(np.uint8))


def grey(luminance: np.ndarray) -> RGB:
    """A grey picture of that linear luminance, 0 to 1."""
    return np.repeat(stored(luminance)[:, :, None], 3, axis=2)


def clouds(seed: int, coarse: float = 25) -> RGB:
    """A smooth picture without any symmetry, as good as unique."""
    dice = np.random.default_rng(seed)
    soft = np.asarray(cv2.GaussianBlur(dice.normal(size=(HEIGHT, WIDTH, 3)), (0, 0), coarse))
    return np.asarray((128 + 45 * soft / soft.std()).clip(5, 250).astype(np.uint8))


def turned(pixels: RGB, degrees: float) -> tuple[RGB, Eyes]:
    """The picture turned clockwise around the middle between the eyes, and where these are then."""
    matrix = cv2.getRotationMatrix2D((MIDDLE[0] - 0.5, MIDDLE[1] - 0.5), -degrees, 1)
    x, y = (56.5 * f(math.radians(degrees)) for f in (math.cos, math.sin))
    left, right = (MIDDLE[0] - x, MIDDLE[1] - y), (MIDDLE[0] + x, MIDDLE[1] + y)
    moved = cv2.warpAffine(pixels, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8), Eyes(left, right)


def mirrored(pixels: RGB, eyes: Eyes) -> tuple[RGB, Eyes]:
    """Left and right exchanged."""
    width = pixels.shape[1]
    ends = ((width - x, y) for x, y in (eyes.right, eyes.left))
    return np.ascontiguousarray(pixels[:, ::-1]), Eyes(*ends)
