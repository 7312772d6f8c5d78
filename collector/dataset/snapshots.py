"""The curated set: frozen under a name, loaded for training, verifiable after erasures."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.keys import KeyGone
from collector.dataset.labels import majority, standing_votes
from collector.dataset.models import CaptureSession, Participant, Photo, Snapshot, SnapshotItem
from collector.dataset.photos import face_of, read_photo
from collector.dataset.pixels import Box
from collector.dataset.sealing import Key

RULES = ("majority", "prompted")


@dataclass(frozen=True)
class SnapshotPhoto:
    """One photo for training: its bytes as captured, its label, and whose it is.

    `face` is the largest face's box in pixels of the stored photo; `publishable` says that the
    guardian's publication consent stands, so that a report may show it.
    """

    photo_id: uuid.UUID
    participant_id: uuid.UUID
    pseudonym: str
    session_id: uuid.UUID
    burst_id: uuid.UUID
    shot: int
    label: Emotion
    jpeg: bytes
    face: Box | None
    publishable: bool


@dataclass(frozen=True)
class LoadedSnapshot:
    """A snapshot with the photos that may still be used."""

    id: uuid.UUID
    name: str
    rule: str
    manifest_sha256: str
    photos: tuple[SnapshotPhoto, ...]
    missing: int


def freeze_snapshot(dataset: Dataset, name: str, rule: str, *, actor: str) -> Snapshot:
    """Freeze what is curated now under a new name.

    `majority` takes the label with the most votes and leaves out photos without a vote, tied,
    unsure or not usable; `prompted` takes the prompts and leaves out photos without one. Raises
    Conflict for a taken name, Unprocessable for an unknown rule or when nothing is left.
    """
    if rule not in RULES:
        raise Unprocessable(f"The rule is one of {', '.join(RULES)}.")
    if not 1 <= len(name.strip()) <= 80:
        raise Unprocessable("A snapshot's name has 1 to 80 characters.")
    at = clock.now()
    with dataset.database.write() as session:
        if session.scalars(select(Snapshot).where(Snapshot.name == name)).first():
            raise Conflict(f"There is a snapshot called {name} already: choose another name.")
        labelled, left_out = _curated(session, rule, at)
        if not labelled:
            raise Unprocessable(
                f"No photo has a label by the rule {rule} ({_listed(left_out)}): nothing to freeze."
            )
        items = list(_items(dataset, session, labelled))
        snapshot = Snapshot(
            id=uuid.uuid4(),
            site_id=dataset.site_id,
            name=name,
            rule=rule,
            manifest_sha256=_manifest(item.digest for item in items),
            counts=_counts(labelled, left_out),
            created_at=at,
        )
        session.add(snapshot)
        session.flush()
        for item in items:
            item.snapshot_id = snapshot.id
        session.add_all(items)
        dataset.chain.record(
            session, actor, "snapshot frozen", snapshot.id, manifest=snapshot.manifest_sha256
        )
    return snapshot


def list_snapshots(session: Session) -> Sequence[Snapshot]:
    """All snapshots, oldest first."""
    return session.scalars(select(Snapshot).order_by(Snapshot.created_at)).all()


def find_snapshot(session: Session, name: str) -> Snapshot:
    """The snapshot of that name; raises NotFound, naming those that are there."""
    snapshot = session.scalars(select(Snapshot).where(Snapshot.name == name)).first()
    if snapshot is None:
        names = [one.name for one in list_snapshots(session)]
        there = f"Snapshots here: {', '.join(names)}." if names else "There is none yet."
        raise NotFound(f"There is no snapshot called {name}. {there}")
    return snapshot


def load_snapshot(dataset: Dataset, name: str, *, at: datetime | None = None) -> LoadedSnapshot:
    """The snapshot's photos that may be used for research at `at`, decrypted in memory.

    `missing` counts the items whose photo was erased, expired or rejected since.
    """
    at = at or clock.now()
    with dataset.database.read() as session:
        snapshot = find_snapshot(session, name)
        total = len(_items_of(session, snapshot.id))
        publishable = set(
            session.scalars(usable_photos("publication", at).with_only_columns(Photo.id))
        )
        rows = session.execute(_usable_items(snapshot.id, at)).all()
    photos = []
    for item, photo, participant in rows:
        with suppress(NotFound):  # erased since it came through the door
            photos.append(
                SnapshotPhoto(
                    photo_id=photo.id,
                    participant_id=participant.id,
                    pseudonym=participant.pseudonym,
                    session_id=photo.session_id,
                    burst_id=photo.burst_id,
                    shot=photo.shot,
                    label=Emotion(str(item.label)),
                    jpeg=read_photo(dataset, photo),
                    face=face_of(photo),
                    publishable=photo.id in publishable,
                )
            )
    return LoadedSnapshot(
        snapshot.id,
        snapshot.name,
        snapshot.rule,
        snapshot.manifest_sha256,
        tuple(photos),
        total - len(photos),
    )


def verify_snapshot(dataset: Dataset, name: str) -> bool:
    """Whether the manifest's hash and the digest of each item left are still right."""
    with dataset.database.read() as session:
        snapshot = find_snapshot(session, name)
        items = _items_of(session, snapshot.id)
        if _manifest(item.digest for item in items) != snapshot.manifest_sha256:
            return False
        for item in items:
            if item.photo_id is None:
                continue
            photo, participant_id = _photo_and_child(session, item.photo_id)
            try:
                key = dataset.keys.child(participant_id)
            except KeyGone:
                continue  # being erased at this moment: soon emptied as well
            if item.digest != _digest(key, photo, str(item.label)):
                return False
    return True


