"""What the photos are collected for, filled in once; consent texts carry it."""

from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock, shipped
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, Unprocessable
from collector.dataset.models import Study


@dataclass(frozen=True)
class StudyDetails:
    """The study's title, who answers for it, the ethics approval and its two dates."""

    title: str = ""
    controller: str = ""
    contact: str = ""
    ethics_approval: str = ""
    capture_until: date | None = None
    keep_until: date | None = None


def read_study(session: Session) -> StudyDetails:
    """The study's details as they are now."""
    study = session.scalars(select(Study)).one()
    return StudyDetails(**{one.name: getattr(study, one.name) for one in fields(StudyDetails)})


def require_capturing(session: Session, at: datetime) -> None:
    """Raises Conflict where the study takes no photos at that moment any more, or may keep none."""
    capture_until, keep_until = session.execute(select(Study.capture_until, Study.keep_until)).one()
    # What was taken in time and comes after the last day would be hidden at once, and kept.
    for until, moment in ((capture_until, at), (keep_until, clock.now())):
        if until is not None and clock.day_of(moment) > until:
            raise Conflict("The study takes no more photos: its last day has passed.")


def describe_study(dataset: Dataset, details: StudyDetails, *, actor: str) -> None:
    """Fill in the details; the consent texts that carry them get a new version."""
    if details.capture_until and details.keep_until and details.keep_until < details.capture_until:
        raise Unprocessable("Photos cannot be kept for a shorter time than they are taken.")
    with dataset.database.write() as session:
        study = session.scalars(select(Study)).one()
        for one in fields(StudyDetails):
            value = getattr(details, one.name)
            setattr(study, one.name, value[:200] if isinstance(value, str) else value)
        dataset.chain.record(session, actor, "study described", study.id)
    shipped.install(dataset.database, dataset.site_id)
