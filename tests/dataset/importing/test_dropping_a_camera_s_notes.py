"""What is stored of a file is its picture and nothing else; its time is read before."""

import io
import struct
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from collector.dataset.errors import UserMistake
from collector.dataset.importing.conversion import Converted, convert
from collector.dataset.importing.stripping import strip_jpeg
from collector.dataset.picture import MAX_BYTES, open_picture
from tests.dataset.importing.album import (
    MAKER,
    PERSON,
    PLACE,
    camera_notes,
    encoded,
    face,
)
from tests.photographs import photographs

pytestmark = pytest.mark.slow

NOW = datetime(2024, 5, 6, 12, tzinfo=UTC)
TAKEN = "2021:03:04 10:20:30"
# Metadata of all kinds by how Pillow calls it.
NOTES = {"exif", "xmp", "icc_profile", "comment", "photoshop", "mp", "gamma", "Software"}


def take(data: bytes) -> Converted:
    return convert(data, NOW)


def time_of(exif: Image.Exif, kind: str = "JPEG", **options: Any) -> datetime | None:
    return take(encoded(face(), kind, exif=exif, **options)).taken_at


def with_everything(**options: Any) -> bytes:
    """A JPEG with notes of every kind, and a second picture behind it."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(
        face(), quality=90, exif=camera_notes(TAKEN), icc_profile=profile, comment=PERSON,
        xmp=b"<x:xmpmeta>" + PERSON + b"</x:xmpmeta>", **options,
    )  # fmt: skip
    return data + b"\xff\xd8 a film of " + PERSON


def info_of(stored: bytes) -> set[str]:
    return NOTES & set(Image.open(io.BytesIO(stored)).info)


@pytest.mark.parametrize(
    "options", [{}, {"progressive": True}, {"restart_marker_rows": 1}, {"subsampling": "4:4:4"}]
)
def test_an_upright_jpeg_keeps_its_pixels_to_the_last_bit_and_loses_all_notes(
    options: dict[str, Any],
) -> None:
    data = with_everything(**options)
    assert info_of(data) >= {"exif", "xmp", "icc_profile", "comment"}
    found = take(data)
    assert np.array_equal(open_picture(found.stored).pixels, open_picture(data).pixels)
    assert info_of(found.stored) == set()
    for words in (PLACE, PERSON, MAKER, TAKEN.encode(), b"Exif", b"ICC"):
        assert words in data
        assert words not in found.stored


def test_the_compressed_picture_itself_is_untouched() -> None:
    plain = encoded(face(), quality=90)
    assert take(plain).stored == plain
    assert take(with_everything()).stored == plain


def test_a_preview_inside_the_jfif_segment_goes_too() -> None:
    plain = encoded(face(), quality=90)
    assert plain[2:4] == b"\xff\xe0"
    preview = PERSON.ljust(27)  # 3 x 3 pixels of 3 bytes
    head = b"JFIF\0\1\2\1\0\x48\0\x48\3\3" + preview
    data = plain[:2] + b"\xff\xe0" + struct.pack(">H", len(head) + 2) + head + plain[20:]
    assert np.array_equal(open_picture(data).pixels, open_picture(plain).pixels)
    assert take(data).stored == plain


@pytest.mark.parametrize("mode", ["L", "CMYK"])
def test_grey_and_printers_jpegs_keep_their_colours(mode: str) -> None:
    buffer = io.BytesIO()
    Image.fromarray(face()).convert(mode).save(buffer, "JPEG", quality=90, exif=camera_notes())
    data = buffer.getvalue()
    stored = take(data).stored
    assert np.array_equal(open_picture(stored).pixels, open_picture(data).pixels)
    assert PERSON not in stored


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize("orientation", [3, 6])
def test_a_photo_on_its_side_is_stored_upright(kind: str, orientation: int) -> None:
    turns = {3: 2, 6: 1}[orientation]  # quarter turns that the camera was held by
    lying = np.ascontiguousarray(np.rot90(face(), turns))
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(lying, kind, exif=camera_notes(TAKEN, orientation=orientation), **options)
    found = take(data)
    assert info_of(found.stored) == set()
    assert (found.picture.height, found.picture.width) == face().shape[:2]
    off = np.abs(open_picture(found.stored).pixels.astype(int) - face().astype(int))
    assert off.mean() < (4 if kind == "JPEG" else 0.01)
    assert found.picture.media_type == ("image/jpeg" if kind == "JPEG" else "image/png")
    assert found.taken_at == datetime(2021, 3, 4, 10, 20, 30, tzinfo=UTC)


def test_a_turned_jpeg_is_encoded_again_with_little_loss() -> None:
    lying = np.ascontiguousarray(np.rot90(face()))
    data = encoded(lying, quality=90, exif=camera_notes(orientation=6))
    shown, stored = open_picture(data).pixels, open_picture(take(data).stored).pixels
    error = np.mean((shown.astype(float) - stored) ** 2)
    assert 10 * np.log10(255**2 / error) > 40  # decibels, above what anybody sees
    assert PERSON not in take(data).stored


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "BMP", "TIFF"])
def test_other_formats_are_stored_without_loss(kind: str) -> None:
    options = {"lossless": True} if kind == "WEBP" else {}
    found = take(encoded(face(), kind, **options))
    assert found.picture.media_type == "image/png"
    assert np.array_equal(open_picture(found.stored).pixels, face())


def test_a_picture_whose_png_would_be_too_large_becomes_a_jpeg() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (2400, 2400, 3), np.uint8)
    assert noise.nbytes > MAX_BYTES
    found = take(encoded(noise, "BMP"))
    assert found.picture.media_type == "image/jpeg"
    assert len(found.stored) <= MAX_BYTES


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC"),
        (b"GIF89a" + b"\0" * 20, "GIF"),
        (b"<script>alert(1)</script>", "no picture of a known format"),
        (encoded(face(), quality=90)[:4000], "damaged"),
        (encoded(face(), "PNG")[:4000], "damaged"),
        (encoded(face(), "TIFF")[:4000], "damaged"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "damaged"),
        (b"BM" + b"\xff" * 60, "damaged"),
        (encoded(face()[:40, :40], "BMP"), "64 by 64"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
    ],
)
def test_what_is_no_photo_is_refused_with_the_reason(data: bytes, reason: str) -> None:
    with pytest.raises(UserMistake, match=reason):
        take(data)


def test_more_than_the_permitted_pixels_are_refused_before_they_are_decoded() -> None:
    head = bytearray(encoded(face(), "BMP")[:54])
    head[18:26] = struct.pack("<ii", 30_000, 30_000)
    with pytest.raises(UserMistake, match="million pixels"):
        take(bytes(head))


@pytest.mark.parametrize("kind", ["TIFF", "WEBP", "PNG"])
def test_several_pictures_in_one_file_are_refused(kind: str) -> None:
    buffer = io.BytesIO()
    first, second = Image.fromarray(face(1)), Image.fromarray(face(2))
    first.save(buffer, kind, save_all=True, append_images=[second])
    with pytest.raises(UserMistake, match="several pictures"):
        take(buffer.getvalue())


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_a_segment_that_lies_about_its_length_ends_in_a_new_encoding_or_a_refusal() -> None:
    data = encoded(face(), quality=90, exif=camera_notes(TAKEN))
    for place in range(2, 700, 3):
        broken = bytearray(data)
        broken[place] ^= 0xFF
        try:
            stored = take(bytes(broken)).stored
        except UserMistake:
            continue
        assert PERSON not in stored
        open_picture(stored)


def test_stripping_gives_up_where_it_cannot_follow() -> None:
    data = encoded(face(), quality=90)
    assert strip_jpeg(data) == data
    for cut in (data[:-2], data[:100], data[:2], b"\xff\xd8" + b"x" * 50, b""):
        assert strip_jpeg(cut) is None


def test_the_camera_s_time_is_read_with_its_zone_and_fraction() -> None:
    east = camera_notes(TAKEN, offset="+06:00", fraction="25")
    assert time_of(east) == datetime(2021, 3, 4, 4, 20, 30, 250_000, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_other_formats_have_times_too(kind: str) -> None:
    assert time_of(camera_notes(TAKEN), kind) == datetime(2021, 3, 4, 10, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize("offset", [None, "here"])
def test_a_time_without_a_zone_is_of_this_machine_s_zone(offset: str | None) -> None:
    local = datetime(2021, 3, 4, 10, 20, 30).astimezone()
    assert time_of(camera_notes(TAKEN, offset=offset)) == local


@pytest.mark.parametrize(
    "written",
    [
        None, "", "    :  :     :  :  ", "0000:00:00 00:00:00", "2021:02:30 10:00:00", "yesterday",
        "1980:01:01 00:00:00", "2024:05:06 12:00:01", "2021:03:04",
    ],
)  # fmt: skip
def test_a_clock_that_was_never_set_tells_no_time(written: str | None) -> None:
    assert time_of(camera_notes(written)) is None


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_broken_notes_tell_no_time_and_refuse_no_photo() -> None:
    for exif in (b"Exif\0\0rubbish", b"Exif\0\0II*\0\xff\xff\xff\xff"):
        found = take(encoded(face(), exif=exif))
        assert found.taken_at is None
        assert b"rubbish" not in found.stored


def test_real_photographs_keep_their_pixels() -> None:
    for path in photographs()[:40]:
        data = path.read_bytes()
        stored = take(data).stored
        assert np.array_equal(open_picture(stored).pixels, open_picture(data).pixels), path
        assert len(stored) <= len(data)
