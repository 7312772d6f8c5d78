"""Trainings on record: registered before they begin, so that a withdrawal can name every model."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from collector.dataset.models import (
    CaptureSession,
    ModelRun,
    ModelRunChild,
    Photo,
    Prediction,
    Snapshot,
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


def move_in_runs(session: Session, capture: CaptureSession, right: uuid.UUID) -> None:
    """Name the right child in each run that held the session's photos, the wrong one no longer.

    Asked while the session is still the wrong child's and its photos stand in their snapshots. The
    wrong child stays named where other photos of it were in the run. Of an item that was emptied
    before nobody can tell whose it was: there both are named, for a model named too often is a
    nuisance, and one named too rarely a breach.
    """
    wrong = capture.participant_id
    moved = select(Photo.id).where(Photo.session_id == capture.id)
    others = select(Photo.id).join(CaptureSession, CaptureSession.id == Photo.session_id)
    others = others.where(CaptureSession.participant_id == wrong, Photo.session_id != capture.id)
    first = select(func.min(Photo.received_at)).where(Photo.session_id == capture.id)
    later = select(Snapshot.id).where(Snapshot.created_at >= first.scalar_subquery())
    emptied = select(SnapshotItem.snapshot_id).where(SnapshotItem.photo_id.is_(None))
    doubtful = ModelRun.snapshot_id.in_(emptied)
    named = select(ModelRunChild.run_id).where(ModelRunChild.participant_id == wrong)
    perhaps = and_(ModelRun.id.in_(named), ModelRun.snapshot_id.in_(later), doubtful)
    for run in session.scalars(select(ModelRun.id).where(or_(_held(moved), perhaps))):
        session.merge(ModelRunChild(run_id=run, participant_id=right))
    left = session.scalars(select(ModelRun.id).where(_held(moved), ~doubtful, ~_held(others))).all()
    session.execute(
        delete(ModelRunChild).where(
            ModelRunChild.run_id.in_(left), ModelRunChild.participant_id == wrong
        )
    )


def _held(photo_ids: Select[uuid.UUID]) -> ColumnElement[bool]:
    """Whether a run's snapshot or its predictions hold one of the photos."""
    return or_(
        ModelRun.snapshot_id.in_(
            select(SnapshotItem.snapshot_id).where(SnapshotItem.photo_id.in_(photo_ids))
        ),
        ModelRun.id.in_(select(Prediction.run_id).where(Prediction.photo_id.in_(photo_ids))),
    )
