"""The eighteen augmentations, and the training and evaluation transforms side by side.

An augmentation takes a picture (height x width x 3, uint8, RGB) and a generator, and returns a
new picture of the same shape and type. None of them changes which emotion is shown. Strengths are
fractions of the picture's side, so that they mean the same at every size. The families are those
of the children's emotion study; which functions it used is not published, so these are our own.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from collector.dataset.pixels import RGB

Floats = NDArray[np.float32]
MOST_AT_ONCE = 3  # none to three a photo: on average 1.5, and a quarter of all stay as they are


def grid_distortion(picture: RGB, rng: np.random.Generator) -> RGB:
    """Moves the knots of a coarse grid, as a crumpled print would."""
    knots = rng.uniform(-0.025, 0.025, (2, 5, 5)).astype(np.float32)
    height, width = picture.shape[:2]
    dx, dy = (cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC) for field in knots)
    return _displaced(picture, dx, dy)


def elastic_distortion(picture: RGB, rng: np.random.Generator) -> RGB:
    """Pushes neighbouring pixels about together, by up to 3 % of the side."""
    height, width = picture.shape[:2]
    blur = 0.06 * max(height, width)
    dx, dy = (
        cv2.GaussianBlur(rng.uniform(-1, 1, (height, width)).astype(np.float32), (0, 0), blur)
        for _ in range(2)
    )
    reach = 0.03 / max(float(np.abs(dx).max()), float(np.abs(dy).max()), 1e-6)
    return _displaced(picture, dx * reach, dy * reach)


def lens_distortion(picture: RGB, rng: np.random.Generator) -> RGB:
    """Bends straight lines as a wide (barrel) or long (pincushion) lens does."""
    x, y = _unit_grid(picture)
    bend = np.float32(_either(rng, (-0.1, -0.04), (0.04, 0.1))) * (x**2 + y**2)
    return _displaced(picture, x * bend, y * bend)


def perspective(picture: RGB, rng: np.random.Generator) -> RGB:
    """Looks at the picture from a little aside, above or below."""
    height, width = picture.shape[:2]
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    moved = corners + rng.uniform(-0.09, 0.09, corners.shape).astype(np.float32)
    size = np.array([width - 1, height - 1], np.float32)
    matrix = cv2.getPerspectiveTransform(corners * size, moved * size)
    return _rgb(cv2.warpPerspective(picture, matrix, (width, height), **_WARP))


def shift_and_zoom(picture: RGB, rng: np.random.Generator) -> RGB:
    """Places the face a little off the centre, nearer or farther."""
    height, width = picture.shape[:2]
    zoom = rng.uniform(0.87, 1.15)
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), 0, zoom)
    matrix[:, 2] += rng.uniform(-0.08, 0.08, 2) * np.array([width, height])
    return _rgb(cv2.warpAffine(picture, matrix, (width, height), **_WARP))


def mirror(picture: RGB, rng: np.random.Generator) -> RGB:
    """Swaps left and right: a raised corner of the mouth means the same on either side."""
    return np.ascontiguousarray(picture[:, ::-1])


def rotation(picture: RGB, rng: np.random.Generator) -> RGB:
    """Tilts the head by 4 to 20 degrees to one side."""
    height, width = picture.shape[:2]
    angle = _either(rng, (-20, -4), (4, 20))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1)
    return _rgb(cv2.warpAffine(picture, matrix, (width, height), **_WARP))


def contrast(picture: RGB, rng: np.random.Generator) -> RGB:
    """Draws all tones towards the mean, or away from it."""
    mean = np.float32(picture.mean())
    return _rgb((picture - mean) * np.float32(_either(rng, (0.55, 0.85), (1.2, 1.6))) + mean)


def local_contrast(picture: RGB, rng: np.random.Generator) -> RGB:
    """Evens out contrast region by region (CLAHE), as cameras' portrait modes do."""
    lab = cv2.cvtColor(picture, cv2.COLOR_RGB2LAB)
    equaliser = cv2.createCLAHE(clipLimit=rng.uniform(1.5, 3.5), tileGridSize=(4, 4))
    lab[:, :, 0] = equaliser.apply(lab[:, :, 0])
    return _rgb(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB))


def brightness(picture: RGB, rng: np.random.Generator) -> RGB:
    """Makes all tones lighter or darker by the same step."""
    return _rgb(picture + np.float32(_either(rng, (-55, -18), (18, 55))))


def gamma(picture: RGB, rng: np.random.Generator) -> RGB:
    """Lifts or lowers the middle tones, as a wrong exposure does."""
    power = _either(rng, (0.55, 0.8), (1.25, 1.8))
    table = (255 * (np.arange(256) / 255) ** power).round().astype(np.uint8)
    return table[picture]


def side_light(picture: RGB, rng: np.random.Generator) -> RGB:
    """Lights the face from one side, as a window or a desk lamp does."""
    x, y = _unit_grid(picture)
    angle = rng.uniform(0, 2 * math.pi)
    slope = (x * math.cos(angle) + y * math.sin(angle)) / math.sqrt(2)
    return _rgb(picture * (1 + np.float32(rng.uniform(0.25, 0.55)) * slope)[:, :, None])


def saturation(picture: RGB, rng: np.random.Generator) -> RGB:
    """Makes colours paler, down to grey, or stronger."""
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[:, :, None].astype(np.float32)
    return _rgb(grey + (picture - grey) * _either(rng, (0.0, 0.6), (1.4, 2.0)))


