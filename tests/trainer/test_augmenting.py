"""The eighteen augmentations, and the transforms made of them."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage.data import astronaut

from collector.dataset.pixels import RGB
from trainer.augment import (
    AUGMENTATIONS,
    MOST_AT_ONCE,
    Augmentation,
    augment,
    eval_transform,
    mirror,
    removed_pieces,
    train_transform,
)

each = pytest.mark.parametrize("augmentation", AUGMENTATIONS, ids=lambda one: one.name)


@pytest.fixture
def face() -> RGB:
    """A real face, 120 x 100: no square, so that swapped sides are noticed."""
    return astronaut()[60:180, 170:270].copy()


def dice(seed: int = 1) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_there_are_eighteen_with_names_of_their_own() -> None:
    assert len({one.name for one in AUGMENTATIONS}) == len(AUGMENTATIONS) == 18
    assert all(one.doc and "\n" not in one.doc for one in AUGMENTATIONS)


def test_the_families_are_those_of_the_study() -> None:
    assert {one.family for one in AUGMENTATIONS} == {
        "distortion", "contrast", "brightness", "saturation", "noise", "rotation", "removal",
    }  # fmt: skip


@each
def test_shape_and_type_are_kept(augmentation: Augmentation, face: RGB) -> None:
    changed = augmentation.apply(face, dice())
    assert changed.shape == face.shape
    assert changed.dtype == np.uint8


@each
def test_the_picture_is_changed_and_the_original_is_not(
    augmentation: Augmentation, face: RGB
) -> None:
    before = face.copy()
    changed = augmentation.apply(face, dice())
    assert np.mean(changed != before) > 0.01
    assert np.array_equal(face, before)


@pytest.mark.slow
@each
def test_a_face_detector_still_finds_the_face(augmentation: Augmentation) -> None:
    portrait = astronaut()[:256, 96:352]
    cascade = cv2.CascadeClassifier(
        str(Path(cv2.data.haarcascades) / "haarcascade_frontalface_default.xml")
    )
    found = 0
    for seed in range(6):
        grey = cv2.cvtColor(augmentation.apply(portrait, dice(seed)), cv2.COLOR_RGB2GRAY)
        found += len(cascade.detectMultiScale(grey, 1.05, 3)) > 0
    assert found >= 5


@each
def test_the_same_dice_make_the_same_picture_and_others_another(
    augmentation: Augmentation, face: RGB
) -> None:
    assert np.array_equal(augmentation.apply(face, dice(3)), augmentation.apply(face, dice(3)))
    if augmentation.apply is not mirror:
        assert not np.array_equal(
            augmentation.apply(face, dice(3)), augmentation.apply(face, dice(4))
        )


@each
@pytest.mark.parametrize("level", [0, 255])
def test_black_and_white_pictures_do_not_wrap_around(
    augmentation: Augmentation, level: int
) -> None:
    """A sum that overflowed would turn nearly white into black."""
    flat = np.full((40, 40, 3), level, np.uint8)
    changed = augmentation.apply(flat, dice()).astype(float)
    assert abs(changed.mean() - level) < 80


@each
def test_the_smallest_training_picture_can_be_augmented(augmentation: Augmentation) -> None:
    picture = dice().integers(0, 256, (37, 37, 3), dtype=np.uint8)
    assert augmentation.apply(picture, dice()).shape == (37, 37, 3)


def test_mirroring_twice_gives_the_picture_back(face: RGB) -> None:
    assert np.array_equal(mirror(mirror(face, dice()), dice()), face)


def test_removed_pieces_are_small(face: RGB) -> None:
    for seed in range(20):
        lost = np.mean(np.any(removed_pieces(face, dice(seed)) != face, axis=2))
        assert 0.002 < lost < 0.15


def test_some_photos_stay_as_they_are_and_most_do_not(face: RGB) -> None:
    same = sum(np.array_equal(augment(face, dice(seed)), face) for seed in range(200))
    assert 25 <= same <= 80  # a quarter: none to three, evenly
    assert MOST_AT_ONCE == 3


def test_training_augments_and_evaluation_does_not(face: RGB) -> None:
    plain = eval_transform(face, 64)
    assert plain.shape == (64, 64, 3)
    assert np.array_equal(train_transform(face, 64, None), plain)
    trained = [train_transform(face, 64, dice(seed)) for seed in range(8)]
    assert any(not np.array_equal(one, plain) for one in trained)
    assert {one.shape for one in trained} == {(64, 64, 3)}
