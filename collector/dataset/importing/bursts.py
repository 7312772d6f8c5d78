"""Which photos are shots of one moment.

A training must not have nearly the same picture on both sides of its split, and where children are
few it splits by bursts. So photos are one burst

- where each was taken within two seconds of the one before. All folders count together: it is one
  child, and people sort the shots of a moment into several classes;
- where, without a time, their names in one folder differ only by a counter behind the camera's
  number or time: IMG_0001_1 and IMG_0001_2, 20190312_101500 (2), 20190312_101500_BURST03. The
  camera's number itself (IMG_0001, IMG_0002), or any other (7.jpg, anna_12.jpg), tells which photo
  came next and not how soon: each of these is a burst of its own.

How alike two pictures are is not looked at: a threshold for that wants a measurement of its own.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath

NEAR = timedelta(seconds=2)
COUNTED = re.compile(
    r"(?P<moment>.*(?:(?:img|dsc[nf]?|pict|sam|p)[ _-]?\d{4,7}|(?:19|20)\d{6}[ _-]?\d{6,9}))"
    r"(?:[ _-]*burst[ _-]*|[ _-]+|[ _-]*(?=\())"
    r"\(?\d{1,3}\)?(?:[ _-]*cover)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Moment:
    """Where a photo lies, and when it was taken as far as is known."""

    path: PurePosixPath
    taken_at: datetime | None


def group_bursts(photos: Iterable[Moment]) -> list[list[PurePosixPath]]:
    """The photos burst by burst, in the order of time, else of the names; each is in one."""
    ordered = sorted(photos, key=lambda photo: _counting(photo.path))
    return [*_near_in_time(ordered), *_counted_on(ordered)]


def _near_in_time(photos: Iterable[Moment]) -> list[list[PurePosixPath]]:
    timed = [(photo.taken_at, photo.path) for photo in photos if photo.taken_at]
    bursts: list[list[PurePosixPath]] = []
    before: datetime | None = None
    for taken_at, path in sorted(timed, key=lambda pair: pair[0]):
        if before is None or taken_at - before > NEAR:
            bursts.append([])
        bursts[-1].append(path)
        before = taken_at
    return bursts


def _counted_on(photos: Iterable[Moment]) -> list[list[PurePosixPath]]:
    bursts: defaultdict[tuple[PurePosixPath, str], list[PurePosixPath]] = defaultdict(list)
    for photo in photos:
        if photo.taken_at is None:
            name = photo.path.stem
            counted = COUNTED.fullmatch(name)
            moment = counted["moment"] if counted else name
            bursts[photo.path.parent, moment.casefold()].append(photo.path)
    return list(bursts.values())


def _counting(path: PurePosixPath) -> list[tuple[int, str]]:
    """An order in which 2 comes before 10."""
    parts = re.split(r"(\d+)", str(path))
    return [(int(part) if part.isdecimal() else 0, part) for part in parts]
