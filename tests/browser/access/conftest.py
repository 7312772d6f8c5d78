"""One browser and one server for all pages: the school's, as tablets and visitors meet it."""

import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.opening import open_dataset
from collector.settings import Lan, Settings
from collector.web.app import create_app
from collector.web.lan.certificates import make_authority
from collector.web.lan.trust import create_trust_app
from tests.browser.access.school import fill_school
from tests.browser.browser import launch
from tests.browser.camera import make_camera_file, real_faces
from tests.cast import PASSWORD, PEOPLE
from tests.server.inside import served

SIZE = {"width": 1024, "height": 768}
LAN = Lan("faces-1a2b.local", 8443, 8080, fingerprint="ABCD 1234", thumbprint="9876 FEDC")


@dataclass(frozen=True)
class School:
    """A served dataset with an example for each argument of its pages."""

    dataset: Dataset
    app: Flask
    address: str
    staff: dict[str, uuid.UUID]
    examples: dict[str, Any]


@pytest.fixture(scope="module")
def school(
    staffed: tuple[Path, dict[str, uuid.UUID]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[School]:
    folder = tmp_path_factory.mktemp("school") / "site"
    shutil.copytree(staffed[0], folder)
    dataset = open_dataset(folder / "data", folder / "keys")
    examples = fill_school(dataset, staffed[1])
    app = create_app(dataset, Settings(data=dataset.folder, keys=dataset.keys.folder, lan=LAN))
    with served(app) as address:
        yield School(dataset, app, address, staffed[1], examples)
    dataset.close()


@pytest.fixture(scope="module")
def newborn(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a dataset that nobody has an account in yet."""
    folder = tmp_path_factory.mktemp("newborn") / "site"
    shutil.copytree(migrated, folder)
    dataset = open_dataset(folder / "data", folder / "keys")
    with served(create_app(dataset, Settings(data=dataset.folder))) as address:
        yield address
    dataset.close()


@pytest.fixture(scope="module")
def plain(school: School) -> Iterator[str]:
    """The address of the plain page that prepares a tablet."""
    authority = make_authority([LAN.name], clock.now())
    settings = Settings(data=school.dataset.folder, lan=LAN)
    with served(create_trust_app(settings, LAN, lambda: authority)) as address:
        yield address


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that sees a face."""
    camera = tmp_path_factory.mktemp("camera") / "face.y4m"
    make_camera_file(real_faces("happy", 2), camera)
    with sync_playwright() as playwright:
        browser = launch(playwright, camera)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def visitors(school: School, chromium: Browser) -> Iterator[dict[str, BrowserContext]]:
    """A browser of each role's own, signed in, and nobody's."""
    found = {"nobody": _visit(chromium, school.address)}
    for name, roles in PEOPLE.items():
        if roles[0] not in found:
            found[roles[0]] = _visit(chromium, school.address)
            _sign_in(found[roles[0]], name)
    yield found
    for context in found.values():
        context.close()


def _visit(chromium: Browser, address: str) -> BrowserContext:
    return chromium.new_context(base_url=address, viewport=SIZE, locale="en")


def _sign_in(context: BrowserContext, name: str) -> None:
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/home")
    page.close()
