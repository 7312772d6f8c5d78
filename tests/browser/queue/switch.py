"""A server that can be killed as a power cut does, and started again at the same address."""

import os
import subprocess
from pathlib import Path

from tests.server.serving import PROGRAM, free_port, wait_for


class Switch:
    """`collector serve` over the folders, on or off."""

    def __init__(self, data: Path, keys: Path) -> None:
        """It is off."""
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._command = [*PROGRAM, "serve", "--data", str(data), "--keys", str(keys),
                         "--port", str(self.port)]  # fmt: skip
        self._log = data.parent / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def on(self) -> None:
        """Start it; it answers when this returns."""
        with self._log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, stdout=output, stderr=output, env={**os.environ}
            )
        wait_for(self.address, self._process, self._log)

    def off(self) -> None:
        """Kill it, in the middle of whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        self._process = None
