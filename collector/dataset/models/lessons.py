"""A class in front of some tablets, the light of its room, and prompts in an operator's voice."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column

from collector.dataset.columns import Base, Row, one_of, word
from collector.dataset.vocabulary import LIGHTS, SHEETS


class LightPassport(Row):
    """The light of a room in one hour, declared by an operator and measured on a sheet of paper.

    Measures are null until a frame of the sheet has come, which is never stored; until
    `token_until`, `token_sha256` lets one tablet send it, once.
    """

    __tablename__ = "light_passport"
    __table_args__ = (one_of("light", *LIGHTS), one_of("sheet", *SHEETS))

    room: Mapped[str] = mapped_column(word(120))
    light: Mapped[str] = mapped_column(word())
    lux: Mapped[float | None]
    sheet: Mapped[str | None] = mapped_column(word())
    cct: Mapped[float | None]
    luminance_mean: Mapped[float | None]
    lr_asymmetry: Mapped[float | None]
    camera_settings: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    token_sha256: Mapped[str | None] = mapped_column(word(64), unique=True)
    token_until: Mapped[datetime | None]
    operator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    measured_at: Mapped[datetime | None]
    valid_until: Mapped[datetime]


class Lesson(Row):
    """One class in front of some tablets: which children, by which protocol, in which light."""

    __tablename__ = "lesson"

    title: Mapped[str] = mapped_column(word(120))
    protocol_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("protocol.id"))
    light_passport_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("light_passport.id"))
    operator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    language: Mapped[str] = mapped_column(word(8))
    light: Mapped[str] = mapped_column(word())
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class Tablet(Row):
    """A tablet in a lesson. Its code is scanned once and then gives way to a token of its own.

    `waiting` is how many photos it held when it was last heard of, at `seen_at`.
    """

    __tablename__ = "tablet"

    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lesson.id"))
    number: Mapped[int]
    code_sha256: Mapped[str | None] = mapped_column(word(64), unique=True)
    token_sha256: Mapped[str | None] = mapped_column(word(64), unique=True)
    device: Mapped[str] = mapped_column(word(300), default="")
    created_at: Mapped[datetime]
    paired_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    waiting: Mapped[int] = mapped_column(default=0)


class LessonChild(Base):
    """A child of a lesson. Its sessions name the lesson themselves; a rehearsal stands here.

    A rehearsal is on from `rehearsal_id`, at the tablet, until `rehearsed_at`.
    """

    __tablename__ = "lesson_child"

    lesson_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("lesson.id"), primary_key=True)
    participant_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("participant.id"), primary_key=True
    )
    place: Mapped[int]
    is_absent: Mapped[bool] = mapped_column(default=False)
    tablet_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("tablet.id"))
    rehearsal_id: Mapped[uuid.UUID | None]
    rehearsed_at: Mapped[datetime | None]


class VoiceRecording(Row):
    """A sentence of the child's page in an operator's own voice; `phrase` is what is said."""

    __tablename__ = "voice_recording"
    __table_args__ = (UniqueConstraint("site_id", "language", "phrase"),)

    language: Mapped[str] = mapped_column(word(8))
    phrase: Mapped[str] = mapped_column(word(300))
    media_type: Mapped[str] = mapped_column(word())
    audio: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    operator_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
