"""What the doctor looks at: each check is a function that yields what it finds.

A finding is wrong (something is broken or was altered) or a warning (nothing is lost yet), and says
in a sentence each what it is and what to do. Checks may run while people capture: what is
registered or erased meanwhile is not taken for damage.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence

from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from collector.dataset.dataset import Dataset
from collector.dataset.doors import integrity_scan
from collector.dataset.heads import is_in_log, kept_head
from collector.dataset.keys import KeyGone
from collector.dataset.models import (
    CaptureSession,
    Participant,
    Photo,
    PhotoBytes,
)
from collector.dataset.photos import digest_photo
from collector.dataset.sealing import Key, Unreadable
from collector.dataset.upkeep.backup_age import check_backups
from collector.dataset.upkeep.consent_integrity import check_consents, check_sessions, check_texts
from collector.dataset.upkeep.findings import Finding, is_erased
from collector.dataset.upkeep.promises import (
    check_duties,
    check_erasures,
    check_receipts,
    check_retention,
    check_withdrawals,
)

# A photo of a tablet is about half a megabyte: a few at a time keep memory low.
BATCH = 20

FROM_BACKUP = "Stop working and restore the newest backup"
KEYS_BACK = (
    "Back up the dataset as it is, then restore that file with --replace and with --keys-from "
    "naming a backup of the keys."
)

Progress = Callable[[int, int], None]


def examine(dataset: Dataset, progress: Progress | None = None) -> Iterator[Finding]:
    """All checks, the cheap ones first; `progress` hears photos done and photos in all."""
    damaged = list(check_file(dataset))
    yield from damaged
    if any(one.check == "file" for one in damaged):
        return  # the others would stumble over the same damage
    for check in CHECKS:
        yield from check(dataset)
    yield from check_photos(dataset, progress or (lambda _done, _all: None))
    yield from check_logs(dataset)
    yield from check_leftovers(dataset)
    yield from check_backups(dataset)


def check_file(dataset: Dataset) -> Iterator[Finding]:
    """The SQLite file itself, and rows that lost their parents."""
    try:
        with dataset.database.engine.connect() as connection:
            said = list(connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars())
            orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    except DatabaseError as error:
        said, orphans = [str(error.orig)], []
    if said != ["ok"]:
        yield Finding("file", True, f"The dataset's file is damaged: {said[0]}.", f"{FROM_BACKUP}.")
    for table in sorted({row[0] for row in orphans}):
        count = sum(row[0] == table for row in orphans)
        sentence = f"{count} rows of {table} belong to nothing."
        yield Finding("orphans", True, sentence, f"{FROM_BACKUP}.", table)


def check_chain(dataset: Dataset) -> Iterator[Finding]:
    """The audit log, event by event."""
    with dataset.database.read() as session:
        broken = dataset.chain.first_broken(session)
    if broken is not None:
        yield Finding(
            "audit",
            True,
            f"The audit log was altered: event {broken} does not follow from the one before.",
            "Find out who changed the file by other means than this program, "
            "and compare the log with a backup's.",
            str(broken),
        )


def check_head(dataset: Dataset) -> Iterator[Finding]:
    """The audit log reaches at least as far as the folder of keys knows."""
    kept = kept_head(dataset.keys, dataset.site_id)
    with dataset.database.read() as session:
        if kept is None or is_in_log(session, dataset.site_id, kept):
            return
    yield Finding(
        "audit",
        True,
        f"The newest events were cut off the audit log: its event {kept.position} is missing, "
        "and whatever was recorded with it may be, too.",
        f"{FROM_BACKUP}; what was withdrawn since is withdrawn again. If an older file was put in "
        "place by hand, bring it back with collector restore instead.",
        str(kept.position),
    )


def check_keys(dataset: Dataset) -> Iterator[Finding]:
    """Every child's key opens; no key without its child, no child without its key."""
    # Keys are asked for before and after: one is made before its row, and destroyed before it.
    before = set(dataset.keys.children(dataset.site_id))
    with dataset.database.read() as session:
        children = dict(session.execute(select(Participant.id, Participant.pseudonym)).all())
    for child, pseudonym in children.items():
        try:
            dataset.keys.child(child)
        except KeyGone:
            if not is_erased(dataset, child):
                yield Finding(
                    "keys",
                    True,
                    f"The key of {pseudonym} is missing: nothing of this child can be opened.",
                    KEYS_BACK,
                    child.hex,
                )
        except Unreadable:
            yield Finding(
                "keys",
                True,
                f"The key of {pseudonym} is damaged: nothing of this child can be opened.",
                KEYS_BACK,
                child.hex,
            )
    for child in before - children.keys():
        if not is_erased(dataset, child):
            yield Finding(
                "keys",
                True,
                f"There is a key of a child that the dataset does not know ({child}).",
                "An older dataset may have been put in place by hand: restore the newest backup.",
                child.hex,
            )


