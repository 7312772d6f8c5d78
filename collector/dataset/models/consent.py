"""The guardian's word, and what follows from it."""

import uuid
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector.dataset.columns import Row, one_of, word
from collector.dataset.vocabulary import CHANNELS, DUTIES, METHODS, PURPOSES


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


# The paths that a waiting person feels.
Index("ix_consent_participant", Consent.participant_id, Consent.purpose)
Index("ix_withdrawal_participant", Withdrawal.participant_id, Withdrawal.purpose)
Index("ix_receipt_participant", Receipt.participant_id)
Index("ix_duty_participant", Duty.participant_id)
