"""A guardian looks at the child's photos, beside the operator: for a while, on record.

Operators never see a child's photos otherwise. Whoever asks is identified first: by the code of a
receipt, or because the operator knows this person; how is noted, and nothing about the person.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.receipts import receipt_of_code
from collector.dataset.dataset import Dataset
from collector.dataset.doors import count_with_others, guardians_photos
from collector.dataset.errors import NotFound, Unprocessable
from collector.dataset.models import CaptureSession, Photo
from collector.dataset.participants import find_participant
from collector.dataset.sessions import sessions_of

LOOK = timedelta(minutes=15)


@dataclass(frozen=True)
class Album:
    """The photos that a guardian may see, by session, oldest first; how many are left out."""

    sessions: Sequence[tuple[CaptureSession, Sequence[Photo]]]
    photos: int
    left_out: int


def open_look(
    dataset: Dataset, participant_id: uuid.UUID, *, code: str, known_in_person: bool, actor: str
) -> datetime:
    """Until when the guardian and the operator may look; on record with how the first was known.

    Raises NotFound for a code that is not this child's, Unprocessable where nobody was identified.
    """
    with dataset.database.write() as session:
        find_participant(session, participant_id)
        if code and receipt_of_code(dataset, session, code).participant_id != participant_id:
            # The same sentence as for a code that nobody has.
            raise NotFound("This code is not known. Please compare it with the receipt.")
        if not code and not known_in_person:
            raise Unprocessable("Enter the receipt's code, or say that you know the guardian.")
        dataset.chain.record(
            session, actor, "look opened", participant_id,
            identified="code" if code else "known in person",
        )  # fmt: skip
    return clock.now() + LOOK


def read_album(session: Session, participant_id: uuid.UUID) -> Album:
    """What there is to look at."""
    photos = session.scalars(guardians_photos(participant_id)).all()
    sittings = [capture for capture, _ in sessions_of(session, participant_id)]
    return Album(
        sessions=[
            (capture, [photo for photo in photos if photo.session_id == capture.id])
            for capture in reversed(sittings)
        ],
        photos=len(photos),
        left_out=count_with_others(session, participant_id),
    )


def note_look(dataset: Dataset, participant_id: uuid.UUID, album: Album, *, actor: str) -> None:
    """Note that a page of the child's photos was shown: by page, not by picture."""
    with dataset.database.write() as session:
        find_participant(session, participant_id)
        dataset.chain.record(
            session, actor, "photos shown to the guardian", participant_id, photos=album.photos
        )


def find_own(session: Session, participant_id: uuid.UUID, photo_id: uuid.UUID) -> Photo:
    """One of the photos that this child's guardian may see; raises NotFound."""
    door = guardians_photos(participant_id).where(Photo.id == photo_id)
    photo = session.scalars(door).first()
    if photo is None:
        raise NotFound("There is no such photo.")
    return photo
