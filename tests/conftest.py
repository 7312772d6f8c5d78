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
from collector.web import here
from collector.web.app import create_app
from tests.cast import enrol, hire
from tests.web.visitors import signed_in


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an empty dataset and its keys, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("migrated")
    open_dataset(folder / "data", folder / "keys").close()
    return folder


@pytest.fixture(scope="session")
def staffed(
    migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, uuid.UUID]]:
    """The same with everybody's account: hashing passwords takes a while."""
    folder = tmp_path_factory.mktemp("staffed") / "site"
    shutil.copytree(migrated, folder)
    opened = open_dataset(folder / "data", folder / "keys")
    accounts = hire(opened)
    opened.close()
    return folder, accounts


@pytest.fixture
def dataset(
    migrated: Path,
    staffed: tuple[Path, dict[str, uuid.UUID]],
    request: pytest.FixtureRequest,
    tmp_path: Path,
) -> Iterator[Dataset]:
    """A dataset of this test's own: empty, or with the accounts if the test asks for `staff`."""
    source = staffed[0] if "staff" in request.fixturenames else migrated
    shutil.copytree(source, tmp_path, dirs_exist_ok=True)
    opened = open_dataset(tmp_path / "data", tmp_path / "keys")
    yield opened
    opened.close()


@pytest.fixture
def staff(dataset: Dataset, staffed: tuple[Path, dict[str, uuid.UUID]]) -> dict[str, uuid.UUID]:
    """The accounts of everybody who works here."""
    assert dataset
    return staffed[1]


@pytest.fixture(scope="session")
def built(staffed: tuple[Path, dict[str, uuid.UUID]]) -> Flask:
    """The app, made once: compiling routes and pages takes longer than most tests."""
    folder = staffed[0]
    opened = open_dataset(folder / "data", folder / "keys")
    made = create_app(opened, Settings(data=opened.folder, keys=opened.keys.folder))
    opened.close()
    return made


@pytest.fixture
def app(built: Flask, dataset: Dataset) -> Flask:
    """The app over this test's dataset, with its CSRF protection on as in real life."""
    built.extensions[here.DATASET] = dataset
    built.extensions[here.SETTINGS] = Settings(data=dataset.folder, keys=dataset.keys.folder)
    for limiter in built.extensions["limiter"]:
        limiter.reset()
    return built


@pytest.fixture
def nobody(app: Flask) -> FlaskClient:
    """A visitor who has not signed in."""
    return app.test_client()


@pytest.fixture
def olga(app: Flask, staff: dict[str, uuid.UUID]) -> FlaskClient:
    """The operator, signed in."""
    assert staff
    return signed_in(app, "olga")


@pytest.fixture
def child(dataset: Dataset) -> uuid.UUID:
    """A child whose guardian consented to research."""
    return enrol(dataset, "research")
