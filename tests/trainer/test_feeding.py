"""Batches: their sizes, their order, and what their pictures depend on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch

from tests.trainer.patterns import pattern_snapshot
from trainer.batches import DEVIATION, MEAN, Feeder, group_places
from trainer.config import FitConfig
from trainer.data import Example, load_examples

Quick = Callable[..., FitConfig]
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def examples() -> tuple[Example, ...]:
    return load_examples(pattern_snapshot(children=2, shots=2).photos, 32, workers=2)


@pytest.mark.parametrize(
    ("count", "size", "sizes"),
    [
        (64, 32, [32, 32]),
        (70, 32, [32, 32, 6]),
        (65, 32, [32, 33]),
        (1, 32, [1]),
        (3, 1, [1, 1, 1]),
    ],
)
def test_no_photo_is_left_alone_in_a_batch(count: int, size: int, sizes: list[int]) -> None:
    groups = group_places(range(count), size)
    assert [len(group) for group in groups] == sizes
    assert [place for group in groups for place in group] == list(range(count))


def test_every_photo_comes_once_an_epoch(examples: tuple[Example, ...], quick: Quick) -> None:
    feeder = Feeder(examples, quick(), CPU, None)
    batches = list(feeder.training(range(32), 1))
    assert len(batches) == feeder.count(range(32)) == 2
    labels = torch.cat([labels for _, labels in batches])
    assert sorted(labels.tolist()) == sorted(example.label for example in examples)


def test_pictures_are_normalised_as_imagenets(examples: tuple[Example, ...], quick: Quick) -> None:
    pictures, labels = next(iter(Feeder(examples, quick(), CPU, None).evaluation([3, 4])))
    assert pictures.shape == (2, 3, 32, 32)
    assert pictures.dtype == torch.float32
    assert labels.tolist() == [examples[3].label, examples[4].label]
    back = pictures * torch.tensor(DEVIATION).view(3, 1, 1) + torch.tensor(MEAN).view(3, 1, 1)
    assert torch.all((back > -1e-5) & (back < 1 + 1e-5))
    mean = torch.tensor(examples[3].crop.reshape(-1, 3).mean(axis=0) / 255, dtype=torch.float32)
    assert torch.allclose(back[0].mean(dim=(1, 2)), mean, atol=0.02)


def test_the_number_of_threads_changes_nothing(examples: tuple[Example, ...], quick: Quick) -> None:
    with ThreadPoolExecutor(4) as pool:
        fed = [
            [
                picture
                for picture, _ in Feeder(examples, quick(), CPU, threads).training(range(32), 2)
            ]
            for threads in (None, pool)
        ]
    assert all(torch.equal(*pair) for pair in zip(*fed, strict=True))


def test_each_epoch_has_its_own_order_and_its_own_augmentations(
    examples: tuple[Example, ...], quick: Quick
) -> None:
    feeder = Feeder(examples, quick(batch_size=32), CPU, None)
    (first, order), (second, other) = (next(iter(feeder.training(range(32), n))) for n in (1, 2))
    assert not torch.equal(order, other)
    alike = [any(torch.equal(one, two) for two in second) for one in first]
    assert 0 < sum(alike) < 20  # only those that neither epoch augmented


def test_without_augmentation_training_pictures_are_the_plain_ones(
    examples: tuple[Example, ...], quick: Quick
) -> None:
    feeder = Feeder(examples, quick(augment="none", batch_size=32), CPU, None)
    trained, _ = next(iter(feeder.training(range(32), 1)))
    plain, _ = next(iter(feeder.evaluation(range(32))))
    assert torch.equal(trained.sum(dim=(1, 2, 3)).sort()[0], plain.sum(dim=(1, 2, 3)).sort()[0])


def test_another_seed_feeds_otherwise(examples: tuple[Example, ...], quick: Quick) -> None:
    fed = [
        next(iter(Feeder(examples, quick(seed=seed), CPU, None).training(range(32), 1)))[0]
        for seed in (0, 1)
    ]
    assert not torch.equal(*fed)
