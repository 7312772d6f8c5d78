"""Migrations are tested with rows in every table, up and down, and must lose none."""

import textwrap
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from collector.dataset.columns import Base
from collector.dataset.dataset import Dataset
from collector.dataset.db import Database
from collector.dataset.errors import UserMistake
from collector.dataset.opening import open_dataset
from collector.dataset.upgrade import alembic_config, upgrade

pytestmark = pytest.mark.slow

REVISIONS = [
    script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()
][::-1]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty file."""
    opened = Database(tmp_path / "dataset.db")
    yield opened
    opened.close()


def fill(database: Database) -> None:
    """One row in every table that the database has now, whatever its columns are."""
    found = sa.MetaData()
    found.reflect(database.engine)
    known: dict[str, dict[str, Any]] = {}
    with database.engine.execution_options(begin="BEGIN IMMEDIATE").begin() as connection:
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for table in found.sorted_tables:
            if table.name == "alembic_version":
                continue
            row = {column.name: value_for(column, known) for column in table.columns}
            known[table.name] = row
            connection.execute(sa.insert(table).values({k: v for k, v in row.items() if v != ""}))


def value_for(column: sa.Column[Any], known: dict[str, dict[str, Any]]) -> Any:
    """A value that the column's type, foreign key and CHECKs accept."""
    for key in column.foreign_keys:
        if column.nullable and (key.column.table.name == column.table.name or column.name in NULL):
            return None
        return known[key.column.table.name][key.column.name]
    if column.name in NULL and column.nullable:
        return None
    if column.name in WORDS:
        return WORDS[column.name].get(column.table.name, WORDS[column.name]["*"])
    return BY_TYPE[type(column.type).__name__]


NULL = {"source_id", "state_reason", "reason", "assent", "after_stop", "assent_at", "valid_until"}
WORDS: dict[str, dict[str, str]] = {
    "role": {"*": "operator"},
    "purpose": {"*": "research"},
    "origin": {
        "*": "captured", "consent_text": "shipped", "vote": "queue",
    },
    "method": {"*": "screen"},
    "state": {"*": "running", "consent": "given", "photo": "active", "model_run": "done"},
    "channel": {"*": "code"},
    "light": {"*": "mixed"},
    "sheet": {"*": "white"},
    "verdict": {"*": "emotion"},
    "emotion": {"*": "happy"},
    "prompted_emotion": {"*": "happy"},
    "label": {"*": "happy"},
    "rule": {"*": "majority"},
    "part": {"*": "validation"},
    "kind": {"*": "export"},
}  # fmt: skip
RENAMED = {
    ("0004", "photo"): {
        "under_exposed": "shadow_share",
        "over_exposed": "highlight_share",
        "laplacian_variance": "box_laplacian_variance",
    },
}
BY_TYPE: dict[str, Any] = {
    "CHAR": uuid.UUID(int=7).hex,
    "VARCHAR": "a word",
    "TEXT": "a text",
    "BLOB": b"bytes",
    "INTEGER": 1,
    "FLOAT": 0.5,
    "DOUBLE": 0.5,
    "BOOLEAN": True,
    "DATE": date(2026, 1, 2),
    "DATETIME": datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None),
    "JSON": {"a": 1},
}


def content(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    with database.engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names()) - {"alembic_version"}
        return {
            name: sorted(
                tuple(row)
                for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')  # noqa: S608
            )
            for name in tables
        }


def records(database: Database) -> dict[str, list[dict[str, Any]]]:
    """The rows of every table by the names of their columns."""
    with database.engine.connect() as connection:
        return {
            name: [
                dict(row)
                for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')  # noqa: S608
                .mappings()
                .all()
            ]
            for name in content(database)
        }


