"""What people do at a desk, in the browser: they sign in, and a guardian answers and signs."""

from playwright.sync_api import Page

from tests.cast import PASSWORD


def sign_in(page: Page, name: str = "olga", password: str = PASSWORD, address: str = "") -> None:
    """From the form to the first page; an address is named where the page has none of its own."""
    page.goto(f"{address}/sign-in")
    page.fill("main [name=name]", name)
    page.fill("main [name=password]", password)
    page.click("main button")
    page.wait_for_url("**/home")


def answer_and_sign(page: Page, guardian: str, relation: str) -> None:
    """The guardian consents on the document's page and signs with the mouse; nothing is sent."""
    page.check("[name=answer][value=given]")
    page.check(f"[name=relation][value={relation}]")
    page.fill("[name=guardian]", guardian)
    page.locator("canvas").scroll_into_view_if_needed()
    box = page.locator("canvas").bounding_box()
    assert box
    page.mouse.move(box["x"] + 30, box["y"] + 90)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 30 + 30 * step, box["y"] + 90 + 25 * (-1) ** step)
    page.mouse.up()


def capture_link(page: Page) -> str:
    """Where the session that was just started is opened, as a whole address."""
    return str(page.locator("#capture-link").evaluate("link => link.href"))
