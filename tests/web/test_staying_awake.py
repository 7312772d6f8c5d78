"""The machine is asked not to sleep, and released with the server."""

import sys
import time
from pathlib import Path

import pytest

from collector.web.lan.awake import kept_awake

ASKS = "caffeinate" if sys.platform == "darwin" else "systemd-inhibit"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows is asked by a call")


def put_program(folder: Path, body: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program of that name, first on the path: this machine's own may lack the rights."""
    program = folder / ASKS
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_it_is_asked_and_released(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    put_program(
        tmp_path, f'echo "$@" >> {log}; trap "echo ended >> {log}; exit" TERM; cat', monkeypatch
    )
    with kept_awake() as asked:
        assert asked
        assert "ended" not in log.read_text()
    assert "ended" in log.read_text()


def test_a_system_that_refuses_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_program(tmp_path, "exit 1", monkeypatch)
    with kept_awake() as asked:
        assert not asked


def test_a_system_without_it_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    begun = time.monotonic()
    with kept_awake() as asked:
        assert not asked
    assert time.monotonic() - begun < 0.4
