"""What the doctor looks at: each check is a function that yields what it finds.

A finding is wrong (something is broken or was altered) or a warning (nothing is lost yet), and says
in a sentence each what it is and what to do. Checks may run while people capture: what is
registered or erased meanwhile is not taken for damage.
"""

import hashlib
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.backups import DATASET_MADE, KEYS_MADE, STALE, backups_made
from collector.dataset.dataset import Dataset
from collector.dataset.doors import integrity_scan
from collector.dataset.keys import KeyGone
from collector.dataset.models import (
    AuditEvent,
    CaptureSession,
    Consent,
    ConsentDocument,
    ConsentText,
    Participant,
    Photo,
    PhotoBytes,
)
from collector.dataset.sealing import Key, Unreadable

# A photo of a tablet is about half a megabyte: a few at a time keep memory low.
BATCH = 20

ASK_A_LAWYER = "Do not use the child's photos until the guardian's paper was compared"
FROM_BACKUP = "Stop working and restore the newest backup that the doctor finds whole"
KEYS_BACK = (
    "Back up the dataset as it is, then restore that file with --replace and with --keys-from "
    "naming a backup of the keys."
)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Finding:
    """What was found, by which check, about which random id, and what to do about it."""

    check: str
    wrong: bool
    sentence: str
    to_do: str
    subject: str | None = None


def examine(dataset: Dataset, progress: Progress | None = None) -> Iterator[Finding]:
    """All checks, the cheap ones first; `progress` hears photos done and photos in all."""
    for check in (check_file, check_chain, check_keys, check_texts, check_consents):
        yield from check(dataset)
    yield from check_sessions(dataset)
    yield from check_photos(dataset, progress or (lambda _done, _all: None))
    yield from check_logs(dataset)
    yield from check_leftovers(dataset)
    yield from check_backups(dataset)


def check_file(dataset: Dataset) -> Iterator[Finding]:
    """The SQLite file itself, and rows that lost their parents."""
    with dataset.database.engine.connect() as connection:
        said = connection.exec_driver_sql("PRAGMA integrity_check(5)").scalars().all()
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if list(said) != ["ok"]:
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
            if not _erased(dataset, child):
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
        if not _erased(dataset, child):
            yield Finding(
                "keys",
                True,
                f"There is a key of a child that the dataset does not know ({child}).",
                "An older dataset may have been put in place by hand: restore the newest backup.",
                child.hex,
            )


def check_texts(dataset: Dataset) -> Iterator[Finding]:
    """What was signed is what stands there: each document's hash."""
    with dataset.database.read() as session:
        for text in session.scalars(select(ConsentText)):
            content = f"{text.title}\n{text.body}".encode()
            if hashlib.sha256(content).hexdigest() != text.sha256:
                yield Finding(
                    "consents",
                    True,
                    f"The consent document {text.purpose} ({text.language}, version "
                    f"{text.version}) was altered after it was made.",
                    "Restore it from a backup: consents signed with it cannot be shown as signed.",
                    text.id.hex,
                )


def check_consents(dataset: Dataset) -> Iterator[Finding]:
    """Each answer is the one that the audit log knows, and what was sealed with it opens."""
    with dataset.database.read() as session:
        recorded = _recorded_consents(session)
        consents = session.scalars(select(Consent)).all()
        documents = {
            one.consent_id: one.sealed for one in session.scalars(select(ConsentDocument)).all()
        }
        children = set(session.scalars(select(Participant.id)))
    for consent in consents:
        fault = _fault_of_consent(dataset, consent, recorded, documents.get(consent.id))
        if fault:
            yield Finding(
                "consents", True, f"A consent {fault}.", f"{ASK_A_LAWYER}.", consent.id.hex
            )
    known = {consent.id.hex for consent in consents}
    for name, event in recorded.items():
        child = uuid.UUID(hex=event.subject) if event.subject else None
        if name not in known and child in children and child and not _erased(dataset, child):
            yield Finding(
                "consents",
                True,
                "A guardian's answer that the audit log knows is missing.",
                f"{ASK_A_LAWYER}.",
                name,
            )