def _curated(
    session: Session, rule: str, at: datetime
) -> tuple[list[tuple[Photo, Emotion]], Counter[str]]:
    door = usable_photos("research", at).order_by(Photo.id)
    votes = standing_votes(session, door)
    labelled, left_out = [], Counter[str]()
    for photo in session.scalars(door):
        if rule == "prompted":
            prompt = photo.prompted_emotion
            why, label = ("agreed", Emotion(prompt)) if prompt else ("no_prompt", None)
        else:
            why, label = majority(votes.get(photo.id, []))
        if label is None:
            left_out[why] += 1
        else:
            labelled.append((photo, label))
    return labelled, left_out


def _items(
    dataset: Dataset, session: Session, labelled: list[tuple[Photo, Emotion]]
) -> Iterator[SnapshotItem]:
    children = dict(session.execute(select(CaptureSession.id, CaptureSession.participant_id)).all())
    keys: dict[uuid.UUID, Key] = {}
    for position, (photo, label) in enumerate(labelled):
        child = children[photo.session_id]
        keys[child] = keys.get(child) or dataset.keys.child(child)
        yield SnapshotItem(
            position=position,
            digest=_digest(keys[child], photo, label),
            photo_id=photo.id,
            label=label,
        )


def _digest(key: Key, photo: Photo, label: str) -> str:
    return key.digest("snapshot item", photo.id.hex, photo.digest, label)


def _manifest(digests: Any) -> str:
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _items_of(session: Session, snapshot_id: uuid.UUID) -> Sequence[SnapshotItem]:
    return session.scalars(
        select(SnapshotItem)
        .where(SnapshotItem.snapshot_id == snapshot_id)
        .order_by(SnapshotItem.position)
    ).all()


def _usable_items(snapshot_id: uuid.UUID, at: datetime) -> Select[SnapshotItem, Photo, Participant]:
    usable = usable_photos("research", at).with_only_columns(Photo.id)
    return (
        select(SnapshotItem, Photo, Participant)
        .join(Photo, Photo.id == SnapshotItem.photo_id)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .join(Participant, Participant.id == CaptureSession.participant_id)
        .where(SnapshotItem.snapshot_id == snapshot_id, Photo.id.in_(usable))
        .order_by(SnapshotItem.position)
    )


def _photo_and_child(session: Session, photo_id: uuid.UUID) -> tuple[Photo, uuid.UUID]:
    row = session.execute(
        select(Photo, CaptureSession.participant_id)
        .join(CaptureSession, CaptureSession.id == Photo.session_id)
        .where(Photo.id == photo_id)
    ).one()
    return row[0], row[1]


def _counts(
    labelled: list[tuple[Photo, Emotion]], left_out: Counter[str]
) -> dict[str, dict[str, int]]:
    labels = Counter(label for _, label in labelled)
    return {
        "labels": {emotion.value: labels.get(emotion, 0) for emotion in EMOTIONS},
        "left_out": dict(sorted(left_out.items())),
    }


def _listed(left_out: Counter[str]) -> str:
    if not left_out:
        return "there are no usable photos"
    return ", ".join(f"{count} {why.replace('_', ' ')}" for why, count in left_out.most_common())
