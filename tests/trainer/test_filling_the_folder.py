"""What a run leaves in its folder."""

import csv
import json
import re
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from collector.dataset.emotions import EMOTIONS
from collector.dataset.snapshots import LoadedSnapshot
from tests.trainer.patterns import MANIFEST, pattern_snapshot
from tests.trainer.silence import Silence
from trainer.batches import Feeder
from trainer.checkpoint import read_checkpoint
from trainer.config import FitConfig
from trainer.fit import evaluate
from trainer.folder import make_folder
from trainer.models import build_model
from trainer.prepare import prepare
from trainer.run import Outcome, train
from trainer.weights import load_weights

pytestmark = pytest.mark.slow

FILES = {"config.json", "history.csv", "metrics.json", "curves.png", "confusion.png",
         "report.html", "model.safetensors"}  # fmt: skip


@pytest.fixture(scope="module")
def snapshot() -> LoadedSnapshot:
    """Five children; two photos of the frozen set are gone."""
    snapshot = pattern_snapshot(children=5)
    return replace(snapshot, missing=2)


@pytest.fixture(scope="module")
def config() -> FitConfig:
    return FitConfig(
        snapshot="first", architecture="squeezenet1_1", weights="none", epochs=2,
        batch_size=16, image_size=32, device="cpu", workers=2,
    )  # fmt: skip


@pytest.fixture(scope="module")
def filled(
    snapshot: LoadedSnapshot, config: FitConfig, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Outcome]:
    folder = tmp_path_factory.mktemp("run")
    return folder, train(
        prepare(snapshot, config), folder, frozenset, lambda _shown: None, Silence()
    )


