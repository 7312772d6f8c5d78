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
from collector.dataset.errors import NotFound
from collector.dataset.models import (
    AuditEvent,
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
from collector.dataset.upkeep.backups import KEYS_MADE, backups_made

TERM = timedelta(days=30)
KEYS_DESTROYED = "key backup destroyed"


def duties_of(
    session: Session, site_id: uuid.UUID, participant_id: uuid.UUID, purposes: Collection[str]
) -> list[Duty]:
    """The duties that withdrawing these purposes brings, asked before the child's rows are gone.

    Copies are those made for one of the purposes. Snapshots, models and key backups matter only
    where research is withdrawn, for then the child is erased.
    """
    now = clock.now()
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
    """Note that it was done, for every child that left the same duty; raises NotFound.

    A key backup that was destroyed is named in no later withdrawal.
    """
    with dataset.database.write() as session:
        duty = session.get(Duty, duty_id)
        if duty is None:
            raise NotFound("There is no such duty.")
        same = (Duty.kind == duty.kind, Duty.subject == duty.subject, Duty.done_at.is_(None))
        found = session.execute(
            update(Duty).where(*same).values(done_at=clock.now(), done_by=done_by)
        )
        if not found.rowcount:  # type: ignore[attr-defined]
            return
        action = KEYS_DESTROYED if duty.kind == "key_backup" else "duty fulfilled"
        dataset.chain.record(
            session, actor, action, uuid.UUID(hex=duty.subject), kind=duty.kind, place=duty.place
        )


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
    destroyed = set(
        session.scalars(select(AuditEvent.subject).where(AuditEvent.action == KEYS_DESTROYED))
    )
    for backup in reversed(backups_made(session, KEYS_MADE)):
        if backup.made_at >= child.created_at and backup.id.hex not in destroyed:
            yield "key_backup", backup.id, f"{backup.file}, {backup.made_at.date().isoformat()}"
