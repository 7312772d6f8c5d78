"""The audit log's head, kept beside the keys: whoever cuts the newest events off the log is found.

The log's chain shows what was altered or taken out of its middle. That its end is missing shows
only in comparison with something outside the dataset.
"""

import uuid
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from collector.dataset.db import Database
from collector.dataset.keys import Keys
from collector.dataset.models import AuditEvent


@dataclass(frozen=True)
class Head:
    """The newest event of a log: its position and its HMAC."""

    position: int
    mac: str


def kept_head(keys: Keys, site: uuid.UUID) -> Head | None:
    """What the folder of keys knows of the site's log; None for a new folder."""
    with keys.connection() as connection:
        row = connection.execute(
            "SELECT position, mac FROM chain_head WHERE site = ?", (site.hex,)
        ).fetchone()
    return Head(*row) if row else None


def head_of(session: Session, site: uuid.UUID) -> Head | None:
    """The newest event of the log as it is; None while it is empty."""
    newest = _events(site).order_by(AuditEvent.position.desc()).limit(1)
    row = session.execute(newest).first()
    return Head(*row) if row else None


def is_in_log(session: Session, site: uuid.UUID, head: Head) -> bool:
    """Whether the log still holds that event."""
    return (
        session.execute(
            _events(site).where(AuditEvent.position == head.position, AuditEvent.mac == head.mac)
        ).first()
        is not None
    )


def advance_head(database: Database, keys: Keys, site: uuid.UUID) -> None:
    """Keep the log's head as it is now; one small write, none where nothing happened.

    Called after a commit, never within one: a head that is ahead of the log would be an alarm. It
    goes forward alone, and only along the log that holds the head kept before, so that opening a
    dataset whose newest events were cut off hides nothing.
    """
    kept = kept_head(keys, site)
    with database.read() as session:
        now = head_of(session, site)
        if now is None or now == kept:
            return
        if kept and (now.position < kept.position or not is_in_log(session, site, kept)):
            return
    _move(keys, site, kept, now)


def set_head(keys: Keys, site: uuid.UUID, head: Head | None) -> None:
    """Keep this head whatever was kept before: for a restore, which goes back knowingly."""
    with keys.connection() as connection:
        connection.execute("DELETE FROM chain_head WHERE site = ?", (site.hex,))
    if head:
        _move(keys, site, None, head)


def _move(keys: Keys, site: uuid.UUID, kept: Head | None, now: Head) -> None:
    """Put `now` in the place of `kept`, unless another process moved it meanwhile."""
    with keys.connection() as connection:
        if kept is None:
            connection.execute(
                "INSERT OR IGNORE INTO chain_head VALUES (?, ?, ?)",
                (site.hex, now.position, now.mac),
            )
        else:
            connection.execute(
                "UPDATE chain_head SET position = ?, mac = ? "
                "WHERE site = ? AND position = ? AND mac = ?",
                (now.position, now.mac, site.hex, kept.position, kept.mac),
            )


def _events(site: uuid.UUID) -> Select[int, str]:
    return select(AuditEvent.position, AuditEvent.mac).where(AuditEvent.site_id == site)
