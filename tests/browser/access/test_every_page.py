"""Every page that the app has, as everybody who may see it: axe finds nothing grave on it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.routing import Rule

from collector.web.access import Access
from tests.browser.access.axe import grave_findings
from tests.browser.access.conftest import School

pytestmark = [pytest.mark.slow, pytest.mark.browser]

# What a page fetches and fills itself with.
FILLED = {"review.queue": "#review[data-state=looking] img"}
# They answer with pictures and data, to those for whom something else opened them.
NO_PAGES = {
    "review.photo", "quarantine.thumbnail", "looking.photo", "looking.thumbnail",
}  # fmt: skip
NEWBORN = {"front.first_account"}  # there are accounts already


def pages(app: Flask) -> list[Rule]:
    """The routes that may answer with a page, by name."""
    return sorted(
        (
            rule
            for rule in app.url_map.iter_rules()
            if "GET" in (rule.methods or ())
            and not rule.endpoint.endswith("static")
            and "token" not in kind_of(app, rule)  # a tablet's script asks for these
            and rule.endpoint not in NO_PAGES
        ),
        key=lambda rule: rule.endpoint,
    )


def kind_of(app: Flask, rule: Rule) -> str:
    """What the route asks of its visitor."""
    access: Access = app.view_functions[rule.endpoint].access  # type: ignore[attr-defined]
    return access.kind


def address_of(school: School, rule: Rule) -> str:
    """The route's address, with an example for each of its arguments."""
    with school.app.test_request_context():
        built = rule.build({name: school.examples[name] for name in rule.arguments})
    assert built
    return built[1]


def test_every_route_has_its_example(school: School) -> None:
    wanted = {name for rule in pages(school.app) for name in rule.arguments}
    assert wanted <= set(school.examples), "put an example into school.py"


@pytest.fixture(scope="module")
def seen() -> set[str]:
    """The routes that somebody was answered by."""
    return set()


@pytest.mark.parametrize("role", ["nobody", "operator", "reviewer", "admin"])
def test_no_page_has_a_grave_finding(
    role: str, school: School, visitors: dict[str, BrowserContext], seen: set[str]
) -> None:
    visitor = visitors[role]
    if role == "operator":
        open_the_album(visitor, school)
    page, found = visitor.new_page(), {}
    for rule in pages(school.app):
        path = address_of(school, rule)
        answer = visitor.request.get(path, max_redirects=0)
        if answer.status in {200, 204}:
            seen.add(rule.endpoint)
        if answer.status == 200 and answer.headers["content-type"].startswith("text/html"):
            page.goto(path)
            page.wait_for_selector(FILLED.get(rule.endpoint, "body"))
            found[path] = grave_findings(page)
    page.close()
    assert {path: lines for path, lines in found.items() if lines} == {}
    assert len(found) >= 3


def open_the_album(visitor: BrowserContext, school: School) -> None:
    """A guardian, known in person, looks at the child's photos beside the operator."""
    page = visitor.new_page()
    page.goto(f"/children/{school.examples['participant_id']}")
    send(page, f"/children/{school.examples['participant_id']}/look", known="yes")
    page.close()


def send(page: Page, path: str, **fields: str) -> None:
    """Send a form as the page would, and wait for the page that answers it."""
    with page.expect_navigation():
        page.evaluate(
            """([path, fields]) => {
                const form = document.createElement("form");
                Object.assign(form, { method: "post", action: path });
                const { content } = document.querySelector("meta[name=csrf-token]");
                for (const [name, value] of Object.entries({ csrf_token: content, ...fields })) {
                    const field = document.createElement("input");
                    form.append(Object.assign(field, { type: "hidden", name, value }));
                }
                document.body.append(form);
                form.submit();
            }""",
            [path, fields],
        )


def test_every_page_was_seen_by_somebody(school: School, seen: set[str]) -> None:
    assert seen, "the test before this one walks the pages"
    unseen = {rule.endpoint for rule in pages(school.app)} - seen - NEWBORN
    assert unseen == {"front.entrance"}, "it leads on; whatever else is here has no example"


def answers(school: School) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Pages that answer a form: who sends it, where to, its fields."""
    yield "nobody", "/sign-in", {"name": "olga", "password": "wrong", "target": "/home"}
    yield "operator", "/class-list/look", {"list": "Aru;Gulnara;mother;2025-09-01;yes"}
    yield "operator", "/class-list/look", {"list": "nonsense"}
    yield "operator", f"/children/sessions/{school.examples['session_id']}/link", {}
    yield "operator", "/children/by-telephone", {"code": "nobody's"}
    yield "operator", "/children/new", {"birth_year": "1700"}


def test_no_answer_to_a_form_has_a_grave_finding(
    school: School, visitors: dict[str, BrowserContext]
) -> None:
    found = {}
    for number, (role, path, fields) in enumerate(answers(school)):
        page = visitors[role].new_page()
        page.goto("/sign-in")
        send(page, path, **fields)
        found[f"{number} {path}"] = grave_findings(page)
        page.close()
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_the_first_visit_has_no_grave_finding(newborn: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(f"{newborn}/welcome")
    assert page.url.endswith("/welcome")
    assert grave_findings(page) == []
    page.close()


def test_the_plain_page_has_no_grave_finding(plain: str, chromium: Browser) -> None:
    page = chromium.new_page()
    page.goto(plain)
    page.wait_for_selector('[data-verdict]:not([data-verdict="trying"]):visible', timeout=15_000)
    assert grave_findings(page) == []
    page.close()


def test_axe_is_asked_and_answers(school: School, visitors: dict[str, BrowserContext]) -> None:
    page = visitors["nobody"].new_page()
    page.goto("/sign-in")
    page.evaluate("document.querySelector('main button').style.cssText = 'color: #999'")
    page.evaluate("document.querySelector('main button').style.background = '#aaa'")
    found = grave_findings(page)
    page.close()
    assert [line.split(":")[0] for line in found] == ["dark", "color-contrast"]
