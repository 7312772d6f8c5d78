"""Light and sharpness, on pictures whose right value follows from the formula."""

import numpy as np
import pytest

from collector.dataset.lighting import measure_light
from collector.dataset.pixels import RGB, Box

FACE = Box(100, 40, 224, 224)


def flat(*colour: int, width: int = 400, height: int = 300) -> RGB:
    """One colour, or one grey, all over."""
    value = np.array(colour if len(colour) == 3 else colour * 3, np.uint8)
    return np.broadcast_to(value, (height, width, 3)).copy()


def halved(left: int, right: int, box: Box = FACE) -> RGB:
    """A mid-grey frame in which the box's left and right halves have greys of their own."""
    frame = flat(90)
    middle = box.x + box.width // 2
    frame[box.y : box.y + box.height, box.x : middle] = left
    frame[box.y : box.y + box.height, middle : box.x + box.width] = right
    return frame


def with_face(pattern: RGB, around: int = 90) -> tuple[RGB, Box]:
    """The pattern as the face, in a frame of another grey."""
    height, width = pattern.shape[:2]
    frame = flat(around, width=width + 60, height=height + 40)
    frame[20 : 20 + height, 30 : 30 + width] = pattern
    return frame, Box(30, 20, width, height)


def chequered(side: int) -> RGB:
    """Black and white, changing at every pixel."""
    board = np.indices((side, side)).sum(axis=0) % 2 * 255
    return np.repeat(board[:, :, None], 3, axis=2).astype(np.uint8)


def linear(grey: int) -> float:
    """The sRGB transfer function of IEC 61966-2-1."""
    value = grey / 255
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


@pytest.mark.parametrize("face", [None, FACE])
@pytest.mark.parametrize("grey", [0, 5, 10, 11, 90, 128, 188, 254, 255])
def test_a_flat_grey_has_exactly_its_linear_luminance(grey: int, face: Box | None) -> None:
    light = measure_light(flat(grey), face)
    assert light.luminance_mean == pytest.approx(linear(grey), abs=1e-6)
    assert light.contrast == 0
    assert light.laplacian_variance == 0


@pytest.mark.parametrize(
    ("colour", "luminance"),
    [((255, 0, 0), 0.2126), ((0, 255, 0), 0.7152), ((0, 0, 255), 0.0722)],
)
def test_red_green_and_blue_weigh_as_in_rec_709(
    colour: tuple[int, int, int], luminance: float
) -> None:
    assert measure_light(flat(*colour), FACE).luminance_mean == pytest.approx(luminance, abs=1e-6)


def test_luminance_is_averaged_as_light_and_not_as_stored_values() -> None:
    light = measure_light(halved(60, 200), FACE)
    assert light.luminance_mean == pytest.approx((linear(60) + linear(200)) / 2, abs=1e-6)


@pytest.mark.parametrize(
    ("left", "right", "asymmetry"),
    [
        (0, 255, 1.0),
        (255, 0, -1.0),
        (140, 140, 0.0),
        (100, 200, (linear(200) - linear(100)) / (linear(200) + linear(100))),
    ],
)
def test_asymmetry_is_positive_where_the_right_of_the_picture_is_brighter(
    left: int, right: int, asymmetry: float
) -> None:
    measured = measure_light(halved(left, right), FACE).lr_asymmetry
    assert measured == pytest.approx(asymmetry, abs=1e-6)


def test_the_middle_column_of_an_odd_face_belongs_to_neither_half() -> None:
    pattern = flat(120, width=51, height=51)
    pattern[:, 25] = 255
    frame, box = with_face(pattern)
    assert measure_light(frame, box).lr_asymmetry == pytest.approx(0, abs=1e-6)


def test_asymmetry_does_not_apply_without_a_face_or_without_light() -> None:
    assert measure_light(halved(0, 255), None).lr_asymmetry is None
    assert measure_light(flat(0), FACE).lr_asymmetry is None
    assert measure_light(flat(200), Box(5, 5, 1, 9)).lr_asymmetry is None


