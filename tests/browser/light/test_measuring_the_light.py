"""A tablet measures a sheet of known colour, and the photos of the hour bear it."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.models import LightPassport, Photo
from collector.dataset.passports.measuring import renew_link
from collector.dataset.passports.passport import find_passport, make_passport
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.sessions import answer_assent, start_session
from tests.browser.browser import launch
from tests.browser.camera import make_camera_file
from tests.cast import PASSWORD, OpenSession, enrol, snap
from tests.server.serving import serving
from tests.sheets import ILLUMINANTS, sheet_frame

pytestmark = [pytest.mark.slow, pytest.mark.browser]

# Chromium plays a JPEG's full range of values as if it were a video's, with more contrast.
STRETCH = 0.06

SIZES = [(768, 1024), (390, 844), (1024, 768)]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What starts browsers."""
    with sync_playwright() as started:
        yield started


def see_sheet(playwright: Playwright, folder: Path, illuminant: str, **light: Any) -> Browser:
    """A browser whose camera sees the sheet."""
    picture = Image.fromarray(sheet_frame(illuminant, **light))
    return launch(playwright, make_camera_file([picture], folder / "sheet.y4m"))


@pytest.fixture
def address(dataset: Dataset, staff: dict[str, uuid.UUID]) -> Iterator[str]:
    with serving(dataset.folder, dataset.keys.folder) as found:
        yield found


@pytest.fixture
def passport(dataset: Dataset) -> uuid.UUID:
    return make_passport(
        dataset, room="Room 14", light="natural", sheet="grey", lux=300, actor="olga",
        operator_id=None,
    ).id  # fmt: skip


def open_link(browser: Browser, dataset: Dataset, address: str, passport: uuid.UUID) -> Page:
    _, token = renew_link(dataset, passport, actor="olga")
    page = browser.new_page(viewport={"width": 768, "height": 1024})
    page.goto(f"{address}/capture/light/?language=en#{token}")
    return page


def measure(page: Page) -> None:
    page.click("[data-act=open]")
    page.click("[data-act=measure]")


def read(dataset: Dataset, passport: uuid.UUID) -> LightPassport:
    with dataset.database.read() as db:
        return find_passport(db, passport)


def test_from_the_sheet_to_the_photo(
    playwright: Playwright, dataset: Dataset, address: str, passport: uuid.UUID, tmp_path: Path
) -> None:
    browser = see_sheet(playwright, tmp_path, "D50")
    page = open_link(browser, dataset, address, passport)
    expect(page.locator("h1")).to_have_text("Measure the light")
    measure(page)
    sentence = re.compile("^natural light, about (4[89]|5[01])00 K, the same from both sides$")
    expect(page.locator("[data-slot=sentence]")).to_have_text(sentence)
    expect(page.locator("[role=status]")).to_contain_text("You may close this page")
    expect(page.locator("[data-slot=proposal]")).to_be_hidden()
    expect(page.locator("[data-act]:visible")).to_have_count(0)
    assert page.context.cookies() == []
    browser.close()

    measured = read(dataset, passport)
    assert measured.cct == pytest.approx(ILLUMINANTS["D50"][2], rel=STRETCH)
    settings = measured.camera_settings or {}
    assert settings["width"] == 1280
    assert not {"deviceId", "groupId"} & settings.keys()
    (photo,) = photograph(dataset, passport)
    assert (photo.light, photo.lux, photo.cct) == ("natural", 300, measured.cct)


def photograph(dataset: Dataset, passport: uuid.UUID) -> list[Photo]:
    """The photo of a session in that light."""
    child = enrol(dataset, "research")
    with dataset.database.read() as db:
        protocol = current_protocols(db)[0].id
    capture, token = start_session(
        dataset, child, protocol, light="", language="en", actor="olga", operator_id=None,
        confirmed="hand", light_passport_id=passport,
    )  # fmt: skip
    answer_assent(dataset, capture.id, "yes", "test tablet")
    snap(dataset, OpenSession(capture.id, token, child))
    with dataset.database.read() as db:
        return list(db.scalars(own_session_photos(capture.id)))


def test_a_dark_side_is_said_and_measured_again(
    playwright: Playwright, dataset: Dataset, address: str, passport: uuid.UUID, tmp_path: Path
) -> None:
    browser = see_sheet(playwright, tmp_path, "D55", left=0.4, right=0.9, is_folded=True)
    page = open_link(browser, dataset, address, passport)
    measure(page)
    proposal = page.locator("[data-slot=proposal]")
    expect(proposal).to_contain_text("The right side is dark: turn the child's seat to its left")
    expect(page.locator("[data-act=open]")).to_have_text("Measure again")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=tmp_path / f"dark-{width}.png")
        wide = page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert wide, width
    measure(page)
    expect(proposal).to_be_visible()
    browser.close()
    assert read(dataset, passport).lr_asymmetry == pytest.approx(0.5 / 1.3, abs=STRETCH)


def test_a_picture_without_a_sheet_is_refused_and_tried_again(
    playwright: Playwright, dataset: Dataset, address: str, passport: uuid.UUID, tmp_path: Path
) -> None:
    browser = see_sheet(playwright, tmp_path, "D65", level=1.6)
    page = open_link(browser, dataset, address, passport)
    measure(page)
    expect(page.locator("[role=status]")).to_contain_text("The sheet is overexposed")
    expect(page.locator("[data-act=measure]")).to_be_enabled()
    page.screenshot(path=tmp_path / "refused.png")
    page.goto("about:blank")
    page.goto(f"{address}/capture/light/#nobody's-token")
    expect(page.locator(".fallback [lang]:visible")).to_have_count(4)
    browser.close()
    assert read(dataset, passport).measured_at is None


def test_the_operator_s_own_camera_measures(
    playwright: Playwright, dataset: Dataset, address: str, passport: uuid.UUID, tmp_path: Path
) -> None:
    browser = see_sheet(playwright, tmp_path, "A", level=0.6)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{address}/sign-in")
    page.fill("input[name=name]", "olga")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.goto(f"{address}/light/{passport}")
    page.screenshot(path=tmp_path / "operator.png", full_page=True)
    measure(page)
    expect(page.locator(".sentence")).to_contain_text("natural light, about 2", timeout=15_000)
    page.screenshot(path=tmp_path / "operator-measured.png", full_page=True)
    browser.close()
    assert read(dataset, passport).cct == pytest.approx(ILLUMINANTS["A"][2], rel=STRETCH)
