"""From a stored photo to a square of its face."""

import dataclasses
import io
import uuid

import numpy as np
import pytest
from PIL import Image

from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.pixels import RGB, Box
from tests.trainer.patterns import as_png, pattern_snapshot, photo
from trainer.data import crop_photo, face_square, kept_side, load_examples
from trainer.errors import TrainingFailed

CHILD = uuid.UUID(int=1)


def test_a_face_is_cut_out_with_thirty_percent_more() -> None:
    assert face_square(1280, 720, Box(500, 200, 200, 200)) == Box(470, 170, 260, 260)


def test_a_high_face_gives_a_square_about_its_centre() -> None:
    box = face_square(1280, 720, Box(600, 200, 100, 200))
    assert box == Box(520, 170, 260, 260)


@pytest.mark.parametrize(
    ("face", "expected"),
    [
        (Box(0, 0, 100, 100), Box(0, 0, 130, 130)),
        (Box(1180, 620, 100, 100), Box(1150, 590, 130, 130)),
    ],
)
def test_a_face_at_the_edge_moves_the_square_into_the_photo(face: Box, expected: Box) -> None:
    assert face_square(1280, 720, face) == expected


def test_a_face_that_fills_the_photo_takes_the_largest_square() -> None:
    assert face_square(1280, 720, Box(300, 10, 700, 700)) == Box(290, 0, 720, 720)


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (720, 1280), (333, 334)])
def test_without_a_face_the_middle_is_taken(width: int, height: int) -> None:
    side = min(width, height)
    assert face_square(width, height, None) == Box(
        (width - side) // 2, (height - side) // 2, side, side
    )


def test_the_crop_shows_the_face_and_nothing_else() -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[80:120, 180:220] = (255, 0, 0)
    taken = dataclasses.replace(
        photo(Emotion.SAD, np.random.default_rng(0), child=CHILD),
        jpeg=as_png(picture), face=Box(180, 80, 40, 40),
    )  # fmt: skip
    crop = crop_photo(taken, 52)  # 40 pixels of face in a square of 52
    red = np.argwhere(crop[:, :, 0] > 128)
    assert red.min(axis=0).tolist() == [6, 6]
    assert red.max(axis=0).tolist() == [45, 45]


def test_a_turned_photo_is_cropped_upright() -> None:
    """The face's box counts in the pixels of the photo as it is seen, not as it is stored."""
    upright = np.zeros((200, 100, 3), np.uint8)
    upright[20:60, 30:70] = 255
    memory = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying on its side, to be turned a quarter clockwise
    Image.fromarray(np.rot90(upright)).save(memory, "JPEG", quality=95, exif=exif)
    taken = dataclasses.replace(
        photo(Emotion.SAD, np.random.default_rng(0), child=CHILD),
        jpeg=memory.getvalue(), face=Box(30, 20, 40, 40),
    )  # fmt: skip
    crop = crop_photo(taken, 52)
    assert crop[10:42, 10:42].mean() > 240
    assert crop[:3].mean() < 20


def test_crops_are_kept_in_memory_a_little_larger_than_the_network_wants() -> None:
    snapshot = pattern_snapshot(children=1, shots=1)
    examples = load_examples(snapshot.photos, 224, workers=2)
    assert kept_side(224) == 256
    assert {(one.crop.shape, one.crop.dtype) for one in examples} == {
        ((256, 256, 3), np.dtype(np.uint8))
    }


def test_examples_keep_order_label_child_and_burst() -> None:
    snapshot = pattern_snapshot(children=2, shots=2)
    examples = load_examples(snapshot.photos, 32, workers=3)
    assert [EMOTIONS[one.label] for one in examples] == [one.label for one in snapshot.photos]
    for example, taken in zip(examples, snapshot.photos, strict=True):
        assert (example.photo_id, example.child, example.burst) == (
            taken.photo_id, taken.participant_id, taken.burst_id,
        )  # fmt: skip
        assert example.has_face


def test_a_photo_that_cannot_be_decoded_is_named() -> None:
    taken = dataclasses.replace(
        photo(Emotion.SAD, np.random.default_rng(0), child=CHILD), jpeg=b"\xff\xd8 no photo"
    )
    with pytest.raises(TrainingFailed, match=str(taken.photo_id)):
        load_examples([taken], 32, workers=1)


def test_small_crops_grow_and_large_ones_shrink() -> None:
    rng = np.random.default_rng(0)
    taken = photo(Emotion.SAD, rng, child=CHILD)
    small: RGB = crop_photo(dataclasses.replace(taken, face=Box(50, 50, 20, 20)), 64)
    large: RGB = crop_photo(taken, 16)
    assert small.shape == (64, 64, 3)
    assert large.shape == (16, 16, 3)
