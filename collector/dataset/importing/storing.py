"""The second half of an import: all that was checked is stored, in one transaction."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import CommandMistake
from collector.dataset.importing.checking import Plan, Progress
from collector.dataset.importing.choosing import NewPhoto
from collector.dataset.importing.grounds import Ground, find_ground
from collector.dataset.importing.staging import Staging
from collector.dataset.keys import KeyGone
from collector.dataset.models import CaptureSession, Photo, PhotoBytes
from collector.dataset.photos import digest_photo
from collector.dataset.sealing import Key

BATCH = 500  # ids in one question; SQLite takes 32,766


def store_photos(
    dataset: Dataset, plan: Plan, staging: Staging, progress: Progress, *, actor: str
) -> None:
    """Store the plan's photos as one session of the child, or none of them.

    The consent is asked again under the write lock. Raises CommandMistake where it ended meanwhile,
    and where one of the photos was stored or erased meanwhile.
    """
    now = clock.now()
    with dataset.database.write() as session:
        ground, key = _ask_again(dataset, session, plan, now)
        session.add(_new_session(dataset, plan.session_id, ground, now))
        session.flush()
        for done, photo in enumerate(plan.photos):
            progress("Storing photos", done, len(plan.photos))
            _store(dataset, session, plan.session_id, photo, key, staging, now)
        dataset.chain.record(
            session,
            actor,
            "photos imported",
            plan.session_id,
            participant=ground.participant_id.hex,
            consent=ground.consent_id.hex,
            **plan.summary.counts,
        )


def _ask_again(dataset: Dataset, session: Session, plan: Plan, now: datetime) -> tuple[Ground, Key]:
    child, consent = plan.ground.participant_id, plan.ground.consent_id
    ground = find_ground(session, str(child), str(consent), now)
    ids = [photo.taken.photo_id for photo in plan.photos]
    buried = set(dataset.keys.buried(dataset.site_id, "photo"))
    if buried & {one.hex for one in ids} or _any_stored(session, ids):
        raise CommandMistake(
            "Some of these photos were stored or erased while they were read, and nothing was "
            "stored now: repeat the command."
        )
    try:
        return ground, dataset.keys.child(child)
    except KeyGone as error:
        raise CommandMistake("The child was erased while its photos were read.") from error


def _any_stored(session: Session, ids: Sequence[uuid.UUID]) -> bool:
    return any(
        session.scalars(select(Photo.id).where(Photo.id.in_(ids[start : start + BATCH]))).first()
        for start in range(0, len(ids), BATCH)
    )


def _new_session(
    dataset: Dataset, session_id: uuid.UUID, ground: Ground, now: datetime
) -> CaptureSession:
    return CaptureSession(
        id=session_id,
        site_id=dataset.site_id,
        participant_id=ground.participant_id,
        consent_id=ground.consent_id,
        origin="imported",
        language=ground.language,
        light="unknown",
        state="finished",
        created_at=now,
        closed_at=now,
        announced=[],
    )


def _store(
    dataset: Dataset,
    session: Session,
    session_id: uuid.UUID,
    photo: NewPhoto,
    key: Key,
    staging: Staging,
    now: datetime,
) -> None:
    taken, label = photo.taken, photo.label
    session.add(
        Photo(
            id=taken.photo_id,
            site_id=dataset.site_id,
            session_id=session_id,
            burst_id=photo.burst_id,
            shot=photo.shot,
            prompted_emotion=label.emotion,
            head_pose=label.head_pose,
            light=label.light,
            taken_at=taken.taken_at,
            received_at=now,
            digest=digest_photo(key, taken.photo_id, taken.sha256),
            size_bytes=taken.size_bytes,
            **taken.columns,
            state="quarantined" if taken.quarantine_reason else "active",
            state_reason=taken.quarantine_reason,
        )
    )
    session.flush()
    # Not through the session, which would keep every photo's bytes until the commit.
    session.execute(
        insert(PhotoBytes).values(
            photo_id=taken.photo_id,
            sealed=staging.get(taken.sealed),
            sealed_thumbnail=staging.get(taken.sealed_thumbnail),
        )
    )
