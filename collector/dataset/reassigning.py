"""A session that was recorded under the wrong child becomes the right one's, whole or not at all.

What was sealed or digested under the wrong child's key is made anew under the right one's. A frozen
snapshot cannot be: its items for these photos are emptied, as by an erasure.
"""

import hashlib
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.standing import is_leaving, standing_consent
from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.errors import Conflict, NotFound, UserMistake
from collector.dataset.keys import KeyGone
from collector.dataset.models import (
    CaptureSession,
    Consent,
    ExportItem,
    Participant,
    Photo,
    PhotoBytes,
    SnapshotItem,
)
from collector.dataset.photos import digest_photo
from collector.dataset.runs import move_in_runs
from collector.dataset.sealing import Key, Unreadable
from collector.dataset.sessions import find_session

log = logging.getLogger(__name__)

# A mark beside the tombstones, so that a restored backup does not put the session back.
MOVED = "session moved"


@dataclass(frozen=True)
class Cover:
    """How many photos a session has, for how many of them the child's consent does not stand, and
    the consent that the session would rest on."""

    photos: int
    uncovered: int
    consent: Consent | None


def cover_of(session: Session, capture: CaptureSession, to: uuid.UUID) -> Cover:
    """Whether the child's research consent stood at the moment of every photo of the session.

    Of a session without photos the moment is its end, or now while it is open. Photos that were
    imported are covered, as they are at an import, by a consent of now whose text says so.
    """
    moments = _moments(session, capture)
    backwards = _covers_earlier(session, to) if capture.origin == "imported" else None
    consents = [
        standing_consent(session, to, "research", at) or backwards
        for at in moments or [capture.closed_at or clock.now()]
    ]
    missing = sum(one is None for one in consents)
    return Cover(len(moments), missing, None if missing else consents[0])


def reassign_session(
    dataset: Dataset, session_id: uuid.UUID, to: uuid.UUID, *, actor: str
) -> uuid.UUID:
    """Give the session and its photos to the child `to`; returns the child that had it before.

    The same again changes nothing. Raises Conflict, and nothing changes, where the research consent
    of `to` did not stand at the moment of every photo, for a licensed source's session, for a child
    whose photos are being erased, and for a photo that is damaged.
    """
    with dataset.database.write() as session:
        capture = find_session(session, session_id)
        wrong = capture.participant_id
        if wrong == to:
            return wrong
        consent = _require_movable(session, capture, to)
        photos = session.scalars(own_session_photos(session_id)).all()
        _seal_anew(dataset, session, photos, wrong, to)
        move_in_runs(session, capture, to)
        ids = own_session_photos(session_id).order_by(None).with_only_columns(Photo.id)
        _leave_snapshots_and_follow_exports(session, ids, to)
        capture.participant_id, capture.consent_id = to, consent.id
        dataset.chain.record(
            session,
            actor,
            "session reassigned",
            session_id,
            from_child=wrong.hex,
            to_child=to.hex,
            photos=len(photos),
        )
        # Last: what was refused above must not be tried again at every opening.
        dataset.keys.bury(dataset.site_id, MOVED, f"{session_id.hex} {to.hex} {clock.now()}")
    dataset.database.forget_erased_pages()  # the old sealing stands in the log still
    return wrong


def move_again(dataset: Dataset) -> None:
    """Move the sessions that a restored backup has under the wrong child still.

    What cannot be moved stays: of a right child that the backup does not know, for example.
    """
    newest: dict[uuid.UUID, tuple[str, uuid.UUID]] = {}
    for mark in dataset.keys.buried(dataset.site_id, MOVED):
        sitting, to, at = mark.split(" ", 2)
        one = uuid.UUID(hex=sitting)
        newest[one] = max(newest.get(one, ("", one)), (at, uuid.UUID(hex=to)))
    with dataset.database.read() as session:
        owners = {
            row[0]: row[1]
            for row in session.execute(select(CaptureSession.id, CaptureSession.participant_id))
        }
    for one, (_, right) in newest.items():
        if one in owners and owners[one] != right:
            try:
                reassign_session(dataset, one, right, actor="start-up")
            except UserMistake as error:
                log.warning("the session %s stays where the backup has it: %s", one.hex, error)


def _moments(session: Session, capture: CaptureSession) -> list[datetime]:
    photos = session.scalars(own_session_photos(capture.id))
    return sorted(photo.taken_at or photo.received_at for photo in photos)


def _covers_earlier(session: Session, child: uuid.UUID) -> Consent | None:
    consent = standing_consent(session, child, "research", clock.now())
    return consent if consent and consent.text.covers_earlier_photos else None


def _require_movable(session: Session, capture: CaptureSession, to: uuid.UUID) -> Consent:
    if capture.source_id is not None:
        raise Conflict("This session rests on a licensed collection and not on a consent.")
    if session.get(Participant, to) is None:
        raise NotFound("There is no such child.")
    # Its erasure may be under way in another process, with the list of its photos in hand.
    if is_leaving(session, capture.participant_id):
        raise Conflict("The child of this session is being erased: it cannot be moved any more.")
    consent = cover_of(session, capture, to).consent
    if consent is None:
        raise Conflict(
            "The guardian's consent for the right child did not stand when these photos were "
            "taken: the session stays where it is."
        )
    return consent


def _seal_anew(
    dataset: Dataset, session: Session, photos: Sequence[Photo], wrong: uuid.UUID, to: uuid.UUID
) -> None:
    try:
        old, new = dataset.keys.child(wrong), dataset.keys.child(to)
    except KeyGone as error:
        raise NotFound("There is no such child.") from error
    try:
        for photo in photos:
            photo.digest = _move_bytes(session, photo, old, new)
    except Unreadable as error:
        raise Conflict(
            "A photo of this session is damaged: the session stays where it is. "
            "Collector doctor says more."
        ) from error


def _move_bytes(session: Session, photo: Photo, old: Key, new: Key) -> str:
    """Seal one photo's picture and thumbnail under the new key; returns its new digest."""
    row = PhotoBytes.photo_id == photo.id
    sealed, thumbnail = session.execute(
        select(PhotoBytes.sealed, PhotoBytes.sealed_thumbnail).where(row)
    ).one()
    context = (photo.id, photo.session_id)
    picture = old.open(sealed, "photo", *context)
    small = old.open(thumbnail, "thumbnail", *context)
    session.execute(
        update(PhotoBytes)
        .where(row)
        .values(
            sealed=new.seal(picture, "photo", *context),
            sealed_thumbnail=new.seal(small, "thumbnail", *context),
        )
    )
    return digest_photo(new, photo.id, hashlib.sha256(picture).hexdigest())


def _leave_snapshots_and_follow_exports(
    session: Session, ids: Select[uuid.UUID], to: uuid.UUID
) -> None:
    session.execute(
        update(SnapshotItem).where(SnapshotItem.photo_id.in_(ids)).values(photo_id=None, label=None)
    )
    session.execute(
        update(ExportItem).where(ExportItem.photo_id.in_(ids)).values(participant_id=to)
    )
