"""Every screen of the child's page, in light and in dark: axe finds nothing grave on it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import child
from tests.browser.access.axe import grave_findings
from tests.browser.access.conftest import School

pytestmark = [pytest.mark.slow, pytest.mark.browser]

WHOLE = {
    "assent", "camera", "camera on", "story of the practice", "story", "countdown", "star", "pause",
    "review", "a photo", "goodbye",
}  # fmt: skip


@pytest.fixture
def tablet(chromium: Browser, school: School) -> Iterator[Page]:
    context = chromium.new_context(
        base_url=school.address, viewport={"width": 768, "height": 1024}, has_touch=True
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("way", "screens"),
    [
        (child.whole_session, WHOLE),
        (child.stopped_session, {"trouble", "stopped"}),
        (child.declined_session, {"declined"}),
    ],
)
def test_no_screen_has_a_grave_finding(
    way: Callable[[Page], Iterator[str]], screens: set[str], school: School, tablet: Page
) -> None:
    is_whole = way is child.whole_session
    token = child.begin(
        school.dataset, school.staff["olga"], practice=is_whole,
        countdown=4 if is_whole else 1,  # long enough to be looked at twice
    )  # fmt: skip
    tablet.goto(f"/capture/#{token}")
    found: dict[str, list[str]] = {}
    for screen in way(tablet):
        found.setdefault(screen, []).extend(grave_findings(tablet) if screen not in found else ())
    assert {screen: lines for screen, lines in found.items() if lines} == {}
    assert set(found) >= screens


def test_a_page_without_a_link_has_no_grave_finding(tablet: Page) -> None:
    tablet.goto("/capture/")
    tablet.wait_for_selector(".fallback:visible")
    assert grave_findings(tablet) == []
