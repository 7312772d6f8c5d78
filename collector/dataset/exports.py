"""Copies that leave the dataset, on record: a withdrawal must be able to name each of them."""

import uuid
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import select

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.models import CaptureSession, Export, ExportItem, Photo


def register_export(
    dataset: Dataset,
    photo_ids: Collection[uuid.UUID],
    *,
    purpose: str,
    format: str,
    path: Path,
    snapshot_id: uuid.UUID | None = None,
    actor: str,
) -> uuid.UUID:
    """Note that copies of these photos, which came through the door of `purpose`, lie at `path`."""
    export_id = uuid.uuid4()
    with dataset.database.write() as session:
        session.add(
            Export(
                id=export_id,
                site_id=dataset.site_id,
                purpose=purpose,
                format=format,
                path=str(path),
                snapshot_id=snapshot_id,
                made_at=clock.now(),
            )
        )
        session.flush()
        children = session.execute(
            select(Photo.id, CaptureSession.participant_id)
            .join(CaptureSession, CaptureSession.id == Photo.session_id)
            .where(Photo.id.in_(photo_ids))
        )
        session.add_all(
            ExportItem(export_id=export_id, photo_id=photo, participant_id=child)
            for photo, child in children
        )
        dataset.chain.record(
            session, actor, "photos exported", export_id, purpose=purpose, photos=len(photo_ids)
        )
    return export_id
