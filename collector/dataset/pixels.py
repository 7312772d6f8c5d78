"""The two values that pass between decoding, measuring, storing and training."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RGB = NDArray[np.uint8]  # height x width x 3, sRGB, 0 to 255
Grey = NDArray[np.uint8]  # height x width, 0 to 255


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
