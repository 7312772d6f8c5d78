"""Practice, story, burst, second try, break, certificate: as a child goes through them."""

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from collector.dataset.dataset import Dataset
from collector.dataset.models import CaptureSession, Photo
from tests.browser.studio.conftest import Open
from tests.browser.studio.screens import EMOTIONS, SHOTS, see, walk

pytestmark = [pytest.mark.slow, pytest.mark.browser]

Start = Callable[[str], str]


def photos(dataset: Dataset) -> list[Photo]:
    with dataset.database.read() as session:
        return list(session.scalars(select(Photo)))


def mascot(page: Page) -> str:
    return (page.locator(".art svg").get_attribute("class") or "").removeprefix("mascot ")


def test_the_story_comes_first_the_mascot_s_face_second(
    tablet: Open, start: Start, dataset: Dataset
) -> None:
    page, poses = tablet(start("en")), {}
    for name in walk(page):
        expect(page.locator(".stop")).to_be_visible(visible=name != "assent")
        if name.startswith(("story", "countdown", "model")):
            expect(page.locator("[data-act=skip]")).to_be_visible()
        if page.locator(".art").is_visible():
            poses[name] = mascot(page)
    # Until the child has made its own face nobody shows it one.
    assert {poses[f"story {one}"] for one in EMOTIONS} == {"reading"}
    assert [poses[f"model {one}"] for one in EMOTIONS] == list(EMOTIONS)
    assert poses["pause"] == "stretching"
    assert "again" not in poses["star practice"]
    expect(page.locator("body")).to_have_attribute("data-saved", str(12), timeout=30_000)
    page.click("[data-act=done]")
    see(page, "goodbye")
    expect(page.locator(".certificate .won")).to_have_count(len(EMOTIONS) + 1)
    expect(page.locator("img")).to_have_count(0)
    assert page.evaluate("document.querySelector('video').srcObject") is None
    taken = sorted((one.prompted_emotion, one.attempt) for one in photos(dataset))
    assert taken == sorted([(one, attempt) for one in EMOTIONS for attempt in (1, 2)] * SHOTS)


def test_a_child_that_stops_gets_its_certificate_too(tablet: Open, start: Start) -> None:
    page = tablet(start("en"))
    for name in walk(page):
        if name == "model neutral":
            break
    page.click(".stop")
    see(page, "stopped")
    page.click("button[value=keep]")
    see(page, "goodbye")
    expect(page.locator(".certificate .won")).to_have_count(3)  # practice, neutral, and the stop
    expect(page.locator(".certificate")).to_contain_text("Certificate")


@pytest.mark.parametrize("at", ["story practice", "star practice", "pause", "second star happy"])
def test_stop_is_there_and_works_wherever_the_child_is(
    tablet: Open, start: Start, dataset: Dataset, at: str
) -> None:
    page = tablet(start("en"))
    assert at in walk(page)  # which leaves the page there
    page.click(".stop")
    see(page, "stopped" if photos(dataset) else "goodbye")


def test_a_reload_in_a_second_try_asks_for_no_step_twice(
    tablet: Open, start: Start, protocol: uuid.UUID, dataset: Dataset
) -> None:
    page = tablet(start("en"))
    assert "second star neutral" in walk(page)
    expect(page.locator("body")).to_have_attribute("data-saved", str(2 * SHOTS), timeout=30_000)
    page.reload()
    while page.get_attribute("body", "data-screen") != "story":
        page.locator("[data-act=open], [data-act=next]").first.click()
        page.wait_for_timeout(300)
    with dataset.database.read() as session:
        assert session.scalars(select(CaptureSession.protocol_id)).one() == protocol
    expect(page.locator(".pose")).to_contain_text("to the left")  # the second step's head


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_everything_is_still_where_the_system_asks_for_it(
    tablet: Open, start: Start, motion: str
) -> None:
    page, moving = tablet(start("en"), reduced_motion=motion), set()
    for name in walk(page):
        running = """() => [...document.querySelectorAll(".mascot, .mascot *")]
            .flatMap((one) => one.getAnimations()).length"""
        if page.evaluate(running):
            moving.add(name)
    faces = {f"model {one}" for one in EMOTIONS if one != "neutral"}
    assert moving == set() if motion == "reduce" else moving >= {*faces, "pause", "star neutral"}
