"""A tablet at the first question of a session, with a file as its camera."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.models import Protocol
from collector.dataset.sessions import start_session
from tests.browser.browser import launch
from tests.browser.camera import make_camera_file, real_faces
from tests.browser.capture.tablet import EMOTIONS, SHOTS, two_sided
from tests.cast import enrol
from tests.server.serving import serving


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that sees real faces."""
    pictures = [two_sided(face) for face in real_faces("happy", 5)]
    camera = make_camera_file(pictures, tmp_path_factory.mktemp("camera") / "faces.y4m")
    with sync_playwright() as playwright:
        browser = launch(playwright, camera)
        yield browser
        browser.close()


@pytest.fixture
def address(dataset: Dataset, staff: dict[str, uuid.UUID]) -> Iterator[str]:
    with serving(dataset.folder, dataset.keys.folder) as found:
        yield found


@pytest.fixture
def child(dataset: Dataset) -> uuid.UUID:
    return enrol(dataset, "research")


@pytest.fixture
def interval() -> int:
    """Milliseconds between a burst's shots."""
    return 200


@pytest.fixture
def token(dataset: Dataset, child: uuid.UUID, staff: dict[str, uuid.UUID], interval: int) -> str:
    """A session's token; its protocol is as any, but shorter."""
    steps = [{"emotion": one, "stories": {"en": [f"A story. {one}"]}} for one in EMOTIONS]
    body = {"shots": SHOTS, "shot_interval_ms": interval, "countdown_seconds": 1, "steps": steps}
    with dataset.database.write() as session:
        protocol = Protocol(
            site_id=dataset.site_id, name="tests", version=1, body=body, created_at=clock.now()
        )
        session.add(protocol)
        session.flush()
        protocol_id = protocol.id
    return start_session(
        dataset, child, protocol_id, light="natural", language="en", actor="olga",
        operator_id=staff["olga"], confirmed="hand",
    )[1]  # fmt: skip


@pytest.fixture
def page(chromium: Browser, address: str, token: str) -> Iterator[Page]:
    """The tablet, at the question whether the child wants to; it must end without a mistake."""
    context = chromium.new_context(viewport={"width": 768, "height": 1024})
    opened = context.new_page()
    mistakes: list[Any] = []
    # Playwright cannot listen with a list's own method.
    opened.on("pageerror", lambda error: mistakes.append(error))  # noqa: PLW0108
    opened.goto(f"{address}/capture/#{token}")
    yield opened
    context.close()
    assert not mistakes
