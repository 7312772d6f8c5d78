"""Curves of the drawing, in head units: 1 is half the width of a face, y points down."""

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]  # n x 2, x and y
Spot = tuple[float, float] | Points


def loop(*corners: Spot) -> Points:
    """A closed Catmull-Rom curve through the corners, eight points a stretch."""
    p = np.array(corners, dtype=np.float64)
    return _catmull_rom(np.roll(p, 1, 0), p, np.roll(p, -1, 0), np.roll(p, -2, 0))


def curve(*corners: Spot) -> Points:
    """An open Catmull-Rom curve from the first corner to the last, eight points a stretch."""
    p = np.array(corners, dtype=np.float64)
    ahead = np.concatenate([p[1:], p[-1:], p[-1:]])
    before = np.concatenate([p[:1], p[:-2]])
    stretches = _catmull_rom(before, p[:-1], ahead[:-2], ahead[1:-1])
    return np.concatenate([stretches, p[-1:]])


def _catmull_rom(before: Points, start: Points, end: Points, beyond: Points) -> Points:
    t = np.linspace(0, 1, 8, endpoint=False)[None, :, None]
    a, b, c, d = (q[:, None, :] for q in (before, start, end, beyond))
    line: Points = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return line.reshape(-1, 2)


def mirrored_loop(*half: Spot) -> Points:
    """A closed curve from its right half's corners, from the top middle to the bottom middle."""
    right = np.array(half, dtype=np.float64)
    return loop(*right, *(right[-2:0:-1] * (-1, 1)))


def ellipse(x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> Points:
    """A closed ellipse, turned clockwise by `turn` radians."""
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    wide, high = rx * np.cos(angle), ry * np.sin(angle)
    c, s = np.cos(turn), np.sin(turn)
    return np.stack([x + c * wide - s * high, y + s * wide + c * high], axis=1)


def between(upper: Points, lower: Points) -> Points:
    """The closed outline of what lies between two lines that run the same way."""
    return np.concatenate([upper, lower[::-1]])


def ribbon(line: Points, width: float, taper: tuple[float, float] = (0.2, 0.2)) -> Points:
    """The outline of a brush stroke along the line, its ends thinned to `taper` of its width."""
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    t = np.linspace(0, 1, len(line))
    ends = taper[0] * (1 - t) + taper[1] * t
    half = 0.5 * width * (ends + (1 - ends) * np.sin(np.pi * t) ** 0.6)
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) * half[:, None]
    return between(line + across, line - across)
