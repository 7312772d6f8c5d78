"""Which photos of a child are there already, or were erased: an import repeated adds nothing."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset.dataset import Dataset
from collector.dataset.models import CaptureSession, Photo
from collector.dataset.photos import digest_photo
from collector.dataset.sealing import Key


@dataclass(frozen=True)
class Known:
    """A photo that is there: its burst, when it was taken, and its digest."""

    photo_id: uuid.UUID
    burst_id: uuid.UUID
    taken_at: datetime | None
    digest: str


@dataclass(frozen=True)
class Knowledge:
    """What the dataset knows before an import: the child's photos by their ids and by their sizes,
    the ids of other children's imported photos, and those on tombstones."""

    key: Key
    photos: Mapping[uuid.UUID, Known]
    by_size: Mapping[int, list[Known]]
    of_others: frozenset[uuid.UUID]
    buried: frozenset[str]

    def photo_id_of(self, original: bytes) -> uuid.UUID:
        """The id of a file's photo: the same file is the same photo, whatever its name and folder.

        Made under the child's key, so that the id tells nobody else which file it was.
        """
        digest = self.key.digest("imported photo", hashlib.sha256(original).hexdigest())
        return uuid.UUID(hex=digest[:32], version=4)

    def same_picture(self, sha256: str, size: int) -> Known | None:
        """The child's photo with just these bytes, under whatever id: captured, or reassigned."""
        for one in self.by_size.get(size, []):
            if digest_photo(self.key, one.photo_id, sha256) == one.digest:
                return one
        return None


def gather_knowledge(
    dataset: Dataset, session: Session, participant_id: uuid.UUID, key: Key
) -> Knowledge:
    """Everything that is known of the child's photos now."""
    photos, by_size = {}, defaultdict(list)
    for row in session.execute(
        select(Photo.id, Photo.burst_id, Photo.taken_at, Photo.digest, Photo.size_bytes)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(CaptureSession.participant_id == participant_id)
    ):
        photos[row[0]] = Known(*row[:4])
        by_size[row[4]].append(photos[row[0]])
    others = session.scalars(
        select(Photo.id)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(CaptureSession.participant_id != participant_id, CaptureSession.origin == "imported")
    )
    buried = dataset.keys.buried(dataset.site_id, "photo")
    return Knowledge(key, photos, by_size, frozenset(others), frozenset(buried))
