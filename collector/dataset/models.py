"""The tables, no rules; who writes what stands in ARCHITECTURE.md.

All of them in one file, longer than others: they refer to each other, and a reader wants the whole
picture before a part.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from collector.dataset.columns import Base, Row, UtcDateTime, one_of, word
from collector.dataset.emotions import EMOTIONS
from collector.dataset.vocabulary import ASSENTS, CHANNELS, DUTIES, LIGHTS, METHODS, PURPOSES, ROLES

EMOTION_NAMES = tuple(emotion.value for emotion in EMOTIONS)


class Site(Base):
    """A place that collects: the owner of its rows and of its audit chain."""

    __tablename__ = "site"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str] = mapped_column(word(120))
    play: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Study(Row):
    """What the photos are collected for, under whose responsibility, until when."""

    __tablename__ = "study"

    title: Mapped[str] = mapped_column(word(200))
    controller: Mapped[str] = mapped_column(word(200), default="")
    contact: Mapped[str] = mapped_column(word(200), default="")
    ethics_approval: Mapped[str] = mapped_column(word(120), default="")
    capture_until: Mapped[date | None]
    keep_until: Mapped[date | None]
    created_at: Mapped[datetime]


class User(Row):
    """An adult with an account."""

    __tablename__ = "user"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    name: Mapped[str] = mapped_column(word(80))
    password_hash: Mapped[str] = mapped_column(word(255))
    active: Mapped[bool] = mapped_column(default=True)
    sign_outs: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    roles: Mapped[list["UserRole"]] = relationship(lazy="selectin", cascade="all, delete-orphan")


class UserRole(Base):
    """One role of a user; a person may hold several."""

    __tablename__ = "user_role"
    __table_args__ = (one_of("role", *ROLES),)

    user_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"), primary_key=True)
    role: Mapped[str] = mapped_column(word(), primary_key=True)


class Participant(Row):
    """A child under a pseudonym; `attributes` is encrypted under the child's key."""

    __tablename__ = "participant"
    __table_args__ = (UniqueConstraint("site_id", "pseudonym"),)

    study_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("study.id"))
    pseudonym: Mapped[str] = mapped_column(word(80))
    attributes: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]


class ConsentText(Row):
    """A version of a consent document; never edited, an edit makes a new version."""

    __tablename__ = "consent_text"
    __table_args__ = (
        UniqueConstraint("site_id", "purpose", "language", "version"),
        one_of("purpose", *PURPOSES),
        one_of("origin", "shipped", "own"),
    )

    purpose: Mapped[str] = mapped_column(word())
    language: Mapped[str] = mapped_column(word(8))
    version: Mapped[int]
    title: Mapped[str] = mapped_column(word(200))
    body: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str] = mapped_column(word(64))
    origin: Mapped[str] = mapped_column(word())
    covers_earlier_photos: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Consent(Row):
    """A guardian's answer to one document, given or refused; the newest stands."""

    __tablename__ = "consent"
    __table_args__ = (
        one_of("purpose", *PURPOSES),
        one_of("method", *METHODS),
        one_of("state", "given", "refused"),
        CheckConstraint("valid_until IS NULL OR valid_until > signed_at", name="term"),
    )

    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"))
    text_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent_text.id"))
    purpose: Mapped[str] = mapped_column(word())
    guardian: Mapped[bytes] = mapped_column(LargeBinary)
    relation: Mapped[str] = mapped_column(word())
    method: Mapped[str] = mapped_column(word())
    state: Mapped[str] = mapped_column(word())
    signed_at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    valid_until: Mapped[datetime | None]
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    text: Mapped[ConsentText] = relationship(lazy="joined")


