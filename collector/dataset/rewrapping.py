"""All keys of keys.db at once: wrapped with another master key, or dropped where damaged."""

import sqlite3
import uuid

from collector.dataset.sealing import Key, Unreadable


def forget_damaged(connection: sqlite3.Connection, key: Key) -> None:
    """Drop the keys that do not open, to make room for those of a backup."""
    for name, wrapped in connection.execute(
        "SELECT participant, wrapped FROM child_key"
    ).fetchall():
        try:
            key.open(wrapped, "child key", uuid.UUID(name))
        except Unreadable:
            connection.execute("DELETE FROM child_key WHERE participant = ?", (name,))


def rewrap(connection: sqlite3.Connection, old: Key, new: Key) -> int:
    """Wrap every key with the new master key; raises Unreadable, then nothing may be committed."""
    children = [
        (
            new.seal(old.open(wrapped, "child key", uuid.UUID(name)), "child key", uuid.UUID(name)),
            name,
        )
        for name, wrapped in connection.execute("SELECT participant, wrapped FROM child_key")
    ]
    secrets = [
        (
            new.seal(old.open(wrapped, f"secret {name}", site), f"secret {name}", site),
            site.hex,
            name,
        )
        for site, name, wrapped in (
            (uuid.UUID(row[0]), row[1], row[2])
            for row in connection.execute("SELECT site, name, wrapped FROM secret")
        )
    ]
    connection.executemany("UPDATE child_key SET wrapped = ? WHERE participant = ?", children)
    connection.executemany("UPDATE secret SET wrapped = ? WHERE site = ? AND name = ?", secrets)
    return len(children) + len(secrets)
