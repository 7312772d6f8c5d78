"""Photos in quarantine: which there are, and what an adult decides or records for the child."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import SECOND_FACE, quarantined_photos, viewable_in_quarantine
from collector.dataset.erasure import SECOND_FACE_SEEN, bin_session, erase_photos
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.models import CaptureSession, Photo
from collector.dataset.sessions import awaits_answer, find_session, keep_after_stop

PAGE = 48


@dataclass(frozen=True)
class Waiting:
    """A session with photos in quarantine, each with whether its picture may be seen."""

    session: CaptureSession
    photos: Sequence[tuple[Photo, bool]]

    @property
    def awaits_answer(self) -> bool:
        """Whether the child's keep or bin is missing."""
        return awaits_answer(self.session)


def list_quarantined(session: Session, at: datetime, page: int = 0) -> Sequence[Waiting]:
    """A page of photos in quarantine, those that wait longest first, by session."""
    photos = session.scalars(quarantined_photos().limit(PAGE).offset(page * PAGE)).all()
    ids = [photo.id for photo in photos]
    visible = set(
        session.scalars(
            viewable_in_quarantine(at).with_only_columns(Photo.id).where(Photo.id.in_(ids))
        )
    )
    sittings: dict[uuid.UUID, list[tuple[Photo, bool]]] = {}
    for photo in photos:
        sittings.setdefault(photo.session_id, []).append((photo, photo.id in visible))
    return [Waiting(find_session(session, one), shown) for one, shown in sittings.items()]


def count_quarantined(session: Session) -> int:
    """How many photos are in quarantine."""
    waiting = quarantined_photos().order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0


def note_look(dataset: Dataset, shown: Sequence[Waiting], *, actor: str) -> None:
    """Note in the log that somebody looked at a page of pictures, by session and not by picture."""
    seen = {one.session.id: sum(may for _, may in one.photos) for one in shown}
    with dataset.database.write() as session:
        for sitting, photos in seen.items():
            if photos:
                dataset.chain.record(session, actor, "quarantine seen", sitting, photos=photos)


def find_viewable(session: Session, photo_id: uuid.UUID, at: datetime) -> Photo:
    """The photo in quarantine, if its picture may be seen; raises NotFound."""
    photo = session.scalars(viewable_in_quarantine(at).where(Photo.id == photo_id)).first()
    if photo is None:
        raise NotFound("There is no such photo in quarantine.")
    return photo


def release_photo(dataset: Dataset, photo_id: uuid.UUID, *, actor: str) -> None:
    """It was no second face: the photo may be used, unless the child has still to answer.

    Raises NotFound for a photo that may not be seen, Conflict for one that waits for the child.
    """
    with dataset.database.write() as session:
        photo = find_viewable(session, photo_id, clock.now())
        _require_second_face(photo)
        undecided = awaits_answer(find_session(session, photo.session_id))
        photo.state = "quarantined" if undecided else "active"
        photo.state_reason = "stopped" if undecided else None
        dataset.chain.record(session, actor, "photo released", photo_id)


def erase_quarantined(dataset: Dataset, photo_id: uuid.UUID, *, actor: str) -> None:
    """Somebody else is in the picture: it is erased. Raises as `release_photo` does.

    Also where the picture may not be seen: what shows somebody else needs no consent to go.
    """
    with dataset.database.read() as session:
        photo = session.scalars(quarantined_photos().where(Photo.id == photo_id)).first()
        if photo is None:
            raise NotFound("There is no such photo in quarantine.")
        _require_second_face(photo)
    erase_photos(dataset, [photo_id], actor=actor, reason=SECOND_FACE_SEEN)


def record_answer(dataset: Dataset, session_id: uuid.UUID, answer: str, *, actor: str) -> None:
    """What the child answered after it stopped, told to an adult: keep or bin.

    The same again changes nothing. Raises Unprocessable for another answer, Conflict for a session
    that was not stopped or has the other answer already.
    """
    if answer not in ("keep", "bin"):
        raise Unprocessable("The answer must be keep or bin.")
    with dataset.database.read() as session:
        capture = find_session(session, session_id)
    if capture.state != "stopped" or capture.after_stop not in (None, answer):
        raise Conflict("The child has answered already, or did not stop this session.")
    if capture.after_stop == answer:
        return
    if answer == "keep":
        keep_after_stop(dataset, session_id, actor=actor)
    else:
        bin_session(dataset, session_id, (), actor=actor)


def _require_second_face(photo: Photo) -> None:
    if photo.state_reason != SECOND_FACE:
        raise Conflict("This photo waits for the child's own answer: keep or throw away.")
