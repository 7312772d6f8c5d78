"""An operator's class page, and tablets with a file as their camera."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.models import Protocol
from tests.browser.browser import launch
from tests.browser.camera import make_camera_file, real_faces
from tests.cast import PASSWORD
from tests.server.serving import serving

EMOTIONS, SHOTS = ("surprise", "happy"), 2


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that sees real faces."""
    folder = tmp_path_factory.mktemp("camera")
    camera = make_camera_file(real_faces("happy", 5), folder / "faces.y4m")
    with sync_playwright() as playwright:
        browser = launch(playwright, camera)
        yield browser
        browser.close()


@pytest.fixture
def address(dataset: Dataset, staff: dict[str, uuid.UUID]) -> Iterator[str]:
    """The running server's."""
    assert staff
    with serving(dataset.folder, dataset.keys.folder) as found:
        yield found


@pytest.fixture
def protocol(dataset: Dataset) -> str:
    """A protocol of two short bursts, by its title."""
    steps = [{"emotion": one, "stories": {"en": [f"A story. {one}"]}} for one in EMOTIONS]
    body = {
        "titles": {"en": "Two bursts"}, "shots": SHOTS, "shot_interval_ms": 200,
        "countdown_seconds": 1, "steps": steps,
    }  # fmt: skip
    with dataset.database.write() as session:
        session.add(
            Protocol(
                site_id=dataset.site_id, name="tests", version=1, body=body, created_at=clock.now()
            )
        )
    return "Two bursts"


@pytest.fixture
def mistakes() -> Iterator[list[Any]]:
    """What went wrong on any page; nothing must."""
    found: list[Any] = []
    yield found
    assert not found


def watch(page: Page, mistakes: list[Any]) -> None:
    """Note what goes wrong there; Playwright cannot listen with a list's own method."""
    page.on("pageerror", lambda error: mistakes.append(error))  # noqa: PLW0108


@pytest.fixture
def olga(chromium: Browser, address: str, mistakes: list[Any]) -> Iterator[Page]:
    """The operator, signed in."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    watch(page, mistakes)
    page.goto(f"{address}/sign-in")
    page.fill("input[name=name]", "olga")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/home")
    yield page
    context.close()


@pytest.fixture
def sent() -> dict[str, str]:
    """The sha256 of every photo that left a tablet, by its id."""
    return {}


@pytest.fixture
def new_tablet(
    chromium: Browser, mistakes: list[Any], sent: dict[str, str]
) -> Iterator[Callable[[], Page]]:
    """Makes another tablet, with a browser of its own."""
    contexts = []

    def remember(route: Route) -> None:
        body = route.request.post_data_buffer
        if route.request.method == "PUT" and body:
            sent[route.request.url.rsplit("/", 1)[1]] = hashlib.sha256(body).hexdigest()
        route.continue_()

    def make() -> Page:
        # What a service worker passes on would not be seen here.
        context = chromium.new_context(
            viewport={"width": 768, "height": 1024}, service_workers="block"
        )
        contexts.append(context)
        context.route("**/photos/*", remember)
        page = context.new_page()
        watch(page, mistakes)
        return page

    yield make
    for context in contexts:
        context.close()
