"""A reviewer at work in a real Chromium: keys, clicks, undo, and a server that goes away."""

import uuid
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, expect, sync_playwright
from sqlalchemy import text

from collector.dataset.dataset import Dataset
from collector.web.server import make_server
from tests.browser.browser import launch
from tests.cast import PASSWORD
from tests.server.serving import free_port

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    made = chromium.new_context(locale="en", viewport={"width": 1280, "height": 800})
    yield made
    made.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where this test's app is served, by a thread of the test's own process."""
    port = free_port()
    server = make_server(app, "127.0.0.1", port)
    thread = Thread(target=server.serve)
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.stop()
    thread.join()


@pytest.fixture
def page(address: str, context: BrowserContext) -> Page:
    """Rita's review page, its first photo painted and long enough in sight to be judged."""
    made = context.new_page()
    made.goto(f"{address}/sign-in")
    made.fill("input[name=name]", "rita")
    made.fill("input[name=password]", PASSWORD)
    made.click("main button")
    made.goto(f"{address}/review/")
    see_photo(made)
    return made


def see_photo(page: Page) -> None:
    expect(page.locator("#review[data-state=looking] img")).to_be_visible()
    page.wait_for_timeout(400)  # longer than a press is taken for one meant for the photo before


def votes(dataset: Dataset) -> list[tuple[str, str | None, str | None]]:
    with dataset.database.read() as session:
        rows = session.execute(
            text("SELECT verdict, emotion, reason FROM vote ORDER BY created_at")
        )
        return [(row.verdict, row.emotion, row.reason) for row in rows]


def test_the_three_photos_are_judged_by_key_by_reason_and_by_touch(
    page: Page, dataset: Dataset
) -> None:
    page.keyboard.press("6")
    see_photo(page)
    page.keyboard.press("x")
    page.keyboard.press("3")  # a digit means nothing while a reason is asked for
    page.keyboard.press("b")
    see_photo(page)
    page.get_by_role("button", name="surprise").click()
    expect(page.locator("#review[data-state=empty]")).to_contain_text("Nothing waits for you now")
    assert votes(dataset) == [
        ("emotion", "happy", None),
        ("not_usable", None, "blurred"),
        ("emotion", "surprise", None),
    ]
    expect(page.locator("[data-part=voted]")).to_have_text("3")


def test_a_held_key_and_quick_presses_label_one_photo(page: Page, dataset: Dataset) -> None:
    page.keyboard.down("1")
    for _ in range(20):
        page.keyboard.down("1")  # the browser marks these as repeats
    page.keyboard.up("1")
    page.keyboard.press("2")
    page.keyboard.press("2")
    see_photo(page)
    assert votes(dataset) == [("emotion", "surprise", None)]


def test_undo_brings_the_photo_back_also_after_a_reload(page: Page, dataset: Dataset) -> None:
    page.keyboard.press("4")
    see_photo(page)
    page.reload()
    see_photo(page)
    page.keyboard.press("Backspace")
    expect(page.get_by_role("status")).to_have_text("Taken back: judge this photo again.")
    see_photo(page)
    page.keyboard.press("3")
    see_photo(page)
    page.keyboard.press("Control+z")
    see_photo(page)
    expect(page.locator("[data-part=voted]")).to_have_text("0")
    assert [one[:2] for one in votes(dataset)] == [
        ("emotion", "angry"),
        ("undone", None),
        ("emotion", "sad"),
        ("undone", None),
    ]


def test_a_vote_survives_the_loss_of_the_network(
    page: Page, context: BrowserContext, dataset: Dataset
) -> None:
    context.set_offline(True)
    page.keyboard.press("6")
    expect(page.get_by_role("alert")).to_contain_text("Votes waiting to be stored: 1.")
    assert votes(dataset) == []
    context.set_offline(False)
    expect(page.get_by_role("alert")).to_be_hidden()
    see_photo(page)
    assert votes(dataset) == [("emotion", "happy", None)]


def test_photos_leave_no_trace_in_the_page(page: Page, photos: list[uuid.UUID]) -> None:
    source = page.locator("#review img").get_attribute("src") or ""
    assert source.startswith("blob:")
    assert page.evaluate("url => fetch(url).then(() => 'alive', () => 'revoked')", source) == (
        "revoked"
    )
    assert not [one for one in photos if str(one) in page.content()]


def test_nothing_is_cut_off_at_any_width(page: Page) -> None:
    for width in (360, 820, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        for part in ("classes", "reasons"):
            expect(page.locator(f"[data-part={part}]")).to_be_visible()
            assert page.evaluate(CUT_OFF) == [], f"{part} at {width}"
            assert page.evaluate("document.documentElement.scrollWidth") == width
            page.keyboard.press("x")


CUT_OFF = """[...document.querySelectorAll('#review button')]
  .filter((one) => one.scrollWidth > one.clientWidth
                   || one.getBoundingClientRect().right > innerWidth)
  .map((one) => one.textContent)"""
