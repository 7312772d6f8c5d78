"""How sharp the face is: the variance of the Laplacian (Pech-Pacheco et al., ICPR 2000). Our own.

Of 8-bit luma, after the face was brought to a fixed size, so that values of faces near and far
compare. A face that has to be enlarged for it is less sharp, as it should be.
"""

import cv2
import numpy as np

from collector.dataset.measures.exposure import luma_of
from collector.dataset.pixels import RGB, Box, Eyes

EYE_DISTANCE = 90  # about that of a face whose box is brought to the networks' 224 px
BOX_SIDE = 224
HALF_WIDTH, ABOVE, BELOW = 0.8, 0.4, 1.4


def laplacian_variance(pixels: RGB, eyes: Eyes) -> float | None:
    """Over the middle of the face, brow to mouth and cheek to cheek, its eyes 90 px apart.

    The rectangle stays upright. None where it has no pixel in the photo.
    """
    x, y = eyes.middle
    columns = _span(x - HALF_WIDTH * eyes.distance, x + HALF_WIDTH * eyes.distance)
    rows = _span(y - ABOVE * eyes.distance, y + BELOW * eyes.distance)
    return _variance(pixels[rows, columns], EYE_DISTANCE / eyes.distance)


def box_laplacian_variance(pixels: RGB, face: Box) -> float | None:
    """Over the face's whole box, its longest side 224 px; also where no eyes were found."""
    rows = _span(face.y, face.y + face.height)
    columns = _span(face.x, face.x + face.width)
    return _variance(pixels[rows, columns], BOX_SIDE / max(face.width, face.height))


def _span(start: float, stop: float) -> slice:
    return slice(max(0, round(start)), max(0, round(stop)))


def _variance(region: RGB, scale: float) -> float | None:
    if region.size == 0:
        return None
    height, width = region.shape[:2]
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    grey = cv2.resize(luma_of(region), size, interpolation=method)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var(dtype=np.float64))
