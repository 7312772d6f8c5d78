"""The poisoned school: made once, copied for each test that may change it."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from collector.dataset.dataset import Dataset
from collector.dataset.opening import open_dataset
from tests.security.poison import Poisoned, poison


@pytest.fixture(scope="session")
def _poisoned_folder(
    staffed: tuple[Path, dict[str, uuid.UUID]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Poisoned]:
    folder = tmp_path_factory.mktemp("poisoned") / "site"
    shutil.copytree(staffed[0], folder)
    dataset = open_dataset(folder / "data", folder / "keys")
    school = poison(dataset, staffed[1])
    dataset.close()
    return folder, school


@pytest.fixture
def school(_poisoned_folder: tuple[Path, Poisoned]) -> Poisoned:
    """Who is in the poisoned school."""
    return _poisoned_folder[1]


@pytest.fixture
def poisoned(_poisoned_folder: tuple[Path, Poisoned], tmp_path: Path) -> Iterator[Dataset]:
    """This test's own copy of its dataset, in the folders `data` and `keys`."""
    shutil.copytree(_poisoned_folder[0], tmp_path, dirs_exist_ok=True)
    opened = open_dataset(tmp_path / "data", tmp_path / "keys")
    yield opened
    opened.close()
