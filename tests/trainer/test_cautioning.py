"""What the report says before its figures."""

from dataclasses import replace

import pytest

from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.snapshots import LoadedSnapshot
from tests.trainer.patterns import pattern_snapshot
from trainer.cautions import find_cautions
from trainer.data import load_examples
from trainer.split import Split, split_examples


def cautions(snapshot: LoadedSnapshot, split: Split | None = None) -> str:
    examples = load_examples(snapshot.photos, 32, workers=2)
    split = split or split_examples(examples, "auto", 0.25, 0)
    return "\n".join(find_cautions(snapshot, examples, split))


def test_one_childs_photos_say_little_about_another_child() -> None:
    said = cautions(pattern_snapshot(children=1, shots=3))
    assert "Split by burst" in said
    assert "show one child" in said


def test_few_children_on_the_validation_side_are_mentioned() -> None:
    assert "show one child only" in cautions(pattern_snapshot(children=4))
    assert "show 2 children only" in cautions(pattern_snapshot(children=8, shots=1))


def test_many_children_with_many_photos_need_no_caution() -> None:
    assert cautions(pattern_snapshot(children=20, shots=6)) == ""


def test_a_class_without_photos_is_named() -> None:
    said = cautions(pattern_snapshot(emotions=EMOTIONS[:7]))
    assert f"There is no photo of {Emotion.NEUTRAL}" in said
    assert "no photo of happy" not in said


@pytest.mark.parametrize(
    ("in_validation", "words"),
    [(True, "All photos of sad are in the validation set"), (False, "No photo of sad is in the")],
)
def test_a_class_on_one_side_only_is_named(in_validation: bool, words: str) -> None:
    snapshot = pattern_snapshot(children=2, shots=1)
    sad = tuple(i for i, one in enumerate(snapshot.photos) if one.label == Emotion.SAD)
    rest = tuple(i for i in range(len(snapshot.photos)) if i not in sad)
    train, validation = (rest[:7], rest[7:] + sad) if in_validation else (rest[:7] + sad, rest[7:])
    assert words in cautions(snapshot, Split(train, validation, "burst", 0, (8, 8)))


def test_uneven_classes_are_mentioned() -> None:
    snapshot = pattern_snapshot(children=4, shots=3)
    kept = [i for i, one in enumerate(snapshot.photos) if one.label != "fear" or i % 3 == 0]
    uneven = replace(snapshot, photos=tuple(snapshot.photos[i] for i in kept))
    assert "uneven (4 to 12 photos)" in cautions(uneven)


def test_labels_taken_from_prompts_are_mentioned() -> None:
    snapshot = pattern_snapshot()
    assert "what the children were asked to show" in cautions(replace(snapshot, rule="prompted"))
    assert "asked to show" not in cautions(snapshot)


def test_photos_lost_since_the_freezing_are_counted() -> None:
    assert "snapshot 3 photos may no longer" in cautions(replace(pattern_snapshot(), missing=3))


def test_photos_without_a_face_are_counted() -> None:
    snapshot = pattern_snapshot()
    photos = (replace(snapshot.photos[0], face=None), *snapshot.photos[1:])
    assert "In 1 photo of 64 no face was found" in cautions(replace(snapshot, photos=photos))
