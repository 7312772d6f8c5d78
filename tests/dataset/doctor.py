"""What the tests of the doctor share: changing the file behind the program's back, and asking."""

import sqlite3
from contextlib import closing

from collector.dataset.dataset import Dataset
from collector.dataset.upkeep.findings import Finding
from collector.dataset.upkeep.integrity import examine


def alter(dataset: Dataset, statement: str, *values: object) -> None:
    """Change the file behind the program's back."""
    with closing(sqlite3.connect(dataset.database.path)) as connection, connection:
        assert connection.execute(statement, values).rowcount > 0


def wrong(dataset: Dataset) -> list[Finding]:
    """All that is wrong."""
    return [one for one in examine(dataset) if one.wrong]


def only(dataset: Dataset, check: str, part: str) -> Finding:
    """The one thing that is wrong."""
    found = wrong(dataset)
    assert [one.check for one in found] == [check], found
    assert part in found[0].sentence
    assert found[0].to_do.endswith(".")
    return found[0]
