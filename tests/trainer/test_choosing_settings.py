"""The study's recipe by default, and no settings with which nothing can be trained."""

import json
from typing import Any

import pytest

from collector.dataset.errors import UserMistake
from trainer.config import FitConfig


def test_the_defaults_are_the_studys_recipe() -> None:
    assert json.loads(json.dumps(FitConfig("first").as_dict())) == {
        "snapshot": "first", "architecture": "resnet152", "weights": "imagenet", "epochs": 15,
        "batch_size": 32, "lr": 0.0005, "image_size": 224, "seed": 0, "device": "auto",
        "validation": 0.25, "split": "auto", "augment": "study", "workers": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"epochs": 0}, {"batch_size": 0}, {"workers": -1}, {"seed": -1}, {"lr": 0.0},
        {"lr": float("nan")}, {"lr": float("inf")}, {"validation": 0.0}, {"validation": 1.0},
        {"image_size": 31},
    ],
    ids=str,
)  # fmt: skip
def test_numbers_without_sense_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(UserMistake):
        FitConfig("first", **change)
