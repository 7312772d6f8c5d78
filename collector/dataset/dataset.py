"""The open dataset that is handed to whatever reads or writes it."""

import sqlite3
import uuid
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from collector.dataset.audit import Chain
from collector.dataset.db import Database
from collector.dataset.heads import advance_head
from collector.dataset.keys import Keys


@dataclass(frozen=True)
class Dataset:
    """Folder, tables, keys and audit chain of one site; `play` marks invented children."""

    folder: Path
    database: Database
    keys: Keys
    site_id: uuid.UUID
    chain: Chain
    play: bool

    @property
    def runs(self) -> Path:
        """Where trainings leave their folders."""
        return self.folder / "runs"

    def keep_head(self) -> None:
        """Keep the audit log's head beside the keys; after a commit, never within one."""
        advance_head(self.database, self.keys, self.site_id)

    def close(self) -> None:
        """Close the database."""
        if not self.database.closed:
            # Of a damaged or vanished file the doctor speaks.
            with suppress(SQLAlchemyError, sqlite3.Error):
                self.keep_head()
        self.database.close()
