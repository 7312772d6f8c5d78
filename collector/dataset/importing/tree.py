"""The files of a folder: which are photos to be read, and which are left aside."""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from collector.dataset.errors import CommandMistake

# Whatever the name says, the first bytes tell the format; these are the files to look into.
READ = frozenset(
    (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".bmp", ".dib", ".tif", ".tiff")
)  # fmt: skip
# Photos too, of formats that are not read: they must not be left aside in silence.
REFUSED = frozenset(
    (".heic", ".heif", ".avif", ".gif", ".jp2", ".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf",
     ".orf", ".rw2")
)  # fmt: skip


@dataclass(frozen=True)
class Tree:
    """The photos of a folder by their paths in it, and the endings of the other files, counted."""

    folder: Path
    photos: tuple[PurePosixPath, ...]
    left_aside: dict[str, int]


def find_photos(folder: Path, but_not: Path | None = None) -> Tree:
    """Walk through the folder, in the order of the names; raises CommandMistake without photos.

    Hidden files and folders and what systems leave behind (__MACOSX) are passed over, links to
    other folders are not followed, `but_not` is the map. A folder inside that cannot be read is
    refused as well: what is in it must not be missed in silence.
    """
    photos, aside = [], Counter[str]()
    for place, folders, files in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not _is_hidden(name))
        for name in sorted(files):
            path = Path(place, name)
            if _is_hidden(name) or (but_not and path.resolve() == but_not.resolve()):
                continue
            ending = path.suffix.casefold()
            if ending in READ | REFUSED:
                photos.append(PurePosixPath(path.relative_to(folder).as_posix()))
            else:
                aside[ending or name] += 1
    if not photos:
        raise CommandMistake(f"There are no photos in {folder}.")
    return Tree(folder, tuple(photos), dict(sorted(aside.items())))


def _is_hidden(name: str) -> bool:
    return name.startswith(".") or name == "__MACOSX"


def _refuse(error: OSError) -> None:
    raise CommandMistake(f"{error.filename} cannot be read: {error.strerror}.") from error