def as_json(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded


def test_all_seven_files_are_there_and_no_other(filled: tuple[Path, Outcome]) -> None:
    assert {path.name for path in filled[0].iterdir()} == FILES


def test_history_has_a_line_an_epoch(filled: tuple[Path, Outcome]) -> None:
    text = (filled[0] / "history.csv").read_bytes().decode()
    header, *lines = text.splitlines()
    assert header == "epoch,train_loss,val_loss,train_accuracy,val_accuracy,lr,seconds"
    rows = list(csv.DictReader(text.splitlines()))
    assert [row["epoch"] for row in rows] == ["1", "2"] and len(lines) == 2
    assert float(rows[1]["val_loss"]) == filled[1].metrics["val_loss"]
    assert {row["lr"] for row in rows} == {"0.0005"}


def test_metrics_hold_what_later_work_relies_on(
    filled: tuple[Path, Outcome], snapshot: LoadedSnapshot
) -> None:
    folder, outcome = filled
    metrics = as_json(folder / "metrics.json")
    assert metrics == json.loads(json.dumps(outcome.metrics))
    assert metrics["classes"] == [emotion.value for emotion in EMOTIONS]
    assert metrics["n_train"] + metrics["n_val"] == len(snapshot.photos) == 80
    for name in ("accuracy", "macro_precision", "macro_recall", "macro_f1"):
        assert 0 <= metrics[name] <= 1
    assert set(metrics["per_class"]) == set(metrics["classes"])
    for figures in metrics["per_class"].values():
        assert set(figures) == {"precision", "recall", "f1", "support"}
    rows = metrics["confusion"]
    assert [sum(row) for row in rows] == [one["support"] for one in metrics["per_class"].values()]
    assert sum(rows[i][i] for i in range(8)) / metrics["n_val"] == metrics["accuracy"]
    assert {"method", "seed", "group"} <= set(metrics["split"])
    assert (metrics["split"]["group"], metrics["split"]["seed"]) == ("child", 0)
    assert (metrics["snapshot"], metrics["snapshot_manifest_sha256"]) == ("first", MANIFEST)
    assert metrics["seconds"] > 0
    assert metrics["children"] == {"all": 5, "train": 4, "validation": 1}


def test_the_configuration_can_be_read_back(
    filled: tuple[Path, Outcome], config: FitConfig
) -> None:
    written = as_json(filled[0] / "config.json")
    assert FitConfig(**{name: written[name] for name in config.as_dict()}) == config
    assert written["versions"]["torch"] == torch.__version__.split("+")[0]
    assert written["device_used"].startswith("cpu")


def test_the_saved_model_is_the_last_epochs_and_says_what_it_is(
    filled: tuple[Path, Outcome], snapshot: LoadedSnapshot, config: FitConfig
) -> None:
    folder, outcome = filled
    _, header = read_checkpoint(folder / "model.safetensors")
    assert header["architecture"] == "squeezenet1_1"
    assert header["classes"] == [emotion.value for emotion in EMOTIONS]
    assert header["config"] == config.as_dict()
    assert header["snapshot_manifest_sha256"] == MANIFEST
    assert header["saved_epoch"] == 2
    assert header["best_val_loss"] == outcome.metrics["best_val_loss"]
    model = build_model("squeezenet1_1", 8, 32)
    assert load_weights(model, "squeezenet1_1", str(folder / "model.safetensors"), 32).whole
    again = prepare(snapshot, config)
    feeder = Feeder(again.examples, config, torch.device("cpu"), None)
    loss, accuracy, _ = evaluate(model, feeder, again.split.validation)
    assert loss == pytest.approx(outcome.metrics["val_loss"], rel=1e-4)
    assert accuracy == outcome.metrics["accuracy"]


def test_every_photo_has_a_prediction(
    filled: tuple[Path, Outcome], snapshot: LoadedSnapshot
) -> None:
    _, outcome = filled
    rows = outcome.predictions
    assert {row.photo_id for row in rows} == {photo.photo_id for photo in snapshot.photos}
    parts = [row.part for row in rows]
    assert parts.count("train") == outcome.metrics["n_train"]
    assert parts.count("validation") == outcome.metrics["n_val"]
    for row in rows:
        assert sum(row.scores.values()) == pytest.approx(1)
        assert max(row.scores, key=lambda name: row.scores[name]) == row.emotion
    labels = {photo.photo_id: photo.label for photo in snapshot.photos}
    right = sum(row.emotion == labels[row.photo_id] for row in rows if row.part == "validation")
    assert right / outcome.metrics["n_val"] == outcome.metrics["accuracy"]


@pytest.mark.parametrize("name", ["curves.png", "confusion.png"])
def test_the_figures_are_pictures_with_something_on_them(
    name: str, filled: tuple[Path, Outcome]
) -> None:
    with Image.open(filled[0] / name) as picture:
        assert picture.width >= 1000
        colours = picture.convert("RGB").getcolors(maxcolors=1 << 24)
    assert colours is not None and len(colours) > 50


def test_the_report_stands_alone(filled: tuple[Path, Outcome]) -> None:
    text = (filled[0] / "report.html").read_text(encoding="utf-8")
    sources = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert len(sources) >= 2 + 8
    assert all(source.startswith("data:image/") for source in sources)
    assert not re.search(r"https?://|<script|url\(", text)


def test_the_report_says_what_the_metrics_say(filled: tuple[Path, Outcome]) -> None:
    folder, outcome = filled
    text = re.sub(r"[ \n]+", " ", (folder / "report.html").read_text(encoding="utf-8"))
    metrics = outcome.metrics
    assert f"{metrics['n_train']} training and {metrics['n_val']} validation photos" in text
    assert f"{100 * metrics['accuracy']:.1f}\N{NO-BREAK SPACE}%" in text
    assert f"<dd>{metrics['macro_f1']:.3f}</dd>" in text.replace("> ", ">").replace(" <", "<")
    for caution in metrics["cautions"]:
        assert caution.replace("'", "&#39;") in text
    assert "2 photos may no longer be used" in text
    assert "The model kept is that of the last epoch" in text
    command = "trainer fit --data DATA --snapshot first --arch squeezenet1_1 --weights none"
    assert command in text


def test_the_report_says_so_where_faces_are_drawn(filled: tuple[Path, Outcome]) -> None:
    text = (filled[0] / "report.html").read_text(encoding="utf-8")
    assert "a drawn face of the true class stands in" in text
    assert filled[1].metrics["report_photos"] == []


@pytest.mark.slow
def test_publishable_photos_are_shown_and_named_in_the_metrics(
    snapshot: LoadedSnapshot, quick: Callable[..., FitConfig], silence: Silence, tmp_path: Path
) -> None:
    everybody = frozenset(photo.photo_id for photo in snapshot.photos)
    outcome = train(
        prepare(snapshot, quick(epochs=1)),
        tmp_path,
        lambda: everybody,
        lambda _shown: None,
        silence,
    )
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "whose guardians consented to publication" in text
    assert "a drawn face" not in text
    assert len(outcome.metrics["report_photos"]) == 16


@pytest.mark.slow
def test_what_may_be_published_is_asked_when_the_training_is_over(
    snapshot: LoadedSnapshot, quick: Callable[..., FitConfig], silence: Silence, tmp_path: Path
) -> None:
    """A guardian may have changed her mind in the hours that it took."""
    asked_after: list[int] = []

    def ask() -> frozenset[uuid.UUID]:
        asked_after.append(silence.batches)
        return frozenset()

    train(prepare(snapshot, quick(epochs=1)), tmp_path, ask, lambda _shown: None, silence)
    assert asked_after == [silence.expected]
    assert silence.expected > 0


@pytest.mark.slow
def test_a_snapshots_name_is_no_markup(
    snapshot: LoadedSnapshot, quick: Callable[..., FitConfig], silence: Silence, tmp_path: Path
) -> None:
    odd = replace(snapshot, name="<b>first & last</b>")
    train(prepare(odd, quick(epochs=1)), tmp_path, frozenset, lambda _shown: None, silence)
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;first &amp; last&lt;/b&gt;" in text
    assert "<b>" not in text


@pytest.mark.slow
def test_classes_without_validation_photos_are_left_out_of_the_averages_aloud(
    quick: Callable[..., FitConfig], silence: Silence, tmp_path: Path
) -> None:
    seven = pattern_snapshot(children=4, emotions=EMOTIONS[:7])
    outcome = train(
        prepare(seven, quick(epochs=1)), tmp_path, frozenset, lambda _shown: None, silence
    )
    text = re.sub(r"[ \n]+", " ", (tmp_path / "report.html").read_text(encoding="utf-8"))
    assert outcome.metrics["macro_over"] == [emotion.value for emotion in EMOTIONS[:7]]
    assert "over the 7 classes that have validation photos, without neutral" in text
    assert "There is no photo of neutral" in text


def test_no_photo_is_written_outside_the_report(
    filled: tuple[Path, Outcome], snapshot: LoadedSnapshot
) -> None:
    for path in filled[0].iterdir():
        content = path.read_bytes()
        assert not any(photo.jpeg[:200] in content for photo in snapshot.photos)


def test_a_folder_is_named_by_time_and_architecture_and_never_used_twice(tmp_path: Path) -> None:
    at = datetime(2026, 11, 21, 10, 15, 0, tzinfo=UTC)
    names = [make_folder(tmp_path / "runs", "resnet152", at).name for _ in range(3)]
    first = "20261121T101500Z-resnet152"
    assert names == [first, f"{first}-2", f"{first}-3"]
