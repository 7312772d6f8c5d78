"""A tablet that will not reach the server: an adult carries its photos there."""

import os
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from collector.dataset.dataset import Dataset
from collector.dataset.models import CaptureSession
from collector.dataset.sessions import renew_token
from tests.browser.capture.tablet import (
    EMOTIONS,
    SHOTS,
    agree,
    go_through,
    see,
    state,
    stored,
)
from tests.browser.queue.switch import Switch
from tests.browser.queue.tablet import Sent, expect_everything, kept
from tests.cast import PASSWORD

pytestmark = [pytest.mark.slow, pytest.mark.browser]

EVERYTHING = SHOTS * len(EMOTIONS)


def save(page: Page, folder: Path) -> Path:
    page.click(".rescue")
    expect(page.locator(".rescuing")).to_be_visible()
    picture(page, "tablet-saves-a-file")
    with page.expect_download() as download:
        page.locator(".rescuing button").first.click()
    expect(page.locator(".rescuing [role=status]")).to_be_visible()
    page.locator(".rescuing button").last.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def bring_in(page: Page, address: str, file: Path) -> None:
    page.goto(f"{address}/sign-in")
    page.fill("main [name=name]", "olga")
    page.fill("main [name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/home")
    page.goto(f"{address}/children/")
    page.click("text=Bring in waiting photos")
    page.set_input_files("input[type=file]", file)
    page.click("text=Bring in the photos")


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_the_file_goes_round_and_the_tablet_knows_it_afterwards(
    page: Page, server: Switch, dataset: Dataset, sent: Sent, tmp_path: Path
) -> None:
    agree(page)
    expect(page.locator(".rescue")).to_be_hidden()
    server.off()
    go_through(page)
    page.click("[data-act=done]")
    see(page, "goodbye")
    file = save(page, tmp_path)
    assert b"JFIF" not in file.read_bytes()
    page.context.set_offline(True)  # the tablet stays where it is
    server.on()
    desk = page.context.browser.new_page() if page.context.browser else None
    assert desk
    bring_in(desk, server.address, file)
    told = desk.locator("#rescue [role=status]")
    expect(told).to_contain_text(f"{EVERYTHING} photos are stored now.", timeout=60_000)
    picture(desk, "photos-brought-in")
    brought = kept(dataset)
    assert len(brought) == EVERYTHING
    assert state(dataset) == ("finished", None)
    desk.close()
    page.context.set_offline(False)
    expect_everything(page, dataset, sent)
    assert kept(dataset) == brought


def test_photos_under_a_link_that_was_renewed_stay_and_can_be_saved(
    page: Page, server: Switch, dataset: Dataset, child_session: uuid.UUID, tmp_path: Path
) -> None:
    agree(page)
    page.context.set_offline(True)
    go_through(page)
    renew_token(dataset, child_session)
    page.context.set_offline(False)
    expect(page.locator(".offline")).to_contain_text(
        f"Could not be saved: {EVERYTHING}", timeout=45_000
    )
    assert stored(dataset) == []
    file = save(page, tmp_path)
    page.reload()
    expect(page.locator(".rescue")).to_be_visible(timeout=30_000)
    bring_in(page, server.address, file)
    told = page.locator("#rescue [role=status]")
    expect(told).to_contain_text(f"{EVERYTHING} photos are stored now.", timeout=60_000)


@pytest.fixture
def child_session(token: str, dataset: Dataset) -> uuid.UUID:
    assert token
    with dataset.database.read() as session:
        return session.scalars(select(CaptureSession.id)).one()
