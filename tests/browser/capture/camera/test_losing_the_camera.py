"""A camera that fails in the middle: said, taken up again on the same step, no burst by halves."""

import io
from collections import Counter

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from collector.dataset.dataset import Dataset
from collector.dataset.photos import read_photo
from tests.browser.capture.camera.sham import turn
from tests.browser.capture.tablet import (
    EMOTIONS,
    SHOTS,
    agree,
    be_photographed,
    eventually,
    expect_count,
    see,
    stored,
)

pytestmark = [pytest.mark.slow, pytest.mark.browser]

# Each ends the picture in its own way, as the browser tells it. Playwright keeps every page
# visible, also behind others, so that a page cannot be hidden but by saying so.
ENDINGS = {
    "ended": "sham.track.dispatchEvent(new Event('ended'))",
    "muted": """
        Object.defineProperty(sham.track, 'muted', { value: true });
        sham.track.dispatchEvent(new Event('mute'));
    """,
    "hidden": """
        const show = (value) =>
          Object.defineProperty(document, 'visibilityState', { value, configurable: true });
        show('hidden');
        document.dispatchEvent(new Event('visibilitychange'));
        show('visible');
    """,
}
SENTENCES = {"ended": "has stopped", "muted": "has stopped", "hidden": "had a rest"}


def begin_burst(page: Page) -> None:
    """Into the middle of a burst: one of its shots is taken."""
    page.click("[data-act=ready]")
    see(page, "countdown")
    page.locator(".shots .won").first.wait_for(timeout=15_000)


def pictures(dataset: Dataset) -> list[np.ndarray]:
    return [np.asarray(Image.open(io.BytesIO(read_photo(dataset, one)))) for one in stored(dataset)]


def expect_whole_bursts(dataset: Dataset, bursts: int) -> None:
    photos = stored(dataset)
    assert list(Counter(one.burst_id for one in photos).values()) == [SHOTS] * bursts
    assert Counter(one.prompted_emotion for one in photos) == Counter(
        dict.fromkeys(EMOTIONS[:bursts], SHOTS)
    )
    for burst in {one.burst_id for one in photos}:
        assert sorted(one.shot for one in photos if one.burst_id == burst) == list(range(SHOTS))


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_burst_that_broke_off_is_taken_again_and_counted_once(
    page: Page, dataset: Dataset, ending: str
) -> None:
    agree(page)
    begin_burst(page)
    page.evaluate(ENDINGS[ending])
    see(page, "trouble")
    expect(page.locator("h1")).to_contain_text(SENTENCES[ending])
    assert page.evaluate("sham.track.readyState") == "ended"
    page.click("[data-act=open]")
    see(page, "story")
    expect(page.locator(".story")).to_contain_text(EMOTIONS[0])
    be_photographed(page)
    expect_count(page, "saved", SHOTS)
    page.click("[data-act=next]")
    be_photographed(page)
    expect_count(page, "saved", 2 * SHOTS)
    expect_whole_bursts(dataset, 2)


def test_a_camera_that_is_muted_for_a_moment_only_goes_on(page: Page, dataset: Dataset) -> None:
    agree(page)
    begin_burst(page)
    page.evaluate(
        """() => {
          let isMuted = true;
          Object.defineProperty(sham.track, 'muted', { get: () => isMuted });
          sham.track.dispatchEvent(new Event('mute'));
          setTimeout(() => (isMuted = false), 700);
        }"""
    )
    see(page, "star")
    expect_count(page, "saved", SHOTS)
    expect_whole_bursts(dataset, 1)


def test_a_track_that_hangs_is_opened_anew_and_no_picture_is_stored_twice(
    page: Page, dataset: Dataset
) -> None:
    agree(page)
    page.click("[data-act=ready]")
    see(page, "countdown")
    opened = page.evaluate("sham.opened")
    # It hangs until somebody opens it again.
    page.evaluate(
        """() => {
          sham.isFrozen = true;
          navigator.mediaDevices.getUserMedia = () => ((sham.isFrozen = false), sham.open());
        }"""
    )
    see(page, "star")
    assert page.evaluate("sham.opened") == opened + 1
    expect_count(page, "saved", SHOTS)
    expect_whole_bursts(dataset, 1)
    assert len({one.tobytes() for one in pictures(dataset)}) == SHOTS


def test_a_track_that_hangs_for_good_is_told_and_nothing_of_it_is_stored(
    page: Page, dataset: Dataset
) -> None:
    agree(page)
    page.click("[data-act=ready]")
    see(page, "countdown")
    turn(page, isFrozen=True)
    see(page, "trouble")
    expect(page.locator("h1")).to_contain_text("stands still")
    expect(page.locator("[data-slot=help]")).to_contain_text("restart the tablet")
    assert stored(dataset) == []
    turn(page, isFrozen=False)
    page.click("[data-act=open]")
    see(page, "story")
    be_photographed(page)
    expect_count(page, "saved", SHOTS)
    expect_whole_bursts(dataset, 1)


@pytest.mark.parametrize("sizes", [([640, 360], [360, 640]), ([360, 640], [640, 360])])
def test_a_tablet_turned_in_a_burst_gives_upright_photos_of_both_shapes(
    page: Page, dataset: Dataset, sizes: tuple[list[int], list[int]]
) -> None:
    see(page, "assent")
    turn(page, size=sizes[0])
    agree(page)
    begin_burst(page)
    turn(page, size=sizes[1])
    page.set_viewport_size({"width": 1024, "height": 768})
    see(page, "star")
    expect_count(page, "saved", SHOTS)
    found = pictures(dataset)
    assert sorted(one.shape[1::-1] for one in found) == sorted(tuple(size) for size in sizes)
    for one in found:
        third = one.shape[0] // 3
        above, below = one[:third].mean(axis=(0, 1)), one[-third:].mean(axis=(0, 1))
        assert above[0] > above[2] + 60
        assert below[2] > below[0] + 60


def test_a_turned_page_goes_on_with_the_photos_as_they_are(page: Page, dataset: Dataset) -> None:
    agree(page)
    for width, height in ((1024, 768), (768, 1024)):
        page.set_viewport_size({"width": width, "height": height})
        be_photographed(page)
        expect(page.locator("[data-act=next]")).to_be_in_viewport()
        page.click("[data-act=next]")
    expect_count(page, "saved", 2 * SHOTS)
    assert {one.shape for one in pictures(dataset)} == {(360, 640, 3)}


def test_a_screen_lock_that_is_lost_is_taken_again(page: Page) -> None:
    see(page, "assent")
    page.evaluate(
        """() => {
          const request = navigator.wakeLock.request.bind(navigator.wakeLock);
          window.locks = [];
          navigator.wakeLock.request = async (kind) => {
            const lock = await request(kind);
            window.locks.push(lock);
            return lock;
          };
        }"""
    )
    agree(page)
    eventually(page, lambda: page.evaluate("locks.map((lock) => lock.released)") == [False])
    page.evaluate("locks[0].release()")
    eventually(page, lambda: page.evaluate("locks.map((lock) => lock.released)") == [True, False])
    page.click(".stop")
    eventually(page, lambda: page.evaluate("locks.map((lock) => lock.released)") == [True, True])