def check_photos(dataset: Dataset, progress: Progress) -> Iterator[Finding]:
    """Every photo opens and is what the tablet sent; none without bytes, no bytes without photo."""
    with dataset.database.read() as session:
        ids = session.scalars(integrity_scan().with_only_columns(Photo.id)).all()
        lost = select(PhotoBytes.photo_id).where(PhotoBytes.photo_id.not_in(select(Photo.id)))
        orphans = session.scalars(lost).all()
    for orphan in orphans:
        sentence = "There is a picture without the photo's record."
        yield Finding("photos", True, sentence, f"{FROM_BACKUP}.", orphan.hex)
    progress(0, len(ids))
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        for photo_id, fault in _faults_of_photos(dataset, batch):
            yield Finding("photos", True, f"A photo {fault}.", f"{FROM_BACKUP}.", photo_id.hex)
        progress(start + len(batch), len(ids))


def check_logs(dataset: Dataset) -> Iterator[Finding]:
    """Nothing erased still stands in the write-ahead logs."""
    for name, log in (("dataset", dataset.database), ("keys", dataset.keys)):
        if not log.forget_erased_pages():
            yield Finding(
                "log",
                False,
                f"Bytes erased from the {name} may still stand in its write-ahead log.",
                "Run the doctor again; if it says so again, stop and start the program.",
                name,
            )


def check_leftovers(dataset: Dataset) -> Iterator[Finding]:
    """Old copies beside the dataset or the keys, which no withdrawal reaches."""
    for folder, name in ((dataset.folder, dataset.database.path.name), (dataset.keys.folder, "*")):
        for path in sorted(folder.glob(f"{name}.*")):
            if any(
                f".{word}" in path.name
                for word in ("replaced-", "unusable-", "before-leaving-", "incoming")
            ):
                yield Finding(
                    "leftovers",
                    False,
                    f"There is an old copy, {path.name}, which no withdrawal reaches.",
                    f"Delete {path} when it is not needed any more.",
                    path.name,
                )


def _faults_of_photos(
    dataset: Dataset, ids: Sequence[uuid.UUID]
) -> Iterator[tuple[uuid.UUID, str]]:
    statement = (
        integrity_scan()
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .outerjoin(PhotoBytes, PhotoBytes.photo_id == Photo.id)
        .where(Photo.id.in_(ids))
        .with_only_columns(
            Photo.id,
            Photo.session_id,
            Photo.digest,
            CaptureSession.participant_id,
            PhotoBytes.sealed,
            PhotoBytes.sealed_thumbnail,
        )
    )
    with dataset.database.read() as session:
        rows = session.execute(statement).all()
    for photo_id, sitting, digest, child, sealed, thumbnail in rows:
        try:
            fault = _fault_of_photo(
                dataset.keys.child(child), photo_id, sitting, digest, sealed, thumbnail
            )
        except (KeyGone, Unreadable):
            continue  # erased meanwhile, or said of the key itself
        if fault:
            yield photo_id, fault


def _fault_of_photo(
    key: Key,
    photo_id: uuid.UUID,
    sitting: uuid.UUID,
    digest: str,
    sealed: bytes | None,
    thumbnail: bytes | None,
) -> str | None:
    if sealed is None or thumbnail is None:
        return "has a record and no picture"
    try:
        content = key.open(sealed, "photo", photo_id, sitting)
        key.open(thumbnail, "thumbnail", photo_id, sitting)
    except Unreadable:
        return "cannot be opened: its bytes were altered, moved or damaged"
    if digest_photo(key, photo_id, hashlib.sha256(content).hexdigest()) != digest:
        return "is not the one that was received: its hash is another"
    return None


CHECKS: tuple[Callable[[Dataset], Iterator[Finding]], ...] = (
    check_chain,
    check_head,
    check_keys,
    check_texts,
    check_consents,
    check_sessions,
    check_withdrawals,
    check_erasures,
    check_retention,
    check_receipts,
    check_duties,
)
