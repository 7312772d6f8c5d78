"""A tablet at the first question of a session, a server with a switch, a profile that stays."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, sync_playwright

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.models import Protocol
from collector.dataset.sessions import start_session
from tests.browser.browser import launch_with_profile
from tests.browser.camera import make_camera_file, real_faces
from tests.browser.capture.tablet import EMOTIONS, SHOTS, two_sided
from tests.browser.queue.switch import Switch
from tests.browser.queue.tablet import Sent
from tests.cast import enrol

Open = Callable[[], BrowserContext]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pictures = [two_sided(face) for face in real_faces("happy", 5)]
    return make_camera_file(pictures, tmp_path_factory.mktemp("camera") / "faces.y4m")


@pytest.fixture
def server(dataset: Dataset, staff: dict[str, uuid.UUID]) -> Iterator[Switch]:
    """A server that is on."""
    assert staff
    switch = Switch(dataset.folder, dataset.keys.folder)
    switch.on()
    yield switch
    switch.off()


@pytest.fixture
def sent() -> Sent:
    return Sent()


@pytest.fixture
def switch_on(playwright: Playwright, camera: Path, tmp_path: Path, sent: Sent) -> Iterator[Open]:
    """Switches the tablet on: a browser with the same profile each time. One at a time."""
    opened: list[BrowserContext] = []
    mistakes: list[Any] = []

    def switch_on() -> BrowserContext:
        context = launch_with_profile(playwright, tmp_path / "profile", camera)
        context.on("weberror", lambda error: mistakes.append(error.error))
        sent.listen(context)
        opened.append(context)
        return context

    yield switch_on
    for context in opened:
        context.close()
    assert not mistakes


@pytest.fixture
def start(dataset: Dataset, staff: dict[str, uuid.UUID]) -> Callable[[], str]:
    """Starts a child's session and gives its token; the protocol is as any, but shorter."""
    steps = [{"emotion": one, "stories": {"en": [f"A story. {one}"]}} for one in EMOTIONS]
    body = {"shots": SHOTS, "shot_interval_ms": 150, "countdown_seconds": 1, "steps": steps}
    with dataset.database.write() as session:
        protocol = Protocol(
            site_id=dataset.site_id, name="tests", version=1, body=body, created_at=clock.now()
        )
        session.add(protocol)
        session.flush()
        protocol_id = protocol.id

    def start() -> str:
        return start_session(
            dataset, enrol(dataset, "research"), protocol_id, light="natural", language="en",
            actor="olga", operator_id=staff["olga"], confirmed="hand",
        )[1]  # fmt: skip

    return start


@pytest.fixture
def token(start: Callable[[], str]) -> str:
    return start()


@pytest.fixture
def page(switch_on: Open, server: Switch, token: str) -> Page:
    """The tablet, at the question whether the child wants to; it opens offline from now on."""
    opened = switch_on().new_page()
    opened.goto(f"{server.address}/capture/#{token}")
    opened.evaluate("navigator.serviceWorker.ready.then(() => null)")
    return opened
