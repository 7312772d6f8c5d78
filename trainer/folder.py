"""A run's folder: made new, never overwritten, and its plain files."""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from trainer.fit import Epoch


def make_folder(out: Path, architecture: str, at: datetime) -> Path:
    """A new folder `<UTC time>-<architecture>` in `out`; a number is added to one that is there."""
    name = f"{at:%Y%m%dT%H%M%SZ}-{architecture}"
    out.mkdir(parents=True, exist_ok=True)
    folder, number = out / name, 1
    while True:
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
            folder = out / f"{name}-{number}"
        else:
            return folder


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write one JSON object, for people as well as for programs."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


class HistoryFile:
    """history.csv, one line an epoch, there as soon as the epoch is over."""

    def __init__(self, path: Path) -> None:
        """Begin the file with its header."""
        self.path = path
        self._write([field.name for field in fields(Epoch)], "w")

    def add(self, epoch: Epoch) -> None:
        """Append one epoch's line."""
        self._write(astuple(epoch), "a")

    def _write(self, row: Sequence[Any], mode: str) -> None:
        with self.path.open(mode, newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerow(row)
