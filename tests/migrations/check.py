"""`alembic check` on a database at head: models and migrations must say the same."""

import sys
import tempfile
from pathlib import Path

from alembic.config import main


def check() -> None:
    """Exit with alembic's own code."""
    with tempfile.TemporaryDirectory() as folder:
        database = ["-x", f"db={Path(folder) / 'check.db'}"]
        main([*database, "upgrade", "head"])
        main([*database, "check"])


if __name__ == "__main__":
    sys.exit(check())
