"""Everything that is held about one child, brought together for its guardian.

The right of access: GDPR, article 15 (with a copy, 15(3), that a program can read, article 20);
152-FZ, article 14. What shows or names somebody else stays out (GDPR, article 15(4)): photos with a
second face, which are counted, and the names of reviewers and staff, who stand as "reviewer 1" and
"staff". Receipts come without their codes: a file may be read by others, and a code withdraws.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Select, func, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.answers import consents_of, guardian_of, read_document
from collector.dataset.consents.duties import list_duties
from collector.dataset.consents.receipts import receipts_of
from collector.dataset.consents.standing import standing_consent
from collector.dataset.consents.withdrawals import withdrawals_of
from collector.dataset.dataset import Dataset
from collector.dataset.doors import count_with_others, guardians_photos
from collector.dataset.errors import NotFound
from collector.dataset.keys import KeyGone
from collector.dataset.models import (
    AuditEvent,
    CaptureSession,
    Consent,
    Export,
    ExportItem,
    Lesson,
    LessonChild,
    LightPassport,
    ModelRun,
    ModelRunChild,
    Participant,
    Photo,
    Prediction,
    Protocol,
    Snapshot,
    SnapshotItem,
    Vote,
)
from collector.dataset.participants import find_participant, read_attributes
from collector.dataset.photos import read_photo
from collector.dataset.studies import read_study
from collector.dataset.vocabulary import ACTORS

ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}

UNTOLD = frozenset(
    {
        "site_id", "token_sha256", "participant_id", "operator_id", "recorded_by", "tablet_id",
        "lesson_id",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Holdings:
    """All that is held about a child: `data` as plain values, and its files by their names."""

    data: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)
    photos: int = 0
    left_out: int = 0


def gather(dataset: Dataset, participant_id: uuid.UUID) -> Holdings:
    """Everything, decrypted in memory; raises NotFound where the child is not there (any more)."""
    files: dict[str, bytes] = {}
    try:
        with dataset.database.read() as session:
            participant = find_participant(session, participant_id)
            photos = session.scalars(guardians_photos(participant_id)).all()
            left_out = count_with_others(session, participant_id)
            data = {
                "made_at": clock.now(),
                "study": asdict(read_study(session)),
                "child": _child(dataset, participant),
                "consents": [
                    _consent(dataset, session, one, files)
                    for one in reversed(consents_of(session, participant_id))
                ],
                "withdrawals": [_row(one) for one in withdrawals_of(session, participant_id)],
                "receipts": [
                    _row(one, "code_mac", "sealed_code", "issued_by")
                    for one in reversed(receipts_of(session, participant_id))
                ],
                "duties": [
                    _row(one, "done_by", "place") for one in list_duties(session, participant_id)
                ],
                "sessions": _sessions(session, participant_id, photos),
                "lessons": _lessons(session, participant_id),
                **_copies(session, participant_id),
                "photos_left_out": left_out,
                "events": _events(session, participant_id),
            }
        for photo in photos:
            with suppress(NotFound):  # binned since it came through the door
                files[_name_of(photo)] = read_photo(dataset, photo)
    except KeyGone as error:  # erased at this moment
        raise NotFound("There is no such child.") from error
    return Holdings(data, files, len(photos), left_out)


def _child(dataset: Dataset, participant: Participant) -> dict[str, Any]:
    return {
        "id": participant.id,
        "pseudonym": participant.pseudonym,
        "real_name": dataset.keys.real_name(participant.id),
        "registered_at": participant.created_at,
        **asdict(read_attributes(dataset, participant)),
    }


def _consent(
    dataset: Dataset, session: Session, consent: Consent, files: dict[str, bytes]
) -> dict[str, Any]:
    """The answer, its text as it was signed, and the name of the file with the signature."""
    standing = standing_consent(session, consent.participant_id, consent.purpose, clock.now())
    found, name = read_document(dataset, consent), None
    if found:
        day = consent.signed_at.date().isoformat()
        name = f"documents/{day}-{consent.purpose}-{consent.id.hex[:8]}.{ENDINGS[found[0]]}"
        files[name] = found[1]
    return {
        **_row(consent, "text_id"),
        "guardian": asdict(guardian_of(dataset, consent)),
        "stands": standing is not None and standing.id == consent.id,
        "file": name,
        "text": _row(consent.text, "id", "created_at"),
    }


def _sessions(
    session: Session, participant_id: uuid.UUID, photos: Iterable[Photo]
) -> list[dict[str, Any]]:
    """The child's sessions, each with its photos' records, in the order of the door."""
    votes = _votes(session, participant_id)
    predictions = _by_photo(session, select(Prediction), Prediction.photo_id, participant_id)
    items = _by_photo(session, select(SnapshotItem), SnapshotItem.photo_id, participant_id)
    names = dict(session.execute(select(Snapshot.id, Snapshot.name)).all())
    records: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    for photo in photos:
        records[photo.session_id].append(
            {
                **_row(photo, "session_id"),
                "file": _name_of(photo),
                "votes": votes[photo.id],
                "predictions": [_row(one, "photo_id") for one in predictions[photo.id]],
                "snapshots": [
                    {"name": names[one.snapshot_id], "label": one.label} for one in items[photo.id]
                ],
            }
        )
    sittings = session.execute(
        select(CaptureSession, Protocol, LightPassport)
        .outerjoin(Protocol, Protocol.id == CaptureSession.protocol_id)
        .outerjoin(LightPassport, LightPassport.id == CaptureSession.light_passport_id)
        .where(CaptureSession.participant_id == participant_id)
        .order_by(CaptureSession.created_at)
    )
    return [
        {
            **_row(sitting, "protocol_id", "light_passport_id"),
            "protocol": f"{protocol.name} {protocol.version}" if protocol else None,
            "light_passport": _row(light, "token_until") if light else None,
            "photos": records[sitting.id],
        }
        for sitting, protocol, light in sittings
    ]


def _lessons(session: Session, participant_id: uuid.UUID) -> list[dict[str, Any]]:
    """The lessons on whose list the child stands."""
    found = session.execute(
        select(Lesson.title, Lesson.created_at, LessonChild.is_absent, LessonChild.rehearsed_at)
        .join(LessonChild, LessonChild.lesson_id == Lesson.id)
        .where(LessonChild.participant_id == participant_id)
        .order_by(Lesson.created_at)
    )
    return [dict(row._mapping) for row in found]


def _votes(session: Session, participant_id: uuid.UUID) -> Mapping[uuid.UUID, list[dict[str, Any]]]:
    """All votes on the child's photos; reviewers are numbered in the order in which they judged."""
    told: dict[uuid.UUID, list[dict[str, Any]]] = defaultdict(list)
    numbers: dict[uuid.UUID, int] = {}
    found = _by_photo(
        session, select(Vote).order_by(Vote.created_at), Vote.photo_id, participant_id
    )
    for photo_id, votes in found.items():
        for vote in votes:
            number = numbers.setdefault(vote.reviewer_id, len(numbers) + 1)
            record = _row(vote, "photo_id", "reviewer_id")
            told[photo_id].append({**record, "reviewer": f"reviewer {number}"})
    return told


