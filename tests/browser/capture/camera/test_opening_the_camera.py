"""What stands between a tap and the child's picture: each cause is named, with its way out."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser.browser import launch
from tests.browser.camera import make_frozen_camera_file, real_faces
from tests.browser.capture.camera.sham import turn
from tests.browser.capture.tablet import eventually, see

pytestmark = [pytest.mark.slow, pytest.mark.browser]

AGENTS = {
    "other": (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/124.0",
        0,
        "click the sign",
    ),
    "windows": ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/124.0", 0, "Windows itself"),
    "android": ("Mozilla/5.0 (Linux; Android 13; SM-X200) Chrome/124.0", 5, "Android itself"),
    "ipad": ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15", 5, "Safari's"),
}


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def denied(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that has a camera and whose user says no."""
    file = tmp_path_factory.mktemp("camera") / "face.y4m"
    camera = make_frozen_camera_file(real_faces("happy", 1)[0], file)
    browser = launch(playwright, camera, "--use-fake-ui-for-media-stream=deny")
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """A browser without any camera."""
    browser = launch(playwright)
    yield browser
    browser.close()


def begin(context: BrowserContext, address: str, token: str) -> Page:
    """The page at its camera screen, and the camera tapped on."""
    page = context.new_page()
    page.goto(f"{address}/capture/#{token}")
    tap(page)
    return page


def tap(page: Page) -> None:
    see(page, "assent")
    page.click("button[value=yes]")
    see(page, "camera")
    page.click("[data-act=open]")


def expect_picture(page: Page) -> None:
    expect(page.locator("[data-act=next]")).to_be_visible(timeout=15_000)
    see(page, "camera")


def expect_trouble(page: Page, sentence: str, help_: str) -> None:
    see(page, "trouble")
    expect(page.locator("h1")).to_contain_text(sentence)
    expect(page.locator("[data-slot=help]")).to_contain_text(help_)


@pytest.mark.parametrize("system", AGENTS)
def test_a_denied_camera_is_explained_for_the_system(
    denied: Browser, address: str, token: str, system: str
) -> None:
    agent, fingers, help_ = AGENTS[system]
    context = denied.new_context(user_agent=agent, has_touch=bool(fingers))
    context.add_init_script(
        f"Object.defineProperty(navigator, 'maxTouchPoints', {{ value: {fingers} }})"
    )
    page = begin(context, address, token)
    expect_trouble(page, "not allowed here", help_)
    context.close()


def test_a_machine_without_a_camera_says_so(chromium: Browser, address: str, token: str) -> None:
    context = chromium.new_context()
    page = begin(context, address, token)
    expect_trouble(page, "cannot find a camera", "connect a camera")
    context.close()


def test_an_address_that_is_not_secure_is_named(
    chromium: Browser, address: str, token: str
) -> None:
    context = chromium.new_context()
    # As browsers do at http:// and another name than localhost.
    context.add_init_script(
        "Object.defineProperty(navigator, 'mediaDevices', { value: undefined })"
    )
    page = begin(context, address, token)
    expect_trouble(page, "needs a secure address", "https://")
    context.close()


def test_a_camera_that_is_busy_for_a_moment_opens_by_itself(page: Page) -> None:
    see(page, "assent")
    turn(page, failures=["NotReadableError", "AbortError", "NotReadableError"])
    tap(page)
    expect_picture(page)
    assert page.evaluate("sham.opened") == 4


def test_a_camera_that_stays_busy_is_told_to_the_adult_and_tried_again_by_a_tap(page: Page) -> None:
    see(page, "assent")
    turn(page, failures=["NotReadableError"] * 4)
    tap(page)
    expect_trouble(page, "Another program is using", "close what uses the camera")
    assert page.evaluate("sham.opened") == 4
    page.click("[data-act=open]")
    expect_picture(page)


def test_a_denied_camera_is_not_asked_for_again_and_again(page: Page) -> None:
    see(page, "assent")
    turn(page, failures=["NotAllowedError"])
    tap(page)
    see(page, "trouble")
    assert page.evaluate("sham.opened") == 1
    page.click("[data-act=open]")
    expect_picture(page)


def test_black_frames_at_the_start_are_waited_out(page: Page) -> None:
    see(page, "assent")
    turn(page, isBlack=True)
    page.evaluate(
        "setTimeout(() => { sham.isBlack = false; sham.litAt = performance.now() }, 2000)"
    )
    tap(page)
    expect_picture(page)
    assert page.evaluate("performance.now() > sham.litAt && sham.litAt > 0")


def test_a_room_that_stays_dark_does_not_keep_the_child_waiting(page: Page) -> None:
    see(page, "assent")
    turn(page, isBlack=True)
    tap(page)
    expect_picture(page)


def test_the_picture_plays_in_its_place_and_without_sound(page: Page) -> None:
    tap(page)
    expect_picture(page)
    shown = page.locator("video").evaluate(
        "video => [video.playsInline, video.muted, video.paused, video.hasAttribute('playsinline')]"
    )
    assert shown == [True, True, False, True]


def test_a_child_that_stops_while_the_camera_opens_leaves_it_off(page: Page) -> None:
    see(page, "assent")
    page.evaluate(
        """() => {
          const { open } = sham;
          navigator.mediaDevices.getUserMedia = async () => {
            await new Promise((resolve) => (sham.permit = resolve));
            return open();
          };
        }"""
    )
    tap(page)
    page.click(".stop")
    see(page, "goodbye")
    page.evaluate("sham.permit()")
    eventually(page, lambda: page.evaluate("sham.track?.readyState") == "ended")
    assert page.evaluate("document.querySelector('video').srcObject") is None
