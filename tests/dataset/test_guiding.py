"""Guidance: right about place, distance and light that are known, silent on skin and expression."""

from functools import cache
from io import BytesIO

import cv2
import numpy as np
import pytest
from PIL import Image
from skimage.data import astronaut

from collector.dataset.emotions import EMOTIONS
from collector.dataset.errors import Unprocessable
from collector.dataset.guidance import FINE, UNKNOWN, Advice, advise, open_frame
from collector.dataset.picture import PictureRefused
from collector.dataset.pixels import RGB
from tests.cast import drawn_jpeg, finder
from tests.dataset.patterns import stored
from tests.photographs import photographs

WIDTH, HEIGHT = 240, 135
# The face's box in the square cut out of the portrait below, in shares of its side.
BOX = 0.46


@cache
def head() -> np.ndarray:
    """The linear light of a photographed face, 0 to 1, grey, a square, both halves lit alike."""
    square = np.asarray(Image.fromarray(astronaut()).crop((116, 3, 336, 223)).convert("L")) / 255
    light = np.where(square <= 0.04045, square / 12.92, ((square + 0.055) / 1.055) ** 2.4)
    return np.asarray((light + light[:, ::-1]) / 2)


def frame(
    *,
    box: float = 0.45,
    across: float = 0.0,
    down: float = 0.0,
    skin: float = 1.0,
    lit: tuple[float, float] = (1.0, 1.0),
    wall: float = 0.35,
    width: int = WIDTH,
    height: int = HEIGHT,
) -> RGB:
    """A face of that size and place, in shares of the shorter side, before a plain wall.

    `skin` is how much of the light it gives back, `lit` what falls on its left and right as seen;
    `wall` is the wall's linear light.
    """
    short = min(width, height)
    side = round(box / BOX * short)
    light = cv2.resize(head(), (side, side), interpolation=cv2.INTER_AREA) * skin
    light[:, : side // 2] *= lit[0]
    light[:, side // 2 :] *= lit[1]
    scene = np.full((height + 2 * side, width + 2 * side), wall)
    x = side + round(width / 2 + across * short - side / 2)
    y = side + round(height / 2 + down * short - side / 2)
    # An oval: hair and ground of the portrait around it would be its own background.
    inside = np.hypot(*np.meshgrid(np.linspace(-1.25, 1.25, side), np.linspace(-1, 1, side))) < 1
    scene[y : y + side, x : x + side][inside] = light[inside]
    seen = scene[side : side + height, side : side + width]
    grey = stored(np.clip(seen, 0, 1))
    return np.asarray(np.repeat(grey[:, :, None], 3, axis=2))


def said(pixels: RGB, head_pose: str = "frontal") -> Advice:
    return advise(finder(), pixels, head_pose)


@pytest.mark.parametrize(("width", "height"), [(240, 135), (135, 240), (240, 180), (160, 120)])
@pytest.mark.parametrize("box", [0.4, 0.5, 0.65])
def test_a_face_in_the_middle_is_fine(width: int, height: int, box: float) -> None:
    assert said(frame(box=box, width=width, height=height)) == FINE


def test_too_far_is_told_to_come_closer() -> None:
    assert said(frame(box=0.22)) == Advice("closer")


def test_too_near_is_told_to_move_back() -> None:
    assert said(frame(box=1.1)) == Advice("back")


@pytest.mark.parametrize(
    ("across", "down", "arrow"),
    [
        # On the picture's left sits a child that is too far to its own right.
        (-0.4, 0.0, "left"),
        (0.4, 0.0, "right"),
        (0.0, -0.27, "down"),
        (0.0, 0.27, "up"),
    ],
)
def test_aside_is_told_the_child_s_own_way_back(across: float, down: float, arrow: str) -> None:
    assert said(frame(box=0.4, across=across, down=down)) == Advice("face_here", arrow)


@pytest.mark.parametrize(("across", "down"), [(0.12, 0.0), (-0.12, 0.0), (0.0, 0.1)])
def test_a_little_aside_is_nobody_s_business(across: float, down: float) -> None:
    assert said(frame(across=across, down=down)) == FINE


def test_light_from_one_side_is_told_the_child_s_own_side() -> None:
    # The picture's right is the child's left.
    assert said(frame(lit=(0.2, 1.0))) == Advice("turn_to_window", "left")
    assert said(frame(lit=(1.0, 0.2))) == Advice("turn_to_window", "right")


@pytest.mark.parametrize("lit", [(0.7, 1.0), (1.0, 0.7)])
def test_a_soft_shadow_is_fine(lit: tuple[float, float]) -> None:
    assert said(frame(lit=lit)) == FINE


def test_before_a_window_more_light_is_wanted_from_the_front() -> None:
    assert said(frame(skin=0.25, wall=1.0)) == Advice("light_from_front")


@pytest.mark.parametrize("skin", [0.2, 0.3, 0.5, 1.0])
@pytest.mark.parametrize("wall", [0.1, 0.4, 0.75])
def test_skin_of_any_tone_is_fine_in_even_light(skin: float, wall: float) -> None:
    # Down to a fifth of this fair skin's light, before anything from a dark to a white wall.
    assert said(frame(skin=skin, wall=wall)) == FINE


def test_dark_skin_lit_from_one_side_is_told_as_fair_skin_is() -> None:
    for skin in (0.25, 1.0):
        assert said(frame(skin=skin, lit=(0.2, 1.0))) == Advice("turn_to_window", "left")


def test_two_faces_are_one_too_many() -> None:
    left, right = frame(box=0.4, across=-0.4), frame(box=0.4, across=0.4)
    both = np.hstack([left[:, : WIDTH // 2], right[:, WIDTH // 2 :]])
    assert said(both) == Advice("somebody_else")


def test_a_wall_has_no_face_but_a_head_that_is_to_turn_may_have() -> None:
    wall = np.full((HEIGHT, WIDTH, 3), 130, np.uint8)
    assert said(wall) == Advice("no_face")
    assert said(wall, "left") == UNKNOWN


def test_a_turned_head_s_sides_are_not_compared() -> None:
    assert said(frame(lit=(0.2, 1.0)), "right") == FINE


@pytest.mark.slow
def test_no_expression_of_a_drawn_child_changes_the_advice() -> None:
    for emotion in EMOTIONS:
        picture = Image.open(BytesIO(drawn_jpeg(emotion))).resize((WIDTH, HEIGHT))
        assert said(np.asarray(picture)).word in ("fine", "turn_to_window"), emotion


@pytest.mark.slow
def test_photographs_of_adults_are_found_and_mostly_fine() -> None:
    words = []
    for path in photographs()[::2]:
        ground = Image.new("RGB", (1280, 720), (168, 172, 176))
        ground.paste(Image.open(path).convert("RGB").resize((400, 400)), (440, 160))
        words.append(
            said(np.asarray(ground.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR))).word
        )
    assert set(words) <= {"fine", "turn_to_window"}
    assert words.count("fine") >= 0.9 * len(words)


def jpeg(width: int, height: int) -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (width, height), (90, 90, 90)).save(buffer, "JPEG")
    return buffer.getvalue()


def test_a_frame_is_small_and_a_jpeg() -> None:
    assert open_frame(jpeg(480, 270)).pixels.shape == (270, 480, 3)
    with pytest.raises(Unprocessable, match="480"):
        open_frame(jpeg(481, 270))
    with pytest.raises(Unprocessable, match="480"):
        open_frame(jpeg(8000, 8000))  # 64 million pixels in a small file
    for broken in (b"", b"hello", jpeg(240, 135)[:200], b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(PictureRefused):
            open_frame(broken)