def renamed(rows: list[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    return [{names.get(key, key): value for key, value in row.items()} for row in rows]


def test_head_has_the_tables_of_the_models(database: Database) -> None:
    upgrade(database)
    with database.engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
    assert tables - {"alembic_version"} == set(Base.metadata.tables)


@pytest.mark.parametrize(("lower", "upper"), list(pairwise(REVISIONS)))
def test_up_and_down_lose_no_row(database: Database, lower: str, upper: str) -> None:
    upgrade(database, lower)
    fill(database)
    before = content(database)
    assert all(before.values())
    kept = records(database)
    upgrade(database, upper)
    after = records(database)
    for table, rows in kept.items():
        names = RENAMED.get((upper, table), {})
        assert all(
            one.items() <= other.items()
            for one, other in zip(renamed(rows, names), after[table], strict=True)
        ), table
    with database.engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, lower)
    assert content(database) == before
    upgrade(database)
    assert {name: len(rows) for name, rows in content(database).items()}.items() >= {
        name: len(rows) for name, rows in before.items()
    }.items()


def test_trainings_from_before_learn_which_children_they_used(database: Database) -> None:
    upgrade(database, "0002")
    fill(database)
    upgrade(database)
    now = content(database)
    runs, children = now["model_run"], now["participant"]
    assert now["model_run_child"] == [(runs[0][0], children[0][0])]


def test_measures_from_before_keep_their_values_and_new_ones_are_unknown(
    database: Database,
) -> None:
    upgrade(database, "0003")
    fill(database)
    old = {"luminance_mean": 0.1, "under_exposed": 0.2, "over_exposed": 0.3, "contrast": 0.4,
           "lr_asymmetry": -0.5, "laplacian_variance": 60.0}  # fmt: skip
    assign = ", ".join(f"{name} = {value}" for name, value in old.items())
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE photo SET {assign}")  # noqa: S608
    upgrade(database, "0004")
    (photo,) = records(database)["photo"]
    assert photo["luminance_mean"] == 0.1
    assert (photo["shadow_share"], photo["highlight_share"]) == (0.2, 0.3)
    assert (photo["contrast"], photo["lr_asymmetry"]) == (0.4, -0.5)
    assert photo["box_laplacian_variance"] == 60
    assert (photo["laplacian_variance"], photo["under_exposure_prevention"]) == (None, None)
    with database.engine.begin() as connection:
        config = alembic_config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0003")
    (photo,) = records(database)["photo"]
    assert {name: photo[name] for name in old} == old


def test_the_copy_taken_before_a_migration_is_gone_after_it(database: Database) -> None:
    upgrade(database, REVISIONS[0])
    fill(database)
    upgrade(database)
    leftovers = {path.name for path in database.path.parent.iterdir()}
    assert leftovers <= {"dataset.db", "dataset.db-wal", "dataset.db-shm"}


def test_a_copy_left_by_a_killed_process_is_removed_at_the_next_start(database: Database) -> None:
    upgrade(database)
    left = database.path.with_name("dataset.db.before-leaving-0001")
    left.write_bytes(b"an old copy")
    upgrade(database)
    assert not left.exists()


def test_a_migration_that_would_lose_rows_changes_nothing(
    database: Database, tmp_path: Path
) -> None:
    upgrade(database)
    fill(database)
    before = content(database)
    with pytest.raises(RuntimeError, match="would lose rows of photo_bytes"):
        upgrade(database, config=config_with(tmp_path, "op.execute('DELETE FROM photo_bytes')"))
    assert content(database) == before
    kept = list(tmp_path.glob("dataset.db.before-leaving-*"))
    assert len(kept) == 1


def test_altering_a_parent_table_keeps_its_children(database: Database, tmp_path: Path) -> None:
    upgrade(database)
    fill(database)
    before = content(database)
    alter = """
        with op.batch_alter_table("photo", recreate="always") as batch:
            batch.add_column(sa.Column("note", sa.Text()))
    """
    upgrade(database, config=config_with(tmp_path, textwrap.dedent(alter).strip()))
    after = content(database)
    assert after["photo_bytes"] == before["photo_bytes"]
    assert after["vote"] == before["vote"]
    assert len(after["photo"]) == len(before["photo"])


def test_a_dataset_of_a_newer_version_is_refused_in_a_sentence(dataset: Dataset) -> None:
    with dataset.database.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(UserMistake, match="newer version"):
        open_dataset(dataset.folder, dataset.keys.folder)


def config_with(folder: Path, statements: str) -> Config:
    """The project's migrations and one more, made up for a test."""
    extra = folder / "versions"
    extra.mkdir()
    body = textwrap.indent(statements, "    ")
    (extra / "test_extra.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = 'extra'\ndown_revision = {REVISIONS[-1]!r}\n"
        f"def upgrade():\n{body}\ndef downgrade():\n    pass\n"
    )
    config = alembic_config()
    shipped = Path(config.get_main_option("script_location") or "") / "versions"
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", f"{shipped}:{extra}")
    return config
