"""Light behind the child against the light on its face."""

import cv2
import numpy as np
import pytest

from collector.dataset.measures import measure
from collector.dataset.pixels import RGB, Box
from tests.dataset.patterns import EYES, FACE, HEIGHT, MIDDLE, WIDTH, flat, linear


def disc(face: int, background: int) -> RGB:
    """A round face of one grey before a wall of another."""
    frame = flat(background)
    cv2.circle(frame, (MIDDLE[0], 260), 190, (face, face, face), -1)
    return frame


@pytest.mark.parametrize(("face", "background"), [(60, 240), (128, 128), (200, 50), (0, 255)])
def test_a_disc_before_a_wall_has_the_ratio_of_their_light(face: int, background: int) -> None:
    expected = linear(face) / linear(background)
    assert measure(disc(face, background), [FACE], EYES).backlight == pytest.approx(expected)
    assert measure(disc(face, background), [FACE], None).backlight == pytest.approx(expected)


def test_a_window_that_fills_less_than_half_of_the_wall_does_not_decide() -> None:
    frame = disc(100, 100)
    frame[:150, : WIDTH // 4] = 255
    assert measure(frame, [FACE], EYES).backlight == pytest.approx(1)


def test_clothes_and_hair_are_no_background() -> None:
    frame = disc(100, 160)
    expected = linear(100) / linear(160)
    below = FACE.y + round(1.15 * FACE.height) + 1
    frame[below:] = 0
    frame[: FACE.y, FACE.x : FACE.x + FACE.width] = 0
    assert measure(frame, [FACE], EYES).backlight == pytest.approx(expected)


def test_another_head_is_no_background() -> None:
    frame = flat(100)
    frame[:310, 365:705] = 200  # a bright head, and more than half of what is not the first one's
    left, right = Box(60, 100, 180, 180), Box(450, 100, 170, 170)
    alone = measure(frame, [left], None).backlight
    both = measure(frame, [left, right], None).backlight
    assert alone == pytest.approx(linear(100) / linear(200))
    assert both == pytest.approx(1)


@pytest.mark.parametrize("box", [Box(0, 0, WIDTH, HEIGHT), Box(100, 50, 450, 450)])
def test_a_face_that_fills_the_photo_has_no_background(box: Box) -> None:
    assert measure(flat(120), [box], None).backlight is None


def test_a_black_background_has_no_ratio() -> None:
    assert measure(disc(120, 0), [FACE], EYES).backlight is None


def test_noise_does_not_move_the_medians() -> None:
    dice = np.random.default_rng(2)
    noisy = disc(80, 180) + dice.normal(0, 6, (HEIGHT, WIDTH, 3))
    measured = measure(noisy.round().clip(0, 255).astype(np.uint8), [FACE], EYES).backlight
    assert measured == pytest.approx(linear(80) / linear(180), rel=0.02)
