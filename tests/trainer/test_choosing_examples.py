"""Example photos in the report: publishable ones, or drawn faces in their place."""

from collections import Counter

import numpy as np
import pytest

from collector.dataset.emotions import EMOTIONS
from tests.trainer.patterns import pattern_snapshot
from trainer.augment import resized
from trainer.data import Example, load_examples
from trainer.fit import Scores
from trainer.gallery import SIDE, choose_examples
from trainer.split import Split, split_examples

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def examples() -> tuple[Example, ...]:
    return load_examples(pattern_snapshot(children=8, shots=3).photos, 64, workers=2)


@pytest.fixture(scope="module")
def split(examples: tuple[Example, ...]) -> Split:
    return split_examples(examples, "auto", 0.25, 0)


@pytest.fixture(scope="module")
def scores(split: Split) -> Scores:
    return np.random.default_rng(0).dirichlet(np.ones(8), len(split.validation))


def test_only_publishable_validation_photos_are_shown(
    examples: tuple[Example, ...], split: Split, scores: Scores
) -> None:
    held = [examples[place] for place in split.validation]
    publishable = frozenset(
        [held[0].photo_id, held[7].photo_id] + [examples[place].photo_id for place in split.train]
    )
    shown = choose_examples(examples, split, scores, publishable, seed=0)
    assert {one.photo_id for one in shown} == {held[0].photo_id, held[7].photo_id}
    assert not any(one.drawn for one in shown)


def test_a_shown_photo_is_its_crop_with_what_the_model_said_of_it(
    examples: tuple[Example, ...], split: Split, scores: Scores
) -> None:
    place = split.validation[5]
    example = examples[place]
    (shown,) = choose_examples(examples, split, scores, frozenset([example.photo_id]), seed=0)
    assert np.array_equal(shown.picture, resized(example.crop, SIDE))
    assert shown.truth == EMOTIONS[example.label]
    assert shown.predicted == EMOTIONS[int(scores[5].argmax())]
    assert shown.score == scores[5].max()


def test_without_publishable_photos_drawn_faces_stand_in(
    examples: tuple[Example, ...], split: Split, scores: Scores
) -> None:
    shown = choose_examples(examples, split, scores, frozenset(), seed=0)
    assert all(one.drawn for one in shown)
    crops = {resized(one.crop, SIDE).tobytes() for one in examples}
    assert not any(one.picture.tobytes() in crops for one in shown)
    assert {one.picture.shape for one in shown} == {(SIDE, SIDE, 3)}


@pytest.mark.parametrize("all_publishable", [True, False])
def test_each_class_has_two_examples(
    all_publishable: bool, examples: tuple[Example, ...], split: Split, scores: Scores
) -> None:
    publishable = frozenset(one.photo_id for one in examples if all_publishable)
    shown = choose_examples(examples, split, scores, publishable, seed=0)
    assert Counter(one.truth for one in shown) == dict.fromkeys(EMOTIONS, 2)
    assert [one.truth for one in shown] == [emotion for emotion in EMOTIONS for _ in range(2)]


def test_the_seed_alone_decides_which(
    examples: tuple[Example, ...], split: Split, scores: Scores
) -> None:
    everybody = frozenset(one.photo_id for one in examples)

    def chosen(seed: int, given: Scores) -> list[object]:
        return [one.photo_id for one in choose_examples(examples, split, given, everybody, seed)]

    assert chosen(0, scores) == chosen(0, scores[::-1])  # not how well they went
    assert chosen(0, scores) != chosen(1, scores)
