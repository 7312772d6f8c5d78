"""Erasing: tombstone first, then the key, then the rows; each step may be repeated.

Keys and rows live in two files that cannot share a transaction, so a kill between them will
happen some day. The tombstone says what was wanted, and `finish_interrupted` finishes it.
"""

import uuid
from collections.abc import Sequence

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from collector.dataset.dataset import Dataset
from collector.dataset.errors import NotFound
from collector.dataset.models import (
    CaptureSession,
    Consent,
    ConsentDocument,
    Lease,
    Participant,
    Photo,
    PhotoBytes,
    Prediction,
    SnapshotItem,
    Vote,
)


def erase_photos(dataset: Dataset, photo_ids: Sequence[uuid.UUID], *, actor: str) -> bool:
    """Erase photos and all that hangs on them; False while erased bytes may still stand in the log.

    A tombstone stays for each, so that a late copy from a tablet is refused.
    """
    dataset.keys.bury(dataset.site_id, "photo", *(one.hex for one in photo_ids))
    with dataset.database.write() as session:
        for photo_id in _delete_photos(session, photo_ids):
            dataset.chain.record(session, actor, "photo erased", photo_id)
    return dataset.database.forget_erased_pages()


def bin_own_photo(dataset: Dataset, session_id: uuid.UUID, photo_id: uuid.UUID) -> None:
    """The child throws away one photo of its own session; raises NotFound for any other."""
    with dataset.database.read() as session:
        photo = session.get(Photo, photo_id)
        if photo is None and dataset.keys.is_buried("photo", photo_id.hex):
            return
        if photo is None or photo.session_id != session_id:
            raise NotFound("There is no such photo in this session.")
    erase_photos(dataset, [photo_id], actor="child")


def bin_session(dataset: Dataset, session_id: uuid.UUID, announced: Sequence[uuid.UUID]) -> None:
    """The child stopped and throws all photos away, also those still on the tablet.

    The answer is noted last: an interruption before it finds the tablet asking again.
    """
    with dataset.database.read() as session:
        capture = session.get(CaptureSession, session_id)
        if capture is None or capture.state != "stopped":
            raise NotFound("There is no stopped session.")
        stored = session.scalars(select(Photo.id).where(Photo.session_id == session_id)).all()
        waiting = {uuid.UUID(hex=one) for one in capture.announced} | set(announced)
        # A tablet may name its own photos alone, whatever ids it has learnt.
        others = session.scalars(
            select(Photo.id).where(Photo.id.in_(waiting), Photo.session_id != session_id)
        )
        waiting -= set(others)
    erase_photos(dataset, [*stored, *waiting], actor="child")
    with dataset.database.write() as session:
        session.execute(
            update(CaptureSession).where(CaptureSession.id == session_id).values(after_stop="bin")
        )


def erase_participant(dataset: Dataset, participant_id: uuid.UUID, *, actor: str) -> bool:
    """Erase a child: all photos, votes on them, attributes, consents, its key.

    Returns False while erased bytes may still stand in the write-ahead log; asking again, or the
    next opening, empties it.
    """
    with dataset.database.read() as session:
        photos = session.scalars(_photo_ids(participant_id)).all()
        tokens = session.scalars(
            select(CaptureSession.token_sha256).where(
                CaptureSession.participant_id == participant_id
            )
        ).all()
    dataset.keys.bury(dataset.site_id, "photo", *(one.hex for one in photos))
    dataset.keys.bury(dataset.site_id, "token", *(one for one in tokens if one))
    dataset.keys.bury(dataset.site_id, "participant", participant_id.hex)
    dataset.keys.destroy_child(participant_id)
    _erase_rows(dataset, participant_id, actor)
    return dataset.database.forget_erased_pages()


def finish_interrupted(dataset: Dataset) -> None:
    """At every opening: settle half-made children, and erase what a tombstone says was erased."""
    if dataset.keys.unconfirmed(dataset.site_id):
        _settle_registrations(dataset)
    held = set(dataset.keys.children(dataset.site_id))
    for name in dataset.keys.buried(dataset.site_id, "participant"):
        child = uuid.UUID(hex=name)
        if child in held:
            dataset.keys.destroy_child(child)
        _erase_rows(dataset, child, "start-up")
    buried = [uuid.UUID(hex=one) for one in dataset.keys.buried(dataset.site_id, "photo")]
    with dataset.database.read() as session:
        left = [
            photo_id
            for start in range(0, len(buried), 500)
            for photo_id in session.scalars(
                select(Photo.id).where(Photo.id.in_(buried[start : start + 500]))
            )
        ]
    if left:
        erase_photos(dataset, left, actor="start-up")
    dataset.database.forget_erased_pages()  # an earlier erasure may have found it busy


def _settle_registrations(dataset: Dataset) -> None:
    # Under the write lock no registration is between its key and its row.
    with dataset.database.write() as session:
        for participant_id in dataset.keys.unconfirmed(dataset.site_id):
            if session.get(Participant, participant_id) is not None:
                dataset.keys.confirm_child(participant_id)
            else:
                dataset.keys.destroy_child(participant_id)


def _erase_rows(dataset: Dataset, participant_id: uuid.UUID, actor: str) -> None:
    with dataset.database.read() as session:
        if session.get(Participant, participant_id) is None:
            return
    with dataset.database.write() as session:
        if session.get(Participant, participant_id) is None:
            return  # another process was faster
        photos = _delete_photos(session, session.scalars(_photo_ids(participant_id)).all())
        consents = select(Consent.id).where(Consent.participant_id == participant_id)
        session.execute(
            delete(CaptureSession).where(CaptureSession.participant_id == participant_id)
        )
        session.execute(delete(ConsentDocument).where(ConsentDocument.consent_id.in_(consents)))
        session.execute(delete(Consent).where(Consent.participant_id == participant_id))
        session.execute(delete(Participant).where(Participant.id == participant_id))
        dataset.chain.record(
            session, actor, "participant erased", participant_id, photos=len(photos)
        )


def _delete_photos(session: Session, photo_ids: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Delete those that are there; returns their ids."""
    found = []
    for photo_id in photo_ids:
        if session.get(Photo, photo_id) is None:
            continue
        session.execute(
            update(SnapshotItem)
            .where(SnapshotItem.photo_id == photo_id)
            .values(photo_id=None, label=None)
        )
        # Votes point at the votes they supersede.
        session.execute(update(Vote).where(Vote.photo_id == photo_id).values(supersedes_id=None))
        for table in (Vote, Lease, Prediction, PhotoBytes):
            session.execute(delete(table).where(table.photo_id == photo_id))
        session.execute(delete(Photo).where(Photo.id == photo_id))
        found.append(photo_id)
    return found


def _photo_ids(participant_id: uuid.UUID) -> Select[uuid.UUID]:
    return (
        select(Photo.id)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(CaptureSession.participant_id == participant_id)
    )
