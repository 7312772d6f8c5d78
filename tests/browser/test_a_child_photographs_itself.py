"""The child's page in a real Chromium, a file as its camera, the server as users start it."""

import hashlib
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from sqlalchemy import select

from collector.dataset import clock
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.erasure import erase_participant
from collector.dataset.models import CaptureSession, Photo, Protocol
from collector.dataset.photos import read_photo
from collector.dataset.sessions import start_session
from tests.browser.browser import launch
from tests.browser.camera import FRAME, make_camera_file, real_faces
from tests.cast import enrol
from tests.server.serving import serving

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SHOTS = 2
EMOTIONS = ("surprise", "happy")
LEFT, RIGHT = (200, 60, 40), (40, 60, 200)


def two_sided(face: Image.Image) -> Image.Image:
    """The face between a red left and a blue right: a mirrored photo would be noticed."""
    picture = Image.new("RGB", FRAME, RIGHT)
    picture.paste(LEFT, (0, 0, FRAME[0] // 2, FRAME[1]))
    picture.paste(face.convert("RGB").resize((520, 520)), (380, 100))
    return picture


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that sees real faces."""
    pictures = [two_sided(face) for face in real_faces("happy", 5)]
    camera = make_camera_file(pictures, tmp_path_factory.mktemp("camera") / "faces.mjpeg")
    with sync_playwright() as playwright:
        browser = launch(playwright, camera)
        yield browser
        browser.close()


@pytest.fixture
def address(dataset: Dataset, staff: dict[str, uuid.UUID]) -> Iterator[str]:
    with serving(dataset.folder, dataset.keys.folder) as found:
        yield found


@pytest.fixture
def child(dataset: Dataset) -> uuid.UUID:
    return enrol(dataset, "research")


@pytest.fixture
def interval() -> int:
    """Milliseconds between a burst's shots."""
    return 200


@pytest.fixture
def token(dataset: Dataset, child: uuid.UUID, staff: dict[str, uuid.UUID], interval: int) -> str:
    """A session's token; its protocol is as any, but shorter."""
    steps = [{"emotion": one, "stories": {"en": [f"A story. {one}"]}} for one in EMOTIONS]
    body = {"shots": SHOTS, "shot_interval_ms": interval, "countdown_seconds": 1, "steps": steps}
    with dataset.database.write() as session:
        protocol = Protocol(
            site_id=dataset.site_id, name="tests", version=1, body=body, created_at=clock.now()
        )
        session.add(protocol)
        session.flush()
        protocol_id = protocol.id
    return start_session(
        dataset, child, protocol_id, light="natural", language="en", actor="olga",
        operator_id=staff["olga"], confirmed="hand",
    )[1]  # fmt: skip


@pytest.fixture
def page(chromium: Browser, address: str, token: str) -> Iterator[Page]:
    """The tablet, at the question whether the child wants to; it must end without a mistake."""
    context = chromium.new_context(viewport={"width": 768, "height": 1024})
    opened = context.new_page()
    mistakes: list[Any] = []
    # Playwright cannot listen with a list's own method.
    opened.on("pageerror", lambda error: mistakes.append(error))  # noqa: PLW0108
    opened.goto(f"{address}/capture/#{token}")
    yield opened
    context.close()
    assert not mistakes


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
    assert state(dataset) == ("finished", None)


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
    assert state(dataset)[0] == "declined"
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
        ("NotReadableError", "Another program is using the camera."),
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
