"""A camera made of pictures: Chromium plays a file of them, one after the other, as its camera."""

import itertools
import os
from collections.abc import Iterable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from skimage.data import astronaut

FRAME = (1280, 720)
BACKGROUND = (168, 172, 176)
# As large as a face in front of a tablet is.
FACE_HEIGHT = 520
# Fewer than a real camera's 30, and not compressed: four browsers at once share two cores.
FRAMES_A_SECOND = 10
FRAMES_EACH = FRAMES_A_SECOND // 2
# The format's head: size, rate, progressive, square pixels, and YUV with a quarter of the colours.
HEAD = f"YUV4MPEG2 W{FRAME[0]} H{FRAME[1]} F{FRAMES_A_SECOND}:1 Ip A1:1 C420mpeg2\n"


def make_camera_file(pictures: Iterable[Image.Image], path: Path) -> Path:
    """A camera that shows the pictures in turn, half a second each, on a plain 1280 x 720 ground.

    A picture that fills the frame is played as it is, others are pasted in the middle.
    """
    frames = (
        _breathe(frame, still)
        for frame in map(_as_frame, pictures, itertools.count())
        for still in range(FRAMES_EACH)
    )
    return _write(path, frames)


def make_frozen_camera_file(picture: Image.Image, path: Path) -> Path:
    """A camera that hangs: one frame for ever."""
    return _write(path, [_as_frame(picture, 0)])


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


def _write(path: Path, frames: Iterable[Image.Image]) -> Path:
    """The file, with the ending by which Chromium tells what it is."""
    path = path.with_suffix(".y4m")
    with path.open("wb") as file:
        file.write(HEAD.encode())
        for frame in frames:
            planes = cv2.cvtColor(np.asarray(frame), cv2.COLOR_RGB2YUV_I420)
            file.write(b"FRAME\n" + planes.tobytes())
    return path
