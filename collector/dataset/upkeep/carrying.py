"""What a restore takes over from the dataset that it replaces: people's word, and duties.

A backup is older than what it replaces. What was answered, handed out and copied since then must
not be forgotten with it: a refusal would stand as a consent again, the code of a lost receipt would
open again, a copy would be named by no withdrawal, photos of a child that stopped would leave
quarantine. Withdrawals and erasures themselves come as tombstones (`restoring.py`).
"""

import json
import sqlite3
import uuid
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from collector.dataset.audit import Chain
from collector.dataset.consents.answers import record_answer
from collector.dataset.db import Database
from collector.dataset.models import Consent
from collector.dataset.upkeep.backups import KEYS_DESTROYED, KEYS_MADE

# Table, and which of its rows: those whose parents are there. Parents come first.
TAKEN = (
    ("consent_text", "TRUE"),
    (
        "consent",
        "participant_id IN (SELECT id FROM main.participant) "
        "AND text_id IN (SELECT id FROM main.consent_text)",
    ),
    ("consent_document", "consent_id IN (SELECT id FROM main.consent)"),
    ("receipt", "TRUE"),
    ("snapshot", "TRUE"),
    ("snapshot_item", "snapshot_id IN (SELECT id FROM main.snapshot)"),
    ("model_run", "snapshot_id IN (SELECT id FROM main.snapshot)"),
    ("model_run_child", "run_id IN (SELECT id FROM main.model_run)"),
    ("export", "TRUE"),
    ("export_item", "export_id IN (SELECT id FROM main.export)"),
    ("duty", "TRUE"),
)
# Columns that are left empty where the backup does not know what they point at.
LOOSE = {
    **dict.fromkeys(("done_by", "issued_by", "made_by", "recorded_by"), "SELECT id FROM main.user"),
    "photo_id": "SELECT id FROM main.photo",
    "snapshot_id": "SELECT id FROM main.snapshot",
}

# What a child's answers change in its session, and the events that say so.
SAID_BY_CHILDREN = (
    "state", "assent", "assent_at", "device", "closed_at", "announced", "after_stop",
    "token_sha256",
)  # fmt: skip
ANSWERS = (
    "assent", "session finished", "session stopped", "photos kept after stop",
    "photos thrown away after stop",
)  # fmt: skip


@dataclass(frozen=True)
class Unlogged:
    """What was copied and the backup's own log does not know: to be recorded there."""

    consents: tuple[uuid.UUID, ...]
    events: tuple[tuple[str, str, dict[str, Any]], ...]


def carry_over(present: Path, incoming: Path, chain: Chain) -> int | None:
    """Copy what only the dataset that is there knows into the one that replaces it.

    Returns how many guardians' answers came along; None where nothing can be taken from it: it is
    another site's, damaged, or of an older version.
    """
    if not present.exists():
        return 0
    try:
        unlogged = _copy(present, incoming, chain.site_id.hex)
    except sqlite3.DatabaseError:
        return None
    database = Database(incoming)
    try:
        with database.write() as session:
            for name in unlogged.consents:
                record_answer(chain, session, "restore", session.get_one(Consent, name))
            for action, subject, details in unlogged.events:
                chain.record(session, "restore", action, uuid.UUID(hex=subject), **details)
    finally:
        database.close()
    return len(unlogged.consents)


def moment_of(stored: str) -> str:
    """A moment as the tables keep it, in the form that logs and tombstones write."""
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).isoformat()


def _copy(present: Path, incoming: Path, site: str) -> Unlogged:
    with closing(sqlite3.connect(incoming, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS replaced", (str(present),))
        if not connection.execute("SELECT 1 FROM replaced.site WHERE id = ?", (site,)).fetchone():
            raise sqlite3.DatabaseError("another site's")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        known = set(connection.execute("SELECT id FROM main.consent"))
        for table, which in TAKEN:
            _take(connection, table, which)
        # What was done, or declared void, since then stays so.
        for table, column in (("duty", "done_at"), ("receipt", "void_at")):
            connection.execute(
                f"UPDATE main.{table} SET {column} = (SELECT {column} FROM replaced.{table} theirs "  # noqa: S608
                f"WHERE theirs.id = main.{table}.id) WHERE {column} IS NULL"
            )
        _follow_sittings(connection)
        consents = sorted(set(connection.execute("SELECT id FROM main.consent")) - known)
        unlogged = Unlogged(
            tuple(uuid.UUID(hex=row[0]) for row in consents), tuple(_events(connection))
        )
        connection.execute("COMMIT")
    return unlogged


def _take(connection: sqlite3.Connection, table: str, which: str) -> None:
    """Copy the rows that are not there yet."""
    columns = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]
    values = [
        f"CASE WHEN {name} IN ({LOOSE[name]}) THEN {name} END"
        if name in LOOSE and (table, name) not in {("export_item", "photo_id")}
        else name
        for name in columns
    ]
    if table == "snapshot_item":  # empty as a whole, or not at all
        values[columns.index("label")] = (
            f"CASE WHEN photo_id IN ({LOOSE['photo_id']}) THEN label END"
        )
    connection.execute(
        f"INSERT OR IGNORE INTO main.{table} ({', '.join(columns)}) "  # noqa: S608 - names of ours
        f"SELECT {', '.join(values)} FROM replaced.{table} WHERE {which}"
    )


def _follow_sittings(connection: sqlite3.Connection) -> None:
    """What children answered since: a stop, a no, what becomes of their photos; never backwards."""
    columns = ", ".join(SAID_BY_CHILDREN)
    connection.execute(
        f"UPDATE main.capture_session AS mine SET ({columns}) = (SELECT {columns} "  # noqa: S608
        "FROM replaced.capture_session theirs WHERE theirs.id = mine.id) WHERE EXISTS ("
        "SELECT 1 FROM replaced.capture_session theirs WHERE theirs.id = mine.id AND ("
        "mine.state = 'ready' AND theirs.state <> 'ready' "
        "OR mine.state = 'running' AND theirs.state IN ('stopped', 'finished') "
        "OR mine.after_stop IS NOT 'bin' AND theirs.after_stop IS NOT NULL))"
    )
    for new, reason, old, answer in (
        ("quarantined", "stopped", "state = 'active'", "after_stop IS NOT 'keep'"),
        ("active", None, "state_reason = 'stopped'", "after_stop = 'keep'"),
    ):
        connection.execute(
            f"UPDATE main.photo SET state = ?, state_reason = ? WHERE {old} AND session_id IN "  # noqa: S608
            f"(SELECT id FROM main.capture_session WHERE state = 'stopped' AND {answer})",
            (new, reason),
        )


def _events(connection: sqlite3.Connection) -> list[tuple[str, str, dict[str, Any]]]:
    """Key backups made or destroyed since, children's answers: (action, number, details)."""
    wanted = (KEYS_MADE, KEYS_DESTROYED, *ANSWERS)
    rows = connection.execute(
        "SELECT action, subject, details, at FROM replaced.audit_event theirs "  # noqa: S608
        f"WHERE action IN ({', '.join('?' * len(wanted))}) "
        "AND NOT EXISTS (SELECT 1 FROM main.audit_event mine "
        "WHERE mine.action = theirs.action AND mine.subject = theirs.subject) "
        f"AND (action NOT IN ({', '.join('?' * len(ANSWERS))}) "
        "OR subject IN (SELECT id FROM main.capture_session)) ORDER BY position",
        (*wanted, *ANSWERS),
    )
    return [
        (action, subject, {"made_at": moment_of(at), **json.loads(details)})
        for action, subject, details, at in rows
    ]
