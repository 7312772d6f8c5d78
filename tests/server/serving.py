"""The server as users start it: in its own process, found by its port, ended by its id."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

STARTED_WITHIN = 60
PROGRAM = (sys.executable, "-m", "collector")


def free_port() -> int:
    """A port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(
    data: Path, keys: Path, *options: str, program: Sequence[str] = PROGRAM
) -> Iterator[str]:
    """`collector serve` over the folders; yields its address."""
    port = free_port()
    command = [*program, "serve", "--data", str(data), "--keys",
               str(keys), "--port", str(port), *options]  # fmt: skip
    log = data.parent / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env={**os.environ})
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(address, process, log)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            if process.wait(20) != 0:
                raise RuntimeError(f"the server did not end well: {log.read_text()}")
        except subprocess.TimeoutExpired:
            process.kill()
            raise


def wait_for(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended: {log.read_text()}")
        try:
            urllib.request.urlopen(f"{address}/sign-in", timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"the server did not start: {log.read_text()}")
