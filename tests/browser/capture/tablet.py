"""What a child does at the tablet, and what the page and the dataset say then."""

from collections.abc import Callable
from datetime import timedelta

from PIL import Image
from playwright.sync_api import Page, expect
from sqlalchemy import select

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.models import CaptureSession, Photo
from tests.browser.camera import FRAME

SHOTS = 2
EMOTIONS = ("surprise", "happy")
LEFT, RIGHT = (200, 60, 40), (40, 60, 200)


def two_sided(face: Image.Image) -> Image.Image:
    """The face between a red left and a blue right: a mirrored photo would be noticed."""
    picture = Image.new("RGB", FRAME, RIGHT)
    picture.paste(LEFT, (0, 0, FRAME[0] // 2, FRAME[1]))
    picture.paste(face.convert("RGB").resize((520, 520)), (380, 100))
    return picture


def see(page: Page, screen: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-screen", screen, timeout=15_000)


def count(page: Page, what: str) -> int:
    return int(page.locator("body").get_attribute(f"data-{what}") or -1)


def expect_count(page: Page, what: str, number: int) -> None:
    expect(page.locator("body")).to_have_attribute(f"data-{what}", str(number), timeout=45_000)


def agree(page: Page) -> None:
    """From the first question to the first story."""
    see(page, "assent")
    page.click("button[value=yes]")
    see(page, "camera")
    page.click("[data-act=open]")
    page.click("[data-act=next]")
    see(page, "story")


def be_photographed(page: Page) -> None:
    """From a story to its star."""
    page.click("[data-act=ready]")
    see(page, "star")


def go_through(page: Page) -> None:
    """From the first story to the review."""
    for _ in EMOTIONS:
        see(page, "story")
        be_photographed(page)
        page.click("[data-act=next]")
    see(page, "review")


def stored(dataset: Dataset) -> list[Photo]:
    with dataset.database.read() as session:
        capture = session.scalars(select(CaptureSession)).one()
        return list(session.scalars(own_session_photos(capture.id)))


def state(dataset: Dataset) -> tuple[str, str | None]:
    with dataset.database.read() as session:
        capture = session.scalars(select(CaptureSession)).one()
        return capture.state, capture.after_stop


def expect_state(page: Page, dataset: Dataset, wanted: tuple[str, str | None]) -> None:
    eventually(page, lambda: state(dataset) == wanted)


def eventually(page: Page, check: Callable[[], bool]) -> None:
    """The page tells the server in the background: wait for what it must come to."""
    deadline = clock.now() + timedelta(seconds=15)
    while not check():
        assert clock.now() < deadline
        page.wait_for_timeout(100)
