"""A run on record: the only part of a training that touches the dataset."""

import uuid
from pathlib import Path
from typing import Any

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.errors import UserMistake
from collector.dataset.exports import register_export
from collector.dataset.runs import finish_run, register_run, save_predictions
from collector.dataset.snapshots import load_snapshot
from trainer.config import FitConfig
from trainer.folder import make_folder
from trainer.prepare import Prepared, prepare
from trainer.progress import Bar
from trainer.run import train
from trainer.summary import describe_run


def fit_snapshot(dataset: Dataset, config: FitConfig, out: Path, bar: Bar) -> dict[str, Any]:
    """Train on a snapshot; returns metrics.json's figures with the run's id and folder.

    The run is registered before it begins, so that a withdrawal can name it; however it ends
    early, it is marked as failed. Raises UserMistake before a run is made, or TrainingFailed.
    """
    prepared = prepare(load_snapshot(dataset, config.snapshot), config)
    for caution in prepared.cautions:
        bar.say(f"Note: {caution}")
    folder = _make_folder(out, config)
    run_id = register_run(
        dataset,
        snapshot_id=prepared.snapshot.id,
        architecture=config.architecture,
        folder=folder,
        config=describe_run(prepared),
    )
    try:
        metrics = _train(dataset, prepared, folder, run_id, bar)
    except BaseException:
        finish_run(dataset, run_id, state="failed", metrics=None)
        raise
    return metrics | {"run": str(run_id), "folder": str(folder)}


def _train(
    dataset: Dataset, prepared: Prepared, folder: Path, run_id: uuid.UUID, bar: Bar
) -> dict[str, Any]:
    with bar:
        outcome = train(prepared, folder, lambda: _publishable(dataset), bar)
    save_predictions(dataset, run_id, outcome.predictions)
    shown = [uuid.UUID(one) for one in outcome.metrics["report_photos"]]
    if shown:  # a report with photos is a copy that leaves the dataset
        register_export(
            dataset,
            shown,
            purpose="publication",
            format="report",
            path=folder / "report.html",
            snapshot_id=prepared.snapshot.id,
            actor="trainer",
        )
    finish_run(dataset, run_id, state="done", metrics=outcome.metrics)
    return outcome.metrics


def _publishable(dataset: Dataset) -> frozenset[uuid.UUID]:
    with dataset.database.read() as session:
        photos = session.scalars(usable_photos("publication", clock.now()))
        return frozenset(photo.id for photo in photos)


def _make_folder(out: Path, config: FitConfig) -> Path:
    try:
        return make_folder(out.absolute(), config.architecture, clock.now())
    except OSError as error:
        raise UserMistake(f"{error.filename} cannot be used: {error.strerror}.") from error
