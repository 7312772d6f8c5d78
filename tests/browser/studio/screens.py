"""A child's way through all screens, and what a tablet can be given to watch it."""

from collections.abc import Iterator

from playwright.sync_api import Page, expect

EMOTIONS = ("neutral", "fear", "happy")
SHOTS = 2

# Voices of a tablet; what it is given to say is kept in `said`.
VOICES = """(() => {
  const voices = LANGUAGES.map((lang) => ({ lang, localService: IS_LOCAL, name: lang }));
  window.said = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(speechSynthesis, "getVoices", { value: () => voices });
  Object.assign(speechSynthesis, {
    speak: (one) => { said.push(one.text); setTimeout(() => one.onend?.(), 20); },
    cancel: () => {},
  });
})()"""


def voices(*languages: str, local: bool = True) -> str:
    """A script that gives the tablet voices of these languages."""
    named = VOICES.replace("LANGUAGES", str(list(languages)))
    return named.replace("IS_LOCAL", str(local).lower())


def see(page: Page, screen: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-screen", screen, timeout=20_000)


def said(page: Page) -> list[str]:
    found: list[str] = page.evaluate("said.filter(Boolean)")
    return found


def walk(page: Page) -> Iterator[str]:
    """From the first question to the end of the last story, a name for each screen."""
    see(page, "assent")
    yield "assent"
    page.click("button[value=yes]")
    see(page, "camera")
    yield "camera"
    page.click("[data-act=open]")
    page.locator("[data-act=next]").wait_for()
    yield "camera on"
    page.click("[data-act=next]")
    yield from _step(page, "practice")
    for number, emotion in enumerate(EMOTIONS):
        page.click("[data-act=next]")
        if number == 2:
            see(page, "pause")
            yield "pause"
            page.click("[data-act=next]")
        yield from _step(page, emotion)
        page.click("[data-act=again]")
        see(page, "model")
        yield f"model {emotion}"
        page.click("[data-act=ready]")
        see(page, "star")
        yield f"second star {emotion}"
    page.click("[data-act=next]")
    see(page, "review")
    yield "review"


def _step(page: Page, name: str) -> Iterator[str]:
    see(page, "story")
    yield f"story {name}"
    page.click("[data-act=ready]")
    see(page, "countdown")
    yield f"countdown {name}"
    see(page, "star")
    yield f"star {name}"
