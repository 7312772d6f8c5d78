"""A run on record: the only part of a training that touches the dataset."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
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

Children = Mapping[uuid.UUID, uuid.UUID]  # photo to child

PLAY = (
    "This is a play dataset: the children are invented and the faces are drawn by the program, so "
    "the figures say nothing about children."
)


def fit_snapshot(dataset: Dataset, config: FitConfig, out: Path, bar: Bar) -> dict[str, Any]:
    """Train on a snapshot; returns metrics.json's figures with the run's id and folder.

    The run is registered before it begins, so that a withdrawal can name it; however it ends
    early, it is marked as failed. Raises UserMistake before a run is made, or TrainingFailed.
    """
    snapshot = load_snapshot(dataset, config.snapshot)
    children = {photo.photo_id: photo.participant_id for photo in snapshot.photos}
    prepared = prepare(snapshot, config)
    del snapshot  # with the photos as they were captured, of which only the crops are needed now
    if dataset.play:
        prepared = replace(prepared, cautions=(PLAY, *prepared.cautions))
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
        metrics = _train(dataset, prepared, children, folder, run_id, bar)
    except BaseException:
        finish_run(dataset, run_id, state="failed", metrics=None)
        raise
    return metrics | {"run": str(run_id), "folder": str(folder)}


def _train(
    dataset: Dataset,
    prepared: Prepared,
    children: Children,
    folder: Path,
    run_id: uuid.UUID,
    bar: Bar,
) -> dict[str, Any]:
    with bar:
        outcome = train(
            prepared,
            folder,
            lambda: _publishable(dataset),
            lambda shown: _register_report(
                dataset, prepared, folder, {one: children[one] for one in shown}
            ),
            bar,
        )
    save_predictions(dataset, run_id, outcome.predictions)
    finish_run(dataset, run_id, state="done", metrics=outcome.metrics)
    return outcome.metrics


def _register_report(dataset: Dataset, prepared: Prepared, folder: Path, shown: Children) -> None:
    """A report with photos is a copy that leaves the dataset: on record before it is written."""
    if not shown:
        return
    register_export(
        dataset,
        shown,
        purpose="publication",
        format="report",
        path=folder / "report.html",
        snapshot_id=prepared.snapshot.id,
        actor="trainer",
    )


def _publishable(dataset: Dataset) -> frozenset[uuid.UUID]:
    with dataset.database.read() as session:
        photos = session.scalars(usable_photos("publication", clock.now()))
        return frozenset(photo.id for photo in photos)


def _make_folder(out: Path, config: FitConfig) -> Path:
    try:
        return make_folder(out.absolute(), config.architecture, clock.now())
    except OSError as error:
        raise UserMistake(f"{error.filename} cannot be used: {error.strerror}.") from error
