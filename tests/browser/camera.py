"""A camera made of pictures: Chromium plays a file of JPEGs, one after the other, as its camera."""

import os
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from PIL import Image
from skimage.data import astronaut

FRAME = (1280, 720)
BACKGROUND = (168, 172, 176)
# As large as a face in front of a tablet is.
FACE_HEIGHT = 520
# 30 frames are played in a second.
FRAMES_EACH = 15


def make_camera_file(pictures: Iterable[Image.Image], path: Path) -> Path:
    """A camera that shows the pictures in turn, half a second each, on a plain 1280 x 720 ground.

    A picture that fills the frame is played as it is, others are pasted in the middle.
    """
    with path.open("wb") as file:
        for number, picture in enumerate(pictures):
            frame = _as_frame(picture, number)
            for still in range(FRAMES_EACH):
                file.write(_as_jpeg(_breathe(frame, still)))
    return path


def make_frozen_camera_file(picture: Image.Image, path: Path) -> Path:
    """A camera that hangs: one frame for ever."""
    path.write_bytes(_as_jpeg(_as_frame(picture, 0)))
    return path


def real_faces(emotion: str, count: int) -> list[Image.Image]:
    """Photographs of adults showing the emotion, from the folder that SHARED_DATA names.

    Where it is absent, the portrait of an astronaut that scikit-image brings along.
    """
    folder = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "faces" / emotion
    found = [Image.open(path) for path in sorted(folder.glob("*.jpg"))[:count]]
    return found or [Image.fromarray(astronaut()).crop((90, 0, 350, 260))] * count


def _as_frame(picture: Image.Image, number: int) -> Image.Image:
    image = picture.convert("RGB")
    if image.size != FRAME:
        width = round(image.width * FACE_HEIGHT / image.height)
        ground = Image.new("RGB", FRAME, BACKGROUND)
        corner = ((FRAME[0] - width) // 2, (FRAME[1] - FACE_HEIGHT) // 2)
        ground.paste(image.resize((width, FACE_HEIGHT)), corner)
        image = ground
    # No two pictures are equal, even where the same face is given twice.
    image.putpixel((0, 0), (number % 256, number // 256 % 256, 0))
    return image


def _breathe(image: Image.Image, still: int) -> Image.Image:
    """One of sixteen parts a little brighter: no camera gives the same frame twice."""
    wide, high = FRAME[0] // 4, FRAME[1] // 4
    x, y = still % 4 * wide, still // 4 * high
    part = (x, y, x + wide, y + high)
    breathing = image.copy()
    breathing.paste(image.crop(part).point(lambda value: value + 3), part)
    return breathing


def _as_jpeg(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=90)
    return buffer.getvalue()
