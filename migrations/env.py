"""Alembic's entry: the program hands over a connection; a developer may name a file with -x."""

from pathlib import Path
from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection

from collector.dataset.columns import Base, UtcDateTime
from collector.dataset.db import make_engine
from collector.dataset.models import Site


def render_type(kind: str, value: Any, _autogenerate_context: Any) -> str | Literal[False]:
    """Write the program's own types as SQLAlchemy's, so that versions import nothing of it."""
    if kind == "type" and isinstance(value, UtcDateTime):
        return "sa.DateTime()"
    return False


def migrate(connection: Connection) -> None:
    """Run the migrations on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        render_item=render_type,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


assert Site.metadata is Base.metadata  # noqa: S101 - the import above is what fills the metadata

given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    arguments = context.get_x_argument(as_dictionary=True)
    engine = make_engine(Path(arguments.get("db", "data/dataset.db")))
    with engine.begin() as own:
        migrate(own)
