"""Finding both eyes, or neither: on real faces, drawn children, and faces whose eyes are hidden."""

import math
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest

from collector.dataset.drawn import LIGHTS, draw_frame, invent_character
from collector.dataset.emotions import EMOTIONS
from collector.dataset.eyes import Spot, best_pair
from collector.dataset.faces import FaceFinder
from collector.dataset.pixels import Box, Eyes, Grey
from tests.photographs import photographs

pytestmark = pytest.mark.slow

Face = tuple[Grey, Box]


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    return FaceFinder()


@pytest.fixture(scope="module")
def faces(finder: FaceFinder) -> list[Face]:
    """A third of the real faces, 350 x 350, with the box that is found in each."""
    files = photographs()[::3]
    photos = [np.asarray(cv2.imdecode(np.fromfile(file, np.uint8), 0), np.uint8) for file in files]
    return [(photo, found[0]) for photo in photos if (found := finder.find(photo))]


def lean(photo: Grey, degrees: float) -> Grey:
    """Turned clockwise around the middle."""
    matrix = cv2.getRotationMatrix2D((174.5, 174.5), -degrees, 1)
    moved = cv2.warpAffine(photo, matrix, (350, 350), borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)


def cover(photo: Grey, eyes: Eyes, *places: tuple[float, float]) -> Grey:
    """A patch of skin's grey over each of the eyes."""
    covered = photo.copy()
    for x, y in places:
        across, down = round(0.42 * eyes.distance), round(0.3 * eyes.distance)
        rows = slice(max(0, round(y) - down), round(y) + down)
        columns = slice(max(0, round(x) - across), round(x) + across)
        covered[rows, columns] = np.median(photo[rows, columns])
    return covered


def test_both_eyes_of_nearly_every_real_face_are_found(
    finder: FaceFinder, faces: list[Face]
) -> None:
    found = [finder.find_eyes(*face) for face in faces]
    assert np.mean([eyes is not None for eyes in found]) >= 0.9
    for eyes, (_, box) in zip(found, faces, strict=True):
        if eyes:
            assert 0.3 < eyes.distance / box.width < 0.55
            assert box.y + 0.25 * box.height < eyes.middle[1] < box.y + 0.55 * box.height
            assert eyes.left[0] < box.x + box.width / 2 < eyes.right[0]


@pytest.mark.parametrize(("degrees", "share"), [(-25, 0.8), (-12, 0.85), (12, 0.85), (20, 0.8)])
def test_a_head_that_leans_further_has_that_much_more_roll(
    finder: FaceFinder, faces: list[Face], degrees: float, share: float
) -> None:
    more, asked = [], 0
    for photo, box in faces:
        upright, leaning = finder.find_eyes(photo, box), lean(photo, degrees)
        boxes = finder.find(leaning)
        if upright and boxes:
            asked += 1
            eyes = finder.find_eyes(leaning, boxes[0])
            more += [eyes.roll - upright.roll] if eyes else []
    assert len(more) >= share * asked
    assert np.median(more) == pytest.approx(degrees, abs=1.5)
    assert np.mean(np.abs(np.array(more) - degrees) < 6) >= 0.9


def test_a_mirrored_face_rolls_the_other_way(finder: FaceFinder, faces: list[Face]) -> None:
    sums = []
    for photo, box in faces:
        mirror = np.ascontiguousarray(photo[:, ::-1])
        there = Box(350 - box.x - box.width, box.y, box.width, box.height)
        eyes, other = finder.find_eyes(photo, box), finder.find_eyes(mirror, there)
        sums += [eyes.roll + other.roll] if eyes and other else []
    assert abs(float(np.median(sums))) < 1
    assert float(np.std(sums)) < 4


@pytest.mark.parametrize("times", [0.3, 3])
def test_eyes_are_in_pixels_of_the_frame_that_was_given(
    finder: FaceFinder, faces: list[Face], times: float
) -> None:
    ratios = []
    for photo, box in faces:
        method = cv2.INTER_AREA if times < 1 else cv2.INTER_LINEAR
        scaled = np.asarray(cv2.resize(photo, None, fx=times, fy=times, interpolation=method))
        there = Box(*(round(value * times) for value in (box.x, box.y, box.width, box.height)))
        eyes, other = finder.find_eyes(photo, box), finder.find_eyes(scaled, there)
        if eyes and other:
            ratios.append(other.distance / eyes.distance)
            assert math.dist(eyes.middle, (other.middle[0] / times, other.middle[1] / times)) < 25
    assert len(ratios) >= 0.8 * len(faces)
    assert np.median(ratios) == pytest.approx(times, rel=0.02)


@pytest.mark.parametrize("hidden", ["left", "right", "both"])
def test_a_hidden_eye_is_not_made_up(finder: FaceFinder, faces: list[Face], hidden: str) -> None:
    made_up = []
    for photo, box in faces:
        eyes = finder.find_eyes(photo, box)
        if eyes:
            places = {"left": [eyes.left], "right": [eyes.right], "both": [eyes.left, eyes.right]}
            made_up.append(finder.find_eyes(cover(photo, eyes, *places[hidden]), box) is not None)
    assert np.mean(made_up) <= 0.06


def test_drawn_children_have_eyes_that_lean_as_their_heads_do(finder: FaceFinder) -> None:
    dice = np.random.default_rng(31)
    found = []
    for number, emotion in enumerate(EMOTIONS * 2):
        light = LIGHTS[number % len(LIGHTS)]
        drawing = draw_frame(emotion, invent_character(dice), light, dice)
        grey = np.asarray(cv2.cvtColor(drawing.photo, cv2.COLOR_RGB2GRAY), np.uint8)
        (box,) = finder.find(grey)
        eyes = finder.find_eyes(grey, box)
        found.append(eyes is not None)
        if eyes:
            assert abs(eyes.roll) < 25
    assert np.mean(found) >= 0.75


@pytest.mark.parametrize("box", [Box(0, 0, 350, 350), Box(0, 0, 9, 9), Box(340, 345, 10, 5)])
def test_a_box_without_a_face_has_no_eyes(finder: FaceFinder, box: Box) -> None:
    for value in (0, 128, 255):
        assert finder.find_eyes(np.full((350, 350), value, np.uint8), box) is None
    dice = np.random.default_rng(6)
    assert finder.find_eyes(dice.integers(0, 256, (350, 350), np.uint8), box) is None


def test_of_many_spots_the_two_that_are_built_like_eyes_are_the_pair() -> None:
    left, right = Spot(-0.2, -0.1, 0.26, 5, "l"), Spot(0.22, -0.11, 0.26, 4, "r")
    brow, mouth = Spot(-0.2, -0.25, 0.3, 30, "l"), Spot(0.02, 0.3, 0.3, 40, "r")
    nostril = Spot(0.05, 0.05, 0.2, 9, "r")
    assert best_pair([mouth, right, brow, left, nostril]) == (left, right)
    assert best_pair([left, mouth, brow, nostril]) is None
    assert best_pair([]) is None


def test_many_threads_may_ask_one_finder(finder: FaceFinder, faces: list[Face]) -> None:
    alone = [finder.find_eyes(*face) for face in faces[:12]]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda face: finder.find_eyes(*face), faces[:12] * 3))
    assert together == alone * 3
