"""The folder of keys: one key a child, wrapped by a master key, and the tombstones.

It is a file apart from the dataset, so that neither of the two alone shows a child. Each
operation here is one durable step and may be repeated.
"""

import os
import secrets
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from collector.dataset import clock
from collector.dataset.errors import UserMistake
from collector.dataset.sealing import KEY_BYTES, Key, Unreadable, new_secret

TABLES = """
CREATE TABLE IF NOT EXISTS child_key (
    participant TEXT PRIMARY KEY, site TEXT NOT NULL, wrapped BLOB NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0, real_name BLOB);
CREATE TABLE IF NOT EXISTS secret (
    site TEXT NOT NULL, name TEXT NOT NULL, wrapped BLOB NOT NULL, PRIMARY KEY (site, name));
CREATE TABLE IF NOT EXISTS tombstone (
    kind TEXT NOT NULL, id TEXT NOT NULL, site TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (kind, id));
"""

NO_SITE = uuid.UUID(int=0)


class KeyGone(Exception):
    """The child was erased: nothing that was sealed for it can be opened again."""


class Keys:
    """An open folder of keys."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, made at first use; raises UserMistake where its parts do not fit."""
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = folder / "keys.db"
        known = self._file.exists()
        self._master = Key(_master_secret(folder / "master.key", may_create=not known))
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")  # stays with the file
            connection.executescript(TABLES)
        self._check_master()

    def begin_child(self, site: uuid.UUID, participant: uuid.UUID) -> Key:
        """Make a child's key, unconfirmed until its rows are committed."""
        secret = new_secret()
        wrapped = self._master.seal(secret, "child key", participant)
        with self._connection() as connection:
            connection.execute(
                "INSERT INTO child_key (participant, site, wrapped) VALUES (?, ?, ?)",
                (participant.hex, site.hex, wrapped),
            )
        return Key(secret)

    def confirm_child(self, participant: uuid.UUID) -> None:
        """The child's rows are committed: the key stays."""
        self._execute("UPDATE child_key SET confirmed = 1 WHERE participant = ?", participant.hex)

    def unconfirmed(self, site: uuid.UUID) -> list[uuid.UUID]:
        """Children whose registration was interrupted."""
        rows = self._rows(
            "SELECT participant FROM child_key WHERE site = ? AND NOT confirmed", site.hex
        )
        return [uuid.UUID(row[0]) for row in rows]

    def child(self, participant: uuid.UUID) -> Key:
        """The child's key; raises KeyGone after an erasure."""
        rows = self._rows("SELECT wrapped FROM child_key WHERE participant = ?", participant.hex)
        if not rows:
            raise KeyGone(f"no key for participant {participant}")
        return Key(self._master.open(rows[0][0], "child key", participant))

    def destroy_child(self, participant: uuid.UUID) -> None:
        """Delete the key (and the real name): all that was sealed under it is noise from now on."""
        self._execute("DELETE FROM child_key WHERE participant = ?", participant.hex)
        with self._connection() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def set_real_name(self, participant: uuid.UUID, name: str) -> None:
        """Keep a real name for the operators, sealed under the child's key."""
        sealed = self.child(participant).seal(name.encode(), "real name", participant)
        self._execute(
            "UPDATE child_key SET real_name = ? WHERE participant = ?", sealed, participant.hex
        )

    def real_name(self, participant: uuid.UUID) -> str | None:
        """The real name, where one was given."""
        rows = self._rows("SELECT real_name FROM child_key WHERE participant = ?", participant.hex)
        if not rows or rows[0][0] is None:
            return None
        return self.child(participant).open(rows[0][0], "real name", participant).decode()

    def secret(self, site: uuid.UUID, name: str, *, create: bool = False) -> bytes:
        """A site's secret of that name; raises UserMistake where it is missing."""
        if create:
            wrapped = self._master.seal(new_secret(), f"secret {name}", site)
            self._execute("INSERT OR IGNORE INTO secret VALUES (?, ?, ?)", site.hex, name, wrapped)
        rows = self._rows("SELECT wrapped FROM secret WHERE site = ? AND name = ?", site.hex, name)
        if not rows:
            raise UserMistake(
                "The folder %(folder)s does not hold the keys of this dataset: "
                "name the right one with --keys.",
                folder=self.folder,
            )
        return self._master.open(rows[0][0], f"secret {name}", site)

    def bury(self, site: uuid.UUID, kind: str, *names: str) -> None:
        """Write tombstones: what bears these ids was erased and must never come back."""
        at = clock.now().isoformat()
        with self._connection() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO tombstone VALUES (?, ?, ?, ?)",
                [(kind, name, site.hex, at) for name in names],
            )

    def is_buried(self, kind: str, name: str) -> bool:
        """Whether a tombstone bears this id."""
        return bool(self._rows("SELECT 1 FROM tombstone WHERE kind = ? AND id = ?", kind, name))

    def buried(self, site: uuid.UUID, kind: str) -> list[str]:
        """All ids of that kind on the site's tombstones."""
        rows = self._rows("SELECT id FROM tombstone WHERE site = ? AND kind = ?", site.hex, kind)
        return [row[0] for row in rows]

    def _check_master(self) -> None:
        try:
            self.secret(NO_SITE, "check", create=True)
        except Unreadable as error:
            raise UserMistake(
                "The master key in %(folder)s is not the one that its keys were wrapped with: "
                "put the right master.key back.",
                folder=self.folder,
            ) from error

    def _execute(self, statement: str, *values: object) -> None:
        with self._connection() as connection:
            connection.execute(statement, values)

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self._connection() as connection:
            return connection.execute(statement, values).fetchall()

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        # A connection each: a few microseconds, and no thread ever holds an erased key open.
        with closing(sqlite3.connect(self._file, timeout=15, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            yield connection


def _master_secret(path: Path, *, may_create: bool) -> bytes:
    if not path.exists():
        if not may_create:
            raise UserMistake(
                "The master key %(path)s is missing: without it no photo can be opened. "
                "Put the file back from the backup of the keys.",
                path=path,
            )
        _place(path, new_secret())
    secret = path.read_bytes()
    if len(secret) != KEY_BYTES:
        raise UserMistake(
            "The master key %(path)s is damaged: put the file back from the backup of the keys.",
            path=path,
        )
    return secret


def _place(path: Path, content: bytes) -> None:
    """Make the file whole or not at all; where another process was faster, its file stays."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