def test_a_face_half_black_and_half_white_has_every_value_at_a_half() -> None:
    light = measure_light(halved(0, 255), FACE)
    assert light.luminance_mean == pytest.approx(0.5)
    assert light.under_exposed == 0.5
    assert light.over_exposed == 0.5
    assert light.contrast == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("grey", "under", "over"), [(0, 1, 0), (25, 1, 0), (26, 0, 0), (246, 0, 0), (247, 0, 1)]
)
def test_exposure_counts_pixels_up_to_25_and_from_247(grey: int, under: int, over: int) -> None:
    light = measure_light(flat(grey), FACE)
    assert (light.under_exposed, light.over_exposed) == (under, over)


def test_contrast_is_the_standard_deviation_of_luma() -> None:
    # Two greys in equal shares lie half their difference from the mean.
    assert measure_light(halved(70, 172), FACE).contrast == pytest.approx(51 / 255)


def test_only_the_face_is_measured_where_there_is_one() -> None:
    frame = flat(0)
    frame[40:264, 100:324] = 255
    assert measure_light(frame, FACE).luminance_mean == pytest.approx(1.0, abs=1e-6)
    assert measure_light(frame, FACE).under_exposed == 0
    whole = measure_light(frame, None)
    assert whole.luminance_mean == pytest.approx(224 * 224 / (400 * 300), abs=0.01)
    assert whole.under_exposed == pytest.approx(1 - 224 * 224 / (400 * 300), abs=0.01)


def test_clipped_pixels_of_a_large_photo_are_not_averaged_away() -> None:
    dice = np.random.default_rng(3)
    grain = dice.choice(np.array([0, 255], np.uint8), size=(1500, 2000, 1), p=[0.3, 0.7])
    light = measure_light(np.repeat(grain, 3, axis=2), None)
    assert light.under_exposed == pytest.approx(0.3, abs=0.01)
    assert light.over_exposed == pytest.approx(0.7, abs=0.01)
    assert light.luminance_mean == pytest.approx(0.7, abs=0.01)


def test_sharpness_is_the_variance_of_the_laplacian() -> None:
    # Each pixel differs from its four neighbours by 255: the Laplacian is 1020 or -1020.
    frame, box = with_face(chequered(224))
    assert measure_light(frame, box).laplacian_variance == pytest.approx(1020**2)


def test_the_same_face_photographed_larger_is_as_sharp() -> None:
    dice = np.random.default_rng(8)
    face = np.repeat(dice.integers(0, 256, (224, 224, 1), np.uint8), 3, axis=2)
    frame, box = with_face(face)
    larger, larger_box = with_face(face.repeat(2, axis=0).repeat(2, axis=1))
    small = measure_light(frame, box).laplacian_variance
    assert measure_light(larger, larger_box).laplacian_variance == pytest.approx(small, rel=0.01)


def test_a_blurred_face_is_less_sharp() -> None:
    dice = np.random.default_rng(8)
    sharp = np.repeat(dice.integers(0, 256, (224, 224, 1), np.uint8), 3, axis=2)
    neighbours = [np.roll(sharp, (down, across), (0, 1)) for down in (0, 1) for across in (0, 1)]
    blurred = np.mean(neighbours, axis=0).astype(np.uint8)
    frames = [with_face(pattern) for pattern in (sharp, blurred)]
    first, second = (measure_light(frame, box).laplacian_variance for frame, box in frames)
    assert second < first / 4


@pytest.mark.parametrize(("height", "width"), [(64, 9000), (9000, 64), (64, 64)])
def test_frames_of_any_shape_are_measured(height: int, width: int) -> None:
    light = measure_light(flat(128, width=width, height=height), None)
    assert light.luminance_mean == pytest.approx(linear(128), abs=1e-6)
    assert light.laplacian_variance == 0


def test_a_face_that_reaches_over_the_edge_is_measured_as_far_as_it_is_seen() -> None:
    frame = flat(0)
    frame[:50, :50] = 255
    assert measure_light(frame, Box(-30, -20, 80, 70)).luminance_mean == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("box", [Box(400, 0, 10, 10), Box(-20, 5, 20, 20), Box(5, 5, 0, 10)])
def test_a_box_outside_of_the_picture_is_refused(box: Box) -> None:
    with pytest.raises(ValueError, match="outside the picture"):
        measure_light(flat(10), box)
