"""Erasing: tombstone first, then the key, then the rows; each step may be repeated.

Keys and rows live in two files that cannot share a transaction, so a kill between them will
happen some day. The tombstone says what was wanted; `interrupted.py` finishes it.
"""

import logging
import uuid
from collections.abc import Sequence

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from collector.dataset.consents.duties import duties_of
from collector.dataset.consents.standing import is_leaving
from collector.dataset.dataset import Dataset
from collector.dataset.errors import NotFound, UserMistake
from collector.dataset.models import (
    CaptureSession,
    Consent,
    ConsentDocument,
    Lease,
    LessonChild,
    Participant,
    Photo,
    PhotoBytes,
    Prediction,
    Receipt,
    SnapshotItem,
    Vote,
)
from collector.dataset.vocabulary import PURPOSES

log = logging.getLogger(__name__)

# Why something was erased, where there is a word for it: a tombstone's kind and an event's detail.
BINNED, SECOND_FACE_SEEN, RETENTION_ENDED = "binned", "second face", "retention ended"


def erase_photos(
    dataset: Dataset, photo_ids: Sequence[uuid.UUID], *, actor: str, reason: str = ""
) -> bool:
    """Erase photos and all that hangs on them; False while erased bytes may still stand in the log.

    A tombstone stays for each, so that a late copy from a tablet is refused; another one keeps the
    reason, for whoever must finish this after an interruption.
    """
    names = [one.hex for one in photo_ids]
    if reason:
        dataset.keys.bury(dataset.site_id, reason, *names)
    dataset.keys.bury(dataset.site_id, "photo", *names)
    with dataset.database.write() as session:
        for photo_id, sitting in _delete_photos(session, photo_ids).items():
            dataset.chain.record(
                session, actor, "photo erased", photo_id, sitting=sitting.hex, **_because(reason)
            )
    return dataset.database.forget_erased_pages()


def bin_own_photo(dataset: Dataset, session_id: uuid.UUID, photo_id: uuid.UUID) -> None:
    """The child throws away one photo of its own session; raises NotFound for any other."""
    with dataset.database.read() as session:
        photo = session.get(Photo, photo_id)
        if photo is None and dataset.keys.is_buried("photo", photo_id.hex):
            return
        if photo is None or photo.session_id != session_id:
            raise NotFound("There is no such photo in this session.")
    erase_photos(dataset, [photo_id], actor="child", reason=BINNED)


