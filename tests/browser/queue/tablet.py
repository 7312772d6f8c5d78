"""A tablet whose network, server, page and browser come and go, and what it took meanwhile."""

import hashlib
import uuid
from typing import Any

from playwright.sync_api import BrowserContext, Page, Request
from sqlalchemy import select

from collector.dataset.dataset import Dataset
from collector.dataset.models import Photo
from collector.dataset.photos import read_photo
from tests.browser.capture.tablet import count, eventually

# What lies in IndexedDB: by shelf, each record with its buffers as text of one byte a letter.
READ_ALL = """async () => {
  const opened = indexedDB.open("waiting");
  const db = await new Promise((resolve) => (opened.onsuccess = () => resolve(opened.result)));
  const plain = (value) => value instanceof ArrayBuffer
    ? Array.from(new Uint8Array(value), (byte) => String.fromCharCode(byte)).join("")
    : value instanceof CryptoKey ? `extractable: ${value.extractable}` : value;
  const all = {};
  for (const name of db.objectStoreNames) {
    const asked = db.transaction(name).objectStore(name).getAll();
    const records = await new Promise((resolve) => (asked.onsuccess = () => resolve(asked.result)));
    all[name] = records.map((record) =>
      Object.fromEntries(Object.entries(record).map(([key, value]) => [key, plain(value)])));
  }
  db.close();
  return all;
}"""


class Sent(dict[uuid.UUID, str]):
    """By photo, the sha256 of what the page sent; the same photo always has the same."""

    def listen(self, context: BrowserContext) -> None:
        """Note what the pages of this context send."""
        context.on("request", self._note)

    def _note(self, request: Request) -> None:
        if request.method != "PUT" or not request.post_data_buffer:
            return
        sha256 = hashlib.sha256(request.post_data_buffer).hexdigest()
        photo = uuid.UUID(request.url.rsplit("/", 1)[-1])
        assert self.setdefault(photo, sha256) == sha256


def read_store(page: Page) -> dict[str, list[dict[str, Any]]]:
    """All that lies in the page's IndexedDB."""
    found: dict[str, list[dict[str, Any]]] = page.evaluate(READ_ALL)
    return found


def kept(dataset: Dataset) -> dict[uuid.UUID, str]:
    """By photo, the sha256 of what the dataset holds."""
    with dataset.database.read() as session:
        photos = list(session.scalars(select(Photo)))
    return {one.id: hashlib.sha256(read_photo(dataset, one)).hexdigest() for one in photos}


def expect_everything(page: Page, dataset: Dataset, sent: Sent) -> None:
    """What was shown as taken is stored, once each, byte for byte, and nothing else is."""
    eventually(page, lambda: count(page, "waiting") == 0 and len(kept(dataset)) == len(sent))
    assert kept(dataset) == sent
    assert count(page, "taken") == count(page, "saved") == len(sent) > 0


def expect_empty_store(page: Page) -> None:
    """Nothing of any session is left on the tablet; its key may stay."""
    eventually(
        page,
        lambda: not any(len(read_store(page)[one]) for one in ("sessions", "photos", "errands")),
    )
