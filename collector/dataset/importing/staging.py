"""Where checked photos wait, sealed, until all of them are stored in one go."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Slot:
    """A place in the staging file."""

    start: int
    length: int


class Staging:
    """A nameless file beside the dataset that ends with the process, however that ends.

    It holds what was sealed under the child's key alone. So memory stays flat however many photos
    there are, what is stored is what was checked whatever happens to the folder meanwhile, and the
    dataset's write lock is held for copying, not for decoding.
    """

    def __init__(self, folder: Path) -> None:
        self._file = tempfile.TemporaryFile(dir=folder, prefix="importing-")  # noqa: SIM115
        self._lock = Lock()

    def put(self, sealed: bytes) -> Slot:
        """Keep the bytes; any thread may ask."""
        with self._lock:
            slot = Slot(self._file.seek(0, 2), len(sealed))
            self._file.write(sealed)
        return slot

    def get(self, slot: Slot) -> bytes:
        """The bytes that were put there."""
        with self._lock:
            self._file.seek(slot.start)
            return self._file.read(slot.length)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._file.close()
