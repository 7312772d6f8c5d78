"""Keep the machine awake while it serves, where the system lets a program ask for it."""

import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

# `cat` ends when the pipe from this process does, so nothing stays behind even after a kill.
LINUX = ("systemd-inhibit", "--what=sleep:idle", "--mode=block", "--who=collector",
         "--why=Children are being photographed", "cat")  # fmt: skip
MAC = ("caffeinate", "-i", "-s", "-w", str(os.getpid()))
# SetThreadExecutionState, Windows: ES_CONTINUOUS and ES_SYSTEM_REQUIRED.
CONTINUOUS, SYSTEM_REQUIRED = 0x80000000, 0x00000001

log = logging.getLogger(__name__)


@contextmanager
def kept_awake() -> Iterator[bool]:
    """Within it the machine does not sleep by itself; yields whether the system was asked."""
    if sys.platform == "win32":
        with _asked_windows() as asked:
            yield asked
    else:
        with _asked_by(MAC if sys.platform == "darwin" else LINUX) as asked:
            yield asked


@contextmanager
def _asked_by(command: Sequence[str]) -> Iterator[bool]:
    program = shutil.which(command[0])
    if program is None:
        yield False
        return
    asking = subprocess.Popen(  # noqa: S603 - one of the two commands above
        [program, *command[1:]],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl+C is for the server
    )  # fmt: skip
    try:
        yield not _gave_up(asking)
    finally:
        if asking.stdin:
            asking.stdin.close()
        asking.terminate()
        asking.wait(10)


def _gave_up(asking: "subprocess.Popen[bytes]") -> bool:
    try:  # without the rights, or without a session, it ends at once
        asking.wait(0.5)
    except subprocess.TimeoutExpired:
        return False
    return True


@contextmanager
def _asked_windows() -> Iterator[bool]:
    import ctypes  # noqa: PLC0415 - its Windows half exists there alone

    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined, unused-ignore]
    asked = kernel.SetThreadExecutionState(CONTINUOUS | SYSTEM_REQUIRED)
    try:
        yield bool(asked)
    finally:
        kernel.SetThreadExecutionState(CONTINUOUS)
