"""Opening an upload: shown as a browser shows it, or refused in one sentence; never a traceback."""

import io
import re
import struct
import warnings
import zlib
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image, ImageFile

from collector.dataset.drawn import draw_photo, invent_character
from collector.dataset.emotions import Emotion
from collector.dataset.picture import (
    MAX_BYTES,
    MIN_SIDE,
    Picture,
    PictureRefused,
    make_thumbnail,
    open_picture,
)
from collector.dataset.pixels import RGB
from tests.photographs import photographs

CORNERS = {"upper left": 0, "upper right": 1, "lower left": 2, "lower right": 3}
COLOURS = np.array([[200, 0, 0], [0, 200, 0], [0, 0, 200], [200, 200, 0]], np.uint8)


def quartered(width: int = 120, height: int = 80) -> RGB:
    """Red, green, blue and yellow in the upper left, upper right, lower left, lower right."""
    rows = (np.arange(height) >= height // 2).astype(int)
    columns = (np.arange(width) >= width // 2).astype(int)
    return np.asarray(COLOURS[rows[:, None] * 2 + columns[None, :]])


def encoded(image: Image.Image | RGB, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    picture = image if isinstance(image, Image.Image) else Image.fromarray(image)
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def corner(pixels: RGB, name: str) -> RGB:
    rows = slice(0, 20) if name.startswith("upper") else slice(-20, None)
    columns = slice(0, 20) if name.endswith("left") else slice(-20, None)
    return pixels[rows, columns].reshape(-1, 3)


def with_orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_claiming(width: int, height: int) -> bytes:
    """A PNG whose header names a size, with next to no pixels behind it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def jpeg_claiming(width: int, height: int) -> bytes:
    """A sound JPEG with a forged frame header (SOF0: marker, length, precision, height, width)."""
    data = encoded(quartered(), "JPEG")
    place = data.index(b"\xff\xc0") + 5
    return data[:place] + struct.pack(">HH", height, width) + data[place + 4 :]


def refusal(data: bytes) -> PictureRefused:
    with pytest.raises(PictureRefused) as caught:
        open_picture(data)
    return caught.value


def opened_or_refused(data: bytes) -> Picture | None:
    """The picture, or None for a refusal; anything else that is raised fails the test."""
    try:
        picture = open_picture(data)
    except PictureRefused:
        return None
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.shape == (picture.height, picture.width, 3)
    return picture


@pytest.mark.parametrize(("kind", "options"), [("JPEG", {"quality": 95}), ("PNG", {})])
def test_a_photo_is_opened_as_rgb_with_its_size_and_kind(
    kind: str, options: dict[str, Any]
) -> None:
    picture = open_picture(encoded(quartered(), kind, **options))
    assert picture.media_type == f"image/{kind.lower()}"
    assert (picture.width, picture.height) == (120, 80)
    for name, number in CORNERS.items():
        assert np.abs(corner(picture.pixels, name) - COLOURS[number].astype(int)).max() <= 3


# EXIF 2.32, tag 0x0112: on which side of the displayed picture the stored row 0 and column 0 lie.
@pytest.mark.parametrize(
    ("value", "row_0", "column_0"),
    [
        (1, "upper", "left"),
        (2, "upper", "right"),
        (3, "lower", "right"),
        (4, "lower", "left"),
        (5, "left", "upper"),
        (6, "right", "upper"),
        (7, "right", "lower"),
        (8, "left", "lower"),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_is_turned_as_the_camera_asks(
    kind: str, value: int, row_0: str, column_0: str
) -> None:
    picture = open_picture(encoded(quartered(), kind, exif=with_orientation(value)))
    opposite = {"upper": "lower", "lower": "upper", "left": "right", "right": "left"}
    sideways = value >= 5
    assert (picture.width, picture.height) == ((80, 120) if sideways else (120, 80))
    assert picture.pixels.flags.c_contiguous
    for row, column, colour in (
        (row_0, column_0, COLOURS[0]),
        (row_0, opposite[column_0], COLOURS[1]),
        (opposite[row_0], column_0, COLOURS[2]),
        (opposite[row_0], opposite[column_0], COLOURS[3]),
    ):
        name = f"{column} {row}" if sideways else f"{row} {column}"
        assert np.abs(corner(picture.pixels, name) - colour.astype(int)).max() <= 12


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("exif", [b"Exif\x00\x00rubbish", b"Exif\x00\x00II*\x00\xff\xff\xff\xff"])
def test_broken_camera_notes_do_not_refuse_a_sound_photo(exif: bytes) -> None:
    assert open_picture(encoded(quartered(), "JPEG", exif=exif)).width == 120


@pytest.mark.parametrize("value", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(value: int) -> None:
    assert open_picture(encoded(quartered(), "JPEG", exif=with_orientation(value))).width == 120


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"", 400, "empty"),
        (b"\xff\xd8\xff" + bytes(MAX_BYTES), 413, "15 MB"),
        (b"GIF89a" + bytes(100), 415, "JPEG"),
        (b"%PDF-1.7", 415, "JPEG"),
        (b"\xff\xd8\xff", 422, "damaged"),
        (b"\x89PNG\r\n\x1a\n", 422, "damaged"),
        (b"\xff\xd8\xff\xe0" + bytes(5000), 422, "damaged"),
        (png_claiming(5000, 5001), 422, "25 million"),
        (png_claiming(2**31 - 1, 2**31 - 1), 422, "25 million"),
        (png_claiming(0, 100), 422, ""),
        (png_claiming(100, 100), 422, "damaged"),
        (jpeg_claiming(65500, 65500), 422, "25 million"),
        (encoded(quartered(MIN_SIDE - 1, 200), "PNG"), 422, "64 by 64"),
        (encoded(quartered(200, MIN_SIDE - 1), "JPEG"), 422, "64 by 64"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_what_is_no_usable_photo_is_refused_in_a_sentence(
    data: bytes, status: int, words: str
) -> None:
    refused = refusal(data)
    assert refused.status == status
    assert words in str(refused)
    assert re.fullmatch(r"[A-Z][^.\n]{20,90}\.", str(refused))


def test_a_huge_claim_is_refused_without_a_warning_of_another_library() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "25 million" in str(refusal(png_claiming(20_000, 20_000)))


def test_the_smallest_and_the_heaviest_photo_are_still_taken() -> None:
    assert open_picture(encoded(quartered(MIN_SIDE, MIN_SIDE), "PNG")).width == MIN_SIDE
    photo = encoded(quartered(), "JPEG")
    assert open_picture(photo + bytes(MAX_BYTES - len(photo))).width == 120
    assert refusal(photo + bytes(MAX_BYTES - len(photo) + 1)).status == 413


def test_a_file_is_known_by_its_content_alone() -> None:
    assert refusal(encoded(quartered(), "BMP")).status == 415
    assert refusal(encoded(quartered(), "WEBP")).status == 415
    assert refusal(encoded(quartered(), "TIFF")).status == 415


@pytest.mark.parametrize(
    ("mode", "kind", "stored", "shown"),
    [
        ("1", "PNG", 255, (255, 255, 255)),
        ("L", "PNG", 77, (77, 77, 77)),
        ("L", "JPEG", 77, (77, 77, 77)),
        ("I;16", "PNG", 0x8123, (0x81, 0x81, 0x81)),
        ("RGBA", "PNG", (10, 20, 30, 255), (10, 20, 30)),
        ("RGBA", "PNG", (10, 20, 30, 0), (255, 255, 255)),
        ("RGBA", "PNG", (0, 100, 200, 51), (204, 224, 244)),  # a fifth of it, four of white
        ("LA", "PNG", (40, 255), (40, 40, 40)),
        ("CMYK", "JPEG", (0, 255, 255, 0), (255, 0, 0)),
    ],
)
def test_every_kind_of_pixel_comes_out_as_8_bit_rgb(
    mode: str, kind: str, stored: Any, shown: tuple[int, int, int]
) -> None:
    picture = open_picture(encoded(Image.new(mode, (70, 66), stored), kind))
    assert picture.pixels.shape == (66, 70, 3)
    assert picture.pixels.dtype == np.uint8
    assert np.abs(picture.pixels.astype(int) - shown).max() <= 2


def test_a_palette_is_looked_up_and_its_transparent_colour_is_white() -> None:
    image = Image.new("P", (70, 66), 1)
    image.putpalette([0, 0, 0, 9, 8, 7, 50, 60, 70])
    image.paste(2, (0, 0, 35, 66))
    pixels = open_picture(encoded(image, "PNG", transparency=2)).pixels
    assert pixels[0, 0].tolist() == [255, 255, 255]
    assert pixels[0, 69].tolist() == [9, 8, 7]


def test_sixteen_bits_a_channel_keep_their_upper_eight() -> None:
    deep = np.zeros((66, 70, 3), np.uint16) + np.array([0x1234, 0x8001, 0xFFFF], np.uint16)
    written, data = cv2.imencode(".png", deep)
    assert written
    assert open_picture(data.tobytes()).pixels[5, 5].tolist() == [0xFF, 0x80, 0x12]


def test_a_moving_png_is_refused() -> None:
    second = Image.fromarray(quartered()[::-1].copy())
    refused = refusal(encoded(quartered(), "PNG", save_all=True, append_images=[second]))
    assert refused.status == 422
    assert "moving" in str(refused)


def test_of_a_telephone_s_double_jpeg_the_first_picture_is_shown() -> None:
    second = Image.fromarray(np.zeros((80, 120, 3), np.uint8))
    double = encoded(quartered(), "MPO", save_all=True, append_images=[second])
    picture = open_picture(double)
    assert picture.media_type == "image/jpeg"
    assert picture.pixels[5, 5, 0] > 150


@pytest.fixture(scope="module", params=["drawn", "real"])
def photo(request: pytest.FixtureRequest) -> RGB:
    """A drawn child, and a photograph where there is one."""
    if request.param == "drawn":
        dice = np.random.default_rng(4)
        return draw_photo(Emotion.FEAR, invent_character(dice), "mixed", dice, size=(200, 160))
    return np.asarray(Image.open(photographs()[0]).convert("RGB").resize((200, 160)))


FORMS: dict[str, Callable[[RGB], bytes]] = {
    "baseline": lambda photo: encoded(photo, "JPEG", exif=with_orientation(6)),
    "progressive": lambda photo: encoded(photo, "JPEG", progressive=True),
    "cmyk": lambda photo: encoded(Image.fromarray(photo).convert("CMYK"), "JPEG"),
    "png": lambda photo: encoded(photo, "PNG", exif=with_orientation(8)),
    "palette": lambda photo: encoded(Image.fromarray(photo).convert("P"), "PNG"),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_photo_cut_short_is_refused_unless_nothing_visible_is_missing(
    photo: RGB, form: str
) -> None:
    data = FORMS[form](photo)
    whole = open_picture(data).pixels
    refused = 0
    for length in [
        *range(1, len(data), max(1, len(data) // 97)),
        *range(len(data) - 12, len(data)),
    ]:
        picture = opened_or_refused(data[:length])
        refused += picture is None
        assert picture is None or np.array_equal(picture.pixels, whole), f"cut at {length}"
    assert refused > 95


@pytest.mark.parametrize("form", ["png", "palette"])
def test_a_damaged_png_never_shows_another_picture(photo: RGB, form: str) -> None:
    data = FORMS[form](photo)
    whole = open_picture(data).pixels
    dice = np.random.default_rng(11)
    refused = 0
    for place in dice.integers(len(data), size=300):
        damaged = bytearray(data)
        damaged[place] ^= int(dice.integers(1, 256))
        picture = opened_or_refused(bytes(damaged))
        refused += picture is None
        # Only the length and the checksum of the empty end chunk may be wrong without harm.
        assert picture is None or np.array_equal(picture.pixels, whole), f"byte {place}"
    assert refused > 290


@pytest.mark.filterwarnings("ignore:Corrupt EXIF", "ignore:Tag data larger")
@pytest.mark.parametrize("form", FORMS)
def test_changed_bytes_raise_nothing_but_a_refusal(photo: RGB, form: str) -> None:
    data = FORMS[form](photo)
    dice = np.random.default_rng(12)
    seen = set()
    for case in range(300):
        damaged = bytearray(data)
        # Half of the cases hurt the header, where sizes, tables and camera notes are.
        reach = len(data) if case % 2 else 700
        for place in dice.integers(reach, size=int(dice.integers(1, 12))):
            damaged[place] = int(dice.integers(256))
        seen.add(opened_or_refused(bytes(damaged)) is None)
    assert True in seen


def test_truncated_pictures_are_not_tolerated_by_setting() -> None:
    assert ImageFile.LOAD_TRUNCATED_IMAGES is False


@pytest.mark.parametrize(
    ("width", "height", "expected"),
    [
        (1280, 720, (256, 144)),
        (720, 1280, (144, 256)),
        (3000, 64, (256, 5)),
        (9000, 10, (256, 1)),
        (256, 100, (256, 100)),
        (90, 70, (90, 70)),
    ],
)
def test_a_thumbnail_keeps_its_shape_and_is_never_enlarged(
    width: int, height: int, expected: tuple[int, int]
) -> None:
    data = make_thumbnail(quartered(width, height))
    with Image.open(io.BytesIO(data)) as thumbnail:
        assert thumbnail.format == "JPEG"
        assert thumbnail.size == expected


def test_a_thumbnail_shows_the_photo_in_its_own_colours() -> None:
    small = open_picture(make_thumbnail(quartered(1280, 720), side=128))
    assert (small.width, small.height) == (128, 72)
    for name, number in CORNERS.items():
        assert np.abs(corner(small.pixels, name) - COLOURS[number].astype(int)).max() <= 6


def test_a_thumbnail_is_made_of_a_photo_as_it_was_opened() -> None:
    opened = open_picture(encoded(quartered(), "JPEG", exif=with_orientation(6)))
    small = open_picture(make_thumbnail(opened.pixels, side=96))
    assert (small.width, small.height) == (64, 96)
