"""Light on the face, on pictures whose right value follows from the formula."""

from dataclasses import asdict

import numpy as np
import pytest

from collector.dataset.measures import Measures, measure
from collector.dataset.measures.axes import Axes, align_face
from collector.dataset.pixels import RGB, Box, Eyes
from tests.dataset.patterns import (
    EYES,
    FACE,
    HEIGHT,
    MIDDLE,
    WIDTH,
    clouds,
    flat,
    grey,
    halved,
    linear,
    mirrored,
    turned,
)

STEP = 0.5 / 255 + 1e-6  # OFIQ's luminance has 256 levels, so a value is half a level wrong at most


def of(pixels: RGB, eyes: Eyes | None = EYES) -> Measures:
    return measure(pixels, [FACE], eyes)


@pytest.mark.parametrize("eyes", [None, EYES])
@pytest.mark.parametrize("value", [0, 5, 10, 11, 90, 128, 188, 254, 255])
def test_a_flat_grey_has_its_linear_luminance_and_no_variance(
    value: int, eyes: Eyes | None
) -> None:
    light = of(flat(value), eyes)
    assert light.luminance_mean == pytest.approx(linear(value), abs=STEP)
    assert light.luminance_variance == pytest.approx(0, abs=1e-12)
    assert light.dynamic_range == 0
    assert light.illumination_uniformity == pytest.approx(1)
    assert light.contrast == 0


@pytest.mark.parametrize(
    ("colour", "luminance"),
    [((255, 0, 0), 0.2126), ((0, 255, 0), 0.7152), ((0, 0, 255), 0.0722)],
)
def test_red_green_and_blue_weigh_as_in_rec_709(
    colour: tuple[int, int, int], luminance: float
) -> None:
    assert of(flat(*colour)).luminance_mean == pytest.approx(luminance, abs=STEP)


@pytest.mark.parametrize(("left", "right"), [(60, 200), (0, 255), (250, 20)])
def test_two_greys_have_their_mean_as_light_and_one_bit(left: int, right: int) -> None:
    light = of(halved(left, right))
    one, other = linear(left), linear(right)
    assert light.luminance_mean == pytest.approx((one + other) / 2, abs=STEP)
    assert light.luminance_variance == pytest.approx((one - other) ** 2 / 4, abs=2 * STEP)
    assert light.dynamic_range == pytest.approx(1)
    assert light.lr_asymmetry == pytest.approx((other - one) / (other + one), abs=1e-6)
    assert light.contrast == pytest.approx(abs(right - left) / 2 / 255)


def test_four_greys_in_equal_shares_have_two_bits() -> None:
    frame = flat(0)
    for number, value in enumerate((40, 100, 160, 220)):
        frame[:, number::4] = value
    assert of(frame).dynamic_range == pytest.approx(2, abs=0.001)


def test_every_level_in_equal_shares_has_nearly_eight_bits() -> None:
    levels = np.tile(np.arange(256) / 255, (HEIGHT, 4))[:, :WIDTH]
    dice = np.random.default_rng(4)
    shuffled = dice.permuted(levels, axis=1)
    # Of the 256 steps of light the 256 of sRGB reach 184: dark ones lie closer, bright ones wider.
    reached = len(set(np.floor([linear(value) * 255 + 0.5 for value in range(256)])))
    assert np.log2(reached) - 0.2 < (of(grey(shuffled)).dynamic_range or 0) < np.log2(reached)


@pytest.mark.parametrize(
    ("value", "under", "over"),
    [(0, 1, 0), (88, 1, 0), (90, 0, 0), (128, 0, 0), (251, 0, 0), (252, 0, 1), (255, 0, 1)],
)
def test_the_standard_s_exposure_counts_linear_light_up_to_25_and_from_247(
    value: int, under: int, over: int
) -> None:
    assert (linear(88) * 255, linear(90) * 255) == pytest.approx((24.9, 26.1), abs=0.1)
    light = of(flat(value))
    assert light.under_exposure_prevention == under
    assert light.over_exposure_prevention == over


@pytest.mark.parametrize(
    ("value", "shadow", "highlight"), [(0, 1, 0), (25, 1, 0), (26, 0, 0), (246, 0, 0), (247, 0, 1)]
)
def test_our_own_exposure_counts_values_as_stored(value: int, shadow: int, highlight: int) -> None:
    light = of(flat(value))
    assert (light.shadow_share, light.highlight_share) == (shadow, highlight)