class ConsentDocument(Row):
    """The signature or scan behind a consent, encrypted under the child's key."""

    __tablename__ = "consent_document"

    consent_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("consent.id"), unique=True)
    media_type: Mapped[str] = mapped_column(word())
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class Withdrawal(Row):
    """A guardian's withdrawal of one purpose; it outlives the child and holds ids alone."""

    __tablename__ = "withdrawal"
    __table_args__ = (
        one_of("purpose", *PURPOSES),
        one_of("channel", *CHANNELS),
    )

    participant_id: Mapped[uuid.UUID]
    purpose: Mapped[str] = mapped_column(word())
    channel: Mapped[str] = mapped_column(word())
    recorded_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime]


class Receipt(Row):
    """What a guardian holds after answering; like a withdrawal it outlives the child.

    The code is found again by its HMAC; sealed under the child's key it can be printed again.
    `chain_position` and `chain_mac` are the audit log's head when the receipt was given.
    """

    __tablename__ = "receipt"

    participant_id: Mapped[uuid.UUID]
    code_mac: Mapped[str] = mapped_column(word(64), unique=True)
    sealed_code: Mapped[bytes | None] = mapped_column(LargeBinary)
    chain_position: Mapped[int]
    chain_mac: Mapped[str] = mapped_column(word(64))
    issued_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[datetime]
    void_at: Mapped[datetime | None]


class Duty(Row):
    """What people must still do after a withdrawal, because no program reaches it."""

    __tablename__ = "duty"
    __table_args__ = (one_of("kind", *DUTIES),)

    participant_id: Mapped[uuid.UUID]
    kind: Mapped[str] = mapped_column(word())
    subject: Mapped[str] = mapped_column(word(36))
    place: Mapped[str] = mapped_column(word(700))
    due_on: Mapped[date]
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))


class Source(Row):
    """A licensed outside collection, such as an adults' public set."""

    __tablename__ = "source"
    __table_args__ = (UniqueConstraint("site_id", "name"),)

    name: Mapped[str] = mapped_column(word(120))
    licence: Mapped[str] = mapped_column(word(120))
    address: Mapped[str] = mapped_column(word(300), default="")
    created_at: Mapped[datetime]


class Protocol(Row):
    """A session's prompts as data; superseded, never changed once used."""

    __tablename__ = "protocol"
    __table_args__ = (UniqueConstraint("site_id", "name", "version"),)

    name: Mapped[str] = mapped_column(word(80))
    version: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    supersedes_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("protocol.id"))
    created_at: Mapped[datetime]


class CaptureSession(Row):
    """One sitting of one child; it rests on exactly one of a consent or a licensed source.

    `announced` are the ids that the tablet still held when the session closed; `after_stop` is the
    child's answer about its photos after it stopped.
    """

    __tablename__ = "capture_session"
    __table_args__ = (
        CheckConstraint("(consent_id IS NULL) <> (source_id IS NULL)", name="one_ground"),
        one_of("origin", "captured", "imported"),
        one_of("assent", *ASSENTS),
        one_of("light", *LIGHTS),
        one_of("state", "ready", "running", "stopped", "finished", "declined"),
        one_of("after_stop", "keep", "bin"),
    )

    participant_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("participant.id"))
    consent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("consent.id"))
    source_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("source.id"))
    protocol_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("protocol.id"))
    operator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    origin: Mapped[str] = mapped_column(word())
    language: Mapped[str] = mapped_column(word(8))
    light: Mapped[str] = mapped_column(word())
    assent: Mapped[str | None] = mapped_column(word())
    assent_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(word(300), default="")
    state: Mapped[str] = mapped_column(word())
    token_sha256: Mapped[str | None] = mapped_column(word(64), unique=True)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    announced: Mapped[list[str]] = mapped_column(JSON, default=list)
    after_stop: Mapped[str | None] = mapped_column(word())
    participant: Mapped[Participant] = relationship(lazy="joined")
    protocol: Mapped[Protocol | None] = relationship()


