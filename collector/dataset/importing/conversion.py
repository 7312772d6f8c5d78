"""A file from somebody's folder, and the bytes that are stored of it: its picture, no notes.

An upright JPEG is stored as it is but for its notes: the same pixels, bit by bit. One that its
camera wants turned is turned and encoded again at quality 95. PNG, WebP, BMP and TIFF are stored as
PNG, as they are displayed (8 bits, transparency on white), or, where that is over the size that a
photo may have, as JPEG of quality 95.

Colour profiles go with the notes: nothing here applies them, so the measures, the reviewers and the
trainer see the same values.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from PIL import Image
from PIL.BmpImagePlugin import BmpImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from collector.dataset.errors import CommandMistake
from collector.dataset.importing.exiftime import read_time
from collector.dataset.importing.stripping import strip_jpeg
from collector.dataset.picture import (
    MAX_BYTES,
    MAX_PIXELS,
    Picture,
    decode,
    open_picture,
    refusing_damage,
)
from collector.dataset.pixels import RGB

# The largest picture that may be opened, uncompressed with transparency, and some notes.
MAX_FILE_BYTES = 4 * MAX_PIXELS + 4 * 1024 * 1024
QUALITY = 95

Opener = Callable[[io.BytesIO], Image.Image]
OPENERS: dict[str, Opener] = {
    "image/jpeg": JpegImageFile,
    "image/png": PngImageFile,
    "image/webp": WebPImageFile,
    "image/bmp": BmpImageFile,
    "image/tiff": TiffImageFile,
}


@dataclass(frozen=True, eq=False)
class Converted:
    """What is stored of a file: its bytes, the picture that they show, and when it was taken."""

    stored: bytes
    picture: Picture
    taken_at: datetime | None


def convert(data: bytes, now: datetime) -> Converted:
    """The bytes to store; raises UserMistake with the reason why there are none."""
    media_type = _media_type(data)
    with refusing_damage():
        if media_type == "image/png":
            PngImageFile(io.BytesIO(data)).verify()  # checksums, which decoding does not look at
        image = OPENERS[media_type](io.BytesIO(data))
        pictures = getattr(image, "n_frames", 1)
    if pictures > 1:
        raise CommandMistake("It holds several pictures: save the right one as a file of its own.")
    taken_at = read_time(image, now)
    shown = decode(image, media_type)
    if media_type == "image/jpeg":
        same = _same_pixels(data, shown.pixels)
        if same is not None:
            return Converted(*same, taken_at)
    stored = b"" if media_type == "image/jpeg" else _encode(shown.pixels, "PNG")
    if not 0 < len(stored) <= MAX_BYTES:
        stored = _encode(shown.pixels, "JPEG", quality=QUALITY, subsampling="4:4:4")
    return Converted(stored, open_picture(stored), taken_at)


def _media_type(data: bytes) -> str:
    """The format by the file's first bytes, whatever its name; raises CommandMistake."""
    if not data:
        raise CommandMistake("It is empty.")
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "image/webp"
    for start, media_type in (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"BM", "image/bmp"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
    ):
        if data.startswith(start):
            return media_type
    if data[4:8] == b"ftyp":
        raise CommandMistake("It is a HEIC, AVIF or film: save it as JPEG first.")
    if data.startswith(b"GIF8"):
        raise CommandMistake("It is a GIF: save it as PNG first.")
    raise CommandMistake("It is no picture of a known format (JPEG, PNG, WebP, BMP, TIFF).")


def _same_pixels(data: bytes, pixels: RGB) -> tuple[bytes, Picture] | None:
    """The JPEG without its notes, if it still shows the same to the last bit: none was turned."""
    stripped = strip_jpeg(data)
    if stripped is None or len(stripped) > MAX_BYTES:
        return None
    picture = open_picture(stripped)
    return (stripped, picture) if np.array_equal(picture.pixels, pixels) else None


def _encode(pixels: RGB, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()
