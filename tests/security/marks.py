"""Marks in the pixels: each child's photos bear a hue of their own, which can be found again.

A mark survives what a photo may go through on its way out: JPEG, thumbnails, crops of the face,
other sizes, a place in a larger figure, base64 in a page, a ZIP file.
"""

import base64
import binascii
import io
import re
import zipfile
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from collector.dataset.pixels import RGB

Mask = NDArray[np.float32]

# In degrees. Who may be used for research, and who may not, lie far enough apart for the trainer's
# augmentations, which turn a hue by up to 25 degrees. The blue and the orange of figures, skin and
# hair lie between them.
HUES = {
    "arina": 0, "pavel": 60, "polina": 90, "timur": 120,
    "rosa": 170, "vera": 190, "egor": 226, "nina": 246, "sofia": 266, "stepan": 286, "maya": 306,
}  # fmt: skip
TOLERANCE = 9.0
SATURATION = 0.85  # clothes and skin are paler, the figures' lines stronger
WINDOW = 8  # a photo may be a part of a figure: an eighth of the figure's shorter side is searched
ENOUGH = 0.6  # of a window's pixels
LARGEST = 480  # pixels; larger pictures are made smaller first

PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
BASE64 = re.compile(rb"[A-Za-z0-9+/]{200,}={0,2}")


def dyed(photo: RGB, child: str) -> RGB:
    """The photo in shades of the child's hue alone; light and dark stay as they were."""
    grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY).astype(np.float32) / 255
    value = 0.35 + 0.65 * grey
    parts = (np.full_like(value, HUES[child]), np.full_like(value, SATURATION), value)
    pixels = cv2.cvtColor(np.dstack(parts), cv2.COLOR_HSV2RGB)
    return (pixels * 255).round().astype(np.uint8)


def marks_in(picture: RGB) -> set[str]:
    """Whose marks fill a window of the picture."""
    longest = max(picture.shape[:2])
    if longest > LARGEST:
        size = [max(1, round(side * LARGEST / longest)) for side in picture.shape[1::-1]]
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8)
    found = _marked_pixels(picture)
    side = max(4, min(picture.shape[:2]) // WINDOW)
    return {
        child for child, marked in found.items() if cv2.blur(marked, (side, side)).max() >= ENOUGH
    }


def nearest_mark(picture: RGB) -> str | None:
    """Whose hue is the nearest to the picture's, if it has colours at all."""
    hue, saturation, _ = cv2.split(cv2.cvtColor(_floats(picture), cv2.COLOR_RGB2HSV))
    coloured = hue[saturation > 0.25]
    if coloured.size < hue.size / 4:
        return None
    turns = np.exp(1j * np.radians(coloured)).mean()
    middle = float(np.degrees(np.angle(turns)))
    return min(HUES, key=lambda child: abs((middle - HUES[child] + 180) % 360 - 180))


def marks_in_bytes(content: bytes) -> set[str]:
    """Whose marks are in any picture in there, however it is wrapped."""
    return set().union(*(marks_in(picture) for picture in pictures_in(content)))


def pictures_in(content: bytes, depth: int = 3) -> Iterator[RGB]:
    """Every picture that begins anywhere in the bytes; those in ZIP files and base64 too."""
    for sign in PICTURES:
        for found in re.finditer(re.escape(sign), content):
            picture = _decoded(content[found.start() :])
            if picture is not None:
                yield picture
    if depth and content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            for name in container.namelist():
                yield from pictures_in(container.read(name), depth - 1)
    for run in BASE64.findall(content) if depth else ():
        yield from pictures_in(_unwrapped(run), depth - 1)


def _marked_pixels(picture: RGB) -> dict[str, Mask]:
    hue, saturation, value = cv2.split(cv2.cvtColor(_floats(picture), cv2.COLOR_RGB2HSV))
    dyed_so = (np.abs(saturation - SATURATION) <= 0.12) & (value > 0.25)
    return {
        child: (dyed_so & (np.abs((hue - middle + 180) % 360 - 180) <= TOLERANCE)).astype(
            np.float32
        )
        for child, middle in HUES.items()
    }


def _floats(picture: RGB) -> Mask:
    return picture.astype(np.float32) / 255


def _decoded(content: bytes) -> RGB | None:
    try:
        return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))
    except Exception:  # bytes that begin like a picture and are none
        return None


def _unwrapped(run: bytes) -> bytes:
    try:
        return base64.b64decode(run[: len(run) // 4 * 4])
    except binascii.Error:
        return b""
