"""Encryption of what belongs to one child, and the digests that outlive it."""

import hashlib
import hmac
import secrets
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12  # the length that NIST SP 800-38D recommends for GCM


class Unreadable(Exception):
    """The bytes were not sealed under this key and context, or were altered since."""


class Key:
    """A 256-bit key that seals bytes (AES-256-GCM) and makes digests (HMAC-SHA-256).

    Each use names its context (a word and random ids). The context is authenticated, so that
    sealed bytes cannot be moved to another row: they would no longer open there.
    """

    def __init__(self, secret: bytes) -> None:
        """Take 32 secret bytes; raises ValueError for another length."""
        if len(secret) != KEY_BYTES:
            raise ValueError("a key has 32 bytes")
        self._cipher = AESGCM(secret)
        # A key of its own for digests: one key, one algorithm.
        self._digest_key = hmac.digest(secret, b"digest", hashlib.sha256)

    def seal(self, plain: bytes, what: str, *ids: uuid.UUID) -> bytes:
        """Nonce, ciphertext and tag: 28 bytes longer than `plain`."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, _context(what, ids))

    def open(self, sealed: bytes, what: str, *ids: uuid.UUID) -> bytes:
        """The plain bytes; raises Unreadable."""
        try:
            return self._cipher.decrypt(
                sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _context(what, ids)
            )
        except (InvalidTag, ValueError) as error:
            raise Unreadable(f"the sealed {what} cannot be opened with this key") from error

    def digest(self, what: str, *parts: str) -> str:
        """64 hexadecimal digits that tell nothing to whoever lacks the key."""
        message = "\0".join((what, *parts)).encode()
        return hmac.new(self._digest_key, message, hashlib.sha256).hexdigest()


def new_secret() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(KEY_BYTES)


def _context(what: str, ids: tuple[uuid.UUID, ...]) -> bytes:
    return what.encode() + b"\0" + b"".join(one.bytes for one in ids)
