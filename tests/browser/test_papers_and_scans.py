"""Documents in a browser: read in another language, printed, filed again, and a class at once."""

import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from collector.dataset.consents.answers import consents_of
from collector.dataset.consents.marks import read_mark
from collector.dataset.consents.texts import consent_texts, register_text
from collector.dataset.opening import open_dataset
from collector.dataset.participants import list_participants
from collector.dataset.studies import StudyDetails, describe_study
from tests.browser.browser import launch
from tests.browser.desk import answer_and_sign, sign_in
from tests.cast import enrol, hire
from tests.server.serving import serving

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser without a camera."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def child(tmp_path: Path) -> uuid.UUID:
    """A described study with an own form, and one child."""
    dataset = open_dataset(tmp_path / "data", tmp_path / "keys")
    hire(dataset)
    describe_study(dataset, StudyDetails("Faces", "School 7", "room 12"), actor="test")
    register_text(dataset, "research", "ru", "Форма школы", "Разрешаю.",
                  covers_earlier_photos=False, actor="test")  # fmt: skip
    found = enrol(dataset)
    dataset.close()
    return found


@pytest.fixture
def desk(chromium: Browser, child: uuid.UUID, tmp_path: Path) -> Iterator[Page]:
    """Olga's browser, signed in; addresses begin with the server's."""
    with serving(tmp_path / "data", tmp_path / "keys") as address:
        context = chromium.new_context(locale="en", base_url=address)
        page = context.new_page()
        sign_in(page)
        yield page
        context.close()


def answered(folder: Path) -> dict[str, list[tuple[str, str, str, str]]]:
    """What was recorded, by the child's real name or pseudonym."""
    dataset = open_dataset(folder / "data", folder / "keys")
    with dataset.database.read() as session:
        found = {
            dataset.keys.real_name(one.id) or "": [
                (each.purpose, each.text.title, each.method, each.state)
                for each in consents_of(session, one.id)
            ]
            for one in list_participants(session)
        }
    dataset.close()
    return found


def test_another_language_or_form_keeps_what_was_entered(
    desk: Page, child: uuid.UUID, tmp_path: Path
) -> None:
    desk.goto(f"/children/{child}/consent/research")
    shown = desk.locator(".document article:visible")
    expect(shown).to_have_attribute("lang", "en")
    answer_and_sign(desk, "Oleg", "father")
    desk.click("label:has-text('Қазақша')")
    expect(shown).to_have_attribute("lang", "kk")
    desk.click("label:has-text('Форма школы')")
    expect(shown).to_contain_text("Разрешаю.")
    expect(desk.locator("#print")).to_have_attribute("href", re.compile(f"print/{child}"))
    expect(desk.locator("[name=guardian]")).to_have_value("Oleg")
    desk.click("text=Record the answer")
    desk.wait_for_url(f"**/children/{child}")
    assert answered(tmp_path) == {"": [("research", "Форма школы", "screen", "given")]}


def test_a_printed_paper_finds_its_way_back(desk: Page, child: uuid.UUID, tmp_path: Path) -> None:
    dataset = open_dataset(tmp_path / "data", tmp_path / "keys")
    with dataset.database.read() as session:
        text = next(one for one in consent_texts(session, "research") if one.language == "ru")
    dataset.close()
    desk.goto(f"/documents/{text.id}/print/{child}")
    paper = desk.pdf(prefer_css_page_size=True)
    mark = read_mark(paper)
    assert mark
    assert (mark.participant_id, mark.text_id) == (child, text.id)
    assert mark.page > 0, "the code stands beside the signature, not on the first page"
    desk.goto("/scans/")
    scan = FilePayload(name="scan.pdf", mimeType="application/pdf", buffer=paper)
    page = FilePayload(name="page.pdf", mimeType="application/pdf", buffer=b"%PDF-1.4 <html>")
    desk.set_input_files("#scan-files", [scan, page])
    expect(desk.locator(".scan").nth(1)).to_have_attribute("data-state", "refused", timeout=60_000)
    card = desk.locator(".scan").nth(0)
    expect(card).to_have_attribute("data-state", "found")
    expect(card.locator("img")).to_be_visible()
    assert card.locator("img").evaluate("(one) => one.naturalWidth") > 500
    card.locator("[name=answer][value=refused]").check()
    card.locator("[name=relation][value=mother]").check()
    card.locator("[name=guardian]").fill("Gulnara")
    card.locator("[name=signed_on]").fill("2025-09-01")
    card.locator("[type=submit]").click()
    expect(card).to_have_attribute("data-state", "filed", timeout=30_000)
    assert answered(tmp_path) == {"": [("research", text.title, "scan", "refused")]}


def test_a_class_list_is_looked_at_and_recorded(desk: Page, tmp_path: Path) -> None:
    desk.goto("/class-list/")
    desk.fill("[name=list]", "\tGulnara\tmother\t2025-09-01\tyes\nTimur\tOleg\tfather\t\tда\tнет")
    desk.click("text=Look at it first")
    expect(desk.locator("main")).to_contain_text("Line 2:")
    desk.fill("[name=day]", "2025-09-02")
    desk.click("text=Look at it first")
    desk.dblclick("#record-form button")
    expect(desk.locator("h1")).to_contain_text("Recorded")
    found = answered(tmp_path)
    assert set(found) == {"", "Timur"}
    assert sorted(one[::3] for one in found["Timur"]) == [
        ("publication", "refused"), ("research", "given"),
    ]  # fmt: skip
