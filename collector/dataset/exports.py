"""Copies that leave the dataset, on record: a withdrawal must be able to name each of them."""

import uuid
from collections.abc import Mapping
from pathlib import Path

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.models import Export, ExportItem


def register_export(
    dataset: Dataset,
    photos: Mapping[uuid.UUID, uuid.UUID],
    *,
    purpose: str,
    format: str,
    path: Path,
    snapshot_id: uuid.UUID | None = None,
    actor: str,
) -> uuid.UUID:
    """Note, before it is made, that a copy of photos is going to lie at `path`.

    `photos` are ids of photos that came through the door of `purpose`, each with its child's.
    """
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
        session.add_all(
            ExportItem(export_id=export_id, photo_id=photo_id, participant_id=child)
            for photo_id, child in photos.items()
        )
        dataset.chain.record(
            session, actor, "photos exported", export_id, purpose=purpose, photos=len(photos)
        )
    return export_id
