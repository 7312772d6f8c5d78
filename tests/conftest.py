"""A fresh dataset for each test, built by the migrations as a user's is."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.dataset.dataset import Dataset
from collector.dataset.opening import open_dataset
from collector.settings import Settings
from collector.web.app import create_app
from tests.cast import hire


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty dataset and its keys, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    open_dataset(folder / "data", folder / "keys").close()
    return folder


@pytest.fixture
def dataset(migrated: Path, tmp_path: Path) -> Iterator[Dataset]:
    """An empty dataset of this test's own."""
    for name in ("data", "keys"):
        shutil.copytree(migrated / name, tmp_path / name)
    opened = open_dataset(tmp_path / "data", tmp_path / "keys")
    yield opened
    opened.close()


@pytest.fixture
def staff(dataset: Dataset) -> dict[str, uuid.UUID]:
    """The accounts of everybody who works here."""
    return hire(dataset)


@pytest.fixture
def app(dataset: Dataset) -> Flask:
    """The app over this test's dataset, with its CSRF protection on as in real life."""
    return create_app(dataset, Settings(data=dataset.folder, keys=dataset.keys.folder))


@pytest.fixture
def nobody(app: Flask) -> FlaskClient:
    """A visitor who has not signed in."""
    return app.test_client()
