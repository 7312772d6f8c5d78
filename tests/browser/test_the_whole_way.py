"""The whole way once, from an empty folder to a report, as people go it: through the pages.

The camera shows photographs of real faces; server and commands run in processes of their own.
"""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from sqlalchemy import select

from collector.dataset import clock
from collector.dataset.consents.standing import standing_consent
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.emotions import EMOTIONS
from collector.dataset.models import CaptureSession, Photo, Prediction, Vote
from collector.dataset.opening import open_dataset
from collector.dataset.photos import digest_photo, read_photo
from tests.browser.browser import launch
from tests.browser.camera import make_camera_file, real_faces
from tests.browser.desk import answer_and_sign, capture_link, sign_in
from tests.cast import PASSWORD
from tests.server.serving import serving

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(900)]

SHOTS = 5 * len(EMOTIONS)  # the protocol "lesson"
FILES = {
    "config.json", "history.csv", "metrics.json", "curves.png", "confusion.png", "report.html",
    "model.safetensors",
}  # fmt: skip


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera shows real faces."""
    faces = [real_faces(emotion.value, 3)[0] for emotion in EMOTIONS]
    camera = make_camera_file(faces, tmp_path_factory.mktemp("camera") / "faces.y4m")
    with sync_playwright() as playwright:
        browser = launch(playwright, camera)
        yield browser
        browser.close()


def fill(page: Page, button: str, **fields: str) -> None:
    """Fill in the page's form and send it."""
    for name, value in fields.items():
        page.fill(f"main [name={name}]", value)
    page.click(f"main button:text-is('{button}')")


def make_first_account(page: Page, address: str) -> None:
    page.goto(address)
    fill(page, "Make the account", name="olga", password=PASSWORD)
    page.wait_for_url("**/home")


def hire_reviewers(page: Page, address: str) -> None:
    for name in ("rita", "rustam"):
        page.goto(f"{address}/accounts")
        page.check("[name=roles][value=reviewer]")
        fill(page, "Make the account", name=name, password=PASSWORD)


def register_child(page: Page, address: str) -> None:
    page.goto(f"{address}/study")
    fill(page, "Save", title="Faces in PiktoMir", controller="School 7", contact="room 12")
    page.goto(f"{address}/children/new")
    page.check("[name=glasses][value=no]")
    fill(page, "Register", birth_year=str(clock.now().year - 7), birth_month="3")
    page.wait_for_selector("h2:text-is('Consents')")


def sign(page: Page, nth: int) -> None:
    """Open a consent document from the child's page, sign it with the mouse, record it."""
    page.click(f".card >> nth={nth} >> a")
    expect(page.locator(".document")).to_contain_text("School 7")
    answer_and_sign(page, "Gulnara", "mother")
    page.click("text=Record the answer")
    page.wait_for_selector("h2:text-is('Consents')")


def be_photographed(tablet: Page) -> None:
    """From a story to what comes after its star."""
    see(tablet, "story")
    tablet.click("[data-act=ready]")
    see(tablet, "star")
    tablet.click("[data-act=next]")


def start_session(page: Page) -> str:
    page.check("[name=light][value=artificial]")
    page.check("[name=confirmed]")
    page.click("text=Start the session")
    return capture_link(page)


