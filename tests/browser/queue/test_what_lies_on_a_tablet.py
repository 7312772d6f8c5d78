"""What a tablet keeps: nothing in clear, and a page that opens without a network."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.capture.tablet import EMOTIONS, SHOTS, agree, expect_count, go_through, see
from tests.browser.queue.conftest import Open
from tests.browser.queue.switch import Switch
from tests.browser.queue.tablet import read_store

pytestmark = [pytest.mark.slow, pytest.mark.browser]


def test_photos_and_token_lie_there_encrypted(
    page: Page, server: Switch, token: str, tmp_path: Path
) -> None:
    agree(page)
    server.off()
    go_through(page)
    expect_count(page, "taken", SHOTS * len(EMOTIONS))
    store = read_store(page)
    assert len(store["photos"]) == SHOTS * len(EMOTIONS)
    assert store["keys"][0]["key"] == "extractable: false"
    for photo in store["photos"]:
        assert len(photo["picture"]) > 10_000
        assert set(photo) == {"id", "session", "order", "at", "state", "sealed", "picture"}
    for records in store.values():
        for value in (text for record in records for text in record.values()):
            for secret in ("\u00ff\u00d8\u00ff", "JFIF", token, "surprise", "A story"):
                assert secret not in str(value)
    # The same on the disk, and of the whole profile: the token stays in the tab alone.
    page.context.close()
    looked = 0
    for path in (tmp_path / "profile" / "Default" / "IndexedDB").rglob("*"):
        if path.is_file():
            looked += path.stat().st_size
            content = path.read_bytes()
            assert b"\xff\xd8\xff\xe0\x00\x10JFIF" not in content
            assert token.encode() not in content
    assert looked > 10_000 * SHOTS * len(EMOTIONS)


def test_the_page_opens_without_a_server_once_it_was_visited(
    page: Page, server: Switch, switch_on: Open
) -> None:
    see(page, "assent")
    kept = page.evaluate(
        """async () => {
          const [name] = await caches.keys();
          return (await (await caches.open(name)).keys()).map((one) => new URL(one.url).pathname);
        }"""
    )
    assert "/capture/" in kept
    assert "/capture/static/main.js" in kept
    assert [one for one in kept if "/api/" in one] == []
    page.context.close()
    server.off()
    again = switch_on().new_page()
    again.goto(f"{server.address}/capture/")
    see(again, "assent")
    again.click("button[value=yes]")
    # A yes is heard by the server before anything is taken.
    again.wait_for_timeout(1500)
    see(again, "assent")
    server.on()
    see(again, "camera")


def test_a_page_nobody_has_begun_asks_for_an_adult_without_a_server(
    switch_on: Open, server: Switch
) -> None:
    page = switch_on().new_page()
    page.goto(f"{server.address}/capture/")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    server.off()
    page.reload()
    see(page, "trouble")
    expect(page.locator(".fallback")).to_be_visible()
