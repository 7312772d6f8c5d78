"""The folder of keys: one key a child, wrapped by a master key, and the tombstones.

It is a file apart from the dataset, so that neither of the two alone shows a child. Each
operation here is one durable step and may be repeated.
"""

import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from collector.dataset import clock, master
from collector.dataset.db import use_write_ahead_log
from collector.dataset.errors import CommandMistake, UserMistake
from collector.dataset.master import Master, Passphrase
from collector.dataset.rewrapping import forget_damaged, rewrap
from collector.dataset.sealing import Key, Unreadable, new_secret

FILE_NAME = "keys.db"

TABLES = """
CREATE TABLE IF NOT EXISTS child_key (
    participant TEXT PRIMARY KEY, site TEXT NOT NULL, wrapped BLOB NOT NULL,
    confirmed INTEGER NOT NULL DEFAULT 0, real_name BLOB);
CREATE TABLE IF NOT EXISTS secret (
    site TEXT NOT NULL, name TEXT NOT NULL, wrapped BLOB NOT NULL, PRIMARY KEY (site, name));
CREATE TABLE IF NOT EXISTS tombstone (
    kind TEXT NOT NULL, id TEXT NOT NULL, site TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (kind, id));
CREATE TABLE IF NOT EXISTS chain_head (
    site TEXT PRIMARY KEY, position INTEGER NOT NULL, mac TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS master (fingerprint TEXT NOT NULL, salt BLOB);
"""


class KeyGone(Exception):
    """The child was erased: nothing that was sealed for it can be opened again."""


