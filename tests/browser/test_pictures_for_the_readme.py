"""The README's two pictures, made from drawn faces; README_PICTURES=1 writes them into docs."""

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from collector.dataset.dataset import Dataset
from collector.dataset.drawn import draw_photo, invent_character
from collector.dataset.emotions import Emotion
from collector.dataset.opening import open_dataset
from collector.dataset.participants import list_participants
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.sessions import start_session
from collector.demo import PASSWORD, fill_play_dataset
from tests.browser.browser import launch
from tests.browser.camera import make_camera_file
from tests.browser.desk import sign_in
from tests.server.serving import serving

pytestmark = [pytest.mark.slow, pytest.mark.browser]

DOCS = Path(__file__).resolve().parents[2] / "docs"
SIZE = {"width": 1180, "height": 820}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dataset]:
    """A small play dataset."""
    folder = tmp_path_factory.mktemp("demo")
    opened = open_dataset(folder / "data", folder / "keys", play=True)
    fill_play_dataset(opened, children=2, shots=1, seed=7)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def page(demo: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A tablet-sized page in front of a drawn child; `base_url` is the play dataset's server."""
    rng = np.random.default_rng(11)
    child = invent_character(rng)
    frames = [
        Image.fromarray(draw_photo(Emotion.NEUTRAL, child, "natural", rng, size=(1280, 720)))
        for _ in range(2)
    ]
    camera = make_camera_file(frames, tmp_path_factory.mktemp("camera") / "drawn.y4m")
    with serving(demo.folder, demo.keys.folder) as address, sync_playwright() as playwright:
        browser = launch(playwright, camera)
        yield browser.new_context(viewport=SIZE, locale="en", base_url=address).new_page()
        browser.close()


def keep(page: Page, name: str, tmp_path: Path) -> None:
    """Take the picture; it must be full of things, not a blank page."""
    target = DOCS / name if os.environ.get("README_PICTURES") else tmp_path / name
    page.screenshot(path=target)
    picture = np.asarray(Image.open(target).convert("L"))
    assert picture.shape == (SIZE["height"], SIZE["width"])
    assert picture.std() > 20


def test_the_capture_page_shows_the_child_in_the_ring(
    page: Page, demo: Dataset, tmp_path: Path
) -> None:
    with demo.database.read() as session:
        child = list_participants(session)[0].id
        protocol = current_protocols(session)[0].id
    _, token = start_session(
        demo, child, protocol, light="natural", language="en", actor="olga", operator_id=None,
        confirmed="hand",
    )  # fmt: skip
    page.goto(f"/capture/#{token}")
    page.click("button[value=yes]")
    page.click("[data-act=open]")
    page.click("[data-act=next]")
    page.click("[data-act=ready]")
    expect(page.locator(".number")).to_have_text("2")
    keep(page, "capture.png", tmp_path)


def test_the_review_page_shows_a_photo_and_the_keys(page: Page, tmp_path: Path) -> None:
    sign_in(page, "samal", PASSWORD)
    page.goto("/review/")
    expect(page.locator("#review[data-state=looking] img")).to_be_visible()
    keep(page, "review.png", tmp_path)
