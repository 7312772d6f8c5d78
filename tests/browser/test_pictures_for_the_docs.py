"""The child's screens on the sizes of tablets and of a telephone, with a drawn child before them.

Everything must lie within the screen, and be large enough for a finger. The folder that the
variable CAPTURE_PICTURES names gets a sheet of pictures for each size:

    CAPTURE_PICTURES=docs/images pytest tests/browser/test_pictures_for_the_docs.py
"""

import io
import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

from collector.dataset.dataset import Dataset
from collector.dataset.drawn import draw_photo, invent_character
from collector.dataset.emotions import Emotion
from collector.dataset.opening import open_dataset
from collector.settings import Settings
from collector.web.app import create_app
from tests.browser import child
from tests.browser.browser import launch
from tests.browser.camera import make_camera_file
from tests.server.inside import served

pytestmark = [pytest.mark.slow, pytest.mark.browser]

FOLDER = "CAPTURE_PICTURES"
SIZES = {
    "ipad-landscape": (1024, 768),
    "ipad-portrait": (768, 1024),
    "android-landscape": (1280, 800),
    "android-portrait": (800, 1280),
    "telephone": (390, 844),
}
# On a sheet: how high a picture is, how many lie in a row, the space between them.
HEIGHT, ROW, GAP = 300, 5, 12
FINGER = 80  # CSS pixels: 2 cm and a little, at 96 to the inch

# What lies outside of the screen, or is too small: [what, its box].
MISFITS = """(finger) => {
    const { clientWidth: wide, clientHeight: high } = document.documentElement;
    const found = [];
    if (document.documentElement.scrollWidth > wide) found.push("the page is too wide");
    const dialog = document.querySelector("dialog[open]");
    for (const one of (dialog ?? document).querySelectorAll("button, h1")) {
        const { left, top, right, bottom, width, height } = one.getBoundingClientRect();
        if (!width) continue;
        const name = `${one.tagName} ${one.textContent.trim().slice(0, 30)}`;
        const isScrolled = one.closest(".photos");
        if (left < 0 || top < 0 || right > wide + 1 || (bottom > high + 1 && !isScrolled)) {
            found.push(`${name} is outside: ${[left, top, right, bottom].map(Math.round)}`);
        }
        if (one.tagName === "BUTTON" && Math.min(width, height) < finger) {
            found.push(`${name} is small: ${Math.round(width)} x ${Math.round(height)}`);
        }
    }
    return found;
}"""


@pytest.fixture(scope="module")
def dataset(
    staffed: tuple[Path, dict[str, uuid.UUID]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Dataset]:
    folder = tmp_path_factory.mktemp("pictures") / "site"
    shutil.copytree(staffed[0], folder)
    opened = open_dataset(folder / "data", folder / "keys")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(dataset: Dataset) -> Iterator[str]:
    settings = Settings(data=dataset.folder, keys=dataset.keys.folder)
    with served(create_app(dataset, settings)) as found:
        yield found


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser in front of a drawn child."""
    rng = np.random.default_rng(10)
    drawn = invent_character(rng)
    frames = [
        Image.fromarray(draw_photo(emotion, drawn, "natural", rng, size=(1280, 720)))
        for emotion in (Emotion.NEUTRAL, Emotion.HAPPY)
    ]
    camera = make_camera_file(frames, tmp_path_factory.mktemp("camera") / "drawn.y4m")
    with sync_playwright() as playwright:
        browser = launch(playwright, camera)
        yield browser
        browser.close()


@pytest.fixture
def tablet(chromium: Browser, address: str) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=address, viewport=as_viewport(SIZES["ipad-portrait"]), has_touch=True,
        is_mobile=True, locale="en", reduced_motion="reduce",
    )  # fmt: skip
    yield context.new_page()
    context.close()


def as_viewport(size: tuple[int, int]) -> dict[str, int]:
    return {"width": size[0], "height": size[1]}


def test_every_screen_fits_every_tablet(
    dataset: Dataset, staffed: tuple[Path, dict[str, uuid.UUID]], tablet: Page
) -> None:
    pictures: dict[str, dict[str, Image.Image]] = {name: {} for name in SIZES}
    misfits = {}
    # Long enough to be turned and pictured in each size.
    for way, countdown in ((child.whole_session, 12), (child.stopped_session, 1)):
        token = child.begin(
            dataset, staffed[1]["olga"], countdown=countdown,
            practice=way is child.whole_session)  # fmt: skip
        tablet.goto("/")
        tablet.goto(f"/capture/#{token}")
        seen = pictures["telephone"]
        for screen in way(tablet):
            if screen in seen:
                continue
            for name, size in SIZES.items():
                found = look(tablet, size)
                if found:
                    misfits[f"{screen}, {name}"] = found
                pictures[name][screen] = picture(tablet)
    for name, taken in pictures.items():
        keep(name, taken)
    assert misfits == {}


def look(page: Page, size: tuple[int, int]) -> list[str]:
    """What does not fit when the tablet is held so."""
    page.set_viewport_size(as_viewport(size))
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    found: list[str] = page.evaluate(MISFITS, FINGER)
    return found


def picture(page: Page) -> Image.Image:
    """The screen as it is; it must be full of things, not a blank page."""
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    assert np.asarray(taken.convert("L")).std() > 8
    return taken


def keep(name: str, taken: dict[str, Image.Image]) -> None:
    """One sheet of all screens of a size, under their names."""
    folder = os.environ.get(FOLDER)
    if not folder:
        return
    Path(folder).mkdir(parents=True, exist_ok=True)
    wide, high = SIZES[name]
    cell = (HEIGHT * wide // high + GAP, HEIGHT + 2 * GAP + 6)
    rows = -(-len(taken) // ROW)
    sheet = Image.new("RGB", (cell[0] * ROW + GAP, cell[1] * rows + GAP), "white")
    draw = ImageDraw.Draw(sheet)
    for number, (screen, shot) in enumerate(taken.items()):
        corner = (GAP + number % ROW * cell[0], GAP + number // ROW * cell[1])
        sheet.paste(shot.resize((cell[0] - GAP, HEIGHT), Image.Resampling.LANCZOS), corner)
        draw.text((corner[0], corner[1] + HEIGHT + 2), screen, fill="black")
    sheet.save(Path(folder) / f"capture-{name}.webp", quality=82)
