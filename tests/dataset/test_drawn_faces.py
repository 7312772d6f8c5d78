"""The drawn children: repeatable, varied, found by a face detector, lit as they say."""

from collections import Counter
from dataclasses import fields, replace

import cv2
import numpy as np
import pytest
from cv2.data import haarcascades

from collector.dataset.drawn import (
    LIGHTS,
    SKIN_TONES,
    Character,
    Drawing,
    draw_frame,
    draw_photo,
    encode_jpeg,
    invent_character,
)
from collector.dataset.drawn.expression import NEUTRAL, SHOWN, Expression, show
from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.errors import UserMistake
from collector.dataset.pixels import RGB, Box

pytestmark = pytest.mark.slow

SMALL = (480, 270)


def someone(seed: int = 1) -> Character:
    return invent_character(np.random.default_rng(seed))


def test_the_same_dice_draw_the_same_photo() -> None:
    first, again = (
        draw_photo(Emotion.HAPPY, someone(), "mixed", np.random.default_rng(7)) for _ in range(2)
    )
    assert first.shape == (720, 1280, 3)
    assert first.dtype == np.uint8
    assert np.array_equal(first, again)


def test_every_call_draws_another_photo_of_the_same_child() -> None:
    dice = np.random.default_rng(7)
    frames = [draw_frame(Emotion.SAD, someone(), "natural", dice) for _ in range(8)]
    assert len({frame.face for frame in frames}) == 8
    assert len({frame.photo.tobytes() for frame in frames}) == 8


def test_invented_children_are_varied_and_their_skin_tones_even() -> None:
    dice = np.random.default_rng(3)
    children = [invent_character(dice) for _ in range(800)]
    tones = Counter(child.skin_tone for child in children)
    assert set(tones) == set(range(len(SKIN_TONES)))
    # 100 are expected of each tone; 30 is over three standard deviations of that count.
    assert all(abs(count - 100) <= 30 for count in tones.values())
    assert {child.hair_style for child in children} >= {"short", "curls", "bun", "long"}
    assert 0.2 < np.mean([child.glasses != "none" for child in children]) < 0.4
    assert len(set(children)) == 800


def test_skin_tones_run_from_very_dark_to_very_light() -> None:
    lightness = [
        float(cv2.cvtColor(np.array([[tone]], np.float32) / 255, cv2.COLOR_RGB2Lab)[0, 0, 0])
        for tone in SKIN_TONES
    ]
    steps = np.diff(lightness)
    assert lightness[0] < 30
    assert lightness[-1] > 80
    assert steps.min() > 0.6 * steps.mean()


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (320, 240), (64, 64)])
def test_a_photo_has_the_size_that_was_asked_for(size: tuple[int, int]) -> None:
    drawing = draw_frame(Emotion.FEAR, someone(), "natural", np.random.default_rng(1), size=size)
    box = drawing.face
    assert drawing.photo.shape == (size[1], size[0], 3)
    assert box.x >= 0 <= box.y
    assert box.x + box.width <= size[0]
    assert box.y + box.height <= size[1]


def test_an_unknown_light_and_a_tiny_photo_are_refused() -> None:
    dice = np.random.default_rng(1)
    with pytest.raises(UserMistake, match="natural, artificial, mixed"):
        draw_photo(Emotion.HAPPY, someone(), "neon", dice)
    with pytest.raises(UserMistake, match="64 pixels"):
        draw_photo(Emotion.HAPPY, someone(), "natural", dice, size=(640, 40))


def test_a_face_detector_finds_the_face_in_nearly_every_photo() -> None:
    dice = np.random.default_rng(20)
    children = [replace(invent_character(dice), skin_tone=tone) for tone in range(8)]
    detector = cv2.CascadeClassifier(haarcascades + "haarcascade_frontalface_default.xml")
    found = [
        finds_the_face(detector, draw_frame(emotion, child, light, dice))
        for child in children
        for emotion, light in zip(EMOTIONS, LIGHTS * 3, strict=False)
    ]
    assert len(found) == 64
    assert np.mean(found) >= 0.95


