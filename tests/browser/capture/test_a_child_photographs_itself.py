"""The child's page in a real Chromium, from the question to the goodbye."""

import hashlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from collector.dataset.dataset import Dataset
from collector.dataset.photos import read_photo
from tests.browser.camera import FRAME
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
    stored,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_every_photo_taken_is_stored_once_as_it_was_sent(page: Page, dataset: Dataset) -> None:
    sent: dict[str, str] = {}

    def remember(route: Route) -> None:
        body = route.request.post_data_buffer or b""
        sent[route.request.url.rsplit("/", 1)[1]] = hashlib.sha256(body).hexdigest()
        route.continue_()

    page.route("**/photos/*", remember)
    agree(page)
    go_through(page)
    expect_count(page, "saved", SHOTS * len(EMOTIONS))
    assert count(page, "taken") == SHOTS * len(EMOTIONS)
    expect(page.locator(".photo img[src]")).to_have_count(SHOTS * len(EMOTIONS))
    page.click("[data-act=done]")
    see(page, "goodbye")
    expect(page.locator(".screen")).to_contain_text("Everything is saved.")

    photos = stored(dataset)
    kept = {str(one.id): hashlib.sha256(read_photo(dataset, one)).hexdigest() for one in photos}
    assert kept == sent
    assert sorted((one.prompted_emotion, one.shot) for one in photos) == sorted(
        (emotion, shot) for emotion in EMOTIONS for shot in range(SHOTS)
    )
    assert len({one.burst_id for one in photos}) == len(EMOTIONS)
    # It sits well; one of the photographs is lit from one side.
    assert {one.guidance for one in photos} <= {None, "turn_to_window"}
    expect_state(page, dataset, ("finished", None))


def test_a_photo_is_whole_and_not_mirrored_though_the_preview_is(
    page: Page, dataset: Dataset
) -> None:
    agree(page)
    mirrored = page.locator("video").evaluate("video => getComputedStyle(video).transform")
    assert mirrored.startswith("matrix(-1")
    be_photographed(page)
    expect_count(page, "saved", SHOTS)
    photo = stored(dataset)[0]
    pixels = np.asarray(Image.open(BytesIO(read_photo(dataset, photo))))
    assert pixels.shape == (FRAME[1], FRAME[0], 3)
    red, _, blue = pixels[600:700, 50:300].mean(axis=(0, 1))
    assert red > blue + 80
    red, _, blue = pixels[600:700, -300:-50].mean(axis=(0, 1))
    assert blue > red + 80
    settings = photo.camera_settings or {}
    assert settings["width"] == FRAME[0]
    assert not {"deviceId", "groupId"} & settings.keys()  # the device is nobody's business


def test_the_token_is_out_of_sight_and_no_cookie_is_used(page: Page, token: str) -> None:
    see(page, "assent")
    assert token not in page.url
    assert page.context.cookies() == []
    page.reload()
    see(page, "assent")


def test_a_child_that_says_no_is_thanked(page: Page, dataset: Dataset) -> None:
    see(page, "assent")
    page.click("button[value=no]")
    see(page, "declined")
    expect_state(page, dataset, ("declined", None))
    page.reload()
    see(page, "declined")


def test_a_skipped_story_earns_its_star_and_a_second_tap_answers_nothing(page: Page) -> None:
    agree(page)
    page.locator("[data-act=skip]").dblclick()
    see(page, "star")
    expect(page.locator("[data-act=next]")).to_be_disabled()
    expect(page.locator("[data-act=next]")).to_be_enabled(timeout=3000)
    see(page, "star")
    expect(page.locator(".stars .won")).to_have_count(1)
    assert count(page, "taken") == 0


def test_a_child_that_stops_may_throw_its_photos_away(page: Page, dataset: Dataset) -> None:
    agree(page)
    be_photographed(page)
    page.click(".stop")
    see(page, "stopped")
    page.click("button[value=bin]")
    see(page, "goodbye")
    expect_count(page, "saved", 0)
    expect_state(page, dataset, ("stopped", "bin"))
    eventually(page, lambda: stored(dataset) == [])


@pytest.mark.parametrize("interval", [2000])
def test_a_child_that_stops_in_a_burst_may_keep_its_photos(page: Page, dataset: Dataset) -> None:
    agree(page)
    be_photographed(page)
    page.click("[data-act=next]")
    page.click("[data-act=ready]")
    page.locator(".shots .won").first.wait_for()
    page.click(".stop")
    see(page, "stopped")
    page.click("button[value=keep]")
    see(page, "goodbye")
    expect_state(page, dataset, ("stopped", "keep"))
    expect_count(page, "waiting", 0)
    photos = stored(dataset)
    assert len(photos) == count(page, "taken") >= SHOTS
    assert {photo.state for photo in photos} == {"active"}


def test_a_photo_is_thrown_away_with_a_tap_and_one_more(page: Page, dataset: Dataset) -> None:
    agree(page)
    go_through(page)
    expect(page.locator(".photo img[src]")).to_have_count(SHOTS * len(EMOTIONS))
    thrown = page.locator(".photo").first.get_attribute("data-photo")
    page.locator(".photo").first.click()
    page.click("dialog button[value=keep]")
    assert len(stored(dataset)) == SHOTS * len(EMOTIONS)
    page.locator(".photo").first.click()
    page.click("dialog button[value=throw]")
    expect(page.locator(".photo")).to_have_count(SHOTS * len(EMOTIONS) - 1)
    assert thrown not in [str(photo.id) for photo in stored(dataset)]
    assert len(stored(dataset)) == count(page, "saved") == SHOTS * len(EMOTIONS) - 1
