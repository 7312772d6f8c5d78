"""Server killed, network cut, page reloaded, tablet switched off: everything arrives, once each."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from collector.dataset.dataset import Dataset
from tests.browser.capture.tablet import (
    EMOTIONS,
    SHOTS,
    agree,
    be_photographed,
    count,
    eventually,
    expect_count,
    expect_state,
    go_through,
    see,
    state,
)
from tests.browser.queue.conftest import Open
from tests.browser.queue.switch import Switch
from tests.browser.queue.tablet import Sent, expect_empty_store, expect_everything, kept, read_store

pytestmark = [pytest.mark.slow, pytest.mark.browser]

EVERYTHING = SHOTS * len(EMOTIONS)


def to_the_story(page: Page, number: int) -> None:
    """From the camera's screen to the story that comes next."""
    see(page, "camera")
    page.click("[data-act=open]")
    page.click("[data-act=next]")
    see(page, "story")
    expect(page.locator(".story")).to_contain_text(EMOTIONS[number])


def test_the_server_is_killed_twice_in_the_middle(
    page: Page, server: Switch, dataset: Dataset, sent: Sent
) -> None:
    agree(page)
    page.click("[data-act=ready]")
    see(page, "countdown")
    server.off()
    see(page, "star")
    expect(page.locator(".offline")).to_contain_text("not lost")
    server.on()
    page.click("[data-act=next]")
    be_photographed(page)
    server.off()
    page.click("[data-act=next]")
    see(page, "review")
    page.click("[data-act=done]")
    see(page, "goodbye")
    assert count(page, "taken") == EVERYTHING
    server.on()
    expect_state(page, dataset, ("finished", None))
    expect_everything(page, dataset, sent)
    expect_empty_store(page)


@pytest.mark.parametrize("network", ["there", "gone"])
def test_the_page_is_reloaded_at_every_screen(
    page: Page, dataset: Dataset, sent: Sent, network: str
) -> None:
    def reload(screen: str, taken: int) -> None:
        page.reload()
        see(page, screen)
        assert count(page, "taken") == taken

    page.reload()
    agree(page)
    page.context.set_offline(network == "gone")
    for number, _ in enumerate(EMOTIONS):
        taken = number * SHOTS
        reload("camera", taken)
        to_the_story(page, number)
        reload("camera", taken)
        to_the_story(page, number)
        page.click("[data-act=ready]")
        see(page, "countdown")
        reload("camera", taken)
        to_the_story(page, number)
        be_photographed(page)
        reload("camera" if number == 0 else "review", taken + SHOTS)
        if number == 0:
            to_the_story(page, 1)
            reload("camera", taken + SHOTS)
    reload("review", EVERYTHING)
    page.click("[data-act=done]")
    see(page, "goodbye")
    page.wait_for_timeout(500)
    page.reload()
    see(page, "goodbye")
    page.context.set_offline(False)
    expect_state(page, dataset, ("finished", None))
    eventually(page, lambda: kept(dataset) == sent)
    page.reload()
    see(page, "goodbye")
    assert count(page, "taken") == len(sent) == EVERYTHING


def test_a_step_that_was_skipped_is_not_asked_again(page: Page) -> None:
    agree(page)
    page.click("[data-act=skip]")
    see(page, "star")
    page.reload()
    to_the_story(page, 1)


def test_the_tablet_is_switched_off_in_the_middle(
    page: Page, server: Switch, switch_on: Open, dataset: Dataset, sent: Sent
) -> None:
    agree(page)
    server.off()
    be_photographed(page)
    expect_count(page, "taken", SHOTS)
    page.context.close()
    again = switch_on().new_page()
    again.goto(f"{server.address}/capture/")
    see(again, "camera")
    assert (count(again, "taken"), count(again, "waiting")) == (SHOTS, SHOTS)
    server.on()
    to_the_story(again, 1)
    be_photographed(again)
    again.click("[data-act=next]")
    see(again, "review")
    again.click("[data-act=done]")
    expect_state(again, dataset, ("finished", None))
    expect_everything(again, dataset, sent)


def test_the_session_ends_while_photos_wait_and_the_tablet_is_switched_off(
    page: Page, server: Switch, switch_on: Open, dataset: Dataset, sent: Sent
) -> None:
    agree(page)
    server.off()
    go_through(page)
    page.click("[data-act=done]")
    see(page, "goodbye")
    assert count(page, "waiting") == EVERYTHING
    page.wait_for_timeout(300)  # the end is written down in the background
    page.context.close()
    server.on()
    again = switch_on().new_page()
    again.goto(f"{server.address}/capture/")
    see(again, "goodbye")
    expect_state(again, dataset, ("finished", None))
    expect_everything(again, dataset, sent)
    assert len(sent) == EVERYTHING
    expect_empty_store(again)


def test_photos_of_the_child_before_arrive_while_the_next_one_plays(
    page: Page, server: Switch, start: Callable[[], str], dataset: Dataset, sent: Sent
) -> None:
    agree(page)
    page.context.route("**/photos/*", lambda route: route.abort())
    go_through(page)
    page.click("[data-act=done]")
    see(page, "goodbye")
    page.goto(f"{server.address}/capture/#{start()}")
    agree(page)
    assert (count(page, "taken"), count(page, "waiting")) == (0, EVERYTHING)
    be_photographed(page)
    expect(page.locator(".offline")).to_contain_text(f"{EVERYTHING + SHOTS}")
    page.context.unroute("**/photos/*")
    expect_count(page, "waiting", 0)
    assert count(page, "saved") == SHOTS
    assert kept(dataset) == sent
    assert len(sent) == EVERYTHING + SHOTS
    assert len(read_store(page)["sessions"]) == 1


def test_what_a_child_throws_away_without_a_network_is_gone_at_once_and_for_good(
    page: Page, server: Switch, switch_on: Open, dataset: Dataset
) -> None:
    agree(page)
    be_photographed(page)
    expect_count(page, "saved", SHOTS)
    page.click("[data-act=next]")
    server.off()
    be_photographed(page)
    page.click("[data-act=stop]")
    see(page, "stopped")
    page.reload()
    see(page, "stopped")
    page.click("[data-act=answer][value=bin]")
    see(page, "goodbye")
    page.wait_for_timeout(300)
    assert read_store(page)["photos"] == []
    page.context.close()
    server.on()
    again = switch_on().new_page()
    again.goto(f"{server.address}/capture/")
    expect_state(again, dataset, ("stopped", "bin"))
    assert kept(dataset) == {}
    expect_empty_store(again)


def test_where_the_browser_keeps_nothing_capture_goes_on_and_the_adult_is_told(
    page: Page, dataset: Dataset, sent: Sent
) -> None:
    page.add_init_script(
        "Object.defineProperty(window, 'indexedDB', { get() { throw new Error('private') } })"
    )
    page.reload()
    agree(page)
    page.context.set_offline(True)
    go_through(page)
    expect(page.locator(".note")).to_contain_text("Leave this page open")
    page.context.set_offline(False)
    page.click("[data-act=done]")
    expect_everything(page, dataset, sent)
    assert state(dataset) == ("finished", None)
