"""From scores to figures: accuracy, precision, recall and F1, and the confusion matrix."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any

from sklearn.metrics import (  # type: ignore[import-untyped]
    confusion_matrix,
    precision_recall_fscore_support,
)

from collector.dataset.emotions import EMOTIONS


@dataclass(frozen=True)
class Confusion:
    """Photos of one class that were taken for another."""

    truth: str
    predicted: str
    count: int


def measure(truth: Sequence[int], predicted: Sequence[int]) -> dict[str, Any]:
    """The figures of metrics.json that follow from labels and predictions alone.

    Precision, recall and F1 of a class without photos or predictions are 0. The macro averages
    are over the classes that have photos here, named in `macro_over`: a class that was never shown
    says nothing about the model.
    """
    names = [emotion.value for emotion in EMOTIONS]
    places = list(range(len(names)))
    precision, recall, f1, support = precision_recall_fscore_support(
        truth, predicted, labels=places, zero_division=0.0
    )
    shown = [place for place in places if support[place] > 0]
    right = sum(one == other for one, other in zip(truth, predicted, strict=True))
    return {
        "classes": names,
        "accuracy": right / len(truth),
        "accuracy_interval": wilson_interval(right, len(truth)),
        "macro_precision": _mean(precision, shown),
        "macro_recall": _mean(recall, shown),
        "macro_f1": _mean(f1, shown),
        "macro_over": [names[place] for place in shown],
        "per_class": {
            names[place]: {
                "precision": float(precision[place]),
                "recall": float(recall[place]),
                "f1": float(f1[place]),
                "support": int(support[place]),
            }
            for place in places
        },
        "confusion": confusion_matrix(truth, predicted, labels=places).tolist(),
    }


def frequent_confusions(confusion: Sequence[Sequence[int]]) -> list[Confusion]:
    """Every pair of classes that was mixed up, the most frequent first."""
    pairs = [
        Confusion(EMOTIONS[row].value, EMOTIONS[column].value, count)
        for row, counts in enumerate(confusion)
        for column, count in enumerate(counts)
        if row != column and count > 0
    ]
    return sorted(pairs, key=lambda pair: -pair.count)


def wilson_interval(right: int, total: int) -> tuple[float, float]:
    """Where a share lies with 95 % confidence, if the photos were independent of one another.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22 (1927).
    """
    z = 1.959964
    share, spread = right / total, z * z / total
    centre = share + spread / 2
    reach = z * sqrt(share * (1 - share) / total + spread / (4 * total))
    return (
        max(0.0, (centre - reach) / (1 + spread)),
        min(1.0, (centre + reach) / (1 + spread)),
    )


def _mean(values: Any, places: Sequence[int]) -> float:
    return float(sum(values[place] for place in places) / len(places))
