"""When a photo was taken, by what the camera wrote into it."""

import re
from datetime import datetime, timedelta

from PIL import ExifTags, Image

FIRST_YEAR = 1990  # no digital photo of a child is older; cameras without a clock write 1970, 1980
TIME = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d):(\d\d)")
OFFSET = re.compile(r"(Z|[+-]\d\d:\d\d)")


def read_time(image: Image.Image, now: datetime) -> datetime | None:
    """The moment of DateTimeOriginal; None where it is missing, broken, or cannot be.

    With OffsetTimeOriginal it is exact. Without it the camera's clock is taken to have shown the
    time of the zone that this machine is set to: photos from elsewhere are off by the difference.
    Times of scanning or editing (DateTimeDigitized, DateTime, the file's own) are not used. A
    moment before 1990 or after `now` is a clock that was never set.
    """
    try:
        notes = image.getexif().get_ifd(ExifTags.IFD.Exif)
        taken = _moment(
            _text(notes.get(ExifTags.Base.DateTimeOriginal)),
            _text(notes.get(ExifTags.Base.SubsecTimeOriginal)),
            _text(notes.get(ExifTags.Base.OffsetTimeOriginal)),
        )
    except Exception:  # broken camera notes around a sound photo: Pillow raises what it meets
        return None
    if taken is None or taken.year < FIRST_YEAR or taken > now:
        return None
    return taken


def _moment(time: str, fraction: str, offset: str) -> datetime | None:
    found = TIME.match(time)
    if found is None:
        return None
    zone = OFFSET.match(offset)
    # Without a zone `astimezone` takes this machine's, with the summer time of that day.
    written = "{}-{}-{}T{}:{}:{}".format(*found.groups()) + (zone[0] if zone else "")
    taken = datetime.fromisoformat(written).astimezone()
    digits = fraction[:6]
    if digits.isascii() and digits.isdecimal():
        taken += timedelta(microseconds=int(digits.ljust(6, "0")))
    return taken


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value.strip(" \0") if isinstance(value, str) else ""
