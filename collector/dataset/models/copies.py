"""What left the dataset: copies, and what models learnt from it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from collector.dataset.columns import Base, Row, one_of, word
from collector.dataset.emotions import EMOTION_NAMES
from collector.dataset.vocabulary import PURPOSES


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


# The paths that a waiting person feels.
Index("ix_model_run_child_participant", ModelRunChild.participant_id)
Index("ix_export_item_participant", ExportItem.participant_id)
Index("ix_prediction_photo", Prediction.photo_id)
