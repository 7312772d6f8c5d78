"""Trainings on record: registered before they begin, so that a withdrawal can name every model."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from collector.dataset.models import (
    CaptureSession,
    ModelRun,
    ModelRunChild,
    Photo,
    Prediction,
    SnapshotItem,
)


@dataclass(frozen=True)
class RunPrediction:
    """What a model said of one photo; `scores` are the softmax outputs by class."""

    photo_id: uuid.UUID
    part: str
    emotion: Emotion
    scores: dict[str, float]


def register_run(
    dataset: Dataset,
    *,
    snapshot_id: uuid.UUID,
    architecture: str,
    folder: Path,
    config: dict[str, Any],
) -> uuid.UUID:
    """Note that a training on this snapshot begins; returns the run's id."""
    run_id = uuid.uuid4()
    with dataset.database.write() as session:
        session.add(
            ModelRun(
                id=run_id,
                site_id=dataset.site_id,
                snapshot_id=snapshot_id,
                architecture=architecture,
                folder=str(folder),
                state="training",
                config=config,
                started_at=clock.now(),
            )
        )
        session.flush()
        children = (
            select(CaptureSession.participant_id)
            .join(Photo, Photo.session_id == CaptureSession.id)
            .join(SnapshotItem, SnapshotItem.photo_id == Photo.id)
            .where(SnapshotItem.snapshot_id == snapshot_id)
            .distinct()
        )
        session.add_all(
            ModelRunChild(run_id=run_id, participant_id=child)
            for child in session.scalars(children)
        )
        dataset.chain.record(session, "trainer", "training started", run_id)
    return run_id


def finish_run(
    dataset: Dataset, run_id: uuid.UUID, *, state: str, metrics: dict[str, Any] | None
) -> None:
    """Note how the training ended: "done" with its metrics, or "failed"."""
    with dataset.database.write() as session:
        run = session.get_one(ModelRun, run_id)
        run.state, run.metrics, run.finished_at = state, metrics, clock.now()
        dataset.chain.record(session, "trainer", f"training {state}", run_id)


def save_predictions(dataset: Dataset, run_id: uuid.UUID, rows: Sequence[RunPrediction]) -> int:
    """Keep the predictions for photos that are still there; returns how many were kept."""
    kept = 0
    with dataset.database.write() as session:
        there = set(session.scalars(select(Photo.id)))
        for row in rows:
            if row.photo_id in there:  # a withdrawal may have come during the training
                session.add(
                    Prediction(
                        run_id=run_id,
                        photo_id=row.photo_id,
                        part=row.part,
                        emotion=row.emotion,
                        scores=row.scores,
                    )
                )
                kept += 1
    return kept
