"""Storing a photo: checked, measured, encrypted, and durable in one transaction."""

import hashlib
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from collector.dataset import clock
from collector.dataset.consents.standing import is_leaving, require_consent
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from collector.dataset.errors import Conflict, Erased, NotFound, Unprocessable
from collector.dataset.faces import FaceFinder
from collector.dataset.keys import KeyGone
from collector.dataset.measuring import DECODING, Measured, measure_picture
from collector.dataset.models import CaptureSession, Photo, PhotoBytes
from collector.dataset.passports.passport import stamp_of
from collector.dataset.picture import open_picture
from collector.dataset.pixels import Box
from collector.dataset.protocols.plan import read_plan
from collector.dataset.sealing import Key
from collector.dataset.sessions import require_open_for, require_open_for_rescued
from collector.dataset.studies import require_capturing


@dataclass(frozen=True)
class Shot:
    """What the tablet says of a photo: its own id, burst and number, the prompt, the moment.

    `attempt` is 1 for the face that the story alone asked for, 2 for one that the mascot showed.
    `guidance` is the advice that stood when it was taken all the same, one of GUIDANCE.
    """

    photo_id: uuid.UUID
    burst_id: uuid.UUID
    shot: int
    prompted_emotion: Emotion | None
    taken_at: datetime | None = None
    head_pose: str | None = None
    camera_settings: dict[str, Any] | None = None
    attempt: int = 1
    guidance: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What was committed: the hash of the bytes as they were sent; `new` unless sent before."""

    sha256: str
    state: str
    faces: int
    new: bool


def add_photo(
    dataset: Dataset,
    finder: FaceFinder,
    session_id: uuid.UUID,
    shot: Shot,
    data: bytes,
    *,
    rescued: Collection[str] | None = None,
) -> Receipt:
    """Store a photo and all that is known of it; the same photo sent again changes nothing.

    Raises PictureRefused for bytes that are no usable picture, Unprocessable for a prompt outside
    the protocol, Conflict for a session that is over, a missing consent or an id with other bytes,
    Erased for a photo that was binned or withdrawn. `rescued`: an operator brings it in a file;
    these are the ids that its tablet had announced before. The picture is decoded once, and
    measured and encrypted before the write lock is taken.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    with dataset.database.read() as session:
        capture, known = _admit(dataset, session, session_id, shot, sha256, rescued)
        if known:
            return known
    with DECODING:
        measured = measure_picture(finder, open_picture(data))
    child = capture.participant_id
    key, sealed = _seal(dataset, capture, shot.photo_id, data, measured.thumbnail)
    with dataset.database.write() as session:
        # Asked again under the lock: a stop, a withdrawal or the same photo may have come between.
        capture, known = _admit(dataset, session, session_id, shot, sha256, rescued)
        if known:
            return known
        if capture.participant_id != child:  # the session was moved to the right child meanwhile
            key, sealed = _seal(dataset, capture, shot.photo_id, data, measured.thumbnail)
        photo = _describe(capture, shot, measured, stamp_of(session, capture))
        photo.digest, photo.size_bytes = digest_photo(key, shot.photo_id, sha256), len(data)
        session.add(photo)
        session.flush()
        session.add(sealed)
    return Receipt(sha256, photo.state, len(measured.faces), new=True)


def read_photo(dataset: Dataset, photo: Photo) -> bytes:
    """The bytes as they were captured; `photo` comes through a door."""
    return _open(dataset, [photo], PhotoBytes.sealed, "photo")[photo.id]


def read_thumbnails(dataset: Dataset, photos: Sequence[Photo]) -> dict[uuid.UUID, bytes]:
    """A small JPEG of each photo; `photos` come through a door."""
    return _open(dataset, photos, PhotoBytes.sealed_thumbnail, "thumbnail")


def digest_photo(key: Key, photo_id: uuid.UUID, sha256: str) -> str:
    """What a photo's record keeps of its sha256: nothing, to whoever lacks the child's key."""
    return key.digest("photo", photo_id.hex, sha256)


def face_of(photo: Photo) -> Box | None:
    """The largest face's box, pixels of the stored photo."""
    return Box(*photo.face_boxes[0]) if photo.face_boxes else None


