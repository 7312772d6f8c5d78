"""The training loop, readable from top to bottom."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn.functional import cross_entropy

from collector.dataset.errors import UserMistake
from trainer.batches import Feeder
from trainer.config import FitConfig
from trainer.errors import TrainingFailed
from trainer.split import Split

Scores = NDArray[np.float64]  # photos x classes, each row a softmax that sums to 1


@dataclass(frozen=True)
class Epoch:
    """One line of history.csv; losses and accuracies are means over the photos of each side."""

    epoch: int
    train_loss: float
    val_loss: float
    train_accuracy: float
    val_accuracy: float
    lr: float
    seconds: float


@dataclass(frozen=True)
class Fitted:
    """What a training leaves besides the model: its history, and the last epoch's scores."""

    history: tuple[Epoch, ...]
    scores: Scores  # of the validation photos, in the split's order

    @property
    def best(self) -> Epoch:
        """The epoch with the lowest validation loss."""
        return min(self.history, key=lambda epoch: epoch.val_loss)


def fit(
    model: nn.Module,
    feeder: Feeder,
    split: Split,
    config: FitConfig,
    *,
    on_batch: Callable[[], None],
    on_epoch: Callable[[Epoch], None],
) -> Fitted:
    """Fine-tune all layers with Adam and cross-entropy for `config.epochs` epochs.

    The model is left as the last epoch made it. Raises TrainingFailed where a loss is no number.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=config.lr)
    history: list[Epoch] = []
    scores = np.zeros((0, 0))

    for number in range(1, config.epochs + 1):
        started = time.perf_counter()
        model.train()
        loss_sum, right, seen = 0.0, 0, 0
        for pictures, labels in feeder.training(split.train, number):
            outputs = model(pictures)
            loss = cross_entropy(outputs, labels)
            _require_finite(loss.item(), number)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()

            loss_sum += loss.item() * len(labels)
            right += int((outputs.argmax(1) == labels).sum())
            seen += len(labels)
            on_batch()

        val_loss, val_accuracy, scores = evaluate(model, feeder, split.validation)
        _require_finite(val_loss, number)
        history.append(
            Epoch(
                epoch=number,
                train_loss=loss_sum / seen,
                val_loss=val_loss,
                train_accuracy=right / seen,
                val_accuracy=val_accuracy,
                lr=optimizer.param_groups[0]["lr"],
                seconds=time.perf_counter() - started,
            )
        )
        on_epoch(history[-1])

    return Fitted(tuple(history), scores)


@torch.no_grad()
def evaluate(
    model: nn.Module, feeder: Feeder, places: tuple[int, ...]
) -> tuple[float, float, Scores]:
    """Mean loss, accuracy and scores on the photos at these places, without augmentation."""
    model.eval()
    outputs, labels = zip(
        *((model(pictures).float().cpu(), labels.cpu()) for pictures, labels in
          feeder.evaluation(places)),
        strict=True,
    )  # fmt: skip
    logits, truth = torch.cat(outputs).double(), torch.cat(labels)
    accuracy = (logits.argmax(1) == truth).double().mean().item()
    return cross_entropy(logits, truth).item(), accuracy, logits.softmax(1).numpy()


def explain(error: Exception, config: FitConfig) -> UserMistake | None:
    """What the user can do about an error of torch's; None where it is nothing he can change."""
    text = str(error)
    if isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in text:
        return UserMistake(
            f"{config.architecture} with batches of {config.batch_size} does not fit into memory: "
            "choose a smaller --batch-size or --image-size."
        )
    if "more than 1 value per channel" in text:
        return UserMistake(
            f"{config.architecture} cannot learn from one photo of {config.image_size} pixels at a "
            "time: use more photos, a larger --batch-size or a larger --image-size."
        )
    return None


def _require_finite(loss: float, epoch: int) -> None:
    if not math.isfinite(loss):
        raise TrainingFailed(
            f"The loss is no longer a number in epoch {epoch}: try a smaller --lr, for example a "
            "tenth of this one."
        )
