"""One run from plain values: train, and fill the run's folder."""

import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from collector.dataset.emotions import EMOTIONS
from collector.dataset.runs import RunPrediction
from trainer.batches import Feeder
from trainer.checkpoint import FILE_NAME, save_checkpoint
from trainer.data import Example
from trainer.fit import Epoch, Fitted, Scores, evaluate, explain, fit
from trainer.folder import HistoryFile, write_json
from trainer.gallery import Shown, choose_examples
from trainer.plots import draw_confusion, draw_curves
from trainer.prepare import Prepared
from trainer.progress import Watch
from trainer.report import write_report
from trainer.summary import describe_model, describe_run, summarise


@dataclass(frozen=True)
class Outcome:
    """The figures as in metrics.json, and what the model says of every photo."""

    metrics: dict[str, Any]
    predictions: tuple[RunPrediction, ...]


def train(
    prepared: Prepared,
    folder: Path,
    publishable: Callable[[], frozenset[uuid.UUID]],
    showing: Callable[[Sequence[uuid.UUID]], None],
    watch: Watch,
) -> Outcome:
    """Train, measure, and write every file of the run.

    `publishable` is asked once the training is over: it may take hours, and consents may be
    withdrawn meanwhile. `showing` hears which photos the report is going to show, before it is
    written. Raises UserMistake or TrainingFailed where the training cannot go on.
    """
    started = time.perf_counter()
    examples, split = prepared.examples, prepared.split
    write_json(folder / "config.json", describe_run(prepared))
    fitted, learnt = _fit(prepared, folder, watch)
    shown = choose_examples(examples, split, fitted.scores, publishable(), prepared.config.seed)
    showing([one.photo_id for one in shown if not one.drawn])
    metrics = summarise(prepared, fitted, shown, time.perf_counter() - started)
    _write_files(prepared, folder, fitted, metrics, shown)
    rows = (
        *_predictions(examples, split.train, learnt, "train"),
        *_predictions(examples, split.validation, fitted.scores, "validation"),
    )
    return Outcome(metrics, rows)


def _fit(prepared: Prepared, folder: Path, watch: Watch) -> tuple[Fitted, Scores]:
    config, split = prepared.config, prepared.split
    model = prepared.model.to(prepared.device)
    history = HistoryFile(folder / "history.csv")

    def note(epoch: Epoch) -> None:
        history.add(epoch)
        watch.epoch(epoch)

    with ThreadPoolExecutor(max(1, config.workers)) as threads:
        pool = threads if config.workers else None
        feeder = Feeder(prepared.examples, config, prepared.device, pool)
        watch.begin(config.epochs, feeder.count(split.train))
        try:
            fitted = fit(model, feeder, split, config, on_batch=watch.batch, on_epoch=note)
            return fitted, evaluate(model, feeder, split.train)[2]
        except (RuntimeError, ValueError) as error:
            mistake = explain(error, config)
            if mistake is None:
                raise
            raise mistake from error


def _write_files(
    prepared: Prepared,
    folder: Path,
    fitted: Fitted,
    metrics: dict[str, Any],
    shown: Sequence[Shown],
) -> None:
    write_json(folder / "metrics.json", metrics)
    draw_curves(fitted.history, folder / "curves.png")
    draw_confusion(metrics["confusion"], metrics["classes"], folder / "confusion.png")
    save_checkpoint(folder / FILE_NAME, prepared.model, describe_model(prepared, metrics))
    write_report(folder, describe_run(prepared), metrics, fitted.history, shown)


def _predictions(
    examples: Sequence[Example], places: Sequence[int], scores: Scores, part: str
) -> list[RunPrediction]:
    names = [emotion.value for emotion in EMOTIONS]
    return [
        RunPrediction(
            photo_id=examples[place].photo_id,
            part=part,
            emotion=EMOTIONS[int(row.argmax())],
            scores=dict(zip(names, map(float, row), strict=True)),
        )
        for place, row in zip(places, scores, strict=True)
    ]
