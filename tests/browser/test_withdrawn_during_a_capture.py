"""The whole promise in a browser: signed, receipted, withdrawn while the child plays."""

import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from collector.dataset.opening import open_dataset
from collector.dataset.studies import StudyDetails, describe_study
from collector.dataset.upkeep.integrity import examine
from tests.browser.browser import launch
from tests.browser.camera import FRAME, make_camera_file, real_faces
from tests.browser.desk import answer_and_sign, capture_link, sign_in
from tests.cast import enrol, hire
from tests.server.serving import serving

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser that sees a real face."""
    faces = [one.convert("RGB").resize(FRAME) for one in real_faces("happy", 2)]
    camera = make_camera_file(faces, tmp_path_factory.mktemp("camera") / "faces.y4m")
    with sync_playwright() as playwright:
        browser = launch(playwright, camera)
        yield browser
        browser.close()


@pytest.fixture
def child(tmp_path: Path) -> uuid.UUID:
    """A child in a described study; nothing is answered yet."""
    dataset = open_dataset(tmp_path / "data", tmp_path / "keys")
    hire(dataset)
    describe_study(dataset, StudyDetails("Faces", "School 7", "room 12"), actor="test")
    found = enrol(dataset, birth_year=2019)
    dataset.close()
    return found


def sign(desk: Page, child: uuid.UUID) -> None:
    """The guardian reads, signs with the mouse, and the answer is recorded."""
    desk.goto(f"/children/{child}/consent/research")
    answer_and_sign(desk, "Gulnara", "mother")
    desk.click("text=Record the answer")
    desk.wait_for_url(f"**/children/{child}")


def take_receipt(desk: Page) -> str:
    """Give the receipt; returns the code as the printed sheet shows it."""
    desk.click("main form[action$='/receipts'] button")
    desk.wait_for_url("**/receipts/*")
    picture(desk, "receipt")
    desk.emulate_media(media="print")
    expect(desk.locator("[data-print]")).to_be_hidden()
    groups = desk.locator(".sheet .code span").all_inner_texts()
    assert re.fullmatch(r"(\d{4} ){3}\d{4}", " ".join(groups))
    picture(desk, "receipt-printed")
    desk.emulate_media(media="screen")
    return " ".join(groups)


def begin(browser: Browser, desk: Page, child: uuid.UUID) -> Page:
    """The child's session on a tablet, up to its first story after the practice round."""
    desk.goto(f"/children/{child}")
    desk.check("[name=light][value=natural]")
    desk.check("[name=confirmed]")
    desk.click("text=Start the session")
    tablet = browser.new_context(viewport={"width": 768, "height": 1024}).new_page()
    tablet.goto(capture_link(desk))
    tablet.click("button[value=yes]")
    tablet.click("[data-act=open]")
    tablet.click("[data-act=next]")
    tablet.click("[data-act=ready]")
    expect(tablet.locator("body")).to_have_attribute("data-screen", "star", timeout=30_000)
    tablet.click("[data-act=next]")
    return tablet


def withdraw_everything(browser: Browser, address: str, code: str) -> None:
    """A guardian's telephone: the code, and two taps."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="en")
    phone = context.new_page()
    phone.goto(f"{address}/withdraw#{code.replace(' ', '')}")
    expect(phone.locator("[name=code]")).not_to_have_value("")
    assert "#" not in phone.url
    picture(phone, "withdraw-code")
    phone.click("text=Show what is kept")
    picture(phone, "withdraw-kept")
    assert "Gulnara" not in phone.content()
    phone.click("text=Withdraw everything and erase")
    picture(phone, "withdraw-sure")
    phone.click("main button.danger")
    expect(phone.locator("main")).to_contain_text("erased")
    picture(phone, "withdraw-done")
    context.close()


def picture(page: Page, name: str) -> None:
    """Kept for whoever wants to look: SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_guardian_withdraws_with_the_receipt_s_code_while_the_child_plays(
    chromium: Browser, child: uuid.UUID, tmp_path: Path
) -> None:
    with serving(tmp_path / "data", tmp_path / "keys") as address:
        desk = chromium.new_context(locale="en", base_url=address).new_page()
        sign_in(desk)
        sign(desk, child)
        picture(desk, "child-signed")
        code = take_receipt(desk)
        tablet = begin(chromium, desk, child)
        tablet.click("[data-act=ready]")
        body = tablet.locator("body")
        expect(body).to_have_attribute("data-screen", "star", timeout=30_000)
        expect(body).to_have_attribute("data-waiting", "0", timeout=30_000)
        assert int(body.get_attribute("data-saved") or 0) > 0
        tablet.click("[data-act=next]")
        tablet.click("[data-act=ready]")
        expect(body).to_have_attribute("data-screen", "countdown")
        withdraw_everything(chromium, address, code)
        # The burst that was about to be taken meets an erased session, and the tablet lets go.
        expect(body).to_have_attribute("data-screen", "goodbye", timeout=30_000)
        expect(body).to_have_attribute("data-waiting", "0")
        expect(tablet.locator("img[src^=blob]")).to_have_count(0)
        picture(tablet, "tablet-erased")
        gone = desk.goto(f"/children/{child}")
        assert gone is not None
        assert gone.status == 404
        desk.goto("/withdrawals/")
        picture(desk, "register")
        for context in chromium.contexts:
            context.close()
    dataset = open_dataset(tmp_path / "data", tmp_path / "keys")
    assert dataset.keys.children(dataset.site_id) == []
    assert [one for one in examine(dataset) if one.wrong] == []
    dataset.close()