class Photo(Row):
    """One photo's record; `id` is made by the tablet. Measures (docs/MEASURES.md) that do not
    apply are null.

    `digest` is an HMAC of the bytes under the child's key: it tells nothing to whoever lacks that.
    """

    __tablename__ = "photo"
    __table_args__ = (
        one_of("prompted_emotion", *EMOTION_NAMES),
        one_of("light", *LIGHTS),
        one_of("state", "active", "quarantined", "rejected"),
        CheckConstraint("(state = 'active') = (state_reason IS NULL)", name="reason_if_not_active"),
    )

    session_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("capture_session.id"))
    burst_id: Mapped[uuid.UUID]
    shot: Mapped[int]
    prompted_emotion: Mapped[str | None] = mapped_column(word())
    head_pose: Mapped[str | None] = mapped_column(word())
    light: Mapped[str] = mapped_column(word())
    taken_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(word(64))
    media_type: Mapped[str] = mapped_column(word())
    size_bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    luminance_mean: Mapped[float | None]
    luminance_variance: Mapped[float | None]
    under_exposure_prevention: Mapped[float | None]
    over_exposure_prevention: Mapped[float | None]
    dynamic_range: Mapped[float | None]
    illumination_uniformity: Mapped[float | None]
    single_face_present: Mapped[float | None]
    contrast: Mapped[float | None]
    shadow_share: Mapped[float | None]
    highlight_share: Mapped[float | None]
    lr_asymmetry: Mapped[float | None]
    backlight: Mapped[float | None]
    box_laplacian_variance: Mapped[float | None]
    inter_eye_distance: Mapped[float | None]
    head_size: Mapped[float | None]
    leftward_crop_of_the_face_image: Mapped[float | None]
    rightward_crop_of_the_face_image: Mapped[float | None]
    margin_above_of_the_face_image: Mapped[float | None]
    margin_below_of_the_face_image: Mapped[float | None]
    laplacian_variance: Mapped[float | None]
    roll: Mapped[float | None]
    cct: Mapped[float | None]
    face_boxes: Mapped[list[list[int]]] = mapped_column(JSON)
    camera_settings: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(word())
    state_reason: Mapped[str | None] = mapped_column(word())
    session: Mapped[CaptureSession] = relationship()


class PhotoBytes(Base):
    """The picture itself and its thumbnail, AES-256-GCM under the child's key."""

    __tablename__ = "photo_bytes"

    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    sealed: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    sealed_thumbnail: Mapped[bytes] = deferred(mapped_column(LargeBinary))


class Vote(Row):
    """A reviewer's judgement; append-only, a later one supersedes, undo is a row of its own."""

    __tablename__ = "vote"
    __table_args__ = (
        one_of("verdict", "emotion", "unsure", "not_usable", "undone"),
        one_of("emotion", *EMOTION_NAMES),
        one_of("origin", "queue", "grid", "adjudication", "imported"),
        CheckConstraint("(verdict = 'emotion') = (emotion IS NOT NULL)", name="emotion_if_named"),
        CheckConstraint(
            "(verdict = 'not_usable') = (reason IS NOT NULL)", name="reason_if_unusable"
        ),
        CheckConstraint("valence BETWEEN -1 AND 1", name="valence_range"),
        CheckConstraint("arousal BETWEEN -1 AND 1", name="arousal_range"),
    )

    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"))
    reviewer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    verdict: Mapped[str] = mapped_column(word())
    emotion: Mapped[str | None] = mapped_column(word())
    reason: Mapped[str | None] = mapped_column(word())
    valence: Mapped[float | None]
    arousal: Mapped[float | None]
    milliseconds: Mapped[int | None]
    blind: Mapped[bool] = mapped_column(default=True)
    origin: Mapped[str] = mapped_column(word())
    supersedes_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("vote.id"), unique=True)
    created_at: Mapped[datetime]


class Lease(Row):
    """Who looks at which photo until when, so that two reviewers do not do the same work."""

    __tablename__ = "lease"
    __table_args__ = (UniqueConstraint("photo_id", "reviewer_id"),)

    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"))
    reviewer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("user.id"))
    until: Mapped[datetime]


