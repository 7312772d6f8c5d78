"""What reviewers say of photos, and the sets frozen of it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.dataset.columns import Base, Row, one_of, word
from collector.dataset.emotions import EMOTION_NAMES


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


# The paths that a waiting person feels.
Index("ix_vote_photo", Vote.photo_id)
Index("ix_vote_reviewer", Vote.reviewer_id, Vote.created_at)
Index("ix_snapshot_item_photo", SnapshotItem.photo_id)
