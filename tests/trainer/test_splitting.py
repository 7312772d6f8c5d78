"""Training and validation never share a child, or never a burst."""

from collections import Counter
from collections.abc import Sequence

import pytest

from collector.dataset.emotions import EMOTIONS
from collector.dataset.errors import UserMistake
from tests.trainer.crowd import crowd, example, uneven_crowd
from trainer.data import Example
from trainer.split import Split, split_examples


def sides(examples: Sequence[Example], split: Split, of: str) -> tuple[set[object], set[object]]:
    return (
        {getattr(examples[place], of) for place in split.train},
        {getattr(examples[place], of) for place in split.validation},
    )


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("children", [4, 5, 9, 30])
def test_no_child_is_on_both_sides(children: int, seed: int) -> None:
    examples = uneven_crowd(children, seed)
    split = split_examples(examples, "auto", 0.25, seed)
    train, validation = sides(examples, split, "child")
    assert split.group == "child"
    assert train and validation
    assert not train & validation


@pytest.mark.parametrize("children", [1, 2, 3])
def test_with_fewer_than_four_children_no_burst_is_on_both_sides(children: int) -> None:
    examples = crowd(children)
    split = split_examples(examples, "auto", 0.25, 0)
    train, validation = sides(examples, split, "burst")
    assert split.group == "burst"
    assert train and validation
    assert not train & validation


@pytest.mark.parametrize("by", ["child", "burst"])
def test_every_photo_is_on_one_side(by: str) -> None:
    examples = uneven_crowd(8, 1)
    split = split_examples(examples, by, 0.25, 0)  # type: ignore[arg-type]
    assert sorted(split.train + split.validation) == list(range(len(examples)))


def test_a_quarter_of_every_class_is_kept_for_validation() -> None:
    examples = crowd(20)
    split = split_examples(examples, "auto", 0.25, 0)
    counts = Counter(examples[place].label for place in split.validation)
    assert counts == dict.fromkeys(range(len(EMOTIONS)), 15)
    assert split.groups == (15, 5)


def test_uneven_classes_are_divided_nearly_evenly() -> None:
    examples = uneven_crowd(40, 7)
    split = split_examples(examples, "auto", 0.25, 0)
    everywhere = Counter(one.label for one in examples)
    held = Counter(examples[place].label for place in split.validation)
    shares = [held[label] / everywhere[label] for label in everywhere]
    assert max(shares) < 0.29
    assert min(shares) > 0.21


def test_the_share_is_what_was_asked_for() -> None:
    examples = crowd(20)
    assert len(split_examples(examples, "auto", 0.4, 0).validation) == 0.4 * len(examples)


def test_the_same_seed_gives_the_same_split_in_whatever_order_the_photos_come() -> None:
    examples = uneven_crowd(12, 3)
    split = split_examples(examples, "auto", 0.25, 5)
    turned = list(reversed(examples))
    again = split_examples(turned, "auto", 0.25, 5)
    assert split == split_examples(examples, "auto", 0.25, 5)
    assert sides(examples, split, "child") == sides(turned, again, "child")


def test_another_seed_gives_another_split() -> None:
    examples = crowd(20)
    held = {split_examples(examples, "auto", 0.25, seed).validation for seed in range(5)}
    assert len(held) > 1


def test_the_only_burst_of_a_class_goes_to_training() -> None:
    rare = [example(0, 1, 0) for _ in range(3)]
    examples = [*rare, *(example(0, 10 + number, 1 + number % 7) for number in range(28))]
    for seed in range(5):
        assert {0, 1, 2} <= set(split_examples(examples, "burst", 0.25, seed).train)


def test_a_few_children_can_be_kept_apart_if_asked_for() -> None:
    examples = crowd(2)
    split = split_examples(examples, "child", 0.25, 0)
    assert split.groups == (1, 1)


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_photos_are_refused(count: int) -> None:
    with pytest.raises(UserMistake, match="fewer than two photos"):
        split_examples(crowd(1, 1)[:count], "auto", 0.25, 0)


def test_a_single_burst_is_refused() -> None:
    with pytest.raises(UserMistake, match="one burst"):
        split_examples([example(1, 1, 0)] * 6, "auto", 0.25, 0)


def test_a_single_child_cannot_be_split_by_child() -> None:
    with pytest.raises(UserMistake, match="--split burst"):
        split_examples(crowd(1), "child", 0.25, 0)


def test_metrics_name_method_seed_and_group() -> None:
    told = split_examples(crowd(8), "auto", 0.25, 3).as_dict()
    assert told == {
        "method": "stratified group holdout", "seed": 3, "group": "child",
        "train_groups": 6, "validation_groups": 2,
    }  # fmt: skip
