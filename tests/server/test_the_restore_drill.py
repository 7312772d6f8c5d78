"""The drill of docs/BACKUPS.md, its very lines, as a teacher would type them."""

import os
import re
import shlex
import shutil
import sqlite3
import subprocess
import sys
import uuid
from contextlib import closing
from pathlib import Path

import pytest

from collector.dataset.consents.receipts import issue_receipt, read_code
from collector.dataset.opening import open_dataset
from collector.dataset.participants import list_participants

pytestmark = pytest.mark.slow

DOCUMENT = Path(__file__).parents[2] / "docs" / "BACKUPS.md"


def lines_of_the_drill() -> list[str]:
    """The commands of the second drill, in their order."""
    text = DOCUMENT.read_text("utf-8")
    start = text.index("**The whole way, with invented children**")
    section = text[start : text.index("\n## ", start)]
    return re.findall(r"^ +(collector .+)$", section, re.MULTILINE)


class Teacher:
    """Somebody at a prompt, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.words = {"CODE": "", "NUMBER": "", "CHILD": ""}
        self.typed: list[str] = []
        self.lines = iter(lines_of_the_drill())

    def type_next(self, command: str) -> str:
        """Type the document's next line, which must be this command; returns what it said."""
        line = next(self.lines)
        assert line.startswith(f"collector {command}"), line
        for word, value in self.words.items():
            line = re.sub(rf"\b{word}\b", value, line)
        done = subprocess.run(
            [sys.executable, "-m", *shlex.split(line)],
            cwd=self.folder,
            env={**os.environ, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def children(self, data: str) -> set[uuid.UUID]:
        with closing(sqlite3.connect(self.folder / data / "dataset.db")) as connection:
            return {uuid.UUID(row[0]) for row in connection.execute("SELECT id FROM participant")}


def give_receipt(folder: Path) -> tuple[uuid.UUID, str]:
    """What the teacher does on the page: one child's guardian gets a receipt."""
    dataset = open_dataset(folder / "data", folder / "keys", create=False)
    with dataset.database.read() as session:
        child = list_participants(session)[0].id
    code = read_code(dataset, issue_receipt(dataset, child, actor="olga"))
    dataset.close()
    return child, code


def test_the_drill_of_the_document(tmp_path: Path) -> None:
    teacher, drill = Teacher(tmp_path), tmp_path / "drill"
    teacher.type_next("demo")
    child, code = give_receipt(drill)
    teacher.words |= {"CODE": code, "CHILD": child.hex}
    everybody = teacher.children("drill/data")
    assert len(everybody) == 4

    assert teacher.type_next("backup ").startswith("4 children, 32 photos")
    said = teacher.type_next("backup-keys")
    found = re.search(r"Its number is (\S+):", said)
    assert found
    teacher.words["NUMBER"] = found[1]
    said = teacher.type_next("consent withdraw")
    assert "Erased: 8 photos" in said
    assert "keys-1.zip" in said
    teacher.type_next("backup-keys")
    assert "1 duties" in teacher.type_next("keys destroyed")

    shutil.rmtree(drill / "data")
    shutil.rmtree(drill / "keys")
    said = teacher.type_next("restore")
    assert "3 children, 24 photos are back" in said
    assert "Erased again: 1 children, 8 photos." in said
    assert teacher.type_next("doctor").strip().endswith("Nothing is wrong.")
    assert teacher.children("drill/data") == everybody - {child}

    assert "4 children, 32 photos are back" in teacher.type_next("restore")
    assert teacher.children("drill/limit") == everybody
    assert "Erased: 8 photos" in teacher.type_next("consent withdraw")
    assert teacher.children("drill/limit") == everybody - {child}
    assert "Erased again: 1 children, 8 photos." in teacher.type_next("restore")
    assert teacher.children("drill/told") == everybody - {child}
    assert list(teacher.lines) == []
