"""The values that pass between decoding, measuring, storing and training."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RGB = NDArray[np.uint8]  # height x width x 3, sRGB, 0 to 255
Grey = NDArray[np.uint8]  # height x width, 0 to 255
Point = tuple[float, float]  # x, y in pixels; the upper left pixel's middle is 0.5, 0.5


@dataclass(frozen=True)
class Box:
    """A rectangle in pixels of the stored photo; `x`, `y` is the upper left corner."""

    x: int
    y: int
    width: int
    height: int

    @property
    def area(self) -> int:
        """Pixels inside."""
        return self.width * self.height


@dataclass(frozen=True)
class Eyes:
    """The middles of a face's eyes, left and right as seen in the stored photo."""

    left: Point
    right: Point

    @property
    def middle(self) -> Point:
        """The point half-way between the eyes."""
        return (self.left[0] + self.right[0]) / 2, (self.left[1] + self.right[1]) / 2

    @property
    def distance(self) -> float:
        """Pixels from eye to eye."""
        return math.dist(self.left, self.right)

    @property
    def roll(self) -> float:
        """Degrees; positive where the head leans clockwise as seen: the right eye is the lower."""
        across, down = self.right[0] - self.left[0], self.right[1] - self.left[1]
        return math.degrees(math.atan2(down, across))
