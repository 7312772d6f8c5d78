"""An uploaded picture, opened once and safely: what it shows, or why it is refused."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from PIL import ExifTags, Image
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from collector.dataset.errors import UserMistake
from collector.dataset.pixels import RGB

MAX_BYTES = 15 * 1024 * 1024
MAX_PIXELS = 25_000_000
MIN_SIDE = 64
THUMBNAIL_QUALITY = 85

# EXIF 2.32, tag 0x0112: what has to be done to the stored rows to see the picture upright.
_UPRIGHT: dict[int, Callable[[RGB], RGB]] = {
    2: lambda p: p[:, ::-1],
    3: lambda p: p[::-1, ::-1],
    4: lambda p: p[::-1],
    5: lambda p: p.transpose(1, 0, 2),
    6: lambda p: np.rot90(p, -1),
    7: lambda p: p[::-1, ::-1].transpose(1, 0, 2),
    8: np.rot90,
}


class PictureRefused(UserMistake):
    """Why a picture is not taken, in a sentence; `status` is the HTTP status that says the same."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True, eq=False)  # arrays do not compare to one truth value
class Picture:
    """A decoded picture as it is displayed: turned upright, transparency on white, 8-bit sRGB."""

    pixels: RGB
    width: int
    height: int
    media_type: str


def open_picture(data: bytes) -> Picture:
    """Decode a JPEG or PNG; the only place where an upload is decoded.

    Refused with `PictureRefused`: nothing (400), more than 15 MB (413), another format (415);
    damaged, moving, smaller than 64 x 64 or larger than 25 million pixels (422).
    The size is read from the header, before any memory is taken for pixels. Colour profiles are
    not applied.
    """
    media_type = _media_type(data)
    with refusing_damage():
        image = _read_header(data, media_type)
    return decode(image, media_type)


def decode(image: Image.Image, media_type: str) -> Picture:
    """The picture of an image whose header was read; refuses as `open_picture` does."""
    _check_header(image)
    with refusing_damage():
        pixels = _upright(_to_rgb(image), _orientation(image))
    height, width = pixels.shape[:2]
    return Picture(pixels, width, height, media_type)


def make_thumbnail(pixels: RGB, side: int = 256) -> bytes:
    """A JPEG whose longest side is `side` pixels; a smaller picture keeps its size."""
    height, width = pixels.shape[:2]
    scale = min(1.0, side / max(height, width))
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    bgr = cv2.cvtColor(small, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, THUMBNAIL_QUALITY])
    return encoded.tobytes()


def _media_type(data: bytes) -> str:
    if not data:
        raise PictureRefused("The photo is empty; please take or choose it again.", 400)
    if len(data) > MAX_BYTES:
        raise PictureRefused("The photo is larger than 15 MB; please send a smaller one.", 413)
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    raise PictureRefused("This file is neither a JPEG nor a PNG photo; please send one.", 415)


def _read_header(data: bytes, media_type: str) -> Image.Image:
    # The plugins are called directly, not through Image.open: that would print its own warning
    # about large pictures before ours is raised, and try every format it knows.
    if media_type == "image/jpeg":
        return JpegImageFile(io.BytesIO(data))
    image = PngImageFile(io.BytesIO(data))
    if image.width * image.height <= MAX_PIXELS:
        PngImageFile(io.BytesIO(data)).verify()  # checksums, which decoding does not look at
    return image


def _check_header(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise PictureRefused(
            "The photo has more than 25 million pixels; please send a smaller one.", 422
        )
    if min(width, height) < MIN_SIDE:
        raise PictureRefused(
            "The photo is smaller than 64 by 64 pixels; please send a larger one.", 422
        )
    if getattr(image, "is_animated", False):
        # Later frames would be stored without anybody having looked for a second face in them.
        raise PictureRefused("This PNG is a moving picture; please send a single photo.", 422)


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Whatever goes wrong while decoding means that the file is damaged."""
    try:
        yield
    except MemoryError:  # the machine's trouble: the photo is sound and may be sent again
        raise
    except Exception as problem:  # Pillow raises OSError, SyntaxError, struct.error and others
        raise PictureRefused(
            "The photo is damaged or incomplete; please send it again.", 422
        ) from problem


def _to_rgb(image: Image.Image) -> RGB:
    if image.mode.startswith("I"):
        # 16-bit grey: Pillow's releases disagree on whether converting scales or cuts off.
        grey = (np.asarray(image).astype(np.uint32) >> 8).astype(np.uint8)
        return cast(RGB, np.repeat(grey[:, :, None], 3, axis=2))
    if "A" in image.mode or "transparency" in image.info:
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image.convert("RGBA"))
    # Converting what is RGB already copies it: of a photo, four megabytes.
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _orientation(image: Image.Image) -> int:
    if "exif" not in image.info:  # Pillow would go on to XMP, which browsers do not turn by
        return 1
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # broken camera notes around a sound photo: browsers show it unturned
        return 1


def _upright(pixels: RGB, orientation: int) -> RGB:
    turn = _UPRIGHT.get(orientation)
    return np.ascontiguousarray(turn(pixels)) if turn else pixels
