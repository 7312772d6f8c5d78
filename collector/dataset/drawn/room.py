"""A classroom, out of focus."""

import cv2
import numpy as np

from collector.dataset.drawn.palette import BLACK, Colour, mix
from collector.dataset.pixels import RGB

_WALLS: tuple[Colour, ...] = (
    (226, 216, 196), (204, 216, 208), (206, 214, 226), (232, 222, 206), (214, 206, 214),
)  # fmt: skip
_BOOKS: tuple[Colour, ...] = (
    (186, 84, 74), (82, 118, 152), (112, 146, 104),
    (214, 172, 96), (140, 110, 150), (226, 220, 208),
)  # fmt: skip
_QUARTER = 4  # out of focus, a quarter of the frame's pixels suffice


def draw_room(size: tuple[int, int], light: str, from_right: bool, rng: np.random.Generator) -> RGB:
    """A wall with window, shelf and children's pictures, softly, for a frame of width x height."""
    w, h = size[0] // _QUARTER, size[1] // _QUARTER
    paint = _WALLS[int(rng.integers(len(_WALLS)))]
    across = np.linspace(0.72, 1.04, w, dtype=np.float32)
    fall = across if from_right else across[::-1]
    if light == "artificial":
        fall = np.full(w, 0.86, np.float32)
    down = np.linspace(1.0, 0.84, h, dtype=np.float32)
    wall = np.array(paint, np.float32) * fall[None, :, None] * down[:, None, None]
    room = wall.clip(0, 255).astype(np.uint8)
    side = 1 if from_right else -1
    if light != "artificial" or rng.random() < 0.4:
        _draw_window(room, side, dusk=light == "artificial")
    if rng.random() < 0.8:
        _draw_shelf(room, -side, mix(paint, BLACK, 0.15), rng)
    if rng.random() < 0.6:
        _draw_poster(room, -side, rng)
    if light == "artificial":
        # A lamp lights whoever sits under it more than the walls behind.
        room = cv2.convertScaleAbs(room, alpha=0.7).astype(np.uint8, copy=False)
    soft = cv2.GaussianBlur(room, (0, 0), 0.012 * h)
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def _rectangle(
    room: RGB, x: float, y: float, width: float, height: float, colour: tuple[float, ...]
) -> None:
    h, w = room.shape[:2]
    low, high = (round(x * w), round(y * h)), (round((x + width) * w), round((y + height) * h))
    cv2.rectangle(room, low, high, colour, -1)


def _draw_window(room: RGB, side: int, *, dusk: bool) -> None:
    x = 0.78 if side > 0 else -0.06
    sky = (70, 82, 112) if dusk else (236, 244, 252)
    _rectangle(room, x - 0.012, 0.02, 0.304, 0.66, (240, 238, 232))
    for row in range(2):
        for column in range(2):
            _rectangle(room, x + 0.15 * column, 0.05 + 0.31 * row, 0.135, 0.28, sky)
    if not dusk:
        _rectangle(room, x, 0.5, 0.285, 0.14, (196, 214, 190))
    _rectangle(room, x - 0.03, 0.68, 0.34, 0.03, (206, 200, 190))


def _draw_shelf(room: RGB, side: int, wall: Colour, rng: np.random.Generator) -> None:
    x = 0.68 if side > 0 else 0.02
    for row in range(2):
        y = 0.62 + 0.27 * row
        place = x
        while place < x + 0.28:
            width, height = rng.uniform(0.012, 0.028), rng.uniform(0.12, 0.19)
            colour = mix(_BOOKS[int(rng.integers(len(_BOOKS)))], wall, 0.55)
            _rectangle(room, place, y - height, width, height, colour)
            place += width + 0.002
        _rectangle(room, x - 0.02, y, 0.34, 0.025, mix((150, 116, 84), wall, 0.3))


def _draw_poster(room: RGB, side: int, rng: np.random.Generator) -> None:
    x, y = (0.72 if side > 0 else 0.06) + rng.uniform(0, 0.1), rng.uniform(0.06, 0.14)
    _rectangle(room, x, y, 0.14, 0.22, (244, 240, 230))
    h, w = room.shape[:2]
    sun = (round((x + 0.1) * w), round((y + 0.06) * h))
    cv2.circle(room, sun, round(0.03 * h), (240, 196, 84), -1, cv2.LINE_AA)
    _rectangle(room, x + 0.01, y + 0.15, 0.12, 0.06, (130, 176, 116))
    _rectangle(room, x + 0.03, y + 0.1, 0.04, 0.07, (196, 96, 84))
