"""Turning, scaling and shifting a picture in one step, so that a face stands where it is wanted."""

import math
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from collector.dataset.pixels import Point

Matrix = NDArray[np.float64]  # 2 x 3, from one picture's points to another's
Pixels = NDArray[np.uint8]


def similarity(source: Point, target: Point, scale: float, degrees: float) -> Matrix:
    """The matrix that brings `source` to `target`; positive degrees turn clockwise as seen."""
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = scale * np.array([[cosine, -sine], [sine, cosine]])
    return np.column_stack((turn, np.array(target) - turn @ source))


def move(point: Point, matrix: Matrix) -> Point:
    """Where a point comes to lie."""
    x, y = matrix @ (*point, 1.0)
    return float(x), float(y)


def undo(matrix: Matrix) -> Matrix:
    """The matrix of the way back."""
    return cast(Matrix, cv2.invertAffineTransform(matrix))


def warp(pixels: Pixels, matrix: Matrix, width: int, height: int, *, repeat_edge: bool) -> Pixels:
    """The moved picture, bilinear; outside the old one its edge repeated, or black."""
    # Points count from a pixel's corner, OpenCV's from its middle, half a pixel further.
    shifted = matrix.copy()
    shifted[:, 2] += matrix[:, :2] @ (0.5, 0.5) - 0.5
    border = cv2.BORDER_REPLICATE if repeat_edge else cv2.BORDER_CONSTANT
    moved = cv2.warpAffine(pixels, shifted, (width, height), borderMode=border)
    return cast(Pixels, moved)
