"""The master key: 32 random bytes in a file of their own, or made from a passphrase.

The table `master` in keys.db says by a fingerprint which master key wraps the keys now, and holds
the salt where it comes from a passphrase. A new file waits as `master.key.new` until the change is
committed; whoever comes afterwards can tell by the fingerprint which of the two is the right one.
"""

import os
import secrets
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from collector.dataset.errors import CommandMistake, UserMistake
from collector.dataset.sealing import KEY_BYTES, Key, new_secret

FILE_NAME, NEXT_NAME = "master.key", "master.key.new"

SALT_BYTES = 16
# 128 * r * n = 128 MiB of memory for each guess, about half a second.
SCRYPT = {"n": 2**17, "r": 8, "p": 1}
MIN_PASSPHRASE = 12

Passphrase = Callable[[], str]


@dataclass(frozen=True)
class Master:
    """A master key; with a `salt` it was made from a passphrase, without one it lies in a file."""

    secret: bytes
    salt: bytes | None = None

    @property
    def key(self) -> Key:
        """The key that wraps the others."""
        return Key(self.secret)

    @property
    def fingerprint(self) -> str:
        """64 hexadecimal digits that tell one master key from another and nothing else."""
        return self.key.digest("master")


def from_passphrase(passphrase: str, salt: bytes | None = None) -> Master:
    """The master key of a passphrase (scrypt, RFC 7914); a new salt unless one is given.

    The same letters are stored in two ways by different systems (й as one character or two), so
    they are brought to one form first. Raises UserMistake for a new passphrase that is too short.
    """
    normal = unicodedata.normalize("NFC", passphrase)
    if salt is None and len(normal) < MIN_PASSPHRASE:
        raise CommandMistake(
            "A passphrase has at least %(least)s characters: four or five words, for example.",
            least=MIN_PASSPHRASE,
        )
    salt = salt or secrets.token_bytes(SALT_BYTES)
    return Master(Scrypt(salt=salt, length=KEY_BYTES, **SCRYPT).derive(normal.encode()), salt)


def create_file(folder: Path) -> None:
    """Make the file of a new folder of keys, whole or not at all.

    Where an interrupted start or another process was faster, its file stays.
    """
    if (folder / FILE_NAME).exists():
        return
    draft = folder / f"{FILE_NAME}.{secrets.token_hex(8)}"
    _write(draft, new_secret())
    with suppress(FileExistsError):
        os.link(draft, folder / FILE_NAME)
    draft.unlink()
    sync_folder(folder)


def write_next(folder: Path, master: Master) -> None:
    """Let a new master key wait beside the present one, durable before anything depends on it."""
    _write(folder / NEXT_NAME, master.secret)


def read_file(folder: Path) -> Master:
    """The master key in the file; raises UserMistake where it is missing."""
    found = _read(folder / FILE_NAME)
    if found is None and (folder / FILE_NAME).exists():
        raise UserMistake(
            "The master key %(path)s is damaged: put the file back from the backup of the keys.",
            path=folder / FILE_NAME,
        )
    if found is None:
        raise UserMistake(
            "The master key %(path)s is missing: without it no photo can be opened. "
            "Put the file back from the backup of the keys.",
            path=folder / FILE_NAME,
        )
    return found


def find_in_files(folder: Path, fingerprint: str) -> Master:
    """The master key of that fingerprint; raises UserMistake where it is missing or another."""
    # The file's name is asked for twice: another process may be renaming it meanwhile.
    for name in (FILE_NAME, NEXT_NAME, FILE_NAME):
        found = _read(folder / name)
        if found and found.fingerprint == fingerprint:
            return found
    read_file(folder)
    raise wrong_master(folder)


def wrong_master(folder: Path) -> UserMistake:
    """What to say of a master key that does not fit."""
    return UserMistake(
        "The master key in %(folder)s is not the one that its keys were wrapped with: "
        "put the right master.key back.",
        folder=folder,
    )


def settle_files(folder: Path, fingerprint: str, salt: bytes | None) -> None:
    """Finish a change of the master key that was interrupted.

    The caller holds the write lock of keys.db: no change is between its file and its commit.
    """
    if salt is not None:
        (folder / NEXT_NAME).unlink(missing_ok=True)
        (folder / FILE_NAME).unlink(missing_ok=True)
    elif waiting := _read(folder / NEXT_NAME):
        if waiting.fingerprint == fingerprint:
            (folder / NEXT_NAME).replace(folder / FILE_NAME)
        else:
            (folder / NEXT_NAME).unlink()
    else:
        # Cut short while it was written: no commit can depend on it.
        (folder / NEXT_NAME).unlink(missing_ok=True)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make a file's new name survive a power cut; Windows does so by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    with suppress(OSError):  # some network file systems know no such thing
        os.fsync(descriptor)
    os.close(descriptor)


def _read(path: Path) -> Master | None:
    try:
        secret = path.read_bytes()
    except FileNotFoundError:
        return None
    return Master(secret) if len(secret) == KEY_BYTES else None


def _write(path: Path, secret: bytes) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(path.parent)
