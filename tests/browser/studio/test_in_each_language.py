"""A whole session in each language, its server killed twice, its network cut, its page reloaded."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from babel.support import Translations
from playwright.sync_api import Browser, Page, expect

import collector.web
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import LANGUAGES
from collector.dataset.protocols.stories import shipped_stories
from tests.browser.capture.tablet import be_photographed, count, eventually, expect_state
from tests.browser.queue.switch import Switch
from tests.browser.queue.tablet import Sent, kept
from tests.browser.studio.screens import EMOTIONS, SHOTS, see

pytestmark = [pytest.mark.slow, pytest.mark.browser]

CATALOGUES = Path(collector.web.__file__).parent / "translations"
STORIES = shipped_stories(EMOTIONS)


@pytest.fixture
def server(dataset: Dataset, staff: dict[str, uuid.UUID]) -> Iterator[Switch]:
    assert staff
    switch = Switch(dataset.folder, dataset.keys.folder)
    switch.on()
    yield switch
    switch.off()


def hear(page: Page, emotion: str, language: str) -> None:
    """The story on the screen is one of that emotion's, in that language."""
    see(page, "story")
    assert page.locator(".story").inner_text() in STORIES[emotion][language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_shown_as_taken_is_stored_whatever_came_between(
    chromium: Browser, server: Switch, start: Callable[[str], str], dataset: Dataset, language: str
) -> None:
    spoken, sent = Translations.load(CATALOGUES, [language]).gettext, Sent()
    context = chromium.new_context(viewport={"width": 768, "height": 1024})
    sent.listen(context)
    page = context.new_page()
    page.goto(f"{server.address}/capture/#{start(language)}")
    see(page, "assent")
    expect(page.locator("h1")).to_have_text(spoken("Hello! Shall we play with faces?"))
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.click("button[value=yes]")
    be_ready(page)
    be_photographed(page)  # the practice round, without a photo
    assert count(page, "taken") == 0
    page.click("[data-act=next]")
    hear(page, "neutral", language)
    server.off()
    be_photographed(page)
    server.on()
    page.click("[data-act=next]")
    hear(page, "fear", language)
    context.set_offline(True)
    be_photographed(page)
    context.set_offline(False)
    page.reload()
    be_ready(page)
    hear(page, "happy", language)
    server.off()
    be_photographed(page)
    page.click("[data-act=next]")
    see(page, "review")
    page.click("[data-act=done]")
    see(page, "goodbye")
    taken = count(page, "taken")
    assert taken == len(EMOTIONS) * SHOTS
    server.on()
    expect_state(page, dataset, ("finished", None))
    eventually(page, lambda: count(page, "waiting") == 0 and count(page, "saved") == taken)
    assert kept(dataset) == sent
    assert len(sent) == taken
    expect(page.locator("h1")).to_have_text(spoken("Thank you! You have collected all the stars."))
    context.close()


def be_ready(page: Page) -> None:
    """From the camera's screen to the story that comes next."""
    see(page, "camera")
    page.click("[data-act=open]")
    page.click("[data-act=next]")
    see(page, "story")
