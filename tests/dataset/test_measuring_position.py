"""Where the head is, from eyes and boxes at known points."""

import math

import pytest

from collector.dataset.measures import Measures, measure
from collector.dataset.pixels import Box, Eyes
from tests.dataset.patterns import EYES, FACE, HEIGHT, WIDTH, flat

CHIN = 1.79  # of the distance between the eyes, below them


def of(eyes: Eyes, width: int = WIDTH, height: int = HEIGHT) -> Measures:
    return measure(flat(120, width=width, height=height), [FACE], eyes)


def test_level_eyes_have_the_margins_that_they_were_given() -> None:
    measured = of(Eyes((300, 250), (400, 250)))
    assert measured.inter_eye_distance == 100
    assert measured.leftward_crop_of_the_face_image == 3
    assert measured.rightward_crop_of_the_face_image == 4
    assert measured.margin_above_of_the_face_image == pytest.approx(250 / (CHIN * 100))
    assert measured.margin_below_of_the_face_image == pytest.approx(350 / (CHIN * 100))
    assert measured.head_size == pytest.approx(CHIN * 100 / 600)
    assert measured.roll == 0


def test_a_head_as_the_standard_wants_it_has_its_best_values() -> None:
    # ISO/IEC 29794-5 maps 0.45 of the height to the full score of HeadSize.
    distance = 0.45 * HEIGHT / CHIN
    left = (WIDTH - distance) / 2
    measured = of(Eyes((left, 280), (left + distance, 280)))
    assert measured.head_size == pytest.approx(0.45)
    assert measured.leftward_crop_of_the_face_image == pytest.approx(
        measured.rightward_crop_of_the_face_image
    )


@pytest.mark.parametrize("degrees", [-40, -15, -1, 0, 1, 8, 30])
def test_roll_is_the_angle_at_which_the_eyes_were_drawn(degrees: float) -> None:
    x, y = (60 * f(math.radians(degrees)) for f in (math.cos, math.sin))
    measured = of(Eyes((400 - x, 220 - y), (400 + x, 220 + y)))
    assert measured.roll == pytest.approx(degrees)
    assert measured.inter_eye_distance == pytest.approx(120)


def test_roll_is_positive_where_the_right_eye_of_the_picture_is_lower() -> None:
    assert (of(Eyes((350, 200), (450, 210))).roll or 0) > 0


@pytest.mark.parametrize("times", [0.5, 2, 3])
def test_a_larger_picture_of_the_same_has_the_same_shares(times: float) -> None:
    left, right = ((x * times, y * times) for x, y in (EYES.left, EYES.right))
    width, height = round(WIDTH * times), round(HEIGHT * times)
    box = Box(*(round(value * times) for value in (FACE.x, FACE.y, FACE.width, FACE.height)))
    frame = flat(120, width=width, height=height)
    plain, scaled = of(EYES), measure(frame, [box], Eyes(left, right))
    assert scaled.inter_eye_distance == pytest.approx(times * (plain.inter_eye_distance or 0))
    for name in ("head_size", "leftward_crop_of_the_face_image", "margin_above_of_the_face_image",
                 "rightward_crop_of_the_face_image", "margin_below_of_the_face_image"):  # fmt: skip
        assert getattr(scaled, name) == pytest.approx(getattr(plain, name)), name


def test_one_face_alone_is_nought_and_a_second_counts_by_its_side() -> None:
    frame = flat(120)
    large, small = Box(100, 100, 200, 200), Box(500, 100, 50, 50)
    assert measure(frame, [large], None).single_face_present == 0
    assert measure(frame, [large, small], None).single_face_present == 0.25
    assert measure(frame, [large, Box(500, 100, 200, 200)], None).single_face_present == 1
    assert measure(frame, [large, small, Box(400, 300, 100, 100)], None).single_face_present == 0.5


def test_no_face_is_not_the_same_as_one() -> None:
    assert measure(flat(120), [], None).single_face_present is None
