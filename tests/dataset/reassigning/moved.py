"""What a reassigning must have moved, and what changes the ground it rests on."""

import uuid
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.models import (
    CaptureSession,
    ModelRunChild,
    Photo,
    PhotoBytes,
)
from collector.dataset.runs import register_run
from collector.dataset.snapshots import freeze_snapshot
from collector.dataset.upkeep.integrity import examine
from tests.cast import OpenSession, give


def photos_of(dataset: Dataset, session: OpenSession) -> list[Photo]:
    with dataset.database.read() as db:
        return list(db.scalars(own_session_photos(session.id)))


def sealed_bytes(dataset: Dataset, session: OpenSession) -> list[bytes]:
    with dataset.database.read() as db:
        rows = db.execute(
            select(PhotoBytes.sealed, PhotoBytes.sealed_thumbnail)
            .join(Photo, Photo.id == PhotoBytes.photo_id)
            .where(Photo.session_id == session.id)
        )
        return [content for row in rows for content in row]


def owner(dataset: Dataset, session: OpenSession) -> CaptureSession:
    with dataset.database.read() as db:
        return db.get_one(CaptureSession, session.id)


def faults(dataset: Dataset) -> list[str]:
    return [one.sentence for one in examine(dataset) if one.wrong]


def all_files(dataset: Dataset) -> dict[Path, bytes]:
    folders = (dataset.folder, dataset.keys.folder)
    return {path: path.read_bytes() for one in folders for path in one.rglob("*") if path.is_file()}


def train(dataset: Dataset, name: str, folder: Path) -> uuid.UUID:
    snapshot = freeze_snapshot(dataset, name, "prompted", actor="test")
    return register_run(
        dataset, snapshot_id=snapshot.id, architecture="resnet152", folder=folder, config={}
    )


def named(dataset: Dataset, run: uuid.UUID) -> set[uuid.UUID]:
    with dataset.database.read() as db:
        found = select(ModelRunChild.participant_id).where(ModelRunChild.run_id == run)
        return set(db.scalars(found))


def consent_of_today(dataset: Dataset, child: uuid.UUID) -> None:
    """Signed after the first photo and before the second."""
    with dataset.database.read() as db:
        moments = sorted(db.scalars(select(Photo.taken_at)))
    assert moments[0] and moments[1]
    between = moments[0] + (moments[1] - moments[0]) / 2
    give(dataset, child, signed_at=between)


def ended_before(dataset: Dataset, child: uuid.UUID) -> None:
    ago = clock.now() - timedelta(days=2)
    give(dataset, child, signed_at=ago, valid_until=ago + timedelta(days=1))


def refused_since(dataset: Dataset, child: uuid.UUID) -> None:
    give(dataset, child)
    give(dataset, child, given=False, signed_at=clock.now())
