"""Backups: the dataset alone, and the keys apart from it; when they were made, and how old."""

import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import CommandMistake
from collector.dataset.keys import Keys
from collector.dataset.models import AuditEvent
from collector.dataset.upkeep.keybackup import pack_keys, unpack_keys

DATASET_MADE, KEYS_MADE = "backup made", "key backup made"
KEYS_DESTROYED = "key backup destroyed"

# A school week: what is lost at worst is one week of sessions.
STALE = timedelta(days=7)


@dataclass(frozen=True)
class Backup:
    """A backup that was made and verified; the id is random and stands in the audit log."""

    id: uuid.UUID
    file: Path
    made_at: datetime
    counts: dict[str, int]


@dataclass(frozen=True)
class Made:
    """What the audit log says of a backup."""

    id: uuid.UUID
    file: str
    made_at: datetime


def back_up_dataset(dataset: Dataset, file: Path, *, actor: str) -> Backup:
    """Copy the dataset while it is in use, to one moment; verified before it is reported.

    Raises Conflict where the file exists, Unprocessable for a place that cannot take it.
    """
    _refuse_place(file, dataset.keys.folder, "A backup of the photos must not lie with the keys.")
    size = sum(
        path.stat().st_size
        for path in dataset.database.path.parent.glob(dataset.database.path.name + "*")
        if path.name.removeprefix(dataset.database.path.name) in ("", "-wal")
    )
    _refuse_lack_of_room(file, size)
    with appearing(file) as unfinished:
        made_at = clock.now()
        _copy(dataset.database.path, unfinished)
        counts = verify_dataset(unfinished)
    backup = Backup(uuid.uuid4(), file, made_at, counts)
    _note(dataset, DATASET_MADE, backup, actor)
    return backup


def back_up_keys(dataset: Dataset, file: Path, *, actor: str) -> Backup:
    """Copy keys, tombstones and master key into one file; raises as `back_up_dataset` does."""
    _refuse_place(file, dataset.folder, "A backup of the keys must not lie with the photos.")
    backup_id, made_at = uuid.uuid4(), clock.now()
    with appearing(file) as unfinished:
        write_privately(unfinished, pack_keys(dataset.keys, backup_id, made_at))
        copy = unpack_keys(unfinished, dataset.keys.known_passphrase)
        counts = {"keys": copy.count()}
        copy.connection.close()
    backup = Backup(backup_id, file, made_at, counts)
    _note(dataset, KEYS_MADE, backup, actor)
    remember_key_backup(dataset.keys, dataset.site_id, backup_id, made_at, file.name)
    return backup


def remember_key_backup(
    keys: Keys, site: uuid.UUID, backup_id: uuid.UUID, made_at: datetime, file: str
) -> None:
    """Put it beside the tombstones: a restored log that is older must name it to withdrawals."""
    keys.bury(site, KEYS_MADE, f"{backup_id.hex} {made_at.isoformat()} {file}")


def verify_dataset(file: Path, *, called: Path | None = None) -> dict[str, int]:
    """How many children and photos a backup holds; raises Unprocessable for a damaged one.

    `called` is what the sentence calls a copy.
    """
    try:
        # Read only and immutable: a stick may be write-protected, and nothing is left beside it.
        address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
                raise sqlite3.DatabaseError("damaged")
            if connection.execute("PRAGMA foreign_key_check").fetchone():
                raise sqlite3.DatabaseError("rows without their parents")
            return {
                "children": connection.execute("SELECT count(*) FROM participant").fetchone()[0],
                "photos": connection.execute("SELECT count(*) FROM photo_bytes").fetchone()[0],
            }
    except sqlite3.Error as error:
        raise CommandMistake("%(file)s is no dataset, or damaged.", file=called or file) from error


def backups_made(session: Session, action: str) -> Sequence[Made]:
    """The backups of that kind that the audit log knows, newest first, without those destroyed.

    With KEYS_MADE: what a withdrawal names as key backups to destroy.
    """
    destroyed = set(
        session.scalars(select(AuditEvent.subject).where(AuditEvent.action == KEYS_DESTROYED))
    )
    statement = (
        select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.position.desc())
    )
    found = [
        Made(uuid.UUID(hex=event.subject), str(event.details["file"]), _made_at(event))
        for event in session.scalars(statement)
        if event.subject and event.subject not in destroyed
    ]
    return sorted(found, key=lambda one: one.made_at, reverse=True)


def _made_at(event: AuditEvent) -> datetime:
    # A restore records again what the replaced dataset's log alone knew of, with its moment.
    said = event.details.get("made_at")
    return datetime.fromisoformat(said) if said else event.at


def _note(dataset: Dataset, action: str, backup: Backup, actor: str) -> None:
    details: dict[str, Any] = {"file": backup.file.name, **backup.counts}
    with dataset.database.write() as session:
        dataset.chain.record(session, actor, action, backup.id, **details)
    dataset.keep_head()


def _refuse_place(file: Path, forbidden: Path, sentence: str) -> None:
    if file.exists():
        raise CommandMistake("%(file)s exists already: a backup replaces nothing.", file=file)
    if not file.absolute().parent.is_dir():
        raise CommandMistake("There is no folder %(folder)s.", folder=file.absolute().parent)
    # Resolved, or a link would be a way in.
    if file.resolve().is_relative_to(forbidden.resolve()):
        raise CommandMistake(sentence)


def _refuse_lack_of_room(file: Path, size: int) -> None:
    free = shutil.disk_usage(file.absolute().parent).free
    if free < size:
        raise CommandMistake(
            "The backup needs %(needed)s MB, and there are %(free)s MB left in %(folder)s.",
            needed=size // 10**6 + 1,
            free=free // 10**6,
            folder=file.absolute().parent,
        )


@contextmanager
def appearing(file: Path) -> Iterator[Path]:
    """A file that gets its name only once it is whole; nothing is left of a failure."""
    unfinished = file.with_name(file.name + ".unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        write_privately(unfinished, b"")
        yield unfinished
        unfinished.rename(file)
    except OSError as error:
        raise CommandMistake(
            "%(file)s cannot be written: %(why)s.", file=file, why=error.strerror
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)


def write_privately(file: Path, content: bytes) -> None:
    """Write bytes that nobody else on the machine may read."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0),
                         0o600)  # fmt: skip
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
        # In one step: it reads one moment and never waits for who writes meanwhile.
        live.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode = DELETE")  # the copy is one file, and stands alone
