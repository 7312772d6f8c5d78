"""Restoring a backup, so that what was erased since it was made is erased again.

The order is the promise: first all tombstones that are known anywhere come together in the folder
of keys, then the file takes its place, then opening it erases what the tombstones name. A kill in
between leaves a dataset that the next opening erases in just the same way.
"""

import dataclasses
import os
import shutil
import sqlite3
import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from collector.dataset import clock
from collector.dataset.audit import Chain
from collector.dataset.consents.withdrawals import withdrawn_kind
from collector.dataset.dataset import Dataset
from collector.dataset.db import FILE_NAME, Database
from collector.dataset.errors import CommandMistake, UserMistake
from collector.dataset.heads import Head, kept_head, set_head
from collector.dataset.keys import FILE_NAME as KEYS_FILE
from collector.dataset.keys import Keys
from collector.dataset.master import Passphrase, sync_folder
from collector.dataset.opening import keys_folder_of, open_dataset
from collector.dataset.upgrade import upgrade
from collector.dataset.upkeep.backups import remember_key_backup, verify_dataset, write_privately
from collector.dataset.upkeep.carrying import carry_over
from collector.dataset.upkeep.keybackup import AUTHORITY, KeyCopy, read_tombstones, unpack_keys
from collector.dataset.upkeep.old_logs import RESTORED, Tombstone, common_head, erasures_in


@dataclass(frozen=True)
class Restored:
    """What came back: counts after the erasures, and how many of the backup were erased again.

    `kept` is the name of the replaced file; `answers` counts the guardians' answers that it alone
    knew of and that were taken over, None where they could not be.
    """

    counts: dict[str, int]
    erased_again: dict[str, int]
    keys_adopted: int
    kept: str | None
    answers: int | None


def restore(
    file: Path,
    data: Path,
    keys: Path | None = None,
    *,
    keys_from: Path | None = None,
    replace: bool = False,
    erase: Collection[uuid.UUID] = (),
    passphrase: Passphrase | None = None,
    actor: str,
) -> Restored:
    """Put the backup `file` into the folder `data`; `keys_from` is a backup of the keys.

    With `replace` the dataset that is there is kept beside it. `erase` names children that paper
    alone still says were withdrawn. Raises UserMistake before anything
    changes: for a damaged or unknown file, keys that do not fit, a dataset in use.
    """
    data, folder = data.absolute(), keys_folder_of(data, keys)
    if not file.is_file():
        raise CommandMistake("There is no file %(file)s.", file=file)
    present = data / FILE_NAME
    if present.exists() and not replace:
        raise CommandMistake(
            "There is a dataset in %(folder)s already: restore into an empty folder, "
            "or give --replace, which keeps it beside the restored one.",
            folder=data,
        )
    copy = unpack_keys(keys_from, passphrase) if keys_from else None
    incoming = _bring_in(file, data)
    try:
        before = _make_current(incoming, file)
        site = _site_of(incoming)
        if copy and not copy.holds(site):
            raise CommandMistake("The backup of the keys is one of another dataset.")
        tombstones = [*erasures_in(incoming), *erasures_in(present), *_said(site, erase)]
        _refuse_use(present)
        opened, adopted = _unite_keys(folder, copy, tombstones, passphrase)
        if copy and keys_from:
            remember_key_backup(opened, site, copy.id, copy.made_at, keys_from.name)
        chain = Chain(site, opened.secret(site, "audit"))
        left, common = kept_head(opened, site), common_head(incoming, present, site)
        carried = carry_over(present, incoming, chain)
        # Right for either of the two, whichever a kill leaves here.
        set_head(opened, site, common)
        kept = _put_in_place(incoming, present)
    finally:
        incoming.unlink(missing_ok=True)
        if copy:
            copy.connection.close()
    dataset = open_dataset(data, folder, create=False, passphrase=passphrase)
    try:
        return _conclude(
            dataset, file, Restored(before, {}, adopted, kept, carried), (left, common), actor
        )
    finally:
        dataset.close()


def _said(site: uuid.UUID, children: Collection[uuid.UUID]) -> Iterator[Tombstone]:
    at = clock.now().isoformat()
    for child in children:
        yield "participant", child.hex, site.hex, at
        yield withdrawn_kind("research"), f"{child.hex} {at} command", site.hex, at


def _bring_in(file: Path, data: Path) -> Path:
    """A copy in the data folder, with what a write-ahead log beside the file still holds."""
    data.mkdir(parents=True, exist_ok=True)
    incoming = data / f"{FILE_NAME}.incoming"
    incoming.unlink(missing_ok=True)
    incoming.touch(mode=0o600)
    if file.with_name(f"{file.name}-wal").exists():
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(incoming)) as target:
            source.backup(target)
    else:
        shutil.copyfile(file, incoming)  # a stick may be write-protected
    return incoming


