"""The documents that guardians are asked to answer: the program's and the institution's own.

A text is never edited: an edit is a new version, and what was signed is shown for ever as it was
signed. Versions count within a purpose and a language, whatever the origin.
"""

import hashlib
import re
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import LANGUAGES
from collector.dataset.errors import NotFound, Unprocessable
from collector.dataset.models import Consent, ConsentText
from collector.dataset.vocabulary import PURPOSES

MAX_TITLE = 200
MAX_BODY = 100_000  # letters: some forty pages


@dataclass(frozen=True)
class Answers:
    """How often a text was answered."""

    given: int = 0
    refused: int = 0


def consent_texts(session: Session, purpose: str) -> Sequence[ConsentText]:
    """What may be signed now: in each language the newest of the program, then the institution's.

    Of its own forms the newest version of each title.
    """
    newest: dict[tuple[str, str, str], ConsentText] = {}
    for text in all_texts(session, purpose):
        own = text.origin == "own"
        newest.setdefault((text.language, "2" + text.title if own else "1", text.origin), text)
    return [newest[name] for name in sorted(newest)]


def all_texts(session: Session, purpose: str) -> Sequence[ConsentText]:
    """Every version there ever was, by language, newest first."""
    statement = (
        select(ConsentText)
        .where(ConsentText.purpose == purpose)
        .order_by(ConsentText.language, ConsentText.version.desc())
    )
    return session.scalars(statement).all()


def find_text(session: Session, text_id: uuid.UUID, purpose: str | None = None) -> ConsentText:
    """The document of that id, for that purpose if one is named; raises NotFound."""
    text = session.get(ConsentText, text_id)
    if text is None or (purpose and text.purpose != purpose):
        raise NotFound("There is no such consent document for this purpose.")
    return text


def text_in_language(session: Session, purpose: str, language: str) -> ConsentText:
    """The program's newest document in that language; raises NotFound."""
    for text in consent_texts(session, purpose):
        if (text.language, text.origin) == (language, "shipped"):
            return text
    raise NotFound("There is no such consent document for this purpose.")


def count_answers(session: Session) -> dict[uuid.UUID, Answers]:
    """Answers to each text that was answered at all, of the children who are there."""
    rows = session.execute(
        select(Consent.text_id, Consent.state, func.count()).group_by(
            Consent.text_id, Consent.state
        )
    )
    found: dict[uuid.UUID, dict[str, int]] = {}
    for text_id, state, count in rows:
        found.setdefault(text_id, {})[state] = count
    return {text_id: Answers(**counts) for text_id, counts in found.items()}


def register_text(
    dataset: Dataset,
    purpose: str,
    language: str,
    title: str,
    body: str,
    *,
    covers_earlier_photos: bool,
    actor: str,
) -> ConsentText:
    """Keep the institution's own form as a text; the same once more changes nothing.

    Raises Unprocessable for an unknown purpose or language, and for a title (1 to 200 letters, one
    line) or a body (1 to 100,000 letters) that is none. Line ends are made one kind first.
    """
    title, body = _check(purpose, language, title, body)
    sha256 = sha256_of(title, body)
    with dataset.database.write() as session:
        known = all_own(session, purpose, language, title)
        if known and (known[0].sha256, known[0].covers_earlier_photos) == (
            sha256,
            covers_earlier_photos,
        ):
            return known[0]
        text = ConsentText(
            id=uuid.uuid4(),
            site_id=dataset.site_id,
            purpose=purpose,
            language=language,
            version=next_version(session, dataset.site_id, purpose, language),
            title=title,
            body=body,
            sha256=sha256,
            origin="own",
            covers_earlier_photos=covers_earlier_photos,
            created_at=clock.now(),
        )
        session.add(text)
        dataset.chain.record(
            session, actor, "consent text registered", text.id, purpose=purpose,
            language=language, version=text.version, sha256=sha256,
            covers_earlier_photos=covers_earlier_photos,
        )  # fmt: skip
    return text


def all_own(session: Session, purpose: str, language: str, title: str) -> list[ConsentText]:
    """All versions of the institution's form of that title, newest first."""
    return [
        one
        for one in all_texts(session, purpose)
        if (one.language, one.origin, one.title) == (language, "own", title)
    ]


def next_version(session: Session, site_id: uuid.UUID, purpose: str, language: str) -> int:
    """The first version that is free, whatever the origin of those before."""
    last = session.scalar(
        select(func.max(ConsentText.version)).where(
            ConsentText.site_id == site_id,
            ConsentText.purpose == purpose,
            ConsentText.language == language,
        )
    )
    return (last or 0) + 1


def sha256_of(title: str, body: str) -> str:
    """What a text's hash is taken over: the title, a line end, the body, in UTF-8."""
    return hashlib.sha256(f"{title}\n{body}".encode()).hexdigest()


def _check(purpose: str, language: str, title: str, body: str) -> tuple[str, str]:
    if purpose not in PURPOSES or language not in LANGUAGES:
        raise Unprocessable("Choose the purpose and the language of the document.")
    title = " ".join(_without_marks(title).split())
    if not title or len(title) > MAX_TITLE:
        raise Unprocessable("The document's title is one line of at most 200 letters.")
    lines = [line.rstrip() for line in _without_marks(body).replace("\t", " ").splitlines()]
    body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    if not body:
        raise Unprocessable("The document's text is missing.")
    if len(body) > MAX_BODY:
        raise Unprocessable("The document's text has more than 100,000 letters.")
    if any(_is_control(letter) for letter in title + body.replace("\n", "")):
        raise Unprocessable(
            "The document's text holds signs that are no letters: paste it as text."
        )
    return title, body


def _without_marks(text: str) -> str:
    """Without invisible marks of format, such as those that turn the direction of reading.

    Word processors paste their bullets as letters for private use, which no font shows.
    """
    return "".join(
        "•" if unicodedata.category(letter) == "Co" else letter
        for letter in text
        if unicodedata.category(letter) != "Cf"
    )


def _is_control(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs", "Cn"}
