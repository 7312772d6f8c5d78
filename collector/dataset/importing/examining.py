"""One file of a folder: what becomes of it, and why; nothing is stored."""

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from collector.dataset.errors import CommandMistake, UserMistake
from collector.dataset.faces import FaceFinder
from collector.dataset.importing.conversion import MAX_FILE_BYTES, convert
from collector.dataset.importing.knowledge import Knowledge, Known
from collector.dataset.importing.staging import Slot, Staging
from collector.dataset.measuring import DECODING, measure_picture


@dataclass(frozen=True)
class Taken:
    """A photo that may be stored: its id, the hash and size of what is stored, its measures as
    columns, and where its sealed bytes wait."""

    photo_id: uuid.UUID
    sha256: str
    size_bytes: int
    taken_at: datetime | None
    columns: Mapping[str, Any]
    quarantine_reason: str | None
    sealed: Slot
    sealed_thumbnail: Slot


@dataclass(frozen=True)
class Bad:
    """A file that cannot be taken, and why."""

    reason: str


class LeftOut(StrEnum):
    """Why a sound photo is not stored: it was erased once and stays so; it lies in the folder
    twice; it was taken before the consent, or after the study's last day."""

    ERASED = "erased"
    SAME_TWICE = "same twice"
    TOO_EARLY = "too early"
    TOO_LATE = "too late"


Outcome = Taken | Known | LeftOut | Bad


@dataclass(frozen=True)
class Examiner:
    """Reads, converts, measures and seals file by file, for one session; any thread may ask."""

    finder: FaceFinder
    knowledge: Knowledge
    staging: Staging
    session_id: uuid.UUID
    now: datetime

    def examine(self, path: Path) -> Outcome:
        """What becomes of the file."""
        try:
            original = _read(path)
            photo_id = self.knowledge.photo_id_of(original)
            if photo_id.hex in self.knowledge.buried:
                return LeftOut.ERASED
            if known := self.knowledge.photos.get(photo_id):
                return known
            if photo_id in self.knowledge.of_others:
                return Bad("It was imported for this child, and given to another child since.")
            return self._take(photo_id, original)
        except UserMistake as error:
            return Bad(str(error))
        except OSError as error:
            return Bad(f"It cannot be read: {error.strerror or error}.")

    def _take(self, photo_id: uuid.UUID, original: bytes) -> Taken | Known:
        with DECODING:
            converted = convert(original, self.now)
            measured = measure_picture(self.finder, converted.picture)
        stored = converted.stored
        sha256 = hashlib.sha256(stored).hexdigest()
        if known := self.knowledge.same_picture(sha256, len(stored)):
            return known
        seal, context = self.knowledge.key.seal, (photo_id, self.session_id)
        return Taken(
            photo_id,
            sha256,
            len(stored),
            converted.taken_at,
            measured.columns,
            measured.quarantine_reason,
            self.staging.put(seal(stored, "photo", *context)),
            self.staging.put(seal(measured.thumbnail, "thumbnail", *context)),
        )


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise CommandMistake("It is larger than a photo may be.")
    return content