def _make_current(incoming: Path, file: Path) -> dict[str, int]:
    """Verify the copy, and bring it to the newest tables before anything depends on it."""
    counts = verify_dataset(incoming, called=file)
    database = Database(incoming)
    try:
        upgrade(database)
    finally:
        database.close()
    _fold_log(incoming)
    return counts


def _unite_keys(
    folder: Path, copy: KeyCopy | None, tombstones: list[Tombstone], passphrase: Passphrase | None
) -> tuple[Keys, int]:
    """The folder's keys, joined with those of the backup; tombstones before all."""
    fresh = not (folder / KEYS_FILE).exists()
    if fresh and copy is None:
        raise CommandMistake(
            "There are no keys in %(folder)s: name their folder with --keys, "
            "or a backup of the keys with --keys-from.",
            folder=folder,
        )
    try:
        keys = Keys(folder, passphrase)
    except UserMistake:
        if copy is None:
            raise
        tombstones = [*tombstones, *read_tombstones(folder / KEYS_FILE)]
        _set_keys_aside(folder)
        keys, fresh = Keys(folder, passphrase), True
    keys.adopt_tombstones(tombstones)
    adopted = keys.adopt(copy.connection, copy.master) if copy else 0
    if copy and copy.authority:
        _put_authority(folder / AUTHORITY, copy.authority)
    if fresh and copy and copy.master.salt is not None and passphrase:
        keys.use_passphrase(passphrase())
    return keys, adopted


def _put_authority(file: Path, authority: bytes) -> None:
    """Bring back what tablets trust, unless they trust something newer here."""
    if file.exists():
        return
    file.parent.mkdir(mode=0o700, exist_ok=True)
    beside = file.with_name(f"{file.name}.incoming")
    write_privately(beside, authority)
    beside.replace(file)


def _set_keys_aside(folder: Path) -> None:
    """Keys that do not open with what is there: kept, should their master key be found."""
    stamp = _stamp()
    for path in sorted(folder.glob("*")):
        if path.name.startswith((KEYS_FILE, "master.key")) and ".unusable-" not in path.name:
            path.rename(path.with_name(f"{path.name}.unusable-{stamp}"))


def _site_of(file: Path) -> uuid.UUID:
    with closing(sqlite3.connect(file)) as connection:
        row = connection.execute("SELECT id FROM site").fetchone()
    if row is None:
        raise CommandMistake("%(file)s is no dataset, or damaged.", file=file)
    return uuid.UUID(row[0])


def _refuse_use(present: Path) -> None:
    """Raises Conflict while another program has the dataset open."""
    if not present.exists():
        return
    try:
        _fold_log(present)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise CommandMistake(
                "The dataset is in use: stop the program that serves it first."
            ) from error
    except sqlite3.DatabaseError:
        pass  # damaged: nobody can be using it, and it is kept as it is


def _fold_log(file: Path) -> None:
    """Make a dataset one file without its write-ahead log; SQLite refuses while it is in use."""
    with closing(sqlite3.connect(file, timeout=1)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")


def _put_in_place(incoming: Path, present: Path) -> str | None:
    """Give the copy its name; returns the name under which what was there is kept.

    At no moment is there no dataset: a start-up after a kill would make an empty one.
    """
    if not present.exists():
        incoming.rename(present)
        return None
    kept = present.with_name(f"{FILE_NAME}.replaced-{_stamp()}")
    for ending in ("-wal", "-shm"):  # of a damaged one: they must not be taken for the new one's
        path = present.with_name(present.name + ending)
        if path.exists():
            path.rename(kept.with_name(kept.name + ending))
    try:
        os.link(present, kept)
    except OSError:  # FAT knows no links
        shutil.copyfile(present, kept)
    incoming.replace(present)
    sync_folder(present.parent)
    return kept.name


def _stamp() -> str:
    return clock.now().strftime("%Y%m%dT%H%M%SZ")


def _conclude(
    dataset: Dataset,
    file: Path,
    restored: Restored,
    back: tuple[Head | None, Head | None],
    actor: str,
) -> Restored:
    """Count what is there now and note it in the log, which went back from one head to another."""
    dataset.database.forget_erased_pages()
    before = restored.counts
    after = _counts(dataset, before)
    erased = {name: before[name] - after[name] for name in before}
    with dataset.database.write() as session:
        dataset.chain.record(
            session, actor, RESTORED, file=file.name, kept=restored.kept, erased_again=erased,
            answers=restored.answers, log_left=_position(back[0]),
            log_back_to=_position(back[1]) or 0,
        )  # fmt: skip
    return dataclasses.replace(restored, counts=after, erased_again=erased)


def _position(head: Head | None) -> int | None:
    return head.position if head else None


def _counts(dataset: Dataset, names: Iterable[str]) -> dict[str, int]:
    tables = {"children": "participant", "photos": "photo_bytes"}
    with dataset.database.engine.connect() as connection:
        return {
            name: connection.exec_driver_sql(
                f"SELECT count(*) FROM {tables[name]}"  # noqa: S608 - the two names above
            ).scalar_one()
            for name in names
        }
