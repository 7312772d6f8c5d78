"""The SQLite file: engine, pragmas, and the two kinds of transaction."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

FILE_NAME = "dataset.db"

PATIENCE = 15.0  # seconds that a statement waits for another one's lock

PRAGMAS = (
    f"PRAGMA busy_timeout = {PATIENCE * 1000:.0f}",
    "PRAGMA synchronous = FULL",  # a photo reported as saved survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",  # erased pixels are overwritten, not merely unlinked
)


class Database:
    """One dataset's database. `read()` and `write()` give a Session for a short transaction.

    Writes begin with BEGIN IMMEDIATE: a transaction that reads first and then wants to write
    would otherwise fail, not wait, as soon as another one wrote in between.
    """

    def __init__(self, path: Path) -> None:
        """Open or create the file at `path`; tables come from `upgrade`."""
        self.path = path
        self.engine = make_engine(path)
        self.writing = self.engine.execution_options(begin="BEGIN IMMEDIATE")
        self.closed = False
        self._erased_pages_left = False

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one consistent state and is rolled back at the end."""
        with Session(self.engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session that holds the write lock and commits at the end, or rolls everything back."""
        with Session(self.writing, expire_on_commit=False) as session, session.begin():
            # Without this the lock would only be taken at the first statement, after Python has
            # already decided things on what it read elsewhere.
            session.connection()
            yield session
        if self._erased_pages_left:
            self.forget_erased_pages()

    def forget_erased_pages(self) -> bool:
        """Empty the write-ahead log, where erased bytes may still stand; False while it is busy.

        It is busy while somebody reads; then each later write and the next opening try again. It
        does not wait: waiting, it would hold up every writer.
        """
        with closing(sqlite3.connect(self.path, timeout=0)) as connection:
            try:
                busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.OperationalError:  # locked
                busy = 1
        self._erased_pages_left = bool(busy)
        return not busy

    def close(self) -> None:
        """Close all connections."""
        self.closed = True
        self.engine.dispose()


def use_write_ahead_log(connection: sqlite3.Connection) -> None:
    """Let readers and a writer work side by side; raises OperationalError after `PATIENCE`.

    SQLite does not wait for the lock that changing the journal needs, whatever the busy timeout:
    two processes that open a new file at once would both hold what the other one wants.
    """
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def make_engine(path: Path) -> Engine:
    """An engine for the SQLite file whose transactions begin and end where SQLAlchemy says."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"isolation_level": None},
        hide_parameters=True,  # an error's text goes to the log, which names no child
    )

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        for pragma in PRAGMAS:
            connection.execute(pragma)
        use_write_ahead_log(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        if connection.get_isolation_level() != "AUTOCOMMIT":
            options = connection.get_execution_options()
            connection.exec_driver_sql(options.get("begin", "BEGIN"))

    return engine
