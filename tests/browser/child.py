"""A child's way through whole sessions, screen by screen, for whoever wants to look at each."""

import uuid
from collections.abc import Iterator

from playwright.sync_api import Page, expect

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.models import Protocol
from collector.dataset.sessions import start_session
from tests.cast import enrol

SHOTS = 2
EMOTIONS = ("surprise", "happy")
STORY = "You open the box, and in it is the robot that you have wished for all the year."
LOSE_THE_CAMERA = """() => {
    for (const track of document.querySelector("video").srcObject.getTracks()) {
        track.stop();
        track.dispatchEvent(new Event("ended"));
    }
}"""
AWAKE = "() => !document.querySelector('.screen button:disabled')"


def begin(
    dataset: Dataset, operator: uuid.UUID, *, countdown: int = 1, practice: bool = False
) -> str:
    """A new child's session with a pause between its two emotions; returns its token."""
    steps = [
        {"emotion": one, "head_pose": "frontal", "shots": SHOTS, "part": 1} for one in EMOTIONS
    ]
    body = {
        "titles": {"en": "Tests"}, "countdown_seconds": countdown, "shot_interval_ms": 200,
        "break_after_emotions": 1, "time_limit_minutes": 0, "practice": practice, "shuffle": False,
        "parts": [{"lights": []}], "steps": steps,
        "stories": {one: {"en": [STORY]} for one in EMOTIONS},
    }  # fmt: skip
    with dataset.database.write() as session:
        protocol = Protocol(
            site_id=dataset.site_id, name=f"tests {uuid.uuid4().hex[:8]}", version=1, body=body,
            created_at=clock.now(),
        )  # fmt: skip
        session.add(protocol)
        session.flush()
        protocol_id = protocol.id
    return start_session(
        dataset, enrol(dataset, "research"), protocol_id, light="natural", language="en",
        actor="olga", operator_id=operator, confirmed="hand",
    )[1]  # fmt: skip


def whole_session(page: Page) -> Iterator[str]:
    """From the first question over a practice to the goodbye; yields each screen's name, there."""
    yield at(page, "assent")
    page.click("button[value=yes]")
    yield from open_camera(page)
    yield from practise(page)
    for number, _ in enumerate(EMOTIONS):
        yield from be_photographed(page)
        if not number and page.locator("[data-act=again]").count():
            yield from try_again(page)
        page.click("[data-act=next]")
        if page.locator("body[data-screen=pause]").count():
            yield at(page, "pause")
            page.click("[data-act=next]")
    yield at(page, "review")
    page.locator(".photos button").first.click()
    expect(page.locator(".screen dialog")).to_be_visible()
    page.wait_for_function(AWAKE)
    yield "a photo"
    page.click(".screen dialog button[value=keep]")
    page.click("[data-act=done]")
    yield at(page, "goodbye")


def stopped_session(page: Page) -> Iterator[str]:
    """A camera fails, and the child has had enough."""
    at(page, "assent")
    page.click("button[value=yes]")
    for _ in open_camera(page):
        pass
    for _ in be_photographed(page):
        pass
    page.evaluate(LOSE_THE_CAMERA)
    yield at(page, "trouble")
    page.click("[data-act=stop]")
    yield at(page, "stopped")
    page.click("[data-act=answer][value=keep]")
    at(page, "goodbye")


def declined_session(page: Page) -> Iterator[str]:
    """A child that does not want to."""
    at(page, "assent")
    page.click("button[value=no]")
    yield at(page, "declined")


def open_camera(page: Page) -> Iterator[str]:
    yield at(page, "camera")
    page.click("[data-act=open]")
    page.wait_for_selector(".ring:not([hidden])")
    yield at(page, "camera") + " on"
    page.click("[data-act=next]")


def practise(page: Page) -> Iterator[str]:
    yield at(page, "story") + " of the practice"
    page.click("[data-act=ready]")
    at(page, "star")
    page.click("[data-act=next]")


def be_photographed(page: Page) -> Iterator[str]:
    yield at(page, "story")
    page.click("[data-act=ready]")
    yield see(page, "countdown")
    yield at(page, "star")


def try_again(page: Page) -> Iterator[str]:
    page.click("[data-act=again]")
    yield at(page, "model")
    page.click("[data-act=ready]")
    at(page, "star")


def see(page: Page, screen: str) -> str:
    expect(page.locator("body")).to_have_attribute("data-screen", screen, timeout=30_000)
    return screen


def at(page: Page, screen: str) -> str:
    """The screen, when its buttons are awake."""
    see(page, screen)
    page.wait_for_function(AWAKE)
    return screen
