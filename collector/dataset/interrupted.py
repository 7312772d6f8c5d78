"""What an interruption left undone, finished at every opening: the tombstones say what was wanted.

A restored backup is finished in just the same way: it is a dataset that was interrupted long ago.
"""

import uuid
from datetime import datetime

from sqlalchemy import select

from collector.dataset.consents.withdrawals import withdrawn_kind
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import (
    erase_participant,
    erase_photos,
    erase_rows,
    renew_master_key,
)
from collector.dataset.models import Participant, Photo, Withdrawal
from collector.dataset.vocabulary import PURPOSES


def finish_interrupted(dataset: Dataset) -> None:
    """At every opening: settle half-made children, and erase what a tombstone says was erased."""
    if dataset.keys.unconfirmed(dataset.site_id):
        _settle_registrations(dataset)
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
    if left:
        erase_photos(dataset, left, actor="start-up")


def _settle_registrations(dataset: Dataset) -> None:
    # Under the write lock no registration is between its key and its row.
    with dataset.database.write() as session:
        for participant_id in dataset.keys.unconfirmed(dataset.site_id):
            if session.get(Participant, participant_id) is not None:
                dataset.keys.confirm_child(participant_id)
            else:
                dataset.keys.destroy_child(participant_id)


def _settle_withdrawals(dataset: Dataset) -> None:
    """Bring back withdrawals that a restored backup does not know, and finish what they began."""
    for purpose in PURPOSES:
        for name in dataset.keys.buried(dataset.site_id, withdrawn_kind(purpose)):
            child, at, channel = name.split(" ")
            _bring_back_withdrawal(
                dataset, uuid.UUID(hex=child), purpose, datetime.fromisoformat(at), channel
            )
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


def _bring_back_withdrawal(
    dataset: Dataset, participant_id: uuid.UUID, purpose: str, at: datetime, channel: str
) -> None:
    known = select(Withdrawal.id).where(
        Withdrawal.participant_id == participant_id,
        Withdrawal.purpose == purpose,
        Withdrawal.withdrawn_at == at,
    )
    with dataset.database.read() as session:
        if session.scalars(known).first():
            return
    with dataset.database.write() as session:
        if session.scalars(known).first():
            return
        session.add(
            Withdrawal(
                site_id=dataset.site_id,
                participant_id=participant_id,
                purpose=purpose,
                channel=channel,
                withdrawn_at=at,
            )
        )
        dataset.chain.record(
            session,
            "start-up",
            "consent withdrawn",
            participant_id,
            purpose=purpose,
            channel=channel,
        )
