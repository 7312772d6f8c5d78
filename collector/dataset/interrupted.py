"""What an interruption left undone, finished at every opening: the tombstones say what was wanted.

A restored backup is finished in just the same way: it is a dataset that was interrupted long ago.
"""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset.consents.duties import duties_of
from collector.dataset.consents.withdrawals import Word, record_withdrawal, withdrawn_kind
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import (
    BINNED,
    SECOND_FACE_SEEN,
    erase_participant,
    erase_photos,
    erase_rows,
    renew_master_key,
)
from collector.dataset.models import AuditEvent, Participant, Photo, Withdrawal
from collector.dataset.reassigning import move_again
from collector.dataset.upkeep.backups import KEYS_DESTROYED, KEYS_MADE
from collector.dataset.vocabulary import PURPOSES


def finish_interrupted(dataset: Dataset) -> None:
    """At every opening: settle half-made children, erase what a tombstone says was erased, and move
    sessions again that a restored backup has under the wrong child."""
    if dataset.keys.unconfirmed(dataset.site_id):
        _settle_registrations(dataset)
    _settle_key_backups(dataset)
    _settle_withdrawals(dataset)
    buried = {uuid.UUID(hex=one) for one in dataset.keys.buried(dataset.site_id, "participant")}
    held = buried & set(dataset.keys.children(dataset.site_id))
    with dataset.database.read() as session:
        there = buried & set(session.scalars(select(Participant.id)))
    for child in held:
        dataset.keys.destroy_child(child)
    if held or there:
        renew_master_key(dataset)
    for child in there:
        erase_rows(dataset, child, "start-up")
    _erase_buried_photos(dataset)
    move_again(dataset)
    dataset.database.forget_erased_pages()  # an earlier erasure may have found it busy


def _erase_buried_photos(dataset: Dataset) -> None:
    buried = [uuid.UUID(hex=one) for one in dataset.keys.buried(dataset.site_id, "photo")]
    with dataset.database.read() as session:
        left = [
            photo_id
            for start in range(0, len(buried), 500)
            for photo_id in session.scalars(
                select(Photo.id).where(Photo.id.in_(buried[start : start + 500]))
            )
        ]
    for reason in (BINNED, SECOND_FACE_SEEN, ""):
        known = set(dataset.keys.buried(dataset.site_id, reason)) if reason else None
        these = [one for one in left if known is None or one.hex in known]
        left = [one for one in left if one not in these]
        if these:
            erase_photos(dataset, these, actor="start-up", reason=reason)


def _settle_registrations(dataset: Dataset) -> None:
    # Under the write lock no registration is between its key and its row.
    with dataset.database.write() as session:
        for participant_id in dataset.keys.unconfirmed(dataset.site_id):
            if session.get(Participant, participant_id) is not None:
                dataset.keys.confirm_child(participant_id)
            else:
                dataset.keys.destroy_child(participant_id)


def _settle_key_backups(dataset: Dataset) -> None:
    """Tell the log of key backups that only the folder of keys knows, since a restore."""
    events: list[tuple[str, str, dict[str, str]]] = []
    for name in dataset.keys.buried(dataset.site_id, KEYS_MADE):
        backup, made_at, file = name.split(" ", 2)
        events.append((KEYS_MADE, backup, {"file": file, "made_at": made_at}))
    for backup in dataset.keys.buried(dataset.site_id, KEYS_DESTROYED):
        events.append((KEYS_DESTROYED, backup, {}))
    with dataset.database.read() as session:
        if not _unknown(session, events):
            return
    with dataset.database.write() as session:
        for action, backup, details in _unknown(session, events):
            dataset.chain.record(session, "start-up", action, uuid.UUID(hex=backup), **details)


def _unknown(
    session: Session, events: list[tuple[str, str, dict[str, str]]]
) -> list[tuple[str, str, dict[str, str]]]:
    statement = select(AuditEvent.action, AuditEvent.subject).where(
        AuditEvent.action.in_((KEYS_MADE, KEYS_DESTROYED))
    )
    known = {(action, subject) for action, subject in session.execute(statement)}
    return [one for one in events if one[:2] not in known]


def _settle_withdrawals(dataset: Dataset) -> None:
    """Bring back withdrawals that a restored backup does not know, and finish what they began."""
    for purpose in PURPOSES:
        for name in dataset.keys.buried(dataset.site_id, withdrawn_kind(purpose)):
            child, at, channel = name.split(" ")
            word = Word(uuid.UUID(hex=child), datetime.fromisoformat(at), channel, "start-up", None)
            _bring_back_withdrawal(dataset, purpose, word)
    with dataset.database.read() as session:
        left = session.scalars(
            select(Participant.id).where(
                Participant.id.in_(
                    select(Withdrawal.participant_id).where(Withdrawal.purpose == "research")
                )
            )
        ).all()
    for unfinished in left:
        erase_participant(dataset, unfinished, actor="start-up")


def _bring_back_withdrawal(dataset: Dataset, purpose: str, word: Word) -> None:
    """As `withdraw` would have written it; research leaves its duties when the child is erased."""
    child = word.participant_id
    known = select(Withdrawal.id).where(
        Withdrawal.participant_id == child,
        Withdrawal.purpose == purpose,
        Withdrawal.withdrawn_at == word.at,
    )
    with dataset.database.read() as session:
        if session.scalars(known).first():
            return
    with dataset.database.write() as session:
        if session.scalars(known).first():
            return
        record_withdrawal(dataset, session, purpose, word)
        if purpose != "research":
            session.add_all(duties_of(session, dataset.site_id, child, [purpose]))
