"""What an import left in the dataset."""

import uuid
from collections.abc import Callable

import numpy as np
from sqlalchemy import select, text

from collector.dataset.consents.answers import Answer, Guardian, record_consent
from collector.dataset.consents.texts import register_text
from collector.dataset.dataset import Dataset
from collector.dataset.importing.folders import Imported
from collector.dataset.models import CaptureSession, Photo
from collector.dataset.upkeep.integrity import examine
from tests.dataset.importing.album import (
    a_while_ago,
    encoded,
    face,
)

Import = Callable[..., Imported]


def stored(dataset: Dataset) -> list[Photo]:
    with dataset.database.read() as session:
        return list(session.scalars(select(Photo).order_by(Photo.taken_at, Photo.id)))


def rows(dataset: Dataset) -> dict[str, int]:
    """How many rows there are of whatever an import may write."""
    with dataset.database.read() as session:
        return {
            table: session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
            for table in ("photo", "photo_bytes", "capture_session", "audit_event")
        }


def sitting(dataset: Dataset) -> CaptureSession:
    with dataset.database.read() as session:
        return session.scalars(select(CaptureSession)).one()


def signed_backwards(dataset: Dataset, child: uuid.UUID) -> uuid.UUID:
    """A consent of today on an institution's form that covers earlier photos."""
    form = register_text(
        dataset, "research", "ru", "Our form", "Also of photos before.",
        covers_earlier_photos=True, actor="test",
    )  # fmt: skip
    answer = Answer(
        "research",
        form.id,
        Guardian("Gulnara the guardian"),
        "mother",
        "paper",
        a_while_ago(days=1),
    )
    return record_consent(dataset, child, answer, actor="test").id


def faults(dataset: Dataset) -> list[str]:
    return [found.sentence for found in examine(dataset) if found.wrong]


def two_faces() -> bytes:
    both = np.hstack([face(3), face(4)])
    return encoded(np.ascontiguousarray(np.vstack([both[:40], both])), quality=92)
