"""Every text is said aloud: by an operator's recording, else by a voice of the tablet itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from collector.dataset.dataset import Dataset
from collector.dataset.voices import recordings_of
from tests.browser.capture.tablet import eventually
from tests.browser.studio.conftest import Open
from tests.browser.studio.screens import said, see, voices, walk
from tests.cast import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Start = Callable[[str], str]
HELLO = "Hello! Shall we play with faces?"


def test_each_screen_is_read_and_its_buttons_once(tablet: Open, start: Start) -> None:
    page = tablet(start("en"), voices("en-GB"))
    for name in walk(page):
        if name in ("camera on", "story neutral", "pause"):
            words = page.locator(".screen h1").inner_text()
            page.wait_for_timeout(300)
            assert words in said(page)
    spoken = said(page)
    assert spoken[:5] == [HELLO, "I take photos of your face. You can stop whenever you like.",
                          "Yes", "No", "Not today"]  # fmt: skip
    assert "Turn your head a little to the left." in spoken
    assert spoken.count("Skip") == spoken.count("Stop") == spoken.count("Once more, with me") == 1
    assert "Photos taken" not in " ".join(spoken)


def test_the_ear_says_it_all_again(tablet: Open, start: Start) -> None:
    page = tablet(start("en"), voices("en-GB"))
    see(page, "assent")
    page.wait_for_timeout(500)
    before = said(page)
    page.click(".ear")
    page.wait_for_timeout(500)
    assert said(page) == before * 2


def test_a_missing_voice_is_named_before_the_child_begins(tablet: Open, start: Start) -> None:
    page = tablet(start("kk"), voices("ru-RU", "en-US"))
    line = page.locator("[data-slot=voices]")
    expect(line).to_contain_text("қазақ")
    expect(page.locator(".ear")).to_be_hidden()
    assert said(page) == []


def test_a_voice_from_elsewhere_says_nothing(tablet: Open, start: Start) -> None:
    page = tablet(start("en"), voices("en-US", local=False))
    expect(page.locator("[data-slot=voices]")).not_to_be_empty()
    page.click("button[value=yes]")
    see(page, "camera")
    assert said(page) == []


def record(desk: Page, phrase: str) -> None:
    """Record a moment of the browser's own beeps for a phrase, and keep it."""
    line = desk.locator(f'li[data-phrase="{phrase}"]')
    line.locator("[data-do=record]").click()
    desk.wait_for_timeout(1200)
    line.locator("[data-do=stop]").click()
    line.locator("[data-do=keep]").click()
    expect(line.locator("[role=status]")).to_have_text("Recorded.")


def test_what_an_operator_recorded_is_what_the_child_hears(
    chromium: Browser, address: str, tablet: Open, start: Start, dataset: Dataset
) -> None:
    desk = chromium.new_context(locale="en", permissions=["microphone"]).new_page()
    desk.goto(f"{address}/sign-in")
    desk.fill("[name=name]", "olga")
    desk.fill("[name=password]", PASSWORD)
    desk.click("main button[type=submit]")
    desk.goto(f"{address}/voices/?language=en")
    record(desk, HELLO)
    with dataset.database.read() as session:
        (kept,) = recordings_of(session, "en")
    assert kept.media_type in {"audio/mp4", "audio/webm"}
    asked = list[Request]()
    page = tablet(start("en"), voices("en-GB"))
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108
    page.reload()
    see(page, "assent")
    # Before the first tap a browser may refuse to play, and the tablet's own voice speaks instead.
    before = len(said(page))
    page.click(".ear")
    eventually(page, lambda: "Yes" in said(page)[before:])
    assert HELLO not in said(page)[before:]
    assert page.evaluate("document.querySelector('audio').src").startswith("blob:")
    sounds = [one for one in asked if str(kept.id) in one.url]
    assert len(sounds) == 1  # from then on from memory
    assert sounds[0].headers.get("session-token")
    desk.locator(f'li[data-phrase="{HELLO}"] [data-do=delete]').click()
    expect(desk.locator(f'li[data-phrase="{HELLO}"] [role=status]')).to_have_text("Deleted.")
    with dataset.database.read() as session:
        assert list(recordings_of(session, "en")) == []
    desk.context.close()
