"""Sessions and the photos taken in them."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from collector.dataset.columns import Base, Row, one_of, word
from collector.dataset.emotions import EMOTION_NAMES
from collector.dataset.models.people import Participant
from collector.dataset.vocabulary import ASSENTS, LIGHTS


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
    light_passport_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("light_passport.id"))
    lesson_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("lesson.id"))
    tablet_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tablet.id"))
    operator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    origin: Mapped[str] = mapped_column(word())
    language: Mapped[str] = mapped_column(word(8))
    light: Mapped[str] = mapped_column(word())
    assent: Mapped[str | None] = mapped_column(word())
    assent_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(word(300), default="")
    state: Mapped[str] = mapped_column(word())
    token_sha256: Mapped[str | None] = mapped_column(word(64), unique=True)
    earlier_tokens: Mapped[list[str]] = mapped_column(JSON, default=list)
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
    attempt: Mapped[int] = mapped_column(default=1, server_default="1")
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
    lux: Mapped[float | None]
    guidance: Mapped[str | None] = mapped_column(word())
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


# The paths that a waiting person feels.
Index("ix_photo_session", Photo.session_id, Photo.state)
Index("ix_capture_session_participant", CaptureSession.participant_id)
