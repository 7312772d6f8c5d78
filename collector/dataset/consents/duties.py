"""What people must still do after a withdrawal: copies, models and key backups to be destroyed.

Each duty names its thing by a random id and a place, and a day: a controller has one month to act
on a withdrawal (GDPR, article 12(3); 152-FZ, article 21(5) says thirty days).
"""

import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import CommandMistake, NotFound
from collector.dataset.models import (
    CaptureSession,
    Duty,
    Export,
    ExportItem,
    ModelRun,
    ModelRunChild,
    Participant,
    Photo,
    Snapshot,
    SnapshotItem,
)
from collector.dataset.upkeep.backups import KEYS_DESTROYED, KEYS_MADE, backups_made

TERM = timedelta(days=30)

# A child's key is made moments before its row: a backup of just then holds it.
MARGIN = timedelta(minutes=1)


def duties_of(
    session: Session, site_id: uuid.UUID, participant_id: uuid.UUID, purposes: Collection[str]
) -> list[Duty]:
    """The duties that withdrawing these purposes brings, asked before the child's rows are gone.

    Copies are those made for one of the purposes. Snapshots, models and key backups matter only
    where research is withdrawn, for then the child is erased. What an earlier withdrawal of the
    same child left to people already, done or not, is left to them once.
    """
    now = clock.now()
    known = {(one.kind, one.subject) for one in list_duties(session, participant_id)}
    things = list(_exports(session, participant_id, purposes))
    if "research" in purposes:
        things += _snapshots(session, participant_id)
        things += _models(session, participant_id)
        things += _key_backups(session, participant_id)
    return [
        Duty(
            id=uuid.uuid4(),
            site_id=site_id,
            participant_id=participant_id,
            kind=kind,
            subject=subject.hex,
            place=place[:700],
            due_on=(now + TERM).date(),
            created_at=now,
        )
        for kind, subject, place in things
        if (kind, subject.hex) not in known
    ]


def list_duties(session: Session, participant_id: uuid.UUID | None = None) -> Sequence[Duty]:
    """All duties, or those one child left: open ones first, then by the day they are due."""
    statement = select(Duty).order_by(Duty.done_at.is_not(None), Duty.due_on, Duty.created_at)
    if participant_id:
        statement = statement.where(Duty.participant_id == participant_id)
    return session.scalars(statement).all()


def overdue(session: Session, at: datetime) -> Sequence[Duty]:
    """Duties that should have been done by now."""
    return [one for one in list_duties(session) if one.done_at is None and one.due_on < at.date()]


def fulfil_duty(
    dataset: Dataset, duty_id: uuid.UUID, *, actor: str, done_by: uuid.UUID | None = None
) -> None:
    """Note that it was done, for every child that had left the same duty by then; raises NotFound.

    A child that was withdrawn later keeps its own: whoever dealt with a copy did not know of it. A
    key backup that was destroyed is named in no later withdrawal. Done twice changes nothing.
    """
    with dataset.database.write() as session:
        duty = session.get(Duty, duty_id)
        if duty is None:
            raise NotFound("There is no such duty.")
        same = (
            Duty.kind == duty.kind,
            Duty.subject == duty.subject,
            Duty.created_at <= duty.created_at,
            Duty.done_at.is_(None),
        )
        children = session.scalars(select(Duty.participant_id).where(*same)).all()
        if not children:
            return
        session.execute(update(Duty).where(*same).values(done_at=clock.now(), done_by=done_by))
        action = KEYS_DESTROYED if duty.kind == "key_backup" else "duty fulfilled"
        # Neither path nor recipient: either may hold somebody's name.
        dataset.chain.record(
            session,
            actor,
            action,
            uuid.UUID(hex=duty.subject),
            kind=duty.kind,
            children=[one.hex for one in children],
        )
    if duty.kind == "key_backup":
        dataset.keys.bury(dataset.site_id, KEYS_DESTROYED, duty.subject)


def note_destroyed_keys(
    dataset: Dataset, backup_id: uuid.UUID, *, actor: str, done_by: uuid.UUID | None = None
) -> int:
    """Note that a backup of the keys was destroyed; returns how many children's duties that ends.

    No later withdrawal names it. Raises CommandMistake for a number that the log does not know, or
    knows as destroyed already.
    """
    with dataset.database.write() as session:
        if backup_id not in {one.id for one in backups_made(session, KEYS_MADE)}:
            raise CommandMistake("There is no backup of the keys with this number.")
        mine = (
            Duty.kind == "key_backup",
            Duty.subject == backup_id.hex,
            Duty.done_at.is_(None),
        )
        children = session.scalars(select(Duty.participant_id).where(*mine)).all()
        session.execute(update(Duty).where(*mine).values(done_at=clock.now(), done_by=done_by))
        dataset.chain.record(
            session, actor, KEYS_DESTROYED, backup_id, kind="key_backup",
            children=[one.hex for one in children],
        )  # fmt: skip
    dataset.keys.bury(dataset.site_id, KEYS_DESTROYED, backup_id.hex)
    return len(children)


def _exports(
    session: Session, participant_id: uuid.UUID, purposes: Collection[str]
) -> Iterator[tuple[str, uuid.UUID, str]]:
    statement = (
        select(Export)
        .where(
            Export.id.in_(
                select(ExportItem.export_id).where(ExportItem.participant_id == participant_id)
            ),
            Export.purpose.in_(purposes),
        )
        .order_by(Export.made_at)
    )
    for export in session.scalars(statement):
        place = f"{export.format}: {export.path}"
        yield "export", export.id, f"{place}, {export.recipient}" if export.recipient else place


def _snapshots(session: Session, participant_id: uuid.UUID) -> Iterator[tuple[str, uuid.UUID, str]]:
    statement = (
        select(Snapshot)
        .join(SnapshotItem, SnapshotItem.snapshot_id == Snapshot.id)
        .join(Photo, Photo.id == SnapshotItem.photo_id)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(CaptureSession.participant_id == participant_id)
        .order_by(Snapshot.created_at)
        .distinct()
    )
    for snapshot in session.scalars(statement):
        yield "snapshot", snapshot.id, snapshot.name


def _models(session: Session, participant_id: uuid.UUID) -> Iterator[tuple[str, uuid.UUID, str]]:
    statement = (
        select(ModelRun)
        .join(ModelRunChild, ModelRunChild.run_id == ModelRun.id)
        .where(ModelRunChild.participant_id == participant_id)
        .order_by(ModelRun.started_at)
    )
    for run in session.scalars(statement):
        yield "model", run.id, f"{run.architecture}: {run.folder}"


def _key_backups(
    session: Session, participant_id: uuid.UUID
) -> Iterator[tuple[str, uuid.UUID, str]]:
    child = session.get_one(Participant, participant_id)
    for backup in reversed(backups_made(session, KEYS_MADE)):
        if backup.made_at >= child.created_at - MARGIN:
            yield "key_backup", backup.id, f"{backup.file}, {backup.made_at.date().isoformat()}"
