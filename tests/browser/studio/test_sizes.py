"""Every screen on a phone and on tablets, upright and lying: nothing is cut, small or scrolled."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.studio.conftest import Open
from tests.browser.studio.screens import see, voices, walk

pytestmark = [pytest.mark.slow, pytest.mark.browser]

SIZES = ((390, 844), (768, 1024), (1024, 768), (1280, 800))

# 18 pt are 24 px, 2 cm are 75.6 px (CSS: 96 to the inch). Lines for adults may be smaller.
WRONG = """(isLong) => {
  const wrong = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth) wrong.push(`as wide as ${root.scrollWidth}`);
  if (root.scrollHeight > innerHeight && !isLong) wrong.push(`as high as ${root.scrollHeight}`);
  const isSeen = (one) => one.checkVisibility() && one.getBoundingClientRect().width > 0;
  const texts = [...document.querySelectorAll("body *")].filter((one) =>
    isSeen(one) && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
  for (const one of texts) {
    const name = one.textContent.trim().slice(0, 40);
    const box = one.getBoundingClientRect();
    const size = parseFloat(getComputedStyle(one).fontSize);
    if (size < 24 && !one.closest("[data-adult]")) wrong.push(`${name}: ${size} px`);
    if (one.scrollWidth > one.clientWidth + 1 && one.clientWidth) wrong.push(`${name}: cut`);
    const isOut = box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight;
    if (isOut && !isLong) wrong.push(`${name}: outside`);
  }
  const buttons = [...document.querySelectorAll("button")].filter(isSeen);
  for (const one of buttons) {
    const { width, height } = one.getBoundingClientRect();
    const name = one.textContent.trim() || one.className;
    if (Math.min(width, height) < 75.6) wrong.push(`${name}: ${width} x ${height}`);
  }
  const parts = [...buttons, ...texts];
  for (const one of parts) for (const other of buttons) {
    if (isLong || one === other || other.contains(one) || one.contains(other)) continue;
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    const names = [one, other].map((part) => part.textContent.trim());
    if (across > 1 && down > 1) wrong.push(names.join(" lies on "));
  }
  return wrong;
}"""


def check(page: Page, name: str, wrong: list[str], *, is_long: bool = False) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found = page.evaluate(WRONG, is_long)
        wrong += [f"{name} at {width} x {height}: {one}" for one in found]


@pytest.mark.parametrize("language", ["en", "ru", "kk", "uk"])
def test_every_screen_fits_wherever_it_is_shown(
    tablet: Open, start: Callable[[str], str], language: str
) -> None:
    page, wrong = tablet(start(language), voices(language), reduced_motion="reduce"), list[str]()
    for name in walk(page):
        # A countdown goes on meanwhile; photos may be so many that their page is longer.
        check(page, name, wrong, is_long=name == "review")
    page.click(".stop")
    see(page, "stopped")
    check(page, "stopped", wrong)
    page.click("button[value=keep]")
    see(page, "goodbye")
    check(page, "goodbye", wrong)
    assert wrong == []


def test_the_line_for_the_adult_leaves_room_for_the_answers(
    tablet: Open, start: Callable[[str], str]
) -> None:
    page, wrong = tablet(start("kk"), voices("ru", "en")), list[str]()
    page.locator("[data-slot=voices]:not(:empty)").wait_for()
    check(page, "assent", wrong)
    assert wrong == []
