"""Nothing that people are told is missing or fuzzy in any language."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from collector.dataset.emotions import LANGUAGES
from tests.web.visitors import post

ROOT = Path(__file__).resolve().parents[2]
CATALOGUES = ROOT / "collector" / "web" / "translations"
OTHERS = [language for language in LANGUAGES if language != "en"]


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """All messages in the code as it is now."""
    target = tmp_path_factory.mktemp("words") / "messages.pot"
    recipe = (ROOT / "Makefile").read_text().partition("SPOKEN = ")[2].partition("\n\n")[0]
    keywords = recipe.replace("\\\n", " ").split()
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", ".babel.cfg",
         *keywords, "-o", str(target), "collector", "labeler"],
        cwd=ROOT, check=True,
    )  # fmt: skip
    with target.open("rb") as file:
        return read_po(file)


def catalogue(language: str) -> Catalog:
    path = CATALOGUES / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", OTHERS)
def test_every_message_is_translated(spoken: Catalog, language: str) -> None:
    known = catalogue(language)
    missing, fuzzy = [], []
    for message in spoken:
        if not message.id:
            continue
        found = known.get(message.id)
        texts = () if found is None else found.string
        texts = (texts,) if isinstance(texts, str) else texts
        if not texts or not all(texts):
            missing.append(message.id)
        elif found is not None and found.fuzzy:
            fuzzy.append(message.id)
    assert (missing, fuzzy) == ([], [])


@pytest.mark.parametrize("language", OTHERS)
def test_placeholders_survive_translation(language: str) -> None:
    broken = [
        (message.id, errors)
        for message, errors in catalogue(language).check()
        if errors and message.id
    ]
    assert broken == []


@pytest.mark.parametrize("language", OTHERS)
def test_the_compiled_catalogue_is_in_step(language: str) -> None:
    compiled = CATALOGUES / language / "LC_MESSAGES" / "messages.mo"
    mo = read_mo(BytesIO(compiled.read_bytes()))
    for message in catalogue(language):
        if message.id:
            found = mo.get(message.id)
            assert found is not None, message.id
            assert list(found.string) == list(message.string)


@pytest.mark.parametrize(
    ("wanted", "word"),
    [("ru", "Войти"), ("kk", "Кіру"), ("uk", "Увійти"), ("en", "Sign in"), ("ja", "Sign in")],
)
def test_a_page_speaks_the_browser_s_language(nobody: FlaskClient, wanted: str, word: str) -> None:
    page = nobody.get("/sign-in", headers={"Accept-Language": wanted}).get_data(as_text=True)
    assert f"<h1>{word}</h1>" in page


def test_a_chosen_language_stays(nobody: FlaskClient) -> None:
    post(nobody, "/language", language="ru", target="/sign-in")
    assert "<h1>Войти</h1>" in nobody.get("/sign-in").get_data(as_text=True)
