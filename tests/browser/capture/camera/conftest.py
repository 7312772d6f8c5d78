"""The tablet with a camera that can be made to fail, before it is opened."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.capture.camera.sham import with_sham_camera


@pytest.fixture
def interval() -> int:
    """Milliseconds between a burst's shots: time enough for something to happen in between."""
    return 1200


@pytest.fixture
def page(chromium: Browser, address: str, token: str) -> Iterator[Page]:
    """The tablet with the sham camera, at the first question; it must end without a mistake."""
    context = chromium.new_context(viewport={"width": 768, "height": 1024})
    opened = context.new_page()
    mistakes: list[Any] = []
    opened.on("pageerror", lambda error: mistakes.append(error))  # noqa: PLW0108
    with_sham_camera(opened)
    opened.goto(f"{address}/capture/#{token}")
    yield opened
    context.close()
    assert not mistakes
