"""What the audit log of a dataset that is not open tells a restore."""

import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from collector.dataset.consents.withdrawals import withdrawn_kind
from collector.dataset.heads import Head
from collector.dataset.upkeep.carrying import moment_of
from collector.dataset.vocabulary import CHANNELS, PURPOSES

RESTORED = "dataset restored"

Tombstone = tuple[str, str, str, str]


def erasures_in(file: Path) -> list[Tombstone]:
    """What a dataset's audit log says was erased or withdrawn: a tombstone each, and one for the
    reason, should the keys' be lost."""
    if not file.exists():
        return []
    try:
        with closing(sqlite3.connect(file)) as connection:
            rows = connection.execute(
                "SELECT action, subject, site_id, at, details FROM audit_event "
                "WHERE action IN ('participant erased', 'photo erased', 'consent withdrawn')"
            ).fetchall()
    except sqlite3.Error:
        return []  # damaged: that may be why it is being replaced
    return [
        (kind, name, uuid.UUID(site).hex, at)
        for action, subject, site, at, details in rows
        for kind, name in _tombstones_of(action, uuid.UUID(subject).hex, at, json.loads(details))
    ]


def _tombstones_of(
    action: str, subject: str, at: str, details: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Kind and name of what an event leaves behind."""
    if action != "consent withdrawn":
        yield action.split(maxsplit=1)[0], subject
        if "reason" in details:
            yield details["reason"], subject
    elif details["purpose"] in PURPOSES and details["channel"] in CHANNELS:
        moment = details.get("withdrawn_at", moment_of(at))
        yield withdrawn_kind(details["purpose"]), f"{subject} {moment} {details['channel']}"


def common_head(file: Path, other: Path, site: uuid.UUID) -> Head | None:
    """The newest event that both logs hold; of `file` alone where the other cannot be read."""
    mine, theirs = _events_in(file, site), _events_in(other, site)
    common = mine & theirs or mine
    return max(common, key=lambda one: one.position, default=None)


def _events_in(file: Path, site: uuid.UUID) -> set[Head]:
    if not file.exists():
        return set()
    try:
        with closing(sqlite3.connect(file)) as connection:
            statement = "SELECT position, mac FROM audit_event WHERE site_id = ?"
            return {Head(*row) for row in connection.execute(statement, (site.hex,))}
    except sqlite3.Error:
        return set()
