"""What axe finds on a page, in light and in dark: serious and critical findings alone."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

GRAVE = {"serious", "critical"}
IN_LIGHT: dict[str, Any] = {"resultTypes": ["violations"]}
# Nothing else differs between the two: the page is the same.
IN_DARK = {**IN_LIGHT, "runOnly": ["color-contrast"]}


def grave_findings(page: Page) -> list[str]:
    """One line a finding: the rule, the element, its source."""
    page.evaluate(Axe().axe_script)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found = [f"dark: {one}" for one in _judge(page, IN_DARK)]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found + _judge(page, IN_LIGHT)


def _judge(page: Page, options: dict[str, Any]) -> list[str]:
    violations = page.evaluate("(options) => axe.run(document, options)", options)["violations"]
    return [
        f"{rule['id']}: {node['target'][0]}: {node['html'][:160]}"
        for rule in violations
        if rule["impact"] in GRAVE
        for node in rule["nodes"][:3]
    ]
