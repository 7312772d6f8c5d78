"""`trainer fit` as users start it: what it prints, what it exits with, what is on record."""

import json
import signal
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from collector.dataset.commands import run_command
from trainer.cli import trainer

pytestmark = pytest.mark.slow

QUICK = ("--arch", "squeezenet1_1", "--weights", "none", "--epochs", "1", "--image-size", "32",
         "--device", "cpu")  # fmt: skip
Fit = Callable[..., int]


@pytest.fixture
def where(school: Path, tmp_path: Path) -> list[str]:
    """The options that name the dataset and a folder for runs."""
    return [
        "--data", str(school / "data"), "--keys", str(school / "keys"),
        "--out", str(tmp_path / "runs"),
    ]  # fmt: skip


@pytest.fixture
def fit(where: list[str]) -> Fit:
    """Run `trainer fit` here and now; returns the exit code."""

    def run(*options: str) -> int:
        return run_command(trainer, ["fit", *where, "--snapshot", "first", *QUICK, *options])

    return run


def on_record(school: Path, folder: Path) -> dict[str, Any]:
    with sqlite3.connect(school / "data" / "dataset.db") as database:
        database.row_factory = sqlite3.Row
        row = database.execute(
            "SELECT * FROM model_run WHERE folder LIKE ?", (f"%{folder}%",)
        ).fetchone()
        return dict(row)


def test_a_run_is_made_and_put_on_record(
    fit: Fit, school: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fit("--json") == 0
    out, err = capsys.readouterr()
    told = json.loads(out)  # one object and nothing else
    folder = Path(told["folder"])
    assert folder.parent == tmp_path / "runs"
    assert json.loads((folder / "metrics.json").read_text()).items() <= told.items()
    assert "epoch 1/1" in err
    record = on_record(school, folder)
    assert (record["state"], record["architecture"]) == ("done", "squeezenet1_1")
    assert json.loads(record["metrics"])["accuracy"] == told["accuracy"]
    with sqlite3.connect(school / "data" / "dataset.db") as database:
        parts = dict(
            database.execute(
                "SELECT part, count(*) FROM prediction WHERE run_id = ? GROUP BY part",
                (record["id"],),
            )
        )
    assert parts == {"train": told["n_train"], "validation": told["n_val"]}


@pytest.mark.slow
def test_without_json_people_are_told_the_accuracy_and_the_report(
    fit: Fit, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fit() == 0
    out, _ = capsys.readouterr()
    assert "Accuracy" in out
    assert Path(out.splitlines()[-1]).name == "report.html"
    assert Path(out.splitlines()[-1]).is_file()


@pytest.mark.slow
def test_runs_go_into_the_datasets_folder_unless_told_otherwise(
    school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--data", str(school / "data"), "--keys", str(school / "keys")]
    assert run_command(trainer, ["fit", *where, "--snapshot", "first", *QUICK, "--json"]) == 0
    folder = Path(json.loads(capsys.readouterr().out)["folder"])
    assert folder.parent == school / "data" / "runs"
    assert folder.name.endswith("Z-squeezenet1_1")


def test_the_report_shows_no_child_whose_guardian_did_not_agree(
    fit: Fit, school: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One guardian of four did; with so many validation bursts some are of that child."""
    with sqlite3.connect(school / "data" / "dataset.db") as database:
        agreed = {
            uuid.UUID(str(row[0]))
            for row in database.execute(
                "SELECT photo.id FROM photo JOIN capture_session s ON s.id = photo.session_id "
                "JOIN consent ON consent.participant_id = s.participant_id "
                "JOIN consent_text t ON t.id = consent.text_id WHERE t.purpose = 'publication'"
            )
        }
    assert len(agreed) == 8
    assert fit("--json", "--split", "burst", "--validation", "0.75") == 0
    told = json.loads(capsys.readouterr().out)
    shown = {uuid.UUID(photo) for photo in told["report_photos"]}
    assert shown
    assert shown <= agreed
    with sqlite3.connect(school / "data" / "dataset.db") as database:
        exported = database.execute(
            "SELECT photo_id FROM export_item JOIN export ON export.id = export_id"
            " WHERE format = 'report' AND path = ?",
            (str(Path(told["folder"]) / "report.html"),),
        )
        assert {uuid.UUID(row[0]) for row in exported} == shown


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--snapshot", "second"), "no snapshot called second"),
        (("--arch", "resnet15"), "did you mean resnet"),
        (("--weights", "nowhere.pth"), "There is no weights file nowhere.pth"),
        (("--epochs", "0"), "--epochs"),
        (("--lr", "0"), "--lr"),
        (("--validation", "1"), "--validation"),
        (("--image-size", "8"), "--image-size"),
        (("--split", "photo"), "--split"),
        (("--arch", "alexnet"), "cannot take pictures of 32 pixels"),
        (("--data", "nowhere"), "There is no dataset"),
        (("--colour", "red"), "--colour"),
    ],
)
def test_what_the_user_must_change_is_said_in_a_sentence(
    options: tuple[str, ...], words: str, fit: Fit, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    assert fit(*options) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert words in err
    assert len(err.strip().splitlines()) == 1
    assert not (tmp_path / "runs").exists()


def test_no_snapshot_at_all_is_a_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(trainer, ["fit"]) == 2
    assert "--snapshot" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_a_mistake(
    school: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    where = ["--data", str(school / "data"), "--keys", str(school / "keys")]
    out = ["--out", str(tmp_path / "file" / "runs")]
    assert run_command(trainer, ["fit", *where, *out, "--snapshot", "first", *QUICK]) == 2
    assert "cannot be used" in capsys.readouterr().err


def test_a_training_that_fails_is_marked_so(
    fit: Fit, school: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fit("--lr", "1e30", "--epochs", "3") == 1
    err = capsys.readouterr().err.strip().splitlines()
    assert "no longer a number" in err[-1]
    assert not any("Traceback" in line for line in err)
    (folder,) = (tmp_path / "runs").iterdir()
    assert on_record(school, folder)["state"] == "failed"
    assert not (folder / "model.safetensors").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl+C another way")
def test_ctrl_c_ends_it_with_a_sentence_and_marks_the_run(
    where: list[str], school: Path, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", "from trainer.cli import main; main()", "fit", *where]
    options = ["--snapshot", "first", *QUICK, "--epochs", "10000", "--json"]
    process = subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # A shell's background jobs inherit that Ctrl+C is ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509
    )  # fmt: skip
    deadline = time.monotonic() + 120
    while not _epochs_done(tmp_path / "runs") and time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert out == ""
    assert "Traceback" not in err
    assert err.strip().splitlines()[-1].startswith("Stopped")
    (folder,) = (tmp_path / "runs").iterdir()
    assert on_record(school, folder)["state"] == "failed"


def _epochs_done(runs: Path) -> int:
    return sum(len(path.read_text().splitlines()) - 1 for path in runs.glob("*/history.csv"))
