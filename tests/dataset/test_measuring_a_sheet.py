"""The light on a sheet of paper, in frames whose light was painted, and what is no sheet."""

import cv2
import numpy as np
import pytest

from collector.dataset.errors import Unprocessable
from collector.dataset.passports.sheet import measure_sheet, middle_of
from collector.dataset.picture import open_picture
from tests.cast import drawn_jpeg
from tests.dataset.patterns import clouds, flat, linear, stored
from tests.photographs import photographs
from tests.sheets import ILLUMINANTS, light_on_sheet, sheet_frame, sheet_jpeg

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", ILLUMINANTS)
@pytest.mark.parametrize("level", [0.15, 0.8])
def test_the_colour_temperature_is_that_of_the_light(name: str, level: float) -> None:
    found = measure_sheet(sheet_frame(name, level=level))
    assert found.cct == pytest.approx(ILLUMINANTS[name][2], rel=0.015)


def test_a_jpeg_tells_the_same() -> None:
    found = measure_sheet(open_picture(sheet_jpeg("F2")).pixels)
    assert found.cct == pytest.approx(ILLUMINANTS["F2"][2], rel=0.02)


def test_the_light_of_the_sheet_is_its_mean_linear_light() -> None:
    assert measure_sheet(flat(128)).luminance_mean == pytest.approx(linear(128), rel=1e-5)
    assert measure_sheet(flat(128)).lr_asymmetry == 0


@pytest.mark.parametrize(("left", "right"), [(1, 1), (0.7, 1), (1, 0.5)])
def test_a_folded_sheet_shows_the_light_of_each_side(left: float, right: float) -> None:
    found = measure_sheet(sheet_frame(left=left, right=right, is_folded=True))
    assert found.lr_asymmetry == pytest.approx((right - left) / (right + left), abs=0.01)


def test_a_flat_sheet_is_shaded_from_one_side_to_the_other() -> None:
    # The square lies between 36 and 64 % of the width: its halves' middles at 43 and 57 %.
    found = measure_sheet(sheet_frame(left=0.2, right=1))
    left, right = (0.2 + 0.8 * (0.5 + place * 90 / 1280) for place in (-1, 1))
    assert found.lr_asymmetry == pytest.approx((right - left) / (right + left), abs=0.01)


@pytest.mark.parametrize("shift", [-90, 50])
def test_the_fold_need_not_be_in_the_middle(shift: int) -> None:
    frame = sheet_frame(left=0.5, right=1, is_folded=True)
    found = measure_sheet(np.roll(frame, shift // 2, axis=1))
    assert 0.1 < found.lr_asymmetry < 1 / 3


def test_two_lights_may_meet_on_the_sheet() -> None:
    day, lamp = (light_on_sheet(name, level=0.4) for name in ("D65", "A"))
    part = np.linspace(0.3, 0.7, day.shape[1])[None, :, None]
    found = measure_sheet(np.asarray(stored(day * part + lamp * (1 - part))))
    assert ILLUMINANTS["A"][2] < found.cct < ILLUMINANTS["D65"][2]


def test_a_standing_tablet_sees_the_sheet_in_its_middle_too() -> None:
    frame = np.ascontiguousarray(np.rot90(sheet_frame("D50")))
    assert measure_sheet(frame).cct == pytest.approx(5003, rel=0.015)
    assert middle_of(frame).shape == (360, 360, 3)


@pytest.mark.parametrize(
    ("frame", "sentence"),
    [
        (flat(255), "overexposed"),
        (sheet_frame(level=1.3), "overexposed"),
        (flat(20), "too dark"),
        (clouds(3), "No white or grey sheet"),
        (flat(60, 160, 60), "neither white nor grey"),
        (flat(200, 60, 160), "neither white nor grey"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_sentence(frame: np.ndarray, sentence: str) -> None:
    with pytest.raises(Unprocessable, match=sentence):
        measure_sheet(frame)


def disturbed(how: str) -> np.ndarray:
    """A sheet with something that is not paper."""
    frame = sheet_frame("D55", level=0.6)
    skin = [int(one) for one in stored(np.array([0.32, 0.17, 0.11]))]
    if how == "a hand":
        cv2.ellipse(frame, (560, 470), (70, 130), 30, 0, 360, skin, -1)
    elif how == "print":
        for line in range(200, 520, 30):
            cv2.putText(frame, "A school's timetable", (470, line), 0, 1, (30, 30, 30), 3)
    elif how == "a shadow":
        frame[:, 520:610] = stored(light_on_sheet("D55", level=0.3))[:, 520:610]
    else:  # held too far away
        frame[:260] = frame[-260:] = 40
    return frame


@pytest.mark.parametrize("how", ["a hand", "print", "a shadow", "far away"])
def test_a_sheet_with_something_on_it_is_refused(how: str) -> None:
    with pytest.raises(Unprocessable, match="No white or grey sheet"):
        measure_sheet(disturbed(how))


def test_a_face_is_no_sheet() -> None:
    with pytest.raises(Unprocessable):
        measure_sheet(open_picture(drawn_jpeg()).pixels)
    for path in photographs()[::6]:
        with pytest.raises(Unprocessable):
            measure_sheet(open_picture(path.read_bytes()).pixels)
