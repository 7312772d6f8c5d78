"""The page in a guardian's ZIP: plain HTML that any browser opens, without the program."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from html import escape
from importlib.resources import files
from typing import Any

from collector.dataset.consents.access import Holdings
from collector.dataset.emotions import name_of

# Read from a disk, so the style stands inside.
STYLE = """
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { max-width: 64rem; margin: 0 auto; padding: 1rem; }
.photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 1rem;
  padding: 0; list-style: none; }
.photos img { width: 100%; display: block; }
.photos li { break-inside: avoid; }
small, .soft { color: GrayText; }
pre { white-space: pre-wrap; font: inherit; border-left: 3px solid; padding-left: 1rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; }
dd { margin: 0; }
"""

Words = Callable[..., str]


def describe(holdings: Holdings) -> str:
    """The page, in the language of the newest research consent, or of any, or else in English."""
    data = holdings.data
    language = _language(data["consents"])
    word = _words(language)
    title = word("title", pseudonym=data["child"]["pseudonym"])
    parts = [
        f"<h1>{title}</h1>",
        *_introduction(data, word),
        f"<h2>{word('child')}</h2>",
        *_child(data["child"], word),
        f"<h2>{word('consents')}</h2>",
        *(_consent(one, word) for one in data["consents"]),
        *(_withdrawal(one, word) for one in data["withdrawals"]),
        f"<h2>{word('sessions')}</h2>",
        *(part for one in data["sessions"] for part in _session(one, language, word)),
        f"<h2>{word('copies')}</h2>",
        "<ul>",
        *(f"<li>{line}</li>" for line in _copies(data, word)),
        "</ul>",
        f"<h2>{word('log')}</h2>",
        f"<p class=soft>{word('log_words')}</p>",
        "<ul>",
        *(f"<li>{_minute(one['at'])} {escape(one['action'])}</li>" for one in data["events"]),
        "</ul>",
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{STYLE}</style></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def _introduction(data: dict[str, Any], word: Words) -> Iterator[str]:
    study = data["study"]
    yield f"<p>{word('made', day=_day(data['made_at']))}"
    if study["controller"] or study["contact"]:
        yield word("responsible", controller=study["controller"], contact=study["contact"])
    yield f"</p><p>{word('files')}</p><p>{word('rights')}</p>"
    if data["photos_left_out"]:
        yield f"<p>{word('left_out', count=data['photos_left_out'])}</p>"


def _child(child: dict[str, Any], word: Words) -> Iterator[str]:
    born = [f"{child['birth_month']:02d}" if child["birth_month"] else "", child["birth_year"]]
    glasses = {True: word("yes"), False: word("no")}.get(child["glasses"])
    rows = {
        "pseudonym": child["pseudonym"],
        "real_name": child["real_name"],
        "born": ".".join(str(one) for one in born if one),
        "sex": word(child["sex"]) if child["sex"] else None,
        "glasses": glasses,
        "origin": child["origin"],
        "registered": _day(child["registered_at"]),
    }
    yield "<dl>"
    for name, value in rows.items():
        if value:
            yield f"<dt>{word(name)}</dt><dd>{escape(str(value))}</dd>"
    yield "</dl>"


def _consent(one: dict[str, Any], word: Words) -> str:
    said = [
        f"<strong>{word(one['purpose'])}: {word(one['state'])}</strong>",
        word("signed", name=one["guardian"]["name"], day=_day(one["signed_at"])),
    ]
    if one["valid_until"] and one["state"] == "given":
        said.append(word("until", day=_day(one["valid_until"])))
    if one["stands"]:
        said.append(word("stands"))
    if one["file"]:
        said.append(f'<a href="{escape(one["file"])}">{word("document")}</a>')
    text = one["text"]
    return (
        f"<p>{'; '.join(said)}</p><details><summary>{word('text')}</summary>"
        f"<h3>{escape(text['title'])}</h3><pre>{escape(text['body'])}</pre>"
        f"<p class=soft>{text['version']}, sha256 {text['sha256']}</p></details>"
    )


def _withdrawal(one: dict[str, Any], word: Words) -> str:
    return (
        f"<p><strong>{word(one['purpose'])}: {word('withdrawn')}</strong>, "
        f"{_day(one['withdrawn_at'])}</p>"
    )


def _session(one: dict[str, Any], language: str, word: Words) -> Iterator[str]:
    yield f"<h3>{word('session', day=_minute(one['created_at']))}</h3>"
    if one["assent"]:
        yield f"<p>{word('assent')}: {word(one['assent'])}</p>"
    if not one["photos"]:
        yield f"<p>{word('no_photos')}</p>"
        return
    yield "<ul class=photos>"
    for photo in one["photos"]:
        name = escape(photo["file"])
        said = "<br>".join(_caption(photo, language, word))
        yield f'<li><a href="{name}"><img src="{name}" alt="" loading="lazy"></a>{said}</li>'
    yield "</ul>"


def _caption(photo: dict[str, Any], language: str, word: Words) -> Iterator[str]:
    if photo["prompted_emotion"]:
        yield f"{word('asked_for')}: {escape(name_of(photo['prompted_emotion'], language))}"
    superseded = {one["supersedes_id"] for one in photo["votes"]}
    votes = Counter(
        _judgement(one, language, word)
        for one in photo["votes"]
        if one["id"] not in superseded and one["verdict"] != "undone"
    )
    if votes:
        yield f"<small>{word('seen')}: {_listed(votes)}</small>"
    guesses = Counter(name_of(one["emotion"], language) for one in photo["predictions"])
    if guesses:
        yield f"<small>{word('model')}: {_listed(guesses)}</small>"


def _judgement(vote: dict[str, Any], language: str, word: Words) -> str:
    return name_of(vote["emotion"], language) if vote["emotion"] else word(vote["verdict"])


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{escape(one)} ({count})" for one, count in counts.most_common())


def _copies(data: dict[str, Any], word: Words) -> Iterator[str]:
    for one in data["exports"]:
        yield word(
            "export", day=_day(one["made_at"]), purpose=word(one["purpose"]), format=one["format"],
            count=one["photos"], recipient=one["recipient"],
        )  # fmt: skip
    for one in data["snapshots"]:
        yield word("snapshot", name=one["name"], day=_day(one["created_at"]), count=one["photos"])
    for one in data["models"]:
        yield word("run", name=one["architecture"], day=_day(one["started_at"]))
    if not (data["exports"] or data["snapshots"] or data["models"]):
        yield word("no_copies")


def _language(consents: list[dict[str, Any]]) -> str:
    ranked = sorted(consents, key=lambda one: (one["purpose"] == "research", one["signed_at"]))
    return str(ranked[-1]["text"]["language"]) if ranked else "en"


def _words(language: str) -> Words:
    """The language's words, whatever is put into their places escaped for HTML."""
    source = files("collector.dataset.consents") / "dossier_words.json"
    known = json.loads(source.read_text(encoding="utf-8"))
    words = known.get(language, known["en"])
    return lambda name, /, **values: (
        escape(words[name]) % {key: escape(str(value)) for key, value in values.items()}
    )


def _day(moment: datetime) -> str:
    return moment.astimezone().date().isoformat()


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
