"""Bringing a dataset's tables to the newest revision without losing a row."""

import sqlite3
from contextlib import closing
from functools import cache
from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from collector.dataset.db import Database
from collector.dataset.errors import UserMistake

COPY = ".before-leaving-"


def upgrade(database: Database, revision: str = "head", *, config: Config | None = None) -> None:
    """Migrate to `revision` in one transaction; a copy of the file lies beside it meanwhile.

    Raises UserMistake where the file was written by a newer version of the program, and
    RuntimeError where a migration would lose rows or break a foreign key: then nothing changed.
    """
    config = config or alembic_config()
    known = _revisions(config)
    target = known[0] if revision == "head" else revision
    with database.engine.connect() as connection:
        current = _revision(connection)
    if current == target:
        _remove_copies(database.path)  # of a process that ended before it could
        return
    if current is not None and current not in known:
        raise UserMistake(
            f"{database.path} was written by a newer version of this program; please update it."
        )
    _migrate(database, config, revision, target)
    _remove_copies(database.path)


def alembic_config() -> Config:
    """Alembic's configuration for the migrations that were installed with the program."""
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    return config


def _revisions(config: Config) -> list[str]:
    """All revisions, newest first."""
    return _walk(
        str(config.get_main_option("script_location")), config.get_main_option("version_locations")
    )


@cache  # the files are the program's own, and reading them takes half of an opening
def _walk(location: str, versions: str | None) -> list[str]:
    config = Config()
    config.set_main_option("script_location", location)
    if versions:
        config.set_main_option("path_separator", "os")
        config.set_main_option("version_locations", versions)
    return [one.revision for one in ScriptDirectory.from_config(config).walk_revisions()]


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _copy_aside(path: Path, revision: str) -> None:
    copy = path.with_name(f"{path.name}{COPY}{revision}")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)


def _remove_copies(path: Path) -> None:
    for copy in path.parent.glob(f"{path.name}{COPY}*"):
        copy.unlink(missing_ok=True)


def _migrate(database: Database, config: Config, revision: str, target: str | None) -> None:
    with database.writing.connect() as connection:
        # Altering a table in batch mode drops and recreates it: with foreign keys on, that would
        # delete its children. The pragma has no effect inside a transaction.
        connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        try:
            with connection.begin():
                current = _revision(connection)
                if current == target:
                    return  # another process was faster
                if current:
                    _copy_aside(database.path, current)
                before = _row_counts(connection)
                config.attributes["connection"] = connection
                command.upgrade(config, revision)
                _refuse_losses(connection, before)
        finally:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]


def _row_counts(connection: Connection) -> dict[str, int]:
    preparer = connection.dialect.identifier_preparer
    return {
        table: connection.exec_driver_sql(
            f"SELECT count(*) FROM {preparer.quote(table)}"  # noqa: S608 - names from the catalogue
        ).scalar_one()
        for table in inspect(connection).get_table_names()
        if table != "alembic_version"
    }


def _refuse_losses(connection: Connection, before: dict[str, int]) -> None:
    after = _row_counts(connection)
    lost = sorted(name for name in before.keys() & after.keys() if after[name] < before[name])
    if lost:
        raise RuntimeError(f"the migration would lose rows of {', '.join(lost)}")
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"the migration would break foreign keys of {broken[0][0]}")
