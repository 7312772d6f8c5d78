"""The file that a tablet saves and only this server reads: its key, its proof, its form.

A file is SIGN, the tablet's public point for this file alone (65 bytes, uncompressed P-256) and
frames, each a length (4 bytes, big-endian) and as many bytes sealed with AES-256-GCM: the frame's
number is its nonce, sign and point are authenticated with it. The key is HKDF-SHA-256 of the ECDH
agreement, with both points as salt. The first frame is JSON and names the sessions and their
photos; the others are the photos' bytes in that order, empty where one has arrived meanwhile.
"""

import hashlib
import hmac
import json
import uuid
from collections.abc import Iterator
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from collector.dataset.dataset import Dataset
from collector.dataset.errors import Unprocessable, UserMistake

SIGN = b"CE1 RESCUE 1\n"
POINT = 65
LENGTH = 4
# A tablet saves 250 photos at most, of which the list says about 600 bytes each.
MAX_PHOTOS, MAX_LIST = 10_000, 2 * 1024 * 1024
CURVE = ec.SECP256R1()
# The order of the group, SEC 2 (version 2) section 2.4.2: private keys lie below it.
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def public_key(dataset: Dataset) -> bytes:
    """The point that tablets seal for, 65 bytes; the same for as long as the site lives."""
    return _point(_private_key(dataset).public_key())


def prove(dataset: Dataset, session_id: uuid.UUID) -> str:
    """What a tablet is given with its session, and shows in a file instead of its token."""
    return hmac.digest(_secret(dataset), b"session" + session_id.bytes, hashlib.sha256).hex()


def is_proved(dataset: Dataset, session_id: uuid.UUID, proof: str) -> bool:
    """Whether whoever wrote the proof has once held this session's token."""
    return proof.isascii() and hmac.compare_digest(prove(dataset, session_id), proof)


def open_envelope(dataset: Dataset, data: bytes) -> tuple[dict[str, Any], list[bytes]]:
    """What the file says it holds, and the photos' bytes, checked whole before anything is stored.

    Raises Unprocessable for a file that is damaged, another server's, or none of these files.
    """
    if not data.startswith(SIGN) or len(data) < len(SIGN) + POINT:
        raise Unprocessable("This is not a file that a tablet saved for this program.")
    try:
        frames = list(_open_frames(_private_key(dataset), data))
        about = json.loads(frames[0])
    except (InvalidTag, ValueError, IndexError, RecursionError) as error:
        raise Unprocessable("This file is damaged, or another server's tablet saved it.") from error
    if not isinstance(about, dict):
        raise Unprocessable("This file is damaged, or another server's tablet saved it.")
    return about, frames[1:]


def _open_frames(private: ec.EllipticCurvePrivateKey, data: bytes) -> Iterator[bytes]:
    """The frames, opened; raises InvalidTag or ValueError."""
    start = len(SIGN) + POINT
    header, point = data[:start], data[len(SIGN) : start]
    agreed = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point))
    salt = point + _point(private.public_key())
    cipher = AESGCM(HKDF(SHA256(), 32, salt, SIGN).derive(agreed))
    number = 0
    while start < len(data):
        length = int.from_bytes(data[start : start + LENGTH])
        end = start + LENGTH + length
        if end > len(data) or number > MAX_PHOTOS or (number == 0 and length > MAX_LIST):
            raise ValueError("the file ends within a frame, or holds more than any tablet saves")
        yield cipher.decrypt(number.to_bytes(12), data[start + LENGTH : end], header)
        start, number = end, number + 1


def _private_key(dataset: Dataset) -> ec.EllipticCurvePrivateKey:
    # Derived from a secret beside the keys, so every backup of the keys holds it. The modulus
    # prefers some keys by less than 2^-32, which helps nobody.
    number = int.from_bytes(hmac.digest(_secret(dataset), b"key", hashlib.sha256))
    return ec.derive_private_key(number % (ORDER - 1) + 1, CURVE)


def _secret(dataset: Dataset) -> bytes:
    try:
        return dataset.keys.secret(dataset.site_id, "rescue")
    except UserMistake:  # the first time
        return dataset.keys.secret(dataset.site_id, "rescue", create=True)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