def _describe(
    capture: CaptureSession, shot: Shot, measured: Measured, light: dict[str, Any]
) -> Photo:
    """The photo's row, as yet without its digest and its size."""
    reason, at = _quarantine_reason(capture, measured), clock.now()
    return Photo(
        id=shot.photo_id,
        site_id=capture.site_id,
        session_id=capture.id,
        burst_id=shot.burst_id,
        shot=shot.shot,
        prompted_emotion=shot.prompted_emotion,
        head_pose=shot.head_pose,
        taken_at=_believable(capture, shot, at),
        received_at=at,
        **measured.columns | light,
        camera_settings=shot.camera_settings,
        attempt=shot.attempt,
        guidance=shot.guidance,
        state="quarantined" if reason else "active",
        state_reason=reason,
    )


def _seal(
    dataset: Dataset, capture: CaptureSession, photo_id: uuid.UUID, data: bytes, thumbnail: bytes
) -> tuple[Key, PhotoBytes]:
    """The key of the session's child, and picture and thumbnail sealed under it."""
    try:
        key = dataset.keys.child(capture.participant_id)
    except KeyGone as error:
        raise _erased() from error
    return key, PhotoBytes(
        photo_id=photo_id,
        sealed=key.seal(data, "photo", photo_id, capture.id),
        sealed_thumbnail=key.seal(thumbnail, "thumbnail", photo_id, capture.id),
    )


def _open(
    dataset: Dataset,
    photos: Sequence[Photo],
    column: InstrumentedAttribute[bytes],
    what: str,
) -> dict[uuid.UUID, bytes]:
    """The column's bytes, opened, in the order of the photos; each child's key is fetched once."""
    statement = (
        select(PhotoBytes.photo_id, column, CaptureSession.participant_id)
        .join(Photo, Photo.id == PhotoBytes.photo_id)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(PhotoBytes.photo_id.in_([photo.id for photo in photos]))
    )
    with dataset.database.read() as session:
        sealed = {row[0]: (row[1], row[2]) for row in session.execute(statement)}
    try:
        keys = {child: dataset.keys.child(child) for child in {one[1] for one in sealed.values()}}
        return {
            photo.id: keys[sealed[photo.id][1]].open(
                sealed[photo.id][0], what, photo.id, photo.session_id
            )
            for photo in photos
        }
    except (KeyGone, KeyError) as error:  # erased since it came through the door
        raise NotFound("There is no such photo.") from error


def _admit(
    dataset: Dataset,
    session: Session,
    session_id: uuid.UUID,
    shot: Shot,
    sha256: str,
    rescued: Collection[str] | None,
) -> tuple[CaptureSession, Receipt | None]:
    """The session that may take this photo, or the receipt of the same photo stored before."""
    if dataset.keys.is_buried("photo", shot.photo_id.hex):
        raise _erased()
    capture = session.get(CaptureSession, session_id)
    # Whoever holds a session's token had a session once.
    if capture is None or is_leaving(session, capture.participant_id):
        raise _erased()
    photo = session.get(Photo, shot.photo_id)
    if photo is not None:
        if photo.session_id != session_id or not _is_same(dataset, capture, photo, sha256):
            raise Conflict("A different photo with this number is stored already.")
        return capture, Receipt(sha256, photo.state, len(photo.face_boxes), new=False)
    _require_prompt(capture, shot.prompted_emotion)
    at = clock.now()
    believed = _believable(capture, shot, at)
    if rescued is not None:
        require_open_for_rescued(capture, shot.photo_id, believed, rescued)
    else:
        require_open_for(capture, shot.photo_id, at)
    taken = believed or at
    require_capturing(session, taken)
    require_consent(session, capture.participant_id, "research", taken)
    return capture, None


def _is_same(dataset: Dataset, capture: CaptureSession, photo: Photo, sha256: str) -> bool:
    try:
        key = dataset.keys.child(capture.participant_id)
    except KeyGone as error:
        raise _erased() from error
    return photo.digest == digest_photo(key, photo.id, sha256)


def _believable(capture: CaptureSession, shot: Shot, at: datetime) -> datetime | None:
    """When the photo was taken, if the tablet's clock can be believed: within the session."""
    taken = shot.taken_at
    if taken is None or not capture.created_at <= taken <= at + timedelta(minutes=5):
        return None
    return min(taken, at)


def _erased() -> Erased:
    return Erased("This photo was erased and is not stored again: please delete your copy.")


def _require_prompt(capture: CaptureSession, prompt: Emotion | None) -> None:
    if capture.protocol is None:
        return
    if prompt not in read_plan(capture.protocol.body, capture.language).emotions:
        raise Unprocessable("This emotion is not in the session's protocol.")


def _quarantine_reason(capture: CaptureSession, measured: Measured) -> str | None:
    if measured.quarantine_reason:
        return measured.quarantine_reason
    if capture.state == "stopped" and capture.after_stop != "keep":
        return "stopped"
    return None
