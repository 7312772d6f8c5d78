"""A Chromium that trusts the authority, as a prepared tablet does, by the name that stays."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from collector.dataset.dataset import Dataset
from tests.browser.browser import OPTIONS, find_chromium
from tests.browser.camera import FRAME, make_camera_file
from tests.server.serving import free_port, serving
from tests.server.tablets import Served, learn_trust

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture
def served(dataset: Dataset) -> Iterator[Served]:
    port, plain = free_port(), free_port()
    options = ["--lan", "--lan-port", str(port), "--trust-port", str(plain)]
    with serving(dataset.folder, dataset.keys.folder, *options) as loopback:
        name = f"faces-{dataset.site_id.hex[:4]}.local"
        yield Served(loopback, name, port, plain, learn_trust(plain))


@pytest.fixture
def home(served: Served, tmp_path: Path) -> Path:
    """A user's folder in whose store the authority is trusted for web pages (NSS: "C,,")."""
    store, authority = tmp_path / "home" / ".pki" / "nssdb", tmp_path / "authority.crt"
    store.mkdir(parents=True)
    authority.write_bytes(served.plain("/authority.crt").read())
    certutil("-N", "--empty-password", "-d", f"sql:{store}")
    certutil("-A", "-d", f"sql:{store}", "-t", "C,,", "-n", served.name, "-i", str(authority))
    return tmp_path / "home"


def certutil(*arguments: str) -> None:
    program = shutil.which("certutil")
    # Windows has a program of that name for another purpose.
    if program is None or os.name == "nt":
        pytest.skip("no certutil (libnss3-tools) was found, which tells Chromium whom to trust")
    subprocess.run([program, *arguments], check=True, capture_output=True, timeout=60)


@pytest.fixture
def tablet(served: Served, home: Path, tmp_path: Path) -> Iterator[Page]:
    """A tablet for which the name leads to the server, as its announcement would tell."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium was found: install it, or name it in the variable CHROMIUM")
    camera = make_camera_file([Image.new("RGB", FRAME, (90, 120, 90))], tmp_path / "grey.y4m")
    options = [
        *OPTIONS,
        f"--host-resolver-rules=MAP {served.name} 127.0.0.1",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={camera}",
    ]
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=program, args=options,
            env={**os.environ, "HOME": str(home)},
        )  # fmt: skip
        yield context.new_page()
        context.close()


def address(served: Served) -> str:
    return f"https://{served.name}:{served.port}"


OPEN_CAMERA = """async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ video: true });
    const { width } = stream.getVideoTracks()[0].getSettings();
    stream.getTracks().forEach((track) => track.stop());
    return width;
}"""


def test_the_child_s_page_opens_without_a_warning_and_gets_the_camera(
    served: Served, tablet: Page
) -> None:
    answer = tablet.goto(f"{address(served)}/capture/")
    assert answer
    assert answer.status == 200
    security = answer.security_details() or {}
    assert (security["protocol"], security["subjectName"]) == ("TLS 1.3", "Children's expressions")
    assert tablet.evaluate("isSecureContext")
    assert tablet.evaluate(OPEN_CAMERA) > 0


def test_the_connection_test_finds_nothing_to_warn_of(served: Served, tablet: Page) -> None:
    tablet.goto(f"{address(served)}/connection")
    expect(tablet.locator("#again")).to_be_enabled(timeout=60_000)
    notes = tablet.locator("[data-verdict]:visible").all()
    # "secure": a service worker was registered, which no browser allows after a waved warning.
    assert {note.get_attribute("data-verdict") for note in notes} == {"secure", "camera", "good"}


def test_the_plain_page_says_that_the_tablet_is_ready(served: Served, tablet: Page) -> None:
    tablet.goto(f"http://{served.name}:{served.plain_port}/")
    expect(tablet.locator('[data-verdict="trusted"]')).to_be_visible(timeout=15_000)
    tablet.locator('[data-verdict="trusted"] a').click()
    tablet.wait_for_url(f"{address(served)}/connection")


def test_the_offline_page_s_worker_may_register(served: Served, tablet: Page) -> None:
    tablet.goto(f"{address(served)}/capture/")
    scope = tablet.evaluate(
        "navigator.serviceWorker.register('/capture/sw.js').then((found) => found.scope)"
    )
    assert scope == f"{address(served)}/capture/"
