"""Folders of photos as people keep them: drawn faces, with a camera's notes or without."""

import io
import zlib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ExifTags, Image

from collector.dataset.drawn import draw_photo, invent_character
from collector.dataset.emotions import Emotion
from collector.dataset.pixels import RGB

# Words that stand in the notes of `camera_notes` and nowhere else.
PLACE, PERSON, MAKER = b"Karaganda", b"Arina Exampleova", b"Nosuch Cameras"
GPS = 0x8825


@cache
def face(seed: int = 1, emotion: Emotion = Emotion.HAPPY) -> RGB:
    """A drawn child's photo, 480 x 360."""
    rng = np.random.default_rng(seed)
    return draw_photo(emotion, invent_character(rng), "natural", rng, size=(480, 360))


def encoded(pixels: RGB, kind: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    if isinstance(options.get("exif"), Image.Exif):
        options["exif"] = options["exif"].tobytes()  # or the TIFF's writer leaves half of it out
    Image.fromarray(pixels).save(buffer, kind, **options)
    return buffer.getvalue()


def camera_notes(
    taken: datetime | str | None = None,
    *,
    offset: str | None = "+00:00",
    fraction: str | None = None,
    orientation: int = 1,
) -> Image.Exif:
    """A camera's notes: time, orientation, maker, owner, place; an offset of None is left out."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = MAKER.decode()
    exif[ExifTags.Base.Artist] = PERSON.decode()
    exif[ExifTags.Base.DateTime] = "2001:01:01 00:00:00"
    notes = exif.get_ifd(ExifTags.IFD.Exif)
    if taken is not None:
        written = taken if isinstance(taken, str) else taken.strftime("%Y:%m:%d %H:%M:%S")
        notes[ExifTags.Base.DateTimeOriginal] = written
    if taken is not None and offset is not None:
        notes[ExifTags.Base.OffsetTimeOriginal] = offset
    if fraction is not None:
        notes[ExifTags.Base.SubsecTimeOriginal] = fraction
    exif.get_ifd(GPS).update({1: "N", 2: (49.0, 48.0, 0.0), 29: PLACE.decode()})
    return exif


def put(path: Path, content: bytes | None = None, seed: int | None = None, **notes: Any) -> Path:
    """Write a file, by default a drawn face of its own, with notes if any are given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if content is None:
        options = {"exif": camera_notes(**notes)} if notes else {}
        own = zlib.crc32(f"{path.parent.name}/{path.name}".encode()) % 9973
        number = own if seed is None else seed
        content = encoded(face(number), quality=90, **options)
    path.write_bytes(content)
    return path


def a_while_ago(**ago: float) -> datetime:
    """A moment before now, in whole seconds as cameras write them."""
    return datetime.now(UTC).replace(microsecond=0) - timedelta(**ago)