def check_sessions(dataset: Dataset) -> Iterator[Finding]:
    """Each session rests on a research consent of its own child."""
    with dataset.database.read() as session:
        statement = (
            select(CaptureSession.id, CaptureSession.participant_id, Consent)
            .outerjoin(Consent, Consent.id == CaptureSession.consent_id)
            .where(CaptureSession.source_id.is_(None))
        )
        for sitting, child, consent in session.execute(statement):
            fault = None
            if consent is None:
                fault = "without the consent that it rests on"
            elif consent.participant_id != child:
                fault = "that rests on another child's consent"
            elif (consent.purpose, consent.state) != ("research", "given"):
                fault = "that rests on no given research consent"
            if fault:
                yield Finding(
                    "consents", True, f"There is a session {fault}.", f"{ASK_A_LAWYER}.",
                    sitting.hex,
                )  # fmt: skip


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
            if any(f".{word}-" in path.name for word in ("replaced", "unusable", "before-leaving")):
                yield Finding(
                    "leftovers",
                    False,
                    f"There is an old copy, {path.name}, which no withdrawal reaches.",
                    f"Delete {path} when it is not needed any more.",
                    path.name,
                )


def check_backups(dataset: Dataset) -> Iterator[Finding]:
    """Both backups are there and fresh, and the keys of the newest children are in one."""
    with dataset.database.read() as session:
        yield from backup_warnings(session, clock.now())


def backup_warnings(session: Session, at: datetime) -> Iterator[Finding]:
    """What to say of the backups' age; also for the operators' page."""
    kinds = (
        (DATASET_MADE, "the dataset", "collector backup FILE"),
        (KEYS_MADE, "the keys", "collector backup-keys FILE"),
    )
    for action, what, command in kinds:
        newest = next(iter(backups_made(session, action)), None)
        to_do = f"Make one: {command}."
        if newest is None:
            yield Finding("backups", False, f"There is no backup of {what} yet.", to_do)
        elif at - newest.made_at > STALE:
            days = (at - newest.made_at).days
            sentence = f"The newest backup of {what} is {days} days old."
            yield Finding("backups", False, sentence, to_do, newest.id.hex)
        elif action == KEYS_MADE and (later := _registered_since(session, newest.made_at)):
            sentence = f"{later} children were registered after the newest backup of the keys."
            yield Finding("backups", False, sentence, to_do, newest.id.hex)


def _registered_since(session: Session, moment: datetime) -> int:
    statement = select(func.count(Participant.id)).where(Participant.created_at > moment)
    return session.scalar(statement) or 0


def _recorded_consents(session: Session) -> dict[str, AuditEvent]:
    events = session.scalars(select(AuditEvent).where(AuditEvent.action.startswith("consent ")))
    return {str(one.details["consent"]): one for one in events if "consent" in one.details}


def _fault_of_consent(
    dataset: Dataset, consent: Consent, recorded: dict[str, AuditEvent], document: bytes | None
) -> str | None:
    event = recorded.get(consent.id.hex)
    if event is None:
        return "is unknown to the audit log"
    if consent.purpose != consent.text.purpose:
        return "was given with another purpose's document"
    said: dict[str, Any] = {
        "purpose": consent.purpose,
        "text": consent.text.sha256,
        "state": consent.state,
        "subject": consent.participant_id.hex,
    }
    logged = {**event.details, "state": event.action.split()[-1], "subject": event.subject}
    altered = [name for name, value in said.items() if logged.get(name, value) != value]
    if altered:
        return f"was altered after it was recorded ({', '.join(altered)})"
    try:
        key = dataset.keys.child(consent.participant_id)
    except (KeyGone, Unreadable):
        return None  # erased meanwhile, or said of the key itself
    try:
        key.open(consent.guardian, "guardian", consent.id)
        if document is not None:
            key.open(document, "consent document", consent.id)
    except Unreadable:
        return "holds a name or a signature that was altered or damaged"
    return None


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
            Photo.sha256,
            CaptureSession.participant_id,
            PhotoBytes.sealed,
            PhotoBytes.sealed_thumbnail,
        )
    )
    with dataset.database.read() as session:
        rows = session.execute(statement).all()
    for photo_id, sitting, sha256, child, sealed, thumbnail in rows:
        try:
            fault = _fault_of_photo(
                dataset.keys.child(child), photo_id, sitting, sha256, sealed, thumbnail
            )
        except (KeyGone, Unreadable):
            continue  # erased meanwhile, or said of the key itself
        if fault:
            yield photo_id, fault


def _fault_of_photo(
    key: Key,
    photo_id: uuid.UUID,
    sitting: uuid.UUID,
    sha256: str,
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
    if hashlib.sha256(content).hexdigest() != sha256:
        return "is not the one that was received: its hash is another"
    return None


def _erased(dataset: Dataset, child: uuid.UUID) -> bool:
    return dataset.keys.is_buried("participant", child.hex)
