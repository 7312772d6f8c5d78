"""What comes between: no network, a reload, a withdrawal, a camera that fails."""

import uuid

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from tests.browser.capture.tablet import (
    EMOTIONS,
    SHOTS,
    agree,
    be_photographed,
    count,
    expect_count,
    expect_state,
    go_through,
    see,
    stored,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_capture_goes_on_without_a_network_and_everything_arrives(
    page: Page, dataset: Dataset
) -> None:
    agree(page)
    page.context.set_offline(True)
    go_through(page)
    everything = SHOTS * len(EMOTIONS)
    assert (count(page, "taken"), count(page, "waiting")) == (everything, everything)
    expect(page.locator(".offline")).to_contain_text("not lost")
    page.click("[data-act=done]")
    see(page, "goodbye")
    page.context.set_offline(False)
    expect_count(page, "saved", everything)
    expect(page.locator(".offline")).to_be_hidden()
    expect_state(page, dataset, ("finished", None))
    assert len(stored(dataset)) == everything


def test_a_reloaded_page_goes_on_where_it_was(page: Page) -> None:
    agree(page)
    be_photographed(page)
    expect_count(page, "saved", SHOTS)
    page.reload()
    see(page, "camera")
    page.click("[data-act=open]")
    page.click("[data-act=next]")
    expect(page.locator(".story")).to_contain_text(EMOTIONS[1])


def test_a_child_whose_photos_were_erased_is_told_so_kindly(
    page: Page, dataset: Dataset, child: uuid.UUID
) -> None:
    agree(page)
    erase_participant(dataset, child, actor="admin")
    page.click("[data-act=ready]")
    see(page, "goodbye")
    expect(page.locator("h1")).to_contain_text("asked us to delete")
    assert count(page, "waiting") == 0


def test_a_page_that_is_opened_after_a_withdrawal_says_so_kindly(
    page: Page, dataset: Dataset, child: uuid.UUID
) -> None:
    agree(page)
    withdraw(dataset, child, ["research"], channel="code", actor="guardian")
    page.reload()
    see(page, "goodbye")
    expect(page.locator("h1")).to_contain_text("asked us to delete")
    expect(page.locator(".fallback")).to_have_count(0)


def test_a_withdrawal_takes_the_photos_off_the_screen(
    page: Page, dataset: Dataset, child: uuid.UUID
) -> None:
    agree(page)
    go_through(page)
    expect(page.locator(".photo img[src]")).to_have_count(SHOTS * len(EMOTIONS))
    withdraw(dataset, child, ["research"], channel="code", actor="guardian")
    page.click("[data-act=done]")
    see(page, "goodbye")
    expect(page.locator("h1")).to_contain_text("asked us to delete")
    expect(page.locator(".photo")).to_have_count(0)


def test_a_refused_photo_is_said_and_the_session_goes_on(page: Page, dataset: Dataset) -> None:
    def spoil(route: Route) -> None:
        route.continue_(post_data=b"no picture")

    agree(page)
    page.route("**/photos/*", spoil)
    be_photographed(page)
    expect(page.locator(".note")).to_contain_text("This photo could not be saved")
    expect_count(page, "waiting", 0)
    assert count(page, "saved") == 0
    page.unroute("**/photos/*")
    page.click("[data-act=next]")
    be_photographed(page)
    expect_count(page, "saved", SHOTS)
    assert len(stored(dataset)) == SHOTS


def test_a_page_without_a_session_asks_for_an_adult(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    for hash_ in ("", "#nobody's-token"):
        page.goto("about:blank")
        page.goto(f"{address}/capture/{hash_}")
        see(page, "trouble")
        expect(page.locator(".fallback [lang]")).to_have_count(4)
        expect(page.locator(".fallback")).to_be_visible()
    page.close()


@pytest.mark.parametrize(
    ("failure", "sentence"),
    [
        ("NotAllowedError", "The camera is not allowed here."),
        ("NotFoundError", "I cannot find a camera."),
    ],
)
def test_a_camera_that_fails_is_named_and_tried_again(
    page: Page, failure: str, sentence: str
) -> None:
    see(page, "assent")
    page.evaluate(
        """(failure) => {
          const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          navigator.mediaDevices.getUserMedia = async (wanted) => {
            navigator.mediaDevices.getUserMedia = open;
            throw new DOMException("", failure);
          };
        }""",
        failure,
    )
    page.click("button[value=yes]")
    page.click("[data-act=open]")
    see(page, "trouble")
    expect(page.locator("h1")).to_contain_text(sentence)
    page.click("[data-act=open]")
    see(page, "camera")
    expect(page.locator(".ring")).to_be_visible()


def test_a_camera_that_ends_in_the_middle_is_noticed(page: Page) -> None:
    agree(page)
    page.evaluate(
        "document.querySelector('video').srcObject.getTracks()[0].dispatchEvent(new Event('ended'))"
    )
    see(page, "trouble")
    page.click("[data-act=open]")
    see(page, "story")
    be_photographed(page)
    expect_count(page, "saved", SHOTS)
