"""The figures, held against values worked out by hand."""

import pytest

from collector.dataset.emotions import EMOTIONS
from trainer.evaluate import Confusion, frequent_confusions, measure, wilson_interval

SURPRISE, DISGUST, SAD = 0, 1, 2
TRUTH = [SURPRISE, SURPRISE, SURPRISE, SURPRISE, DISGUST, DISGUST, SAD, SAD]
PREDICTED = [SURPRISE, SURPRISE, SURPRISE, DISGUST, DISGUST, SAD, SAD, 3]


def test_precision_recall_and_f1_of_each_class() -> None:
    per_class = measure(TRUTH, PREDICTED)["per_class"]
    assert per_class["surprise"] == pytest.approx(
        {"precision": 1.0, "recall": 3 / 4, "f1": 6 / 7, "support": 4}
    )
    assert per_class["disgust"] == pytest.approx(
        {"precision": 1 / 2, "recall": 1 / 2, "f1": 1 / 2, "support": 2}
    )
    assert per_class["sad"] == pytest.approx(
        {"precision": 1 / 2, "recall": 1 / 2, "f1": 1 / 2, "support": 2}
    )
    assert per_class["angry"] == {"precision": 0, "recall": 0, "f1": 0, "support": 0}


def test_averages_are_over_the_classes_that_have_photos() -> None:
    measured = measure(TRUTH, PREDICTED)
    assert measured["macro_over"] == ["surprise", "disgust", "sad"]
    assert measured["macro_precision"] == pytest.approx((1 + 1 / 2 + 1 / 2) / 3)
    assert measured["macro_recall"] == pytest.approx((3 / 4 + 1 / 2 + 1 / 2) / 3)
    assert measured["macro_f1"] == pytest.approx((6 / 7 + 1 / 2 + 1 / 2) / 3)
    assert measured["accuracy"] == 5 / 8


def test_the_confusion_matrix_has_true_rows_and_predicted_columns() -> None:
    measured = measure(TRUTH, PREDICTED)
    expected = [[0] * 8 for _ in range(8)]
    expected[SURPRISE][SURPRISE], expected[SURPRISE][DISGUST] = 3, 1
    expected[DISGUST][DISGUST], expected[DISGUST][SAD] = 1, 1
    expected[SAD][SAD], expected[SAD][3] = 1, 1
    assert measured["confusion"] == expected
    assert measured["classes"] == [emotion.value for emotion in EMOTIONS]


def test_a_perfect_model_has_ones_and_no_confusions() -> None:
    measured = measure(list(range(8)), list(range(8)))
    names = ("accuracy", "macro_precision", "macro_recall", "macro_f1")
    assert [measured[name] for name in names] == [1, 1, 1, 1]
    assert frequent_confusions(measured["confusion"]) == []


def test_confusions_come_with_the_most_frequent_first() -> None:
    confusion = measure([4, 4, 4, 0, 5], [2, 2, 4, 4, 5])["confusion"]
    assert frequent_confusions(confusion) == [
        Confusion("fear", "sad", 2),
        Confusion("surprise", "fear", 1),
    ]


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [
        (5, 10, 0.2366, 0.7634),
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (96, 100, 0.9016, 0.9843),
    ],
)
def test_wilsons_interval(right: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(right, total) == pytest.approx((low, high), abs=5e-4)
