"""A JPEG without anything but its picture: the same pixels, no notes."""

import re
import struct

# ITU-T T.81, annex B, table B.1: markers by their second byte.
START, END, SCAN, COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
FIRST_NOTE, LAST_NOTE = 0xE0, 0xEF  # APP0 to APP15: EXIF, GPS, XMP, colour profiles, previews
JFIF, ADOBE = 0xE0, 0xEE

# In a scan's data a marker is FF and a byte that is neither 0 (a stuffed FF) nor a restart.
NEXT_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")

# That the channels are Y, Cb and Cr (JFIF 1.02); without the preview that may follow.
PLAIN_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
ADOBE_BYTES = 12  # "Adobe", version, flags, and the transform, without which colours are wrong


def strip_jpeg(data: bytes) -> bytes | None:
    """The JPEG with its picture alone; None where its segments cannot be followed to the end.

    Notes of cameras and editors go, and so does whatever stands behind the picture: previews,
    second pictures, short films. Kept are the two segments by which decoders tell the colours.
    """
    kept, place = [data[:2]], 2
    while place + 4 <= len(data):
        if data[place] != 0xFF:
            return None
        marker = data[place + 1]
        if marker == 0xFF:  # a fill byte
            place += 1
            continue
        (length,) = struct.unpack_from(">H", data, place + 2)
        end = place + 2 + length
        kept.append(_without_notes(marker, data[place:end]))
        place = end
        if marker == SCAN:
            following = NEXT_MARKER.search(data, end)
            if following is None:
                return None
            kept.append(data[end : following.start()])
            place = following.start()
            if data[place + 1] == END:
                return b"".join([*kept, b"\xff\xd9"])
    return None


def _without_notes(marker: int, segment: bytes) -> bytes:
    content = segment[4:]
    if marker == JFIF and content.startswith(b"JFIF\0"):
        return PLAIN_JFIF
    if marker == ADOBE and content.startswith(b"Adobe") and len(content) >= ADOBE_BYTES:
        return b"\xff\xee" + struct.pack(">H", 2 + ADOBE_BYTES) + content[:ADOBE_BYTES]
    if FIRST_NOTE <= marker <= LAST_NOTE or marker == COMMENT:
        return b""
    return segment
