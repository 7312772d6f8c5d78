"""A laptop without torch, or with a torchvision that does not fit it, is told what to do."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from collector.dataset.commands import run_command
from trainer.cli import trainer

pytestmark = pytest.mark.slow

# None in sys.modules makes Python answer `import torch` as if it were not installed.
WITHOUT_TORCH = "import sys; sys.modules['torch'] = None; from trainer.cli import main; main()"
WITH_TORCH = "from trainer.cli import main; main()"


def start(code: str, *arguments: str, path: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    if path:
        environment["PYTHONPATH"] = str(path)
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, env=environment, timeout=120, check=False,
    )  # fmt: skip


@pytest.fixture
def mismatched(tmp_path: Path) -> Path:
    """A torchvision whose compiled part was made for another torch: it fails as the real one."""
    package = tmp_path / "torchvision"
    package.mkdir()
    error = 'RuntimeError("operator torchvision::nms does not exist")'
    (package / "__init__.py").write_text(f"raise {error}\n")
    info = tmp_path / "torchvision-0.26.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: torchvision\nVersion: 0.26.0\n"
        "Requires-Dist: numpy\nRequires-Dist: torch (==2.11.0)\n"
    )
    return tmp_path


def test_without_torch_fit_names_make_trainer() -> None:
    done = start(WITHOUT_TORCH, "fit", "--snapshot", "first")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == (
        "Training needs torch, which is not installed: run `make trainer`."
    )


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("--help",), ("fit", "--help"), ("doctor", "--help")])
def test_without_torch_help_is_complete(arguments: tuple[str, ...]) -> None:
    done = start(WITHOUT_TORCH, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == start(WITH_TORCH, *arguments).stdout


def test_without_torch_doctor_says_so() -> None:
    done = start(WITHOUT_TORCH, "doctor", "--json")
    assert done.returncode == 2
    told = json.loads(done.stdout)
    assert not told["ready"]
    assert "make trainer" in told["advice"]
    assert done.stderr.strip() == told["advice"]


@pytest.mark.slow
@pytest.mark.parametrize("command", [("fit", "--snapshot", "first"), ("doctor",)])
def test_a_torchvision_for_another_torch_is_recognised(
    command: tuple[str, ...], mismatched: Path
) -> None:
    done = start(WITH_TORCH, *command, path=mismatched)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "torchvision 0.26.0 do not match (it asks for torch==2.11.0)" in done.stderr
    assert "install --upgrade --force-reinstall torch torchvision" in done.stderr


def test_doctor_names_versions_and_device(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(trainer, ["doctor", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["ready"] and told["advice"] is None
    assert told["device"]
    assert all(told["versions"][name] for name in ("python", "torch", "torchvision"))
    assert run_command(trainer, ["doctor"]) == 0
    assert told["versions"]["torch"] in capsys.readouterr().out