def finds_the_face(detector: cv2.CascadeClassifier, drawing: Drawing) -> bool:
    grey = cv2.cvtColor(drawing.photo, cv2.COLOR_RGB2GRAY)
    boxes = detector.detectMultiScale(grey, 1.1, 5, minSize=(90, 90))
    return any(is_near(Box(*map(int, box)), drawing.face) for box in boxes)


def is_near(found: Box, truth: Box) -> bool:
    off_x = found.x + found.width / 2 - truth.x - truth.width / 2
    off_y = found.y + found.height / 2 - truth.y - truth.height / 2
    return abs(off_x) < 0.25 * truth.width and abs(off_y) < 0.25 * truth.height


def cheeks(drawing: Drawing) -> tuple[float, float]:
    """The mean grey of the face's left and right half."""
    box = drawing.face
    face = drawing.photo[box.y : box.y + box.height, box.x : box.x + box.width].mean(axis=2)
    middle = box.width // 2
    return float(face[:, :middle].mean()), float(face[:, middle:].mean())


def portraits(light: str) -> list[Drawing]:
    dice = np.random.default_rng(5)
    return [
        draw_frame(Emotion.NEUTRAL, invent_character(dice), light, dice, size=SMALL)
        for _ in range(12)
    ]


def test_daylight_comes_from_one_side_and_lamps_from_above() -> None:
    def unevenness(light: str) -> float:
        halves = [cheeks(drawing) for drawing in portraits(light)]
        return float(np.mean([abs(a - b) / (a + b) for a, b in halves]))

    assert unevenness("natural") > 2 * unevenness("artificial")
    assert unevenness("natural") > unevenness("mixed")


def test_lamplight_is_darker_warmer_and_noisier_than_daylight() -> None:
    def grain(photo: RGB) -> float:
        corner = photo[:40, :40].astype(np.float32)
        return float((corner - cv2.GaussianBlur(corner, (0, 0), 3)).std())

    day = [drawing.photo for drawing in portraits("natural")]
    lamp = [drawing.photo for drawing in portraits("artificial")]
    assert np.mean(lamp) < 0.9 * np.mean(day)
    assert red_over_blue(lamp) > 1.1 * red_over_blue(day)
    assert np.mean([grain(photo) for photo in lamp]) > 1.5 * np.mean([grain(p) for p in day])


def red_over_blue(photos: list[RGB]) -> float:
    return float(np.mean([photo[..., 0].mean() / photo[..., 2].mean() for photo in photos]))


def distance_from_rest(shown: Expression) -> float:
    return sum(
        abs(float(getattr(shown, field.name) - getattr(NEUTRAL, field.name)))
        for field in fields(Expression)
    )


@pytest.mark.parametrize("emotion", [e for e in EMOTIONS if e is not Emotion.NEUTRAL])
def test_a_stronger_expression_is_further_from_rest(emotion: Emotion) -> None:
    weak, strong = (
        distance_from_rest(show(emotion, intensity, np.random.default_rng(2)))
        for intensity in (0.5, 1.0)
    )
    assert strong == pytest.approx(2 * weak)


def test_every_emotion_is_drawn_and_rest_is_the_neutral_one() -> None:
    assert set(SHOWN) == set(EMOTIONS)
    assert show(Emotion.NEUTRAL, 1.0, np.random.default_rng(2)) == NEUTRAL


def test_a_smirk_is_on_one_side_only() -> None:
    lop_sided = {emotion for emotion, ways in SHOWN.items() if any(way.smirk for way in ways)}
    assert lop_sided == {Emotion.CONTEMPT}


def test_a_photo_survives_jpeg() -> None:
    photo = draw_photo(Emotion.HAPPY, someone(), "natural", np.random.default_rng(1))
    data = encode_jpeg(photo)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
    assert decoded is not None
    assert data[:2] == b"\xff\xd8"
    assert len(encode_jpeg(photo, quality=50)) < len(data) < 400_000
    assert np.abs(decoded.astype(int) - photo).mean() < 4