def see(page: Page, screen: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-screen", screen, timeout=30_000)


def photograph(tablet: Page, link: str) -> dict[str, str]:
    """The child's session from question to goodbye; returns the hash of each photo sent."""
    sent: dict[str, str] = {}

    def remember(route: Route) -> None:
        body = route.request.post_data_buffer or b""
        sent[route.request.url.rsplit("/", 1)[1]] = hashlib.sha256(body).hexdigest()
        route.continue_()

    tablet.route("**/capture/api/photos/*", remember)
    tablet.goto(link)
    see(tablet, "assent")
    tablet.click("button[value=yes]")
    tablet.click("[data-act=open]")
    tablet.click("[data-act=next]")
    be_photographed(tablet)  # the practice round, without a photo
    for place in range(len(EMOTIONS)):
        if place and place % 2 == 0:
            see(tablet, "pause")
            tablet.click("[data-act=next]")
        be_photographed(tablet)
    see(tablet, "review")
    expect(tablet.locator("body")).to_have_attribute("data-saved", str(SHOTS), timeout=60_000)
    expect(tablet.locator(".photo img[src]")).to_have_count(SHOTS)
    tablet.click("[data-act=done]")
    see(tablet, "goodbye")
    return sent


def judge(browser: Browser, address: str, name: str, keys: list[int]) -> None:
    """Sign in as the reviewer and press these keys, each once its photo has been seen."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en")
    page = context.new_page()
    sign_in(page, name, address=address)
    page.goto(f"{address}/review/")
    for number, key in enumerate(keys, start=1):
        expect(page.locator("#review[data-state=looking] img")).to_be_visible(timeout=15_000)
        page.wait_for_timeout(400)  # a quicker press would be taken for the photo before
        page.keyboard.press(str(key))
        expect(page.locator("[data-part=voted]")).to_have_text(str(number), timeout=15_000)
    expect(page.locator("#review")).to_have_attribute("data-state", "empty", timeout=15_000)
    context.close()


def run(module: str, *arguments: str) -> dict[str, Any]:
    """A command in its own process; returns the one JSON object that it prints."""
    command = [sys.executable, "-m", module, *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def check_dataset(dataset: Dataset, sent: dict[str, str]) -> None:
    """What the browser sent is what is stored, measured, consented to and judged."""
    with dataset.database.read() as session:
        photos = session.scalars(select(Photo)).all()
        capture = session.scalars(select(CaptureSession)).one()
        usable = session.scalars(usable_photos("research", clock.now())).all()
        votes = session.scalars(select(Vote)).all()
        for purpose in ("research", "publication"):
            for photo in photos:
                assert photo.taken_at
                at = photo.taken_at
                assert standing_consent(session, capture.participant_id, purpose, at)
    assert len(sent) == SHOTS
    stored = {str(one.id): hashlib.sha256(read_photo(dataset, one)).hexdigest() for one in photos}
    key = dataset.keys.child(capture.participant_id)
    assert stored == sent
    assert {one.digest for one in photos} == {
        digest_photo(key, one.id, sent[str(one.id)]) for one in photos
    }
    assert (capture.state, capture.light, capture.assent) == ("finished", "artificial", "yes")
    for photo in photos:
        assert photo.light == "artificial"
        assert (photo.luminance_mean is not None) == bool(photo.face_boxes)
        if photo.face_boxes:
            assert 0 < photo.luminance_mean < 1
            assert None not in (photo.dynamic_range, photo.backlight, photo.box_laplacian_variance)
        assert photo.camera_settings
    assert sum(bool(photo.face_boxes) for photo in photos) >= SHOTS * 0.8
    assert len(usable) == len([one for one in photos if one.state == "active"])
    assert len(votes) == 2 * len(usable)


def test_from_an_empty_folder_to_a_report(chromium: Browser, tmp_path: Path) -> None:
    data, keys = tmp_path / "data", tmp_path / "keys"
    folders = ("--data", str(data), "--keys", str(keys))
    with serving(data, keys) as address:
        desk = chromium.new_context(locale="en").new_page()
        make_first_account(desk, address)
        hire_reviewers(desk, address)
        register_child(desk, address)
        sign(desk, 0)
        sign(desk, 1)
        link = start_session(desk)
        tablet = chromium.new_context(viewport={"width": 1024, "height": 768}).new_page()
        sent = photograph(tablet, link)
        # Both are shown the photos in the same order, which is that of their random ids.
        agreed = [key for _ in range(SHOTS // 8) for key in range(1, 9)]
        judge(chromium, address, "rita", agreed)
        judge(chromium, address, "rustam", [8, 7, 6, *agreed[3:]])
        desk.goto(f"{address}/review/")  # Olga may review, but not the session that she ran
        expect(desk.locator("#review")).to_have_attribute("data-state", "empty", timeout=15_000)

    dataset = open_dataset(data, keys)
    check_dataset(dataset, sent)
    frozen = run("labeler", "snapshot", "create", "first", *folders)
    assert frozen["left_out"] == {"tied": 3}
    assert frozen["photos"] == SHOTS - 3
    result = run("trainer", "fit", *folders, "--snapshot", "first", "--weights", "none",
                 "--epochs", "1", "--batch-size", "8")  # fmt: skip
    folder = Path(result["folder"])
    assert folder.parent == data / "runs"
    assert folder.name.endswith("-resnet152")
    assert {path.name for path in folder.iterdir()} == FILES
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics["n_train"] + metrics["n_val"] == SHOTS - 3
    assert metrics["split"]["group"] == "burst"
    assert sum(map(sum, metrics["confusion"])) == metrics["n_val"]
    (row,) = list(csv.DictReader((folder / "history.csv").open()))
    assert list(row) == ["epoch", "train_loss", "val_loss", "train_accuracy", "val_accuracy",
                         "lr", "seconds"]  # fmt: skip
    with dataset.database.read() as session:
        assert len(session.scalars(select(Prediction)).all()) == SHOTS - 3
    dataset.close()
    show_report(chromium, folder)
    shutil.rmtree(folder)


def show_report(browser: Browser, folder: Path) -> None:
    """The report opens in a browser with all its pictures, and loads nothing."""
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.goto((folder / "report.html").as_uri())
    assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
    broken = page.evaluate("[...document.images].filter((one) => !one.naturalWidth).length")
    assert broken == 0
    expect(page.locator("body")).to_contain_text("resnet152")
    page.close()
