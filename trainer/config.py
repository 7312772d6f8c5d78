"""One frozen set of choices for a run, echoed into the run's folder."""

from dataclasses import asdict, dataclass
from typing import Any, Literal

from collector.dataset.errors import UserMistake

SplitBy = Literal["auto", "child", "burst"]
Recipe = Literal["study", "none"]

SMALLEST_IMAGE = 32  # below this no torchvision classifier leaves a pixel for its head


@dataclass(frozen=True)
class FitConfig:
    """The study's recipe by default; `workers` is the number of threads that prepare pictures."""

    snapshot: str
    architecture: str = "resnet152"
    weights: str = "imagenet"
    epochs: int = 15
    batch_size: int = 32
    lr: float = 0.0005
    image_size: int = 224
    seed: int = 0
    device: str = "auto"
    validation: float = 0.25
    split: SplitBy = "auto"
    augment: Recipe = "study"
    workers: int = 4

    def __post_init__(self) -> None:
        """Refuses numbers with which no training can be done."""
        if self.epochs < 1 or self.batch_size < 1 or self.workers < 0 or self.seed < 0:
            raise UserMistake("Epochs and batch size start at 1, workers and seed at 0.")
        if not 0 < self.lr < float("inf"):
            raise UserMistake("The learning rate must be a number above 0.")
        if not 0 < self.validation < 1:
            raise UserMistake("The validation share must lie between 0 and 1, for example 0.25.")
        if self.image_size < SMALLEST_IMAGE:
            raise UserMistake(f"Pictures must be at least {SMALLEST_IMAGE} pixels a side.")

    def as_dict(self) -> dict[str, Any]:
        """Every choice by its name, ready for JSON."""
        return asdict(self)
