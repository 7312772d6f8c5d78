"""How old the backups are, and what that means for what was collected since."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.models import AuditEvent, Participant
from collector.dataset.upkeep.backups import DATASET_MADE, KEYS_MADE, STALE, backups_made
from collector.dataset.upkeep.findings import Finding


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
        elif action == KEYS_MADE and (gone := _erased_since(session, newest.made_at)):
            sentence = f"{gone} children were erased after the newest backup of the keys."
            to_do = f"Make a new one, then destroy the older ones: {command}."
            yield Finding("backups", False, sentence, to_do, newest.id.hex)


def _registered_since(session: Session, moment: datetime) -> int:
    statement = select(func.count(Participant.id)).where(Participant.created_at > moment)
    return session.scalar(statement) or 0


def _erased_since(session: Session, moment: datetime) -> int:
    statement = select(func.count(AuditEvent.id)).where(
        AuditEvent.action == "participant erased", AuditEvent.at > moment
    )
    return session.scalar(statement) or 0