def test_half_a_face_in_the_dark_is_half_under_exposed() -> None:
    light = of(halved(10, 254))
    assert light.under_exposure_prevention == light.over_exposure_prevention == 0.5
    assert light.shadow_share == light.highlight_share == 0.5
    assert light.illumination_uniformity == 0


@pytest.mark.parametrize(("left", "right", "sign"), [(0, 255, 1.0), (255, 0, -1.0), (90, 90, 0.0)])
def test_asymmetry_is_positive_where_the_right_of_the_picture_is_brighter(
    left: int, right: int, sign: float
) -> None:
    assert of(halved(left, right)).lr_asymmetry == pytest.approx(sign)


@pytest.mark.parametrize("slope", [-0.0008, 0.0003, 0.001])
def test_a_gradient_s_asymmetry_follows_from_its_slope(slope: float) -> None:
    x = np.arange(WIDTH) + 0.5 - MIDDLE[0]
    frame = grey(np.broadcast_to(0.4 + slope * x, (HEIGHT, WIDTH)))
    inside = align_face(frame, Axes(EYES.middle, EYES.distance, 0)).inside
    away = np.abs(np.arange(inside.shape[1]) + 0.5 - inside.shape[1] / 2)
    lever = (inside * away).sum() / inside.sum()  # of either half from the middle, in pixels
    assert of(frame).lr_asymmetry == pytest.approx(slope * lever / 0.4, abs=0.002)


def test_the_cheeks_alone_decide_on_uniformity() -> None:
    frame = halved(0, 255)
    for x in (344 - 33, 456):  # 0.3 of 113 px outwards from the middle of each eye
        frame[220 + 65 : 220 + 65 + 33, x : x + 33] = 120  # half of 130 px below the eyes
    assert of(frame).illumination_uniformity == pytest.approx(1)
    assert of(frame).lr_asymmetry == pytest.approx(1, abs=0.2)