class Keys:
    """An open folder of keys.

    Another process may change the master key at any time, so each operation asks in its own
    transaction which one wraps the keys now.
    """

    def __init__(self, folder: Path, passphrase: Passphrase | None = None) -> None:
        """Open the folder, made at first use; `passphrase` is asked only where one is needed.

        Raises UserMistake where its parts do not fit.
        """
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = folder / FILE_NAME
        self._ask = passphrase
        self._passphrase: str | None = None
        self._master: Master | None = None
        if not self._file.exists():
            master.create_file(folder)
        with self.connection() as connection:
            use_write_ahead_log(connection)  # stays with the file
            connection.executescript(TABLES)
        with self._transaction() as connection:
            self._settle_master(connection)
            self._current(connection)

    def begin_child(self, site: uuid.UUID, participant: uuid.UUID) -> Key:
        """Make a child's key, unconfirmed until its rows are committed."""
        return self.begin_children(site, {participant: None})[participant]

    def begin_children(
        self, site: uuid.UUID, names: Mapping[uuid.UUID, str | None]
    ) -> dict[uuid.UUID, Key]:
        """Make several children's keys, and keep their real names, in one durable step."""
        keys = {}
        with self._transaction() as connection:
            wrapping = self._current(connection).key
            for child, name in names.items():
                secret = new_secret()
                key = keys[child] = Key(secret)
                wrapped = wrapping.seal(secret, "child key", child)
                real_name = key.seal(name.encode(), "real name", child) if name else None
                connection.execute(
                    "INSERT INTO child_key VALUES (?, ?, ?, 0, ?)",
                    (child.hex, site.hex, wrapped, real_name),
                )
        return keys

    def confirm_child(self, *children: uuid.UUID) -> None:
        """The children's rows are committed: their keys stay."""
        with self._transaction() as connection:
            statement = "UPDATE child_key SET confirmed = 1 WHERE participant = ?"
            connection.executemany(statement, [(one.hex,) for one in children])

    def unconfirmed(self, site: uuid.UUID) -> list[uuid.UUID]:
        """Children whose registration was interrupted."""
        rows = self._rows(
            "SELECT participant FROM child_key WHERE site = ? AND NOT confirmed", site.hex
        )
        return [uuid.UUID(row[0]) for row in rows]

    def child(self, participant: uuid.UUID) -> Key:
        """The child's key; raises KeyGone after an erasure."""
        with self._transaction("BEGIN") as connection:
            row = connection.execute(
                "SELECT wrapped FROM child_key WHERE participant = ?", (participant.hex,)
            ).fetchone()
            if row is None:
                raise KeyGone(f"no key for participant {participant}")
            return Key(self._current(connection).key.open(row[0], "child key", participant))

    def children(self, site: uuid.UUID) -> list[uuid.UUID]:
        """Children of the site that have a key and whose registration is complete."""
        rows = self._rows(
            "SELECT participant FROM child_key WHERE site = ? AND confirmed", site.hex
        )
        return [uuid.UUID(row[0]) for row in rows]

    def destroy_child(self, participant: uuid.UUID) -> None:
        """Delete the key (and the real name): all that was sealed under it is noise from now on."""
        self._execute("DELETE FROM child_key WHERE participant = ?", participant.hex)
        self.forget_erased_pages()

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
            self._make_secret(site, name)
        with self._transaction("BEGIN") as connection:
            row = connection.execute(
                "SELECT wrapped FROM secret WHERE site = ? AND name = ?", (site.hex, name)
            ).fetchone()
            if row is not None:
                return self._current(connection).key.open(row[0], f"secret {name}", site)
        raise UserMistake(
            "The folder %(folder)s does not hold the keys of this dataset: "
            "name the right one with --keys.",
            folder=self.folder,
        )

    def bury(self, site: uuid.UUID, kind: str, *names: str) -> None:
        """Write tombstones: what bears these ids was erased and must never come back."""
        self.bury_together(site, [(kind, name) for name in names])

    def bury_together(self, site: uuid.UUID, marks: Iterable[tuple[str, str]]) -> None:
        """Write tombstones of several kinds (kind, id): all of them, or none after a kill."""
        at = clock.now().isoformat()
        with self._transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO tombstone VALUES (?, ?, ?, ?)",
                [(kind, name, site.hex, at) for kind, name in marks],
            )

    def is_buried(self, kind: str, name: str) -> bool:
        """Whether a tombstone bears this id."""
        return bool(self._rows("SELECT 1 FROM tombstone WHERE kind = ? AND id = ?", kind, name))

    def buried(self, site: uuid.UUID, kind: str) -> list[str]:
        """All ids of that kind on the site's tombstones."""
        rows = self._rows("SELECT id FROM tombstone WHERE site = ? AND kind = ?", site.hex, kind)
        return [row[0] for row in rows]

    @property
    def by_passphrase(self) -> bool:
        """Whether the master key comes from a passphrase."""
        return self._rows("SELECT salt FROM master")[0][0] is not None

    def known_passphrase(self) -> str:
        """The passphrase, asked for once; raises UserMistake where nobody can be asked."""
        if self._passphrase is None:
            if self._ask is None:
                raise CommandMistake(
                    "These keys open with a passphrase: give it in COLLECTOR_PASSPHRASE."
                )
            self._passphrase = self._ask()
        return self._passphrase

    def rotate(self) -> int:
        """Make a new master key of the same kind; returns how many keys it wraps now."""
        if self.by_passphrase:
            return self._change_master(master.from_passphrase(self.known_passphrase()))
        return self._change_master(Master(new_secret()))

    def use_passphrase(self, passphrase: str) -> int:
        """From now on the master key is made from the passphrase, and its file is gone."""
        changed = self._change_master(master.from_passphrase(passphrase))
        self._passphrase = passphrase
        return changed

    def use_file(self) -> int:
        """From now on the master key lies in its file."""
        return self._change_master(Master(new_secret()))

    def copy(self) -> tuple[bytes, Master]:
        """The pages of keys.db and the master key that wraps its keys, of one moment."""
        with self._transaction("BEGIN") as connection:
            current = self._current(connection)
            pages = bytearray(connection.serialize())
        # Bytes 18 and 19 of the header say that a write-ahead log goes with the file (SQLite's
        # file format, 1.3.3): the copy stands alone.
        pages[18:20] = b"\x01\x01"
        return bytes(pages), current

    def adopt(self, copy: sqlite3.Connection, its_master: Master) -> int:
        """Take over what a key backup holds and this folder lacks, tombstones before all.

        A key that is damaged here is replaced; no key comes back of a child that either of the two
        buried. Returns how many children's keys are new here.
        """
        children = copy.execute(
            "SELECT participant, site, wrapped, confirmed, real_name FROM child_key"
        ).fetchall()
        secrets = copy.execute("SELECT site, name, wrapped FROM secret").fetchall()
        buried = copy.execute("SELECT kind, id, site, at FROM tombstone").fetchall()
        self.adopt_tombstones(buried)
        before = len(self._rows("SELECT 1 FROM child_key"))
        with self._transaction() as connection:
            mine, theirs = self._current(connection).key, its_master.key
            forget_damaged(connection, mine)
            for name, site, wrapped, confirmed, real_name in children:
                child = uuid.UUID(name)
                secret = theirs.open(wrapped, "child key", child)
                connection.execute(
                    "INSERT INTO child_key SELECT ?, ?, ?, ?, ? WHERE NOT EXISTS (SELECT 1 FROM "
                    "tombstone WHERE kind = 'participant' AND id = ?) ON CONFLICT DO NOTHING",
                    (name, site, mine.seal(secret, "child key", child), confirmed, real_name, name),
                )
            for site, name, wrapped in secrets:
                what, owner = f"secret {name}", uuid.UUID(site)
                sealed = mine.seal(theirs.open(wrapped, what, owner), what, owner)
                connection.execute(
                    "INSERT OR IGNORE INTO secret VALUES (?, ?, ?)", (site, name, sealed)
                )
        return len(self._rows("SELECT 1 FROM child_key")) - before

    def adopt_tombstones(self, rows: Iterable[tuple[str, str, str, str]]) -> None:
        """Add tombstones (kind, id, site, at) and destroy the keys of children on any of them."""
        with self._transaction() as connection:
            connection.executemany("INSERT OR IGNORE INTO tombstone VALUES (?, ?, ?, ?)", rows)
            connection.execute(
                "DELETE FROM child_key WHERE participant IN "
                "(SELECT id FROM tombstone WHERE kind = 'participant')"
            )
        self.forget_erased_pages()

    def forget_erased_pages(self) -> bool:
        """Empty the write-ahead log, where destroyed keys may stand; False while it is busy."""
        with self.connection() as connection:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        return not busy

    def _change_master(self, new: Master) -> int:
        """Wrap all keys with a new master key, in one transaction.

        The new file is durable before the commit that makes it the right one, and takes the old
        one's name after it: a kill in between leaves both, and `_settle_master` tells them apart.
        """
        with self._transaction() as connection:
            self._settle_master(connection)
            old = self._current(connection)
            try:
                changed = rewrap(connection, old.key, new.key)
            except Unreadable as error:
                raise CommandMistake(
                    "One of the keys is damaged, so the master key stays as it is: "
                    "collector doctor names it."
                ) from error
            if new.salt is None:
                master.write_next(self.folder, new)
            connection.execute(
                "UPDATE master SET fingerprint = ?, salt = ?", (new.fingerprint, new.salt)
            )
        self._master = new
        # Windows refuses while another process reads the file: the next opening does it then.
        with suppress(PermissionError), self._transaction() as connection:
            self._settle_master(connection)
        self.forget_erased_pages()
        return changed

    def _settle_master(self, connection: sqlite3.Connection) -> None:
        """Finish an interrupted change; in a new folder, note which master key wraps its keys."""
        row = connection.execute("SELECT fingerprint, salt FROM master").fetchone()
        if row is None:
            found = master.read_file(self.folder)
            self._refuse_wrong(connection, found)
            row = (found.fingerprint, None)
            connection.execute("INSERT INTO master VALUES (?, ?)", row)
        master.settle_files(self.folder, *row)

    def _refuse_wrong(self, connection: sqlite3.Connection, found: Master) -> None:
        # Folders of before the fingerprint: their keys tell.
        for participant, wrapped in connection.execute(
            "SELECT participant, wrapped FROM child_key"
        ):
            try:
                found.key.open(wrapped, "child key", uuid.UUID(participant))
            except Unreadable as error:
                raise master.wrong_master(self.folder) from error

    def _current(self, connection: sqlite3.Connection) -> Master:
        """The master key that wraps the keys in this transaction."""
        fingerprint, salt = connection.execute("SELECT fingerprint, salt FROM master").fetchone()
        known = self._master
        if known is None or known.fingerprint != fingerprint:
            known = self._master = self._find_master(fingerprint, salt)
        return known

    def _find_master(self, fingerprint: str, salt: bytes | None) -> Master:
        if salt is None:
            return master.find_in_files(self.folder, fingerprint)
        found = master.from_passphrase(self.known_passphrase(), salt)
        if found.fingerprint != fingerprint:
            raise CommandMistake("This is not the passphrase of these keys.")
        return found

    def _make_secret(self, site: uuid.UUID, name: str) -> None:
        with self._transaction() as connection:
            key = self._current(connection).key
            connection.execute(
                "INSERT OR IGNORE INTO secret VALUES (?, ?, ?)",
                (site.hex, name, key.seal(new_secret(), f"secret {name}", site)),
            )

    def _execute(self, statement: str, *values: object) -> None:
        with self.connection() as connection:
            connection.execute(statement, values)

    def _rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with self.connection() as connection:
            return connection.execute(statement, values).fetchall()

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A short connection to keys.db, for what lies beside the keys."""
        # A connection each: a few microseconds, and no thread ever holds an erased key open.
        with closing(sqlite3.connect(self._file, timeout=15, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON")
            yield connection

    @contextmanager
    def _transaction(self, begin: str = "BEGIN IMMEDIATE") -> Iterator[sqlite3.Connection]:
        with self.connection() as connection:
            connection.execute(begin)
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")
