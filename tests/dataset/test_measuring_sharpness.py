"""Sharpness of known textures and known blurs, at a fixed distance of the eyes."""

import cv2
import numpy as np
import pytest

from collector.dataset.measures import Measures, measure
from collector.dataset.pixels import RGB, Box, Eyes
from tests.dataset.patterns import flat, turned

NEAR = Eyes((355.0, 220.0), (445.0, 220.0))  # 90 px apart: neither shrunk nor enlarged
BOX = Box(288, 130, 224, 224)
LAPLACIAN = np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]], np.float64)
DEVIATION = 12.0
BLURS = {
    "none": np.ones((1, 1)),
    "pair": np.ones((1, 2)) / 2,
    "three": np.ones((3, 3)) / 9,
    "five": np.ones((5, 5)) / 25,
    "binomial": np.outer([1, 2, 1], [1, 2, 1]) / 16,
}


def of(frame: RGB, eyes: Eyes | None = NEAR, box: Box = BOX) -> Measures:
    return measure(frame, [box], eyes)


def noise(kernel: np.ndarray, seed: int = 3) -> RGB:
    """Grey noise of 8 standard deviations' room, blurred before it is rounded."""
    grain = np.random.default_rng(seed).normal(0, DEVIATION, (600, 800))
    blurred = 128 + np.asarray(cv2.filter2D(grain, -1, kernel))
    return np.repeat(blurred.round().clip(0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def variance_of_laplacian(kernel: np.ndarray) -> float:
    """Of white noise after the kernel: its variance times the squares of both kernels in one."""
    room = np.zeros((15, 15))
    room[7, 7] = 1
    both = cv2.filter2D(np.asarray(cv2.filter2D(room, -1, kernel)), -1, LAPLACIAN)
    rounding = (LAPLACIAN**2).sum() / 12
    return float(DEVIATION**2 * (np.asarray(both) ** 2).sum() + rounding)


def test_a_chequered_face_has_the_largest_value() -> None:
    # Each pixel differs from its four neighbours by 255: the Laplacian is 1020 or -1020.
    board = (np.indices((600, 800)).sum(axis=0) % 2 * 255).astype(np.uint8)
    frame = np.repeat(board[:, :, None], 3, axis=2)
    assert of(frame).laplacian_variance == pytest.approx(1020**2, rel=0.001)
    assert of(frame).box_laplacian_variance == pytest.approx(1020**2, rel=0.001)


@pytest.mark.parametrize("blur", BLURS)
def test_blurred_noise_has_the_value_that_its_kernel_leaves(blur: str) -> None:
    measured = of(noise(BLURS[blur]))
    expected = variance_of_laplacian(BLURS[blur])
    assert measured.laplacian_variance == pytest.approx(expected, rel=0.06)
    assert measured.box_laplacian_variance == pytest.approx(expected, rel=0.06)


def test_every_stronger_blur_is_less_sharp() -> None:
    values = [of(noise(BLURS[blur])).laplacian_variance or 0 for blur in ("none", "three", "five")]
    assert values[0] > 4 * values[1] > 8 * values[2]


def test_the_same_face_photographed_larger_is_as_sharp() -> None:
    frame = noise(BLURS["three"])
    larger = frame.repeat(2, axis=0).repeat(2, axis=1)
    eyes = Eyes((710.0, 440.0), (890.0, 440.0))
    large, plain = of(larger, eyes, Box(576, 260, 448, 448)), of(frame)
    assert large.laplacian_variance == pytest.approx(plain.laplacian_variance, rel=0.01)
    assert large.box_laplacian_variance == pytest.approx(plain.box_laplacian_variance, rel=0.01)


def test_detail_finer_than_the_fixed_size_is_averaged() -> None:
    eyes = Eyes((310.0, 220.0), (490.0, 220.0))
    near = of(noise(BLURS["none"]), eyes, Box(176, 40, 448, 448))
    averaged = variance_of_laplacian(BLURS["none"]) / 4  # four pixels make one
    assert near.laplacian_variance == pytest.approx(averaged, rel=0.06)
    assert near.box_laplacian_variance == pytest.approx(averaged, rel=0.06)


def test_a_face_too_small_for_its_details_is_less_sharp() -> None:
    frame = noise(BLURS["none"])
    small = np.asarray(cv2.resize(frame, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA))
    eyes = Eyes((142.0, 88.0), (178.0, 88.0))
    far = of(small, eyes, Box(115, 52, 90, 90)).laplacian_variance or 0
    assert far < (of(frame).laplacian_variance or 0) / 10


def test_only_the_face_is_looked_at() -> None:
    frame = flat(120)
    blurred = noise(BLURS["none"])
    frame[:, :250], frame[:, 550:], frame[370:] = blurred[:, :250], blurred[:, 550:], blurred[370:]
    assert of(frame).laplacian_variance == 0
    assert of(frame).box_laplacian_variance == 0


def test_a_leaning_face_is_about_as_sharp() -> None:
    frame = noise(BLURS["five"])
    leaning, eyes = turned(frame, 20)
    middle = Eyes(*((400 + 90 / 113 * (x - 400), 220 + 90 / 113 * (y - 220))
                    for x, y in (eyes.left, eyes.right)))  # fmt: skip
    assert of(leaning, middle).laplacian_variance == pytest.approx(
        of(frame).laplacian_variance, rel=0.5
    )


def test_without_eyes_sharpness_is_known_for_the_box_alone() -> None:
    measured = of(noise(BLURS["none"]), None)
    assert measured.laplacian_variance is None
    assert measured.box_laplacian_variance == pytest.approx(
        variance_of_laplacian(BLURS["none"]), rel=0.06
    )