def test_cheeks_that_have_half_their_light_in_common_are_half_uniform() -> None:
    frame = halved(150, 150)
    frame[::2, : MIDDLE[0]] = 40
    assert of(frame).illumination_uniformity == pytest.approx(0.5, abs=0.5 / 33 + 1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_a_mirrored_picture_changes_sides_and_nothing_else(seed: int) -> None:
    frame, eyes = turned(clouds(seed), 7)
    plain, other = of(frame, eyes), measure(*_mirrored_face(frame, eyes))
    assert plain.lr_asymmetry == pytest.approx(-(other.lr_asymmetry or 0), abs=1e-3)
    assert abs(plain.lr_asymmetry or 0) > 0.01
    assert plain.roll == pytest.approx(-(other.roll or 0))
    assert plain.leftward_crop_of_the_face_image == pytest.approx(
        other.rightward_crop_of_the_face_image
    )
    sided = {"lr_asymmetry", "roll", "leftward_crop_of_the_face_image",
             "rightward_crop_of_the_face_image", "cct"}  # fmt: skip
    mirror = asdict(other)
    for name, value in asdict(plain).items():
        if name not in sided:
            assert value == pytest.approx(mirror[name], rel=0.02, abs=2e-3), name


def _mirrored_face(frame: RGB, eyes: Eyes) -> tuple[RGB, list[Box], Eyes]:
    box = Box(WIDTH - FACE.x - FACE.width, FACE.y, FACE.width, FACE.height)
    pixels, there = mirrored(frame, eyes)
    return pixels, [box], there


@pytest.mark.parametrize("times", [0.25, 0.5, 2])
def test_more_light_scales_the_mean_and_leaves_the_ratios(times: float) -> None:
    dice = np.random.default_rng(5)
    scene = 0.1 + 0.3 * dice.random((HEIGHT // 20, WIDTH // 20)).repeat(20, 0).repeat(20, 1)
    plain, lit = of(grey(scene)), of(grey(scene * times))
    assert lit.luminance_mean == pytest.approx(times * (plain.luminance_mean or 0), rel=0.01)
    assert lit.luminance_variance == pytest.approx(
        times**2 * (plain.luminance_variance or 0), rel=0.03
    )
    assert lit.lr_asymmetry == pytest.approx(plain.lr_asymmetry, abs=0.003)
    assert lit.backlight == pytest.approx(plain.backlight, rel=0.02)


@pytest.mark.parametrize("degrees", [-30, -12, 20, 35])
def test_a_leaning_face_is_measured_as_an_upright_one(degrees: float) -> None:
    upright = of(halved(60, 200))
    leaning = of(*turned(halved(60, 200), degrees))
    assert leaning.lr_asymmetry == pytest.approx(upright.lr_asymmetry, abs=0.01)
    assert leaning.luminance_mean == pytest.approx(upright.luminance_mean, abs=0.01)
    assert leaning.illumination_uniformity == upright.illumination_uniformity == 0


@pytest.mark.parametrize("times", [0.5, 2, 3])
def test_a_face_is_measured_alike_from_near_and_from_far(times: float) -> None:
    scene = clouds(9, coarse=40)
    small = np.asarray(scene[::2, ::2] if times < 1 else scene.repeat(times, 0).repeat(times, 1))
    left, right = ((x * times, y * times) for x, y in (EYES.left, EYES.right))
    box = Box(*(round(value * times) for value in (FACE.x, FACE.y, FACE.width, FACE.height)))
    scaled, plain = measure(small, [box], Eyes(left, right)), of(scene)
    for name in ("luminance_mean", "lr_asymmetry", "contrast", "backlight", "dynamic_range"):
        assert getattr(scaled, name) == pytest.approx(getattr(plain, name), rel=0.02, abs=0.005)


def test_hair_and_what_is_beside_the_face_do_not_count() -> None:
    frame = flat(255)
    frame[220 - 41 : 220 + 203, 400 - 124 : 400 + 124] = 128  # brows to chin, temple to temple
    frame[220 + 160 :, : 400 - 100] = frame[220 + 160 :, 400 + 100 :] = 255  # beside the chin
    light = of(frame)
    assert light.luminance_mean == pytest.approx(linear(128), abs=STEP)
    assert light.dynamic_range == 0


def test_what_lies_outside_of_the_photo_is_not_counted_as_black_or_as_its_edge() -> None:
    frame = flat(200)[:, MIDDLE[0] :]
    frame[:, 0] = 0
    eyes = Eyes((-56.5, 220.0), (56.5, 220.0))
    light = measure(frame, [Box(0, 112, 134, 269)], eyes)
    assert light.luminance_mean == pytest.approx(linear(200), rel=0.02)
    assert light.lr_asymmetry is None  # there is no left half
    assert light.illumination_uniformity is None


def test_a_photo_without_a_face_has_no_measure_at_all() -> None:
    for frame in (flat(0), flat(255), clouds(1)):
        assert set(asdict(measure(frame, [], None)).values()) == {None}


def test_a_black_face_is_dark_but_has_no_sides() -> None:
    light = of(flat(0))
    assert (light.luminance_mean, light.under_exposure_prevention) == (0, 1)
    assert light.lr_asymmetry is None
    assert light.backlight is None


def test_without_eyes_light_is_measured_by_the_box_and_position_is_unknown() -> None:
    measured = asdict(of(halved(60, 200), None))
    missing = {name for name, value in measured.items() if value is None}
    assert missing == {
        "inter_eye_distance", "head_size", "leftward_crop_of_the_face_image",
        "rightward_crop_of_the_face_image", "margin_above_of_the_face_image",
        "margin_below_of_the_face_image", "laplacian_variance", "roll", "cct",
    }  # fmt: skip
    expected = (linear(200) - linear(60)) / (linear(200) + linear(60))
    assert measured["lr_asymmetry"] == pytest.approx(expected, abs=0.02)


@pytest.mark.parametrize("box", [Box(800, 0, 10, 10), Box(-20, 5, 20, 20), Box(5, 5, 0, 10)])
def test_a_box_outside_of_the_picture_is_refused(box: Box) -> None:
    with pytest.raises(ValueError, match="outside the picture"):
        measure(flat(10), [box], None)


@pytest.mark.parametrize(("height", "width"), [(64, 9000), (9000, 64), (64, 64)])
def test_photos_of_any_shape_are_measured(height: int, width: int) -> None:
    light = measure(flat(128, width=width, height=height), [Box(0, 0, 64, 64)], None)
    assert light.luminance_mean == pytest.approx(linear(128), abs=STEP)
    assert light.box_laplacian_variance == 0
