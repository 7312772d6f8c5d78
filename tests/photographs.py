"""Photographs of adults, read in place: the folder that SHARED_DATA names."""

import os
from pathlib import Path

import pytest


def photographs(emotion: str = "*") -> list[Path]:
    """All of them, or those of one emotion, in order; the test is skipped where there are none."""
    folder = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "faces"
    found = sorted(folder.glob(f"{emotion}/*.jpg"))
    if not found:
        pytest.skip(f"no photographs in {folder}: SHARED_DATA names the folder of real faces")
    return found
