"""A class of six in front of two tablets, from the first code to the closed lesson."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from collector.dataset.dataset import Dataset
from tests.browser.capture.tablet import see
from tests.browser.lesson.conftest import EMOTIONS, SHOTS
from tests.browser.lesson.school import (
    SLOW,
    ClassPage,
    agree,
    be_photographed,
    begin,
    finish,
    open_camera,
    outcomes,
    stop,
    stored,
)
from tests.cast import enrol

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(600)]

BURSTS = len(EMOTIONS)


def pair_two(lesson: ClassPage, new_tablet: Callable[[], Page]) -> tuple[Page, Page]:
    """Two tablets scan a code each; a third one comes too late for the first code."""
    one, two, stranger = new_tablet(), new_tablet(), new_tablet()
    code = lesson.code()
    one.goto(code)
    see(one, "lesson")
    expect(one.locator("[data-slot=tablet]")).to_have_text("Tablet 1")
    assert "pair." not in one.url
    stranger.goto(code)
    expect(stranger.locator(".note")).to_contain_text("Another tablet has used this code")
    stranger.close()
    next_code = lesson.page.get_by_role("button", name="Show a code for the next tablet")
    next_code.click(timeout=SLOW)
    two.goto(lesson.code())
    see(two, "lesson")
    seats = lesson.page.locator(".seats .card h3", has_text=re.compile("^Tablet"))
    expect(seats).to_have_count(2, timeout=SLOW)
    return one, two


def sit_with_a_reload(tablet: Page) -> int:
    """A whole session whose page is opened again in the middle; returns its photos."""
    be_photographed(tablet, 1)
    tablet.reload()
    open_camera(tablet)
    be_photographed(tablet, BURSTS - 1)
    return finish(tablet)


def rehearse(tablet: Page) -> None:
    agree(tablet)
    be_photographed(tablet, BURSTS)
    see(tablet, "review")
    tablet.click("[data-act=done]")
    see(tablet, "goodbye")


def close(lesson: ClassPage, *tablets: Page) -> None:
    """When the page says that it is safe."""
    expect(lesson.page.locator("#closing [data-safe]")).to_be_visible(timeout=SLOW)
    lesson.page.get_by_role("button", name="Close the lesson").click()
    expect(lesson.page.locator("#closing")).to_contain_text("Closed")
    for tablet in tablets:
        expect(tablet.locator("h1")).to_contain_text("The lesson is over", timeout=60_000)


def test_a_class_of_six_comes_to_a_safe_end(
    olga: Page, new_tablet: Callable[[], Page], address: str, dataset: Dataset, protocol: str,
    sent: dict[str, str],
) -> None:  # fmt: skip
    children = [enrol(dataset, "research") for _ in range(5)] + [enrol(dataset)]
    first, second, third, stopping, away, playing = children
    lesson = begin(olga, address, protocol, dataset, *children)
    one, two = pair_two(lesson, new_tablet)
    lesson.press(away, "Absent")
    lesson.expect_state(away, "absent")
    lesson.expect_state(playing, "no consent")

    lesson.send(first, 1)
    lesson.send(second, 2)
    agree(one)
    agree(two)
    lesson.expect_state(first, "in session")
    taken = sit_with_a_reload(one)
    be_photographed(two, BURSTS)
    taken += finish(two)
    lesson.expect_state(first, "done")
    lesson.expect_state(second, "done")

    lesson.send(stopping, 1)
    agree(one)
    be_photographed(one, 1)
    stop(one)
    taken += SHOTS
    lesson.expect_state(stopping, "stopped")

    expect(one.locator("body")).to_have_attribute("data-waiting", "0", timeout=SLOW)
    before = dict(sent)
    lesson.press(playing, "Tablet 2")
    lesson.expect_state(playing, "rehearses")
    rehearse(two)
    lesson.expect_state(playing, "has rehearsed")
    assert sent == before  # of a rehearsal not a frame was sent

    lesson.send(third, 2)
    expect(olga.locator("#closing")).to_contain_text("Not safe to close yet")
    agree(two)
    be_photographed(two, BURSTS)
    taken += finish(two)
    close(lesson, one, two)
    assert stored(dataset) == sent
    assert len(sent) == taken == SHOTS * (3 * BURSTS + 1)
    ends = {first: "finished", second: "finished", third: "finished", stopping: "stopped"}
    assert outcomes(dataset) == ends


def test_a_tablet_survives_a_reload_and_a_closed_tab_while_it_waits(
    olga: Page, new_tablet: Callable[[], Page], address: str, dataset: Dataset, protocol: str
) -> None:
    child = enrol(dataset, "research")
    lesson, tablet = begin(olga, address, protocol, dataset, child), new_tablet()
    tablet.goto(lesson.code())
    see(tablet, "lesson")
    tablet.reload()
    see(tablet, "lesson")
    context = tablet.context
    tablet.close()
    tablet = context.new_page()
    tablet.goto(f"{address}/capture/")
    see(tablet, "lesson")
    tablet.context.set_offline(True)
    lesson.send(child, 1)
    tablet.wait_for_timeout(3000)
    tablet.context.set_offline(False)
    agree(tablet)
    see(tablet, "story")
    lesson.expect_state(child, "in session")


def test_a_child_that_was_taken_back_leaves_the_tablet(
    olga: Page, new_tablet: Callable[[], Page], address: str, dataset: Dataset, protocol: str
) -> None:
    child = enrol(dataset, "research")
    lesson, tablet = begin(olga, address, protocol, dataset, child), new_tablet()
    tablet.goto(lesson.code())
    see(tablet, "lesson")
    expect(olga.locator(".seats h3").first).to_have_text("Tablet 1", timeout=SLOW)
    lesson.send(child, 1)
    see(tablet, "assent")
    lesson.press(child, "Take back")
    lesson.expect_state(child, "waiting")
    expect(tablet.locator("body")).to_have_attribute("data-screen", "lesson", timeout=90_000)
