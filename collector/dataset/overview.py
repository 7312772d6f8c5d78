"""How much there is: the counts on the home page."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.doors import quarantined_photos, usable_photos
from collector.dataset.models import CaptureSession, Participant, Snapshot, Vote


@dataclass(frozen=True)
class Counts:
    """Children, sessions, photos that may be used, photos in quarantine, votes, snapshots."""

    participants: int
    sessions: int
    usable: int
    quarantined: int
    votes: int
    snapshots: int


def count_everything(session: Session) -> Counts:
    """Count what the dataset holds now."""
    usable = usable_photos("research", clock.now()).subquery()
    waiting = quarantined_photos().order_by(None).subquery()
    tables = (Participant, CaptureSession, usable, waiting, Vote, Snapshot)
    return Counts(
        *(session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)
    )