def bin_session(
    dataset: Dataset,
    session_id: uuid.UUID,
    announced: Sequence[uuid.UUID],
    *,
    actor: str = "child",
) -> None:
    """The child stopped and throws all photos away, also those still on the tablet.

    `actor` is the adult who records the child's answer, where the tablet did not. The answer is
    noted last: an interruption before it finds the tablet asking again.
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
    erase_photos(dataset, [*stored, *waiting], actor=actor, reason=BINNED)
    with dataset.database.write() as session:
        capture = session.get(CaptureSession, session_id)
        if capture is None or capture.after_stop == "bin":
            return  # withdrawn meanwhile, or noted before
        capture.after_stop = "bin"
        dataset.chain.record(session, actor, "photos thrown away after stop", session_id)


def erase_participant(
    dataset: Dataset, participant_id: uuid.UUID, *, actor: str, reason: str = ""
) -> bool:
    """Erase a child: all photos, votes on them, attributes, consents, its key.

    The master key is made anew, so that no copy of the old one opens what is kept from now on. What
    no program reaches is left as duties (`consents/duties.py`). Returns False while erased bytes
    may still stand in the write-ahead log; asking again, or the next opening, empties it.
    """
    with dataset.database.read() as session:
        photos = session.scalars(_photo_ids(participant_id)).all()
        sessions = session.scalars(
            select(CaptureSession).where(CaptureSession.participant_id == participant_id)
        ).all()
        tokens = [token for one in sessions for token in (one.token_sha256, *one.earlier_tokens)]
    if reason:
        dataset.keys.bury(dataset.site_id, reason, participant_id.hex)
    dataset.keys.bury(dataset.site_id, "photo", *(one.hex for one in photos))
    dataset.keys.bury(dataset.site_id, "token", *(one for one in tokens if one))
    dataset.keys.bury(dataset.site_id, "participant", participant_id.hex)
    dataset.keys.destroy_child(participant_id)
    renew_master_key(dataset)
    erase_rows(dataset, participant_id, actor)
    return dataset.database.forget_erased_pages()


def renew_master_key(dataset: Dataset) -> None:
    """Make a new master key; a damaged key elsewhere must not hold up an erasure."""
    try:
        dataset.keys.rotate()
    except UserMistake as error:
        log.warning("the master key stays as it is: %s", error)


def erase_rows(dataset: Dataset, participant_id: uuid.UUID, actor: str) -> None:
    """The last step: all rows of a child whose tombstone stands and whose key is gone."""
    ended = dataset.keys.is_buried(RETENTION_ENDED, participant_id.hex)
    with dataset.database.write() as session:
        if session.get(Participant, participant_id) is None:
            return  # done before, or another process was faster
        session.add_all(duties_of(session, dataset.site_id, participant_id, PURPOSES))
        session.flush()
        photos = _delete_photos(session, session.scalars(_photo_ids(participant_id)).all())
        consents = select(Consent.id).where(Consent.participant_id == participant_id)
        sittings = _unnamed_sittings(session, participant_id)
        session.execute(delete(LessonChild).where(LessonChild.participant_id == participant_id))
        session.execute(
            delete(CaptureSession).where(CaptureSession.participant_id == participant_id)
        )
        _erase_sessions_of_others(dataset, session, consents, actor)
        session.execute(delete(ConsentDocument).where(ConsentDocument.consent_id.in_(consents)))
        session.execute(delete(Consent).where(Consent.participant_id == participant_id))
        session.execute(
            update(Receipt).where(Receipt.participant_id == participant_id).values(sealed_code=None)
        )
        session.execute(delete(Participant).where(Participant.id == participant_id))
        dataset.chain.record(
            session, actor, "participant erased", participant_id, photos=len(photos),
            **sittings, **_because(RETENTION_ENDED if ended else ""),
        )  # fmt: skip


def _unnamed_sittings(session: Session, participant_id: uuid.UUID) -> dict[str, list[str]]:
    """The child's sittings for the log, which alone can say later whose they were; nothing where
    the withdrawal named them."""
    if is_leaving(session, participant_id):
        return {}
    statement = (
        select(CaptureSession.id)
        .where(CaptureSession.participant_id == participant_id)
        .order_by(CaptureSession.created_at)
    )
    sittings = [one.hex for one in session.scalars(statement)]
    return {"sessions": sittings} if sittings else {}


def _erase_sessions_of_others(
    dataset: Dataset, session: Session, consents: Select[uuid.UUID], actor: str
) -> None:
    """Sessions that no door would open: they name another child's consent, which is going now.

    The program makes none; edited tables may hold some, and must not hold up an erasure.
    """
    for capture in session.scalars(
        select(CaptureSession).where(CaptureSession.consent_id.in_(consents))
    ).all():
        photos = session.scalars(select(Photo.id).where(Photo.session_id == capture.id)).all()
        dataset.keys.bury(dataset.site_id, "photo", *(one.hex for one in photos))
        for photo_id, sitting in _delete_photos(session, photos).items():
            dataset.chain.record(session, actor, "photo erased", photo_id, sitting=sitting.hex)
        session.execute(delete(CaptureSession).where(CaptureSession.id == capture.id))


def _delete_photos(session: Session, photo_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """Delete those that are there; returns their ids, each with its session's."""
    found = {}
    for photo_id in photo_ids:
        photo = session.get(Photo, photo_id)
        if photo is None:
            continue
        found[photo_id] = photo.session_id
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
    return found


def _because(reason: str) -> dict[str, str]:
    return {"reason": reason} if reason else {}


def _photo_ids(participant_id: uuid.UUID) -> Select[uuid.UUID]:
    return (
        select(Photo.id)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(CaptureSession.participant_id == participant_id)
    )
