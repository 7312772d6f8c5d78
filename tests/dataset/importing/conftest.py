"""What every import needs: a child, its consent, a folder, and the import itself."""

import uuid
from pathlib import Path
from typing import Any

import pytest

from collector.dataset.dataset import Dataset
from collector.dataset.faces import FaceFinder
from collector.dataset.importing.checking import Wish
from collector.dataset.importing.folders import Imported, import_folder
from tests.cast import enrol, give
from tests.dataset.importing.album import (
    a_while_ago,
)
from tests.dataset.importing.stored import Import


@pytest.fixture(scope="module")
def finder() -> FaceFinder:
    """One finder for all: loading its cascades takes a while."""
    return FaceFinder()


@pytest.fixture
def child(dataset: Dataset) -> uuid.UUID:
    """Arina, whose guardian consented to nothing yet."""
    return enrol(dataset)


@pytest.fixture
def consent(dataset: Dataset, child: uuid.UUID) -> uuid.UUID:
    """A consent that was signed long ago."""
    return give(dataset, child, signed_at=a_while_ago(days=3650))


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """A folder for this test's photos."""
    (folder := tmp_path / "album").mkdir()
    return folder


@pytest.fixture
def take(
    dataset: Dataset, child: uuid.UUID, consent: uuid.UUID, album: Path, finder: FaceFinder
) -> Import:
    """Import the album for Arina on her consent, unless told otherwise."""

    def take(**options: Any) -> Imported:
        wish = Wish(
            options.pop("folder", album),
            str(options.pop("participant", child)),
            str(options.pop("on", consent)),
            options.pop("map_file", None),
        )
        return import_folder(dataset, finder, wish, actor="command", **options)

    return take
