"""What config.json, metrics.json and the model's header say of a run."""

from collections.abc import Mapping, Sequence
from typing import Any

from collector.dataset.emotions import EMOTIONS
from trainer.batches import DEVIATION, MEAN
from trainer.data import FACE_MARGIN, Example
from trainer.environment import describe_device, installed_versions
from trainer.evaluate import measure
from trainer.fit import Fitted
from trainer.gallery import Shown
from trainer.prepare import Prepared


def describe_run(prepared: Prepared) -> dict[str, Any]:
    """What config.json holds: the choices, and what they came to on this machine."""
    snapshot = prepared.snapshot
    return prepared.config.as_dict() | {
        "snapshot_id": str(snapshot.id),
        "snapshot_rule": snapshot.rule,
        "snapshot_manifest_sha256": snapshot.manifest_sha256,
        "weights_used": prepared.start.description,
        "device_used": describe_device(prepared.device),
        "parameters": sum(part.numel() for part in prepared.model.parameters()),
        "versions": installed_versions(),
    }


def summarise(
    prepared: Prepared, fitted: Fitted, shown: Sequence[Shown], seconds: float
) -> dict[str, Any]:
    """What metrics.json holds."""
    examples, split, snapshot = prepared.examples, prepared.split, prepared.snapshot
    truth = [examples[place].label for place in split.validation]
    last, best = fitted.history[-1], fitted.best
    return measure(truth, [int(row.argmax()) for row in fitted.scores]) | {
        "n_train": len(split.train),
        "n_val": len(split.validation),
        "photos": {
            "train": _class_counts(examples, split.train),
            "validation": _class_counts(examples, split.validation),
        },
        "children": {
            "all": len({example.child for example in examples}),
            "train": len({examples[place].child for place in split.train}),
            "validation": len({examples[place].child for place in split.validation}),
        },
        "without_face": sum(not example.has_face for example in examples),
        "split": split.as_dict(),
        "snapshot": snapshot.name,
        "snapshot_rule": snapshot.rule,
        "snapshot_manifest_sha256": snapshot.manifest_sha256,
        "snapshot_missing": snapshot.missing,
        "saved_epoch": last.epoch,
        "train_loss": last.train_loss,
        "val_loss": last.val_loss,
        "best_epoch": best.epoch,
        "best_val_loss": best.val_loss,
        "cautions": list(prepared.cautions),
        # The photos that the report shows, so that a withdrawal can find them.
        "report_photos": [str(example.photo_id) for example in shown if not example.drawn],
        "seconds": seconds,
    }


def describe_model(prepared: Prepared, metrics: Mapping[str, Any]) -> dict[str, Any]:
    """What model.safetensors says of itself: how to use it, and what it learnt from."""
    names = ("snapshot", "snapshot_manifest_sha256", "split", "saved_epoch", "best_epoch",
             "best_val_loss", "accuracy", "macro_f1")  # fmt: skip
    config = prepared.config
    return {
        "architecture": config.architecture,
        "classes": [emotion.value for emotion in EMOTIONS],
        "input": {
            "side": config.image_size,
            "face_margin": FACE_MARGIN,
            "mean": MEAN,
            "deviation": DEVIATION,
        },
        "config": config.as_dict(),
    } | {name: metrics[name] for name in names}


def _class_counts(examples: Sequence[Example], places: Sequence[int]) -> dict[str, int]:
    labels = [examples[place].label for place in places]
    return {emotion.value: labels.count(place) for place, emotion in enumerate(EMOTIONS)}