def colour_cast(picture: RGB, rng: np.random.Generator) -> RGB:
    """Tints the light: warm as a lamp's, or cold as an overcast sky's."""
    warmth = _either(rng, (-0.2, -0.07), (0.07, 0.2))
    return _rgb(picture * np.array([1 + warmth, 1, 1 - warmth], np.float32))


def gaussian_noise(picture: RGB, rng: np.random.Generator) -> RGB:
    """Adds the even noise of a small sensor."""
    noise = rng.standard_normal(picture.shape, dtype=np.float32)
    return _rgb(picture + noise * rng.uniform(6, 18))


def speckle_noise(picture: RGB, rng: np.random.Generator) -> RGB:
    """Adds grain that grows with the light, the same in all three colours."""
    grain = rng.standard_normal((*picture.shape[:2], 1), dtype=np.float32)
    return _rgb(picture * (1 + grain * rng.uniform(0.05, 0.13)))


def salt_and_pepper_noise(picture: RGB, rng: np.random.Generator) -> RGB:
    """Turns 0.5 to 2.5 % of the pixels white or black."""
    share = rng.uniform(0.005, 0.025)
    chance = rng.random(picture.shape[:2], dtype=np.float32)
    noisy = picture.copy()
    noisy[chance < share / 2] = 0
    noisy[chance > 1 - share / 2] = 255
    return noisy


def removed_pieces(picture: RGB, rng: np.random.Generator) -> RGB:
    """Removes 3 to 8 small pieces, each 5 to 13 % of the side, leaving the mean colour."""
    height, width = picture.shape[:2]
    holed, mean = picture.copy(), picture.mean(axis=(0, 1)).round()
    for _ in range(rng.integers(3, 9)):
        high, wide = (max(1, round(rng.uniform(0.05, 0.13) * side)) for side in (height, width))
        top, left = rng.integers(0, height - high + 1), rng.integers(0, width - wide + 1)
        holed[top : top + high, left : left + wide] = mean
    return holed


Augment = Callable[[RGB, np.random.Generator], RGB]


@dataclass(frozen=True)
class Augmentation:
    """One entry of the table: the study's family it belongs to, and the function."""

    family: str
    apply: Augment

    @property
    def name(self) -> str:
        """The function's name."""
        return self.apply.__name__

    @property
    def doc(self) -> str:
        """What it does, in one line."""
        return (self.apply.__doc__ or "").strip()


# In the order in which a camera would meet them: shape, then light, then noise, then what is lost.
AUGMENTATIONS: tuple[Augmentation, ...] = (
    Augmentation("distortion", grid_distortion),
    Augmentation("distortion", elastic_distortion),
    Augmentation("distortion", lens_distortion),
    Augmentation("distortion", perspective),
    Augmentation("distortion", shift_and_zoom),
    Augmentation("distortion", mirror),
    Augmentation("rotation", rotation),
    Augmentation("contrast", contrast),
    Augmentation("contrast", local_contrast),
    Augmentation("brightness", brightness),
    Augmentation("brightness", gamma),
    Augmentation("brightness", side_light),
    Augmentation("saturation", saturation),
    Augmentation("saturation", colour_cast),
    Augmentation("noise", gaussian_noise),
    Augmentation("noise", speckle_noise),
    Augmentation("noise", salt_and_pepper_noise),
    Augmentation("removal", removed_pieces),
)


def augment(picture: RGB, rng: np.random.Generator) -> RGB:
    """None to three of the eighteen, drawn without repeating, applied in the table's order."""
    count = rng.integers(0, MOST_AT_ONCE + 1)
    for index in sorted(rng.choice(len(AUGMENTATIONS), count, replace=False)):
        picture = AUGMENTATIONS[index].apply(picture, rng)
    return picture


def train_transform(picture: RGB, side: int, rng: np.random.Generator | None) -> RGB:
    """A stored crop as the network meets it in training; unaugmented where `rng` is None."""
    return resized(picture if rng is None else augment(picture, rng), side)


def eval_transform(picture: RGB, side: int) -> RGB:
    """A stored crop as the network meets it in validation and use."""
    return resized(picture, side)


def resized(picture: RGB, side: int) -> RGB:
    """The picture at side x side pixels: averaged when it shrinks, interpolated when it grows."""
    if picture.shape[:2] == (side, side):
        return picture
    method = cv2.INTER_AREA if min(picture.shape[:2]) > side else cv2.INTER_CUBIC
    return _rgb(cv2.resize(picture, (side, side), interpolation=method))


# What a movement uncovers is filled with the picture's own mirror: black corners would be a cue.
_WARP: dict[str, Any] = {"flags": cv2.INTER_LINEAR, "borderMode": cv2.BORDER_REFLECT_101}


def _displaced(picture: RGB, dx: Floats, dy: Floats) -> RGB:
    height, width = picture.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    moved = cv2.remap(
        picture, x + dx * width, y + dy * height, cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REFLECT_101,
    )  # fmt: skip
    return _rgb(moved)


def _unit_grid(picture: RGB) -> tuple[Floats, Floats]:
    height, width = picture.shape[:2]
    x = np.linspace(-1, 1, width, dtype=np.float32)
    y = np.linspace(-1, 1, height, dtype=np.float32)
    across, down = np.meshgrid(x, y)
    return across, down


def _either(rng: np.random.Generator, low: tuple[float, float], high: tuple[float, float]) -> float:
    """A number from one of two ranges: the useless middle between them is left out."""
    return float(rng.uniform(*(low, high)[rng.integers(2)]))


def _rgb(values: Any) -> RGB:
    clipped: RGB = np.clip(values, 0, 255).astype(np.uint8)
    return clipped
