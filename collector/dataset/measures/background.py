"""The light behind the child, compared with the light on its face."""

from collections.abc import Sequence

import numpy as np

from collector.dataset.measures.axes import AlignedFace
from collector.dataset.measures.colour import Luminance, luminance_of
from collector.dataset.pixels import RGB, Box

SAMPLE_SIDE = 160
BESIDE, OVER, CHIN = 0.5, 0.6, 1.15  # of the box: hair and ears, hair above, down to the chin
LEAST_BACKGROUND = 0.05


def backlight(
    pixels: RGB, faces: Sequence[Box], luminance: Luminance, face: AlignedFace
) -> float | None:
    """Median luminance of the face over that of the background, linear light; our own.

    1: both alike; 0.25: the background is four times as bright, a child before a window. The
    background is what is seen above the chin and outside of the heads (the boxes, widened by half
    on both sides and 0.6 above); bodies are left out. None where that is less than 5 % of the
    photo, or black.
    """
    height, width = pixels.shape[:2]
    down, across = -(-height // SAMPLE_SIDE), -(-width // SAMPLE_SIDE)
    y, x = np.ogrid[0:height:down, 0:width:across]
    main = faces[0]
    behind = np.broadcast_to(y < main.y + CHIN * main.height, (y.size, x.size)).copy()
    for box in faces:
        beside, over = BESIDE * box.width, OVER * box.height
        behind[
            (y >= box.y - over)
            & (y < box.y + CHIN * box.height)
            & (x >= box.x - beside)
            & (x < box.x + box.width + beside)
        ] = False
    if behind.mean() < LEAST_BACKGROUND or not face.inside.any():
        return None
    sample = np.ascontiguousarray(pixels[::down, ::across])
    background = float(np.median(luminance_of(sample)[behind]))
    return None if background == 0 else float(np.median(luminance[face.inside])) / background
