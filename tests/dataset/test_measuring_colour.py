"""Colour temperature of patches that were painted in published illuminants."""

import numpy as np
import pytest

from collector.dataset.measures import measure, measure_cct
from collector.dataset.measures.colour import cct_of
from collector.dataset.pixels import RGB
from tests.dataset.patterns import EYES, FACE, flat, stored

# CIE 15: chromaticities of the illuminants, 2 degree observer, and their colour temperatures.
ILLUMINANTS = {
    "A": (0.44757, 0.40745, 2856),
    "D50": (0.34567, 0.35850, 5003),
    "D55": (0.33242, 0.34743, 5503),
    "D65": (0.31271, 0.32902, 6504),
    "D75": (0.29902, 0.31485, 7504),
    "F2, fluorescent": (0.37208, 0.37529, 4230),
    "F11, three bands": (0.38052, 0.37713, 4000),
}
# XYZ to linear sRGB as IEC 61966-2-1 prints it, not computed from the matrix that is tested.
TO_RGB = np.array(
    [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
)


def patch(x: float, y: float, level: float = 0.7, noise: float = 0) -> RGB:
    """A grey card under light of that chromaticity, its largest channel at that linear level."""
    rgb = TO_RGB @ (x / y, 1, (1 - x - y) / y)
    light = np.broadcast_to(level * rgb / rgb.max(), (60, 80, 3))
    grain = np.random.default_rng(1).normal(0, noise, (60, 80, 3)) if noise else 0
    return stored((light + grain).clip(0, 1))


@pytest.mark.parametrize("name", ILLUMINANTS)
@pytest.mark.parametrize("level", [0.3, 0.9])
def test_a_grey_card_has_the_temperature_of_its_illuminant(name: str, level: float) -> None:
    x, y, kelvin = ILLUMINANTS[name]
    # McCamy is right within a few kelvin; 8-bit values leave about 1 %.
    assert measure_cct(patch(x, y, level)) == pytest.approx(kelvin, rel=0.012)


@pytest.mark.parametrize("name", ["A", "D50", "D55", "D65", "D75"])
def test_the_polynomial_is_right_within_a_few_kelvin(name: str) -> None:
    x, y, kelvin = ILLUMINANTS[name]
    assert cct_of(x, y) == pytest.approx(kelvin, abs=4)


def test_the_white_of_srgb_has_the_value_that_others_compute() -> None:
    assert cct_of(0.3127, 0.3290) == pytest.approx(6505.08, abs=0.01)


def test_noise_is_averaged_away() -> None:
    x, y, kelvin = ILLUMINANTS["D50"]
    assert measure_cct(patch(x, y, noise=0.02)) == pytest.approx(kelvin, rel=0.015)


@pytest.mark.parametrize("value", [12, 90, 200, 250])
def test_every_grey_of_srgb_is_daylight(value: int) -> None:
    assert measure_cct(flat(value)) == pytest.approx(6504, abs=5)


def test_warmer_light_has_fewer_kelvin() -> None:
    values = [measure_cct(flat(200, green, blue)) for green, blue in
              ((205, 215), (200, 200), (190, 160), (175, 120))]  # fmt: skip
    assert None not in values
    assert values == sorted(values, key=lambda kelvin: -(kelvin or 0))


@pytest.mark.parametrize(
    "colour",
    [(0, 0, 0), (255, 255, 255), (255, 200, 180), (0, 200, 0), (200, 0, 200), (0, 0, 200)],
)
def test_black_clipped_and_coloured_patches_have_no_temperature(
    colour: tuple[int, int, int],
) -> None:
    assert measure_cct(flat(*colour)) is None


def test_clipped_pixels_are_left_out() -> None:
    x, y, kelvin = ILLUMINANTS["A"]
    card = patch(x, y)
    card[:20] = 255
    assert measure_cct(card) == pytest.approx(kelvin, rel=0.012)


def test_a_photo_has_a_temperature_only_with_a_patch_known_to_be_grey() -> None:
    x, y, kelvin = ILLUMINANTS["D55"]
    assert measure(flat(200), [FACE], EYES).cct is None
    assert measure(flat(200), [], None, patch(x, y)).cct == pytest.approx(kelvin, rel=0.012)
    assert measure(flat(200), [FACE], EYES, patch(x, y)).cct == pytest.approx(kelvin, rel=0.012)
