"""The audit log."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector.dataset.columns import Row, UtcDateTime, word


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
