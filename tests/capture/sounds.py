"""Recordings as browsers make them, as short as they can be."""

import base64

# The header of Matroska (RFC 9559) with the type of document, then a track's codec.
WEBM = (
    b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84webm"
    b"B\x87\x81\x04B\x85\x81\x02\x18S\x80g\x01\xff\xff\xff\xff\xff\xff\xff\x16T\xaek\xae"
    b"\x83\x81\x02\x86\x86A_OPUS"
)
# Boxes of ISO/IEC 14496-12: the brand, a track that is sound, its sample entry.
MP4 = b"\x00\x00\x00\x14ftypiso5\x00\x00\x02\x00isom" + b"moov" + b"hdlr\x00soun" + b"stsdmp4a"


def form_field(audio: bytes) -> str:
    """As the page sends it."""
    return base64.b64encode(audio).decode()
