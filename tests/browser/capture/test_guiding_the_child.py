"""Guidance on the tablet: an arrow, words, four seconds at most, and a photo that is marked."""

import io
import time
import uuid
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Request, Route, expect, sync_playwright

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.models import Protocol
from collector.dataset.sessions import start_session
from tests.browser.browser import launch
from tests.browser.camera import BACKGROUND, FRAME, make_camera_file, real_faces
from tests.browser.capture.tablet import EMOTIONS, SHOTS, agree, expect_count, see, stored

pytestmark = [pytest.mark.slow, pytest.mark.browser]

POSES = ("left", "up")
FRAMES = "**/capture/api/guidance*"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that sees a child far on the picture's left, its own right."""
    pictures = []
    for face in real_faces("happy", 3):
        ground = Image.new("RGB", FRAME, BACKGROUND)
        ground.paste(face.convert("RGB").resize((420, 420)), (130, 150))
        pictures.append(ground)
    camera = make_camera_file(pictures, tmp_path_factory.mktemp("camera") / "aside.y4m")
    with sync_playwright() as playwright:
        browser = launch(playwright, camera)
        yield browser
        browser.close()


@pytest.fixture
def token(dataset: Dataset, child: uuid.UUID, staff: dict[str, uuid.UUID]) -> str:
    """A session whose two steps ask for turned heads."""
    steps = [
        {"emotion": emotion, "head_pose": pose, "stories": {"en": [f"A story. {emotion}"]}}
        for emotion, pose in zip(EMOTIONS, POSES, strict=True)
    ]
    body = {"shots": SHOTS, "shot_interval_ms": 200, "countdown_seconds": 2, "steps": steps}
    with dataset.database.write() as session:
        protocol = Protocol(
            site_id=dataset.site_id, name="turned", version=1, body=body, created_at=clock.now()
        )
        session.add(protocol)
        session.flush()
        protocol_id = protocol.id
    return start_session(
        dataset, child, protocol_id, light="natural", language="en", actor="olga",
        operator_id=staff["olga"], confirmed="hand",
    )[1]  # fmt: skip


def sit_down(page: Page) -> None:
    """To the moment when the child sees itself."""
    see(page, "assent")
    page.click("button[value=yes]")
    see(page, "camera")
    page.click("[data-act=open]")
    page.locator("[data-act=next]").wait_for()


def middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_child_that_sits_aside_sees_which_way_to_move_and_reads_it(page: Page) -> None:
    sit_down(page)
    arrow = page.locator(".arrow.guide")
    expect(arrow).to_be_visible(timeout=10_000)
    # On the picture's left it is on the right of its mirror, and has to move to its own left.
    assert arrow.get_attribute("data-to") == "left"
    expect(page.locator(".advice")).to_contain_text("Move to the middle")
    expect(page.locator(".ring")).to_have_attribute("data-advice", "face_here")
    page.click("[data-act=next]")
    see(page, "story")
    expect(page.locator(".advice")).to_be_hidden()


def test_the_photo_is_taken_after_four_seconds_all_the_same_and_marked(
    page: Page, dataset: Dataset
) -> None:
    agree(page)
    page.click("[data-act=ready]")
    begun = time.monotonic()
    expect(page.locator(".number")).not_to_be_empty(timeout=10_000)
    waited = time.monotonic() - begun
    assert 3.5 < waited < 6
    expect(page.locator(".advice")).to_be_visible()
    see(page, "star")
    expect_count(page, "saved", SHOTS)
    assert [photo.guidance for photo in stored(dataset)] == ["face_here"] * SHOTS


def test_where_to_look_is_shown_as_in_a_mirror(page: Page) -> None:
    agree(page)
    for pose in POSES:
        page.click("[data-act=ready]")
        see(page, "countdown")
        turn = page.locator(".arrow.turn")
        expect(turn).to_be_visible()
        assert turn.get_attribute("data-to") == pose
        x, y = middle(page, ".arrow.turn")
        across, down = middle(page, ".round")
        # The child's own left is on the left of its mirror.
        assert x < across - 50 if pose == "left" else y < down - 50
        see(page, "star")
        expect(turn).to_be_hidden()
        page.click("[data-act=next]")


def test_frames_are_small_and_go_one_at_a_time_while_the_child_sees_itself(
    page: Page, dataset: Dataset
) -> None:
    under_way, most = 0, 0
    sizes: list[tuple[int, tuple[int, int]]] = []

    def count(route: Route) -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        body = route.request.post_data_buffer or b""
        sizes.append((len(body), Image.open(io.BytesIO(body)).size))
        route.continue_()

    def done(request: Request) -> None:
        nonlocal under_way
        under_way -= "/guidance" in request.url

    page.on("requestfinished", done)
    page.on("requestfailed", done)
    page.route(FRAMES, count)
    sit_down(page)
    page.wait_for_timeout(3000)
    assert 4 <= len(sizes) <= 11  # three a second, where the machine is quick enough
    page.click("[data-act=next]")
    see(page, "story")
    page.wait_for_timeout(700)
    before = len(sizes)
    page.wait_for_timeout(1500)
    assert len(sizes) == before
    assert most == 1
    assert {size for _, size in sizes} == {(240, 135)}
    assert max(length for length, _ in sizes) < 16 * 1024
    assert stored(dataset) == []


def test_a_server_that_gives_no_advice_holds_nobody_up(page: Page, dataset: Dataset) -> None:
    page.route(FRAMES, lambda route: route.abort())
    agree(page)
    page.click("[data-act=ready]")
    begun = time.monotonic()
    expect(page.locator(".number")).not_to_be_empty(timeout=10_000)
    assert time.monotonic() - begun < 3
    see(page, "star")
    expect_count(page, "saved", SHOTS)
    assert [photo.guidance for photo in stored(dataset)] == [None] * SHOTS
