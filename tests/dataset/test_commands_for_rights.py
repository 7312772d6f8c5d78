"""The commands: everything for a guardian, erasing what is due, the flow's counts."""

import json
import uuid
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from collector.cli import collector
from collector.dataset import clock
from collector.dataset.commands import run_command
from collector.dataset.consents.receipts import issue_receipt, read_code
from collector.dataset.consents.terms import due_for_erasure
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.studies import StudyDetails, describe_study
from tests.cast import enrol, sit, snap


class Terminal:
    """The command line over the test's dataset."""

    def __init__(self, dataset: Dataset, capsys: pytest.CaptureFixture[str]) -> None:
        self.places = ["--data", str(dataset.folder), "--keys", str(dataset.keys.folder)]
        self.capsys = capsys

    def run(self, *arguments: str) -> tuple[int, str, str]:
        self.capsys.readouterr()
        code = run_command(collector, [*arguments, *self.places])
        return code, *self.capsys.readouterr()


@pytest.fixture
def terminal(dataset: Dataset, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(dataset, capsys)


def code_of(dataset: Dataset, child: uuid.UUID) -> str:
    return read_code(dataset, issue_receipt(dataset, child, actor="test"))


def end_the_study(dataset: Dataset) -> None:
    last = clock.now().date() - timedelta(days=2)
    describe_study(dataset, StudyDetails(keep_until=last), actor="test")


def due(dataset: Dataset) -> int:
    with dataset.database.read() as session:
        return len(due_for_erasure(session, clock.now()))


def test_access_writes_everything_into_a_new_file(
    dataset: Dataset, terminal: Terminal, tmp_path: Path
) -> None:
    child = enrol(dataset, "research")
    snap(dataset, sit(dataset, child))
    code, file = code_of(dataset, child), tmp_path / "child.zip"
    status, out, _ = terminal.run("consent", "access", code, "--out", str(file), "--json")
    assert status == 0
    found = json.loads(out)
    assert (found["photos"], found["photos_left_out"]) == (1, 0)
    assert found["bytes"] == file.stat().st_size
    with zipfile.ZipFile(file) as container:
        assert json.loads(container.read("data.json"))["child"]["id"] == str(child)
    status, out, err = terminal.run("consent", "access", code, "--out", str(file))
    assert (status, out) == (2, "")
    assert "exists already" in err


def test_access_with_a_wrong_code_writes_nothing(
    dataset: Dataset, terminal: Terminal, tmp_path: Path
) -> None:
    child = enrol(dataset, "research")
    code, file = code_of(dataset, child), tmp_path / "child.zip"
    status, _, err = terminal.run("consent", "access", "1" * 16, "--out", str(file))
    assert (status, "This code is not known" in err) == (2, True)
    erase_participant(dataset, child, actor="test")
    status, _, err = terminal.run("consent", "access", code, "--out", str(file))
    assert (status, "was erased" in err) == (2, True)
    assert not file.exists()


def test_a_dry_run_says_who_is_due_and_erases_nobody(dataset: Dataset, terminal: Terminal) -> None:
    assert terminal.run("consent", "erase-expired")[:2] == (0, "Nobody is due to be erased.\n")
    snap(dataset, sit(dataset, enrol(dataset, "research")))
    end_the_study(dataset)
    status, out, _ = terminal.run("consent", "erase-expired", "--dry-run", "--json")
    found = json.loads(out)
    assert (status, found["erased"], found["due"][0]["photos"]) == (0, 0, 1)
    assert due(dataset) == 1


def test_erasing_asks_first(dataset: Dataset, terminal: Terminal) -> None:
    enrol(dataset, "research")
    end_the_study(dataset)
    arguments = ["consent", "erase-expired", *terminal.places]
    assert CliRunner().invoke(collector, arguments, input="n\n").exit_code == 1
    assert due(dataset) == 1
    assert CliRunner().invoke(collector, arguments, input="y\n").exit_code == 0
    assert due(dataset) == 0


def test_erasing_says_what_it_did(dataset: Dataset, terminal: Terminal) -> None:
    snap(dataset, sit(dataset, enrol(dataset, "research")))
    end_the_study(dataset)
    status, out, _ = terminal.run("consent", "erase-expired", "--yes", "--json")
    found = json.loads(out)
    assert (status, found["erased"], found["photos_erased"]) == (0, 1, 1)
    assert due(dataset) == 0


def test_flow_prints_the_counts(dataset: Dataset, terminal: Terminal) -> None:
    snap(dataset, sit(dataset, enrol(dataset, "research")))
    status, out, _ = terminal.run("flow", "--json")
    found = json.loads(out)
    assert status == 0
    assert (found["children"]["invited"], found["photos"]["stored"]) == (1, 1)
    assert found["answers"]["research"]["standing"] == 1
    assert "stored: 1" in terminal.run("flow")[1]
