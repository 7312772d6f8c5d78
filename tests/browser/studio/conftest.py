"""A protocol of few steps that has everything: practice, a break, heads turned."""

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.models import Protocol
from collector.dataset.protocols.stories import shipped_stories
from collector.dataset.sessions import start_session
from tests.browser.browser import launch
from tests.browser.camera import make_camera_file, real_faces
from tests.browser.studio.screens import EMOTIONS, SHOTS
from tests.cast import enrol
from tests.server.serving import serving

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def player() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def chromium(player: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that sees real faces."""
    camera = tmp_path_factory.mktemp("camera") / "faces.y4m"
    browser = launch(player, make_camera_file(real_faces("happy", 5), camera))
    yield browser
    browser.close()


@pytest.fixture
def address(dataset: Dataset, staff: dict[str, uuid.UUID]) -> Iterator[str]:
    assert staff
    with serving(dataset.folder, dataset.keys.folder) as found:
        yield found


@pytest.fixture
def protocol(dataset: Dataset) -> uuid.UUID:
    """Practice, then neutral, fear, a break, happy."""
    steps = [
        {"emotion": one, "head_pose": "frontal", "shots": SHOTS, "part": 1} for one in EMOTIONS
    ]
    steps[1]["head_pose"] = "left"
    body: dict[str, Any] = {
        "titles": {"en": "tests"}, "countdown_seconds": 1, "shot_interval_ms": 200,
        "break_after_emotions": 2, "time_limit_minutes": 0, "practice": True, "shuffle": False,
        "parts": [{"lights": []}], "steps": steps, "stories": shipped_stories(EMOTIONS),
    }  # fmt: skip
    with dataset.database.write() as session:
        made = Protocol(
            site_id=dataset.site_id, name="tests", version=1, body=body, created_at=clock.now()
        )
        session.add(made)
        session.flush()
        return made.id


@pytest.fixture
def start(dataset: Dataset, protocol: uuid.UUID) -> Callable[[str], str]:
    """Starts a session in a language; returns what stands behind the address's #."""

    def begin(language: str) -> str:
        return start_session(
            dataset, enrol(dataset, "research"), protocol, light="natural", language=language,
            actor="olga", operator_id=None, confirmed="hand",
        )[1]  # fmt: skip

    return begin


@pytest.fixture
def tablet(chromium: Browser, address: str) -> Iterator[Open]:
    """Opens the child's page on a tablet; none may end with a mistake."""
    contexts, mistakes = [], []

    def open_page(behind: str, *scripts: str, **options: Any) -> Page:
        options = {"viewport": {"width": 768, "height": 1024}, **options}
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: mistakes.append(error))  # noqa: PLW0108
        for script in scripts:
            page.add_init_script(script)
        page.goto(f"{address}/capture/#{behind}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not mistakes
