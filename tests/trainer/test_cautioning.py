"""What the report says before its figures."""

import uuid
from collections.abc import Sequence

import pytest

from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.snapshots import LoadedSnapshot
from tests.trainer.crowd import crowd, example
from trainer.cautions import find_cautions
from trainer.data import Example
from trainer.split import Split, split_examples


def cautions(
    examples: Sequence[Example],
    split: Split | None = None,
    *,
    rule: str = "majority",
    missing: int = 0,
) -> str:
    snapshot = LoadedSnapshot(uuid.uuid4(), "first", rule, "5f" * 32, (), missing)
    split = split or split_examples(examples, "auto", 0.25, 0)
    return "\n".join(find_cautions(snapshot, examples, split))


def test_many_children_with_many_photos_need_no_caution() -> None:
    assert cautions(crowd(20, 6)) == ""


def test_one_childs_photos_say_little_about_another_child() -> None:
    said = cautions(crowd(1))
    assert "Split by burst" in said
    assert "show one child" in said


def test_few_children_on_the_validation_side_are_mentioned() -> None:
    assert "show one child only" in cautions(crowd(4))
    assert "show 2 children only" in cautions(crowd(8))


def test_few_validation_photos_are_mentioned() -> None:
    assert "There are 40 validation photos" in cautions(crowd(20, 1))


def test_a_class_without_photos_is_named() -> None:
    said = cautions(crowd(4, labels=range(7)))
    assert f"There is no photo of {Emotion.NEUTRAL}" in said
    assert "no photo of happy" not in said


@pytest.mark.parametrize(
    ("in_validation", "words"),
    [(True, "All photos of sad are in the validation set"), (False, "No photo of sad is in the")],
)
def test_a_class_on_one_side_only_is_named(in_validation: bool, words: str) -> None:
    examples = crowd(2, 1)
    sad = tuple(i for i, one in enumerate(examples) if EMOTIONS[one.label] == Emotion.SAD)
    rest = tuple(i for i in range(len(examples)) if i not in sad)
    train, validation = (rest[:7], rest[7:] + sad) if in_validation else (rest[:7] + sad, rest[7:])
    assert words in cautions(examples, Split(train, validation, "burst", 0, (8, 8)))


def test_uneven_classes_are_mentioned() -> None:
    rare = crowd(4, 1, labels=[4])
    assert "uneven (4 to 12 photos)" in cautions([*rare, *crowd(4, 3, labels=[0, 1, 2, 3, 5])])
    assert "uneven" not in cautions(crowd(4))


def test_labels_taken_from_prompts_are_mentioned() -> None:
    assert "what the children were asked to show" in cautions(crowd(4), rule="prompted")
    assert "asked to show" not in cautions(crowd(4), rule="majority")


def test_photos_lost_since_the_freezing_are_counted() -> None:
    assert "snapshot 3 photos may no longer" in cautions(crowd(4), missing=3)


def test_photos_without_a_face_are_counted() -> None:
    said = cautions([*crowd(4), example(1, 9, 0, has_face=False)])
    assert "In 1 photo of 97 no face was found" in said
