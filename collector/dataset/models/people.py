"""The site, its study, who works there, and the children."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from collector.dataset.columns import Base, Row, one_of, word
from collector.dataset.vocabulary import ROLES


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
