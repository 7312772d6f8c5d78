"""Play mode: the same screens and certificate; not a frame is taken, sent or stored."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, Request, expect
from sqlalchemy import func, select

from collector.dataset.dataset import Dataset
from collector.dataset.models import AuditEvent, CaptureSession, Photo
from tests.browser.browser import launch
from tests.browser.studio.conftest import Open
from tests.browser.studio.screens import EMOTIONS, see, walk

pytestmark = [pytest.mark.slow, pytest.mark.browser]

# Counts whatever could take a frame out of the camera's picture, and keeps its tracks.
WATCH = """(() => {
  window.grabbed = 0;
  window.tracks = [];
  const count = (owner, name) => {
    const real = owner.prototype[name];
    owner.prototype[name] = function (...args) { grabbed += 1; return real.apply(this, args); };
  };
  count(CanvasRenderingContext2D, "drawImage");
  count(HTMLCanvasElement, "toBlob");
  count(HTMLCanvasElement, "toDataURL");
  for (const name of ["ImageCapture", "MediaRecorder", "VideoFrame", "OffscreenCanvas"]) {
    delete window[name];
  }
  window.createImageBitmap = () => { grabbed += 1; };
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  mediaDevices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    tracks.push(...stream.getTracks());
    return stream;
  };
})()"""


@pytest.fixture
def link(protocol: uuid.UUID) -> str:
    return f"play.{protocol}.en"


@pytest.fixture
def blind(player: Playwright) -> Iterator[Browser]:
    """A browser without a camera."""
    browser = launch(player)
    yield browser
    browser.close()


def rows(dataset: Dataset) -> list[int]:
    tables = (Photo, CaptureSession, AuditEvent)
    with dataset.database.read() as session:
        return [session.scalar(select(func.count()).select_from(one)) or 0 for one in tables]


def play(page: Page) -> list[str]:
    seen = list(walk(page))
    page.click("[data-act=done]")
    see(page, "goodbye")
    return seen


def test_not_a_frame_is_taken_or_sent(tablet: Open, link: str, dataset: Dataset) -> None:
    before = rows(dataset)
    page, asked = tablet(link, WATCH), list[Request]()
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108
    expect(page.locator(".screen")).to_contain_text("no photo is taken")
    seen = play(page)
    assert {"countdown fear", "model fear", "pause"} <= set(seen)
    assert page.evaluate("[tracks.length > 0, grabbed]") == [True, 0]
    assert {one.method for one in asked} <= {"GET"}
    assert page.evaluate("tracks.every((track) => track.readyState === 'ended')")
    expect(page.locator(".certificate .won")).to_have_count(len(EMOTIONS) + 1)
    assert rows(dataset) == before


def test_the_watch_would_see_a_frame_of_a_real_session(
    tablet: Open, start: Callable[[str], str], dataset: Dataset
) -> None:
    page = tablet(start("en"), WATCH)
    assert "star neutral" in walk(page)
    assert page.evaluate("grabbed") > 0
    assert rows(dataset)[1] == 1


def test_a_rehearsal_works_without_a_camera(blind: Browser, address: str, link: str) -> None:
    page = blind.new_context(viewport={"width": 768, "height": 1024}).new_page()
    page.goto(f"{address}/capture/#{link}")
    assert "model happy" in play(page)


def test_a_child_may_say_no_and_stop_in_a_rehearsal(tablet: Open, link: str) -> None:
    page = tablet(link)
    see(page, "assent")
    page.click("button[value=no]")
    see(page, "declined")
    page = tablet(link)
    assert "star practice" in walk(page)
    page.click(".stop")
    see(page, "goodbye")
    expect(page.locator(".certificate .won")).to_have_count(2)


def test_a_link_to_nothing_asks_for_the_adult(tablet: Open) -> None:
    page = tablet(f"play.{uuid.uuid4()}.en")
    expect(page.locator(".fallback")).to_be_visible()