class Snapshot(Row):
    """A frozen curated set; its hash is over digests, so it stays verifiable after erasures."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("site_id", "name"), one_of("rule", "majority", "prompted"))

    name: Mapped[str] = mapped_column(word(80))
    rule: Mapped[str] = mapped_column(word())
    manifest_sha256: Mapped[str] = mapped_column(word(64))
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]


class SnapshotItem(Base):
    """One photo and its label in a snapshot; erasure empties both and keeps the digest."""

    __tablename__ = "snapshot_item"
    __table_args__ = (
        one_of("label", *EMOTION_NAMES),
        CheckConstraint("(photo_id IS NULL) = (label IS NULL)", name="whole_or_empty"),
    )

    snapshot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("snapshot.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(word(64))
    photo_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("photo.id"))
    label: Mapped[str | None] = mapped_column(word())


class Export(Row):
    """A copy that left the dataset: who made it, for whom, where to."""

    __tablename__ = "export"
    __table_args__ = (one_of("purpose", *PURPOSES),)

    purpose: Mapped[str] = mapped_column(word())
    format: Mapped[str] = mapped_column(word())
    recipient: Mapped[str] = mapped_column(word(200), default="")
    path: Mapped[str] = mapped_column(word(500), default="")
    snapshot_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("snapshot.id"))
    made_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]


class ExportItem(Base):
    """One photo in a copy, with the participant's random id: a withdrawal can name the copy."""

    __tablename__ = "export_item"

    export_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("export.id"), primary_key=True)
    photo_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    participant_id: Mapped[uuid.UUID]


class ModelRun(Row):
    """A training, registered before it begins, so that a withdrawal can name every model."""

    __tablename__ = "model_run"
    __table_args__ = (one_of("state", "training", "done", "failed"),)

    snapshot_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("snapshot.id"))
    architecture: Mapped[str] = mapped_column(word(80))
    folder: Mapped[str] = mapped_column(word(500))
    state: Mapped[str] = mapped_column(word())
    config: Mapped[dict[str, Any]] = mapped_column(JSON)
    metrics: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class ModelRunChild(Base):
    """A child whose photos a training learnt from or was measured on; outlives the child."""

    __tablename__ = "model_run_child"

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("model_run.id"), primary_key=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Prediction(Base):
    """What a model said of a photo."""

    __tablename__ = "prediction"
    __table_args__ = (one_of("part", "train", "validation"), one_of("emotion", *EMOTION_NAMES))

    run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("model_run.id"), primary_key=True)
    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("photo.id"), primary_key=True)
    part: Mapped[str] = mapped_column(word())
    emotion: Mapped[str] = mapped_column(word())
    scores: Mapped[dict[str, float]] = mapped_column(JSON)


class AuditEvent(Row):
    """What was done by whom to which random id; each event's HMAC covers the one before."""

    __tablename__ = "audit_event"
    __table_args__ = (UniqueConstraint("site_id", "position"),)

    position: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(word(80))
    action: Mapped[str] = mapped_column(word(80))
    subject: Mapped[str | None] = mapped_column(word(36))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    mac: Mapped[str] = mapped_column(word(64))


# The paths that a waiting person feels: the doors, the queue, and a vote's history.
Index("ix_photo_session", Photo.session_id, Photo.state)
Index("ix_vote_photo", Vote.photo_id)
Index("ix_vote_reviewer", Vote.reviewer_id, Vote.created_at)
Index("ix_consent_participant", Consent.participant_id, Consent.purpose)
Index("ix_withdrawal_participant", Withdrawal.participant_id, Withdrawal.purpose)
Index("ix_receipt_participant", Receipt.participant_id)
Index("ix_duty_participant", Duty.participant_id)
Index("ix_model_run_child_participant", ModelRunChild.participant_id)
Index("ix_export_item_participant", ExportItem.participant_id)
Index("ix_capture_session_participant", CaptureSession.participant_id)
Index("ix_snapshot_item_photo", SnapshotItem.photo_id)
Index("ix_prediction_photo", Prediction.photo_id)
