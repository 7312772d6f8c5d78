"""The open dataset that is handed to whatever reads or writes it."""

import uuid
from dataclasses import dataclass
from pathlib import Path

from collector.dataset.audit import Chain
from collector.dataset.db import Database
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

    def close(self) -> None:
        """Close the database."""
        self.database.close()