def _by_photo(
    session: Session, statement: Select[Any], photo_id: Any, participant_id: uuid.UUID
) -> dict[uuid.UUID, list[Any]]:
    """The rows that hang on the child's photos, by photo."""
    photos = guardians_photos(participant_id).order_by(None).with_only_columns(Photo.id)
    found: dict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in session.scalars(statement.where(photo_id.in_(photos))):
        found[row.photo_id].append(row)
    return found


def _copies(session: Session, participant_id: uuid.UUID) -> dict[str, list[dict[str, Any]]]:
    """The exports, snapshots and models that contain the child; not where they lie."""
    exports = session.execute(
        select(Export, func.count())
        .join(ExportItem, ExportItem.export_id == Export.id)
        .where(ExportItem.participant_id == participant_id)
        .group_by(Export.id)
        .order_by(Export.made_at)
    )
    snapshots = session.execute(
        select(Snapshot, func.count())
        .join(SnapshotItem, SnapshotItem.snapshot_id == Snapshot.id)
        .join(Photo, Photo.id == SnapshotItem.photo_id)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(CaptureSession.participant_id == participant_id)
        .group_by(Snapshot.id)
        .order_by(Snapshot.created_at)
    )
    models = session.scalars(
        select(ModelRun)
        .join(ModelRunChild, ModelRunChild.run_id == ModelRun.id)
        .where(ModelRunChild.participant_id == participant_id)
        .order_by(ModelRun.started_at)
    )
    return {
        "exports": [{**_row(one, "made_by", "path"), "photos": count} for one, count in exports],
        "snapshots": [{**_row(one, "counts"), "photos": count} for one, count in snapshots],
        "models": [_row(one, "config", "metrics", "folder") for one in models],
    }


def _events(session: Session, participant_id: uuid.UUID) -> list[dict[str, Any]]:
    """What the log says of the child, its sessions and its photos, also of those erased since."""
    sittings = {
        one.hex
        for one in session.scalars(
            select(CaptureSession.id).where(CaptureSession.participant_id == participant_id)
        )
    }
    subjects = {participant_id.hex, *sittings}
    return [
        {
            "at": event.at,
            "action": event.action,
            "by": event.actor if event.actor in ACTORS else "staff",
            "details": event.details,
        }
        for event in session.scalars(select(AuditEvent).order_by(AuditEvent.position))
        if event.subject in subjects or event.details.get("sitting") in sittings
    ]


def _name_of(photo: Photo) -> str:
    moment: datetime = photo.taken_at or photo.received_at
    what = photo.prompted_emotion or "photo"
    ending = ENDINGS.get(photo.media_type, "bin")
    return f"photos/{moment:%Y-%m-%d}/{moment:%H%M%S}-{what}-{photo.id.hex[:8]}.{ending}"


def _row(row: Any, *left_out: str) -> dict[str, Any]:
    """A row's readable values; sealed bytes and the program's own references stay out."""
    return {
        column.key: getattr(row, column.key)
        for column in row.__table__.columns
        if column.key not in UNTOLD
        and column.key not in left_out
        and not isinstance(column.type, LargeBinary)
    }
