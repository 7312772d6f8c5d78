"""The backup of the keys: one zip file, and how it comes back.

The container is plain, so that it can be opened without this program: `keys.db` (SQLite, the
wrapped keys and the tombstones), `master.key` (32 bytes; absent where a passphrase makes the master
key), `tls/authority.pem` (what tablets trust; absent where none were served) and `about.json`
(format, id, when it was made).
"""

import io
import json
import sqlite3
import uuid
import zipfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collector.dataset import master
from collector.dataset.errors import CommandMistake
from collector.dataset.keys import FILE_NAME, Keys
from collector.dataset.master import Master, Passphrase
from collector.dataset.sealing import Unreadable

FORMAT = 1
ABOUT = "about.json"
AUTHORITY = "tls/authority.pem"


@dataclass(frozen=True)
class KeyCopy:
    """What a key backup holds: an open copy of keys.db in memory, its master key, its number."""

    connection: sqlite3.Connection
    master: Master
    id: uuid.UUID
    made_at: datetime
    authority: bytes | None = None

    def count(self) -> int:
        """How many children's keys it holds."""
        return int(self.connection.execute("SELECT count(*) FROM child_key").fetchone()[0])

    def holds(self, site: uuid.UUID) -> bool:
        """Whether these are the keys of that site."""
        statement = "SELECT 1 FROM secret WHERE site = ? AND name = 'audit'"
        return self.connection.execute(statement, (site.hex,)).fetchone() is not None

    def check(self) -> None:
        """Open every key; raises Unreadable."""
        for name, wrapped in self.connection.execute("SELECT participant, wrapped FROM child_key"):
            self.master.key.open(wrapped, "child key", uuid.UUID(name))
        for site, name, wrapped in self.connection.execute(
            "SELECT site, name, wrapped FROM secret"
        ):
            self.master.key.open(wrapped, f"secret {name}", uuid.UUID(site))


def pack_keys(keys: Keys, backup_id: uuid.UUID, made_at: datetime) -> bytes:
    """The container's bytes; keys.db and the master key are of one moment."""
    pages, current = keys.copy()
    about = {
        "format": FORMAT,
        "id": backup_id.hex,
        "made_at": made_at.isoformat(),
        "master": "file" if current.salt is None else "passphrase",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as container:
        container.writestr(FILE_NAME, pages)
        if current.salt is None:
            container.writestr(master.FILE_NAME, current.secret)
        with suppress(FileNotFoundError):  # tablets were never served
            container.writestr(AUTHORITY, (keys.folder / AUTHORITY).read_bytes())
        container.writestr(ABOUT, json.dumps(about, indent=2))
    return buffer.getvalue()


def unpack_keys(path: Path, passphrase: Passphrase | None) -> KeyCopy:
    """Open a key backup, checked whole; raises UserMistake for a file that is none."""
    try:
        with zipfile.ZipFile(path) as container:
            pages = container.read(FILE_NAME)
            about = json.loads(container.read(ABOUT))
            number, made_at = uuid.UUID(hex=about["id"]), datetime.fromisoformat(about["made_at"])
            names = container.namelist()
            secret = container.read(master.FILE_NAME) if master.FILE_NAME in names else None
            authority = container.read(AUTHORITY) if AUTHORITY in names else None
        connection = _open_in_memory(pages)
        fingerprint, salt = connection.execute("SELECT fingerprint, salt FROM master").fetchone()
    except OSError as error:
        raise CommandMistake(f"{path} cannot be read: {error.strerror}.") from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, sqlite3.Error) as error:
        raise CommandMistake("%(path)s is no backup of keys, or damaged.", path=path) from error
    found = _master_of(path, secret, salt, passphrase)
    copy = KeyCopy(connection, found, number, made_at, authority)
    try:
        if found.fingerprint != fingerprint:
            raise Unreadable("the master key is another's")
        copy.check()
    except Unreadable as error:
        raise CommandMistake(
            "The keys in %(path)s do not open: the file is damaged or the passphrase is another.",
            path=path,
        ) from error
    return copy


def read_tombstones(path: Path) -> list[tuple[str, str, str, str]]:
    """The tombstones of a keys.db whose master key is lost; none where it cannot be read."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("SELECT kind, id, site, at FROM tombstone").fetchall()
    except sqlite3.Error:
        return []


def _master_of(
    path: Path, secret: bytes | None, salt: bytes | None, passphrase: Passphrase | None
) -> Master:
    if salt is None:
        try:
            master_key = Master(secret or b"")
            master_key.key  # noqa: B018 - refuses another length
        except ValueError as error:
            raise CommandMistake("%(path)s holds no master key.", path=path) from error
        return master_key
    if passphrase is None:
        raise CommandMistake("These keys open with a passphrase: give it in COLLECTOR_PASSPHRASE.")
    return master.from_passphrase(passphrase(), salt)


def _open_in_memory(pages: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(pages)
    if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
        raise sqlite3.DatabaseError("damaged")
    return connection
