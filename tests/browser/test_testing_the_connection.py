"""The connection test and the page that prepares a tablet, in a real Chromium."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, Route, expect, sync_playwright

from collector.dataset.dataset import Dataset
from tests.browser.browser import launch
from tests.browser.camera import FRAME, make_camera_file
from tests.server.serving import free_port, serving

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@dataclass(frozen=True)
class Served:
    """A server for tablets. Without its announcement, a browser here knows it by its address."""

    loopback: str
    port: int
    plain: str


@pytest.fixture
def served(dataset: Dataset) -> Iterator[Served]:
    port, plain = free_port(), free_port()
    options = ["--lan", "--lan-port", str(port), "--trust-port", str(plain)]
    with serving(dataset.folder, dataset.keys.folder, *options) as loopback:
        yield Served(loopback, port, f"http://127.0.0.1:{plain}")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What starts browsers."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def with_camera(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser with a camera."""
    picture = Image.new("RGB", FRAME, (90, 120, 90))
    file = make_camera_file([picture], tmp_path_factory.mktemp("camera") / "grey.y4m")
    browser = launch(playwright, file)
    yield browser
    browser.close()


def verdicts(page: Page) -> set[str]:
    """The notes that the page shows when it has finished."""
    expect(page.locator("#again")).to_be_enabled(timeout=60_000)
    return shown(page)


def shown(page: Page) -> set[str]:
    notes = page.locator("[data-verdict]:visible").all()
    return {note.get_attribute("data-verdict") or "" for note in notes}


def test_a_tablet_that_is_ready_is_told_so(served: Served, with_camera: Browser) -> None:
    page = with_camera.new_page()
    page.goto(f"{served.loopback}/connection")
    assert verdicts(page) == {"secure", "camera", "good"}
    expect(page.locator("#times")).to_contain_text("0 of 6 lost")
    workers = "navigator.serviceWorker.getRegistrations().then((found) => found.length)"
    assert page.evaluate(workers) == 0


def test_a_warning_that_was_tapped_away_is_named(served: Served, with_camera: Browser) -> None:
    page = with_camera.new_context(ignore_https_errors=True).new_page()
    page.goto(f"https://127.0.0.1:{served.port}/connection")
    assert verdicts(page) == {"waved", "camera", "good"}
    expect(page.get_by_role("link", name="Prepare this tablet")).to_be_visible()


def test_a_missing_camera_is_named(served: Served, playwright: Playwright) -> None:
    browser = launch(playwright)
    page = browser.new_page()
    page.goto(f"{served.loopback}/connection")
    assert verdicts(page) == {"secure", "no-camera", "good"}
    browser.close()


def test_a_way_that_broke_is_named(served: Served, with_camera: Browser) -> None:
    page = with_camera.new_page()
    page.goto(f"{served.loopback}/connection")
    verdicts(page)
    page.context.set_offline(True)
    page.locator("#again").click()
    assert "silent" in verdicts(page)
    page.context.set_offline(False)
    page.locator("#again").click()
    assert "good" in verdicts(page)


def test_a_way_that_loses_some_is_called_slow(served: Served, with_camera: Browser) -> None:
    page, asked = with_camera.new_page(), []

    def lose_every_third(route: Route) -> None:
        asked.append(route)
        if len(asked) % 3:
            route.continue_()
        else:
            route.abort()

    page.route("**/connection/ping", lose_every_third)
    page.goto(f"{served.loopback}/connection")
    assert "slow" in verdicts(page)
    expect(page.locator("#times")).to_contain_text("2 of 6 lost")


def test_the_plain_page_knows_a_tablet_that_is_not_prepared(
    served: Served, with_camera: Browser
) -> None:
    page = with_camera.new_page()
    page.goto(served.plain)
    expect(page.locator('[data-verdict="untrusted"]')).to_be_visible(timeout=15_000)
    assert shown(page) == {"untrusted"}


def test_the_plain_page_knows_one_that_trusts_but_finds_no_name(
    served: Served, with_camera: Browser
) -> None:
    page = with_camera.new_context(ignore_https_errors=True).new_page()
    page.route("https://*.local:*/**", lambda route: route.abort("namenotresolved"))
    page.goto(served.plain)
    expect(page.locator('[data-verdict="digits"]')).to_be_visible(timeout=15_000)
    page.locator('[data-verdict="digits"] a').click()
    page.wait_for_url(f"https://127.0.0.1:{served.port}/connection")


def test_the_plain_page_fits_a_telephone(served: Served, with_camera: Browser) -> None:
    page = with_camera.new_page(viewport={"width": 360, "height": 640})
    page.goto(served.plain)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("svg.step").count() == 9
