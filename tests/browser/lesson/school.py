"""An operator at the class page, and children at its tablets, in a real browser."""

import hashlib
import uuid
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from sqlalchemy import select

from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.models import CaptureSession
from collector.dataset.participants import find_participant
from collector.dataset.photos import read_photo
from tests.browser.capture.tablet import see

SLOW = 30_000


@dataclass
class ClassPage:
    """The operator's page."""

    page: Page
    names: dict[uuid.UUID, str]

    def code(self) -> str:
        """The address that the QR code says."""
        return self.page.locator("#tablets .path").inner_text()

    def row(self, child: uuid.UUID) -> str:
        return f'[id="child-{child}"]'

    def expect_state(self, child: uuid.UUID, word: str) -> None:
        """By itself: nobody reloads the page."""
        state = self.page.locator(f"{self.row(child)} .state")
        expect(state).to_have_text(word, timeout=SLOW)

    def send(self, child: uuid.UUID, tablet: int) -> None:
        row = self.page.locator(self.row(child))
        button = row.locator(".send").first.get_by_role("button", name=f"Tablet {tablet}")
        expect(button).to_be_enabled(timeout=SLOW)
        row.get_by_label(f"{self.names[child]} sits there").check()
        button.click()
        self.expect_state(child, "sent")

    def press(self, child: uuid.UUID, name: str) -> None:
        row = self.page.locator(self.row(child))
        if row.locator("details").count():
            row.locator("details").evaluate("details => { details.open = true; }")
        row.get_by_role("button", name=name).first.click()


def begin(
    olga: Page, address: str, protocol: str, dataset: Dataset, *children: uuid.UUID
) -> ClassPage:
    """A lesson for all children of the dataset, begun as an operator begins it."""
    olga.goto(f"{address}/lessons/new")
    olga.fill("input[name=title]", "2b, Monday")
    olga.select_option("select[name=protocol]", label=protocol)
    olga.select_option("main select[name=language]", "en")
    olga.check("input[name=light][value=natural]")
    olga.click("text=Begin the lesson")
    with dataset.database.read() as session:
        names = {one: find_participant(session, one).pseudonym for one in children}
    return ClassPage(olga, names)


def agree(tablet: Page) -> None:
    expect(tablet.locator("body")).to_have_attribute("data-screen", "assent", timeout=SLOW)
    tablet.click("button[value=yes]")
    open_camera(tablet)


def open_camera(tablet: Page) -> None:
    see(tablet, "camera")
    tablet.click("[data-act=open]")
    tablet.click("[data-act=next]")


def be_photographed(tablet: Page, bursts: int) -> None:
    for _ in range(bursts):
        see(tablet, "story")
        tablet.click("[data-act=ready]")
        see(tablet, "star")
        tablet.click("[data-act=next]")


def finish(tablet: Page) -> int:
    """From the review to the goodbye; returns how many photos the child was told it has."""
    see(tablet, "review")
    taken = int(tablet.locator("body").get_attribute("data-taken") or -1)
    tablet.click("[data-act=done]")
    see(tablet, "goodbye")
    return taken


def stop(tablet: Page) -> None:
    """In the middle; the child keeps its photos."""
    tablet.click(".stop")
    see(tablet, "stopped")
    tablet.click("button[value=keep]")
    see(tablet, "goodbye")


def stored(dataset: Dataset) -> dict[str, str]:
    """The sha256 of every photo in the dataset, by its id."""
    with dataset.database.read() as session:
        photos = [
            photo
            for sitting in session.scalars(select(CaptureSession.id))
            for photo in session.scalars(own_session_photos(sitting))
        ]
    return {str(one.id): hashlib.sha256(read_photo(dataset, one)).hexdigest() for one in photos}


def outcomes(dataset: Dataset) -> dict[uuid.UUID, str]:
    """How each child's session ended."""
    with dataset.database.read() as session:
        return {one.participant_id: one.state for one in session.scalars(select(CaptureSession))}
