"""The poison test's own eyes: a mark is seen wherever a photo may go, and nowhere else."""

import base64
import io
import zipfile

import cv2
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from collector.dataset.drawn import LIGHTS, draw_photo, encode_jpeg, invent_character
from collector.dataset.emotions import DESCRIPTIONS, EMOTIONS
from collector.dataset.faces import FaceFinder
from collector.dataset.picture import make_thumbnail, open_picture
from collector.dataset.pixels import RGB
from tests.security.marks import HUES, marks_in, marks_in_bytes, nearest_mark
from tests.security.poison import CAST, FOR_RESEARCH, WITH_SECOND_FACE, draw
from trainer.augment import AUGMENTATIONS, Augmentation

pytestmark = pytest.mark.slow


@pytest.fixture(params=HUES)
def child(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def as_png(picture: RGB) -> bytes:
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    return file.getvalue()


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("photos/one.jpg", content)
    return file.getvalue()


def test_every_child_of_the_cast_has_a_hue() -> None:
    assert HUES.keys() == CAST.keys()


def test_a_photo_bears_its_mark_in_every_form(child: str) -> None:
    photo = draw(child, 0)
    stored = encode_jpeg(photo)
    uri = b"<img src='data:image/jpeg;base64," + base64.b64encode(stored) + b"'>"
    for form in (stored, as_png(photo), make_thumbnail(photo), uri, zipped(stored), zipped(uri),
                 b"{" + stored + b"}"):  # fmt: skip
        assert marks_in_bytes(form) == {child}


def test_crops_and_sizes_keep_it(child: str) -> None:
    pixels = open_picture(encode_jpeg(draw(child, 1))).pixels
    height, width = pixels.shape[:2]
    face = pixels[height // 5 : height * 4 // 5, width // 4 : width * 3 // 4]
    for side in (32, 224, 700):
        assert marks_in(cv2.resize(face, (side, side)).astype(np.uint8)) == {child}


def test_a_photo_is_found_within_a_figure(child: str) -> None:
    figure = Figure(figsize=(6, 4), dpi=100)
    for place, picture in enumerate((draw_plainly(1), draw(child, 0), draw_plainly(2)), 1):
        figure.add_subplot(1, 3, place).imshow(picture)
    file = io.BytesIO()
    figure.savefig(file, format="png")
    assert marks_in_bytes(file.getvalue()) == {child}


def test_unmarked_pictures_bear_none() -> None:
    for seed in range(12):
        assert marks_in(draw_plainly(seed)) == set()
    for emotion in EMOTIONS:  # the colours of charts and buttons
        colour = bytes.fromhex(DESCRIPTIONS[emotion].colour.removeprefix("#"))
        assert marks_in(np.full((40, 40, 3), list(colour), np.uint8)) == set(), emotion


def test_a_face_is_still_found_in_a_marked_photo() -> None:
    """Else nothing would be cropped, and two heads would be no second face."""
    grey = {child: cv2.cvtColor(draw(child, 0), cv2.COLOR_RGB2GRAY) for child in CAST}
    faces = {child: len(FaceFinder().find(one.astype(np.uint8))) for child, one in grey.items()}
    assert {child for child in CAST if faces[child] == 2} == WITH_SECOND_FACE
    assert sum(faces[child] == 1 for child in FOR_RESEARCH) >= 3


@pytest.mark.parametrize("augmentation", AUGMENTATIONS, ids=lambda one: one.name)
def test_an_augmentation_takes_nobody_for_somebody_on_the_other_side(
    augmentation: Augmentation,
) -> None:
    for child in HUES:
        photo = cv2.resize(draw(child, 0), (96, 96)).astype(np.uint8)
        for seed in range(3):
            nearest = nearest_mark(augmentation.apply(photo, np.random.default_rng(seed)))
            assert nearest is None or (nearest in FOR_RESEARCH) == (child in FOR_RESEARCH), child


def draw_plainly(seed: int) -> RGB:
    dice = np.random.default_rng(seed)
    light = LIGHTS[seed % len(LIGHTS)]
    return draw_photo(EMOTIONS[seed % 8], invent_character(dice), light, dice, size=(320, 240))
