"""What comes with the program: consent texts and protocols, kept as rows of the dataset."""

import json
import uuid
from importlib.resources import files
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.texts import next_version, sha256_of
from collector.dataset.db import Database
from collector.dataset.emotions import LANGUAGES
from collector.dataset.models import ConsentText, Protocol, Study
from collector.dataset.protocols.stories import shipped_stories
from collector.dataset.protocols.versions import is_shipped, versions_of
from collector.dataset.vocabulary import PURPOSES

HERE = files("collector.dataset")


def install(database: Database, site_id: uuid.UUID) -> None:
    """Add the shipped texts and protocols that are lacking; a changed text is a new version."""
    with database.read() as session:
        complete = not (_new_texts(session, site_id) or _new_protocols(session, site_id))
    if not complete:
        with database.write() as session:
            session.add_all(_new_texts(session, site_id))
            session.add_all(_new_protocols(session, site_id))


def _new_texts(session: Session, site_id: uuid.UUID) -> list[ConsentText]:
    details, known = _details(session), _newest(session, site_id)
    found = []
    for purpose in PURPOSES:
        for language in LANGUAGES:
            title, body = _read_text(purpose, language, details)
            sha256 = sha256_of(title, body)
            if known.get((purpose, language)) != sha256:
                found.append(
                    ConsentText(
                        site_id=site_id,
                        purpose=purpose,
                        language=language,
                        version=next_version(session, site_id, purpose, language),
                        title=title,
                        body=body,
                        sha256=sha256,
                        origin="shipped",
                        covers_earlier_photos=True,  # section 8 or 10 says so
                        created_at=clock.now(),
                    )
                )
    return found


def _newest(session: Session, site_id: uuid.UUID) -> dict[tuple[str, str], str]:
    """The hash of the newest shipped text by purpose and language.

    An institution's own form between two versions must not bring the newer one back.
    """
    rows = session.execute(
        select(ConsentText.purpose, ConsentText.language, ConsentText.sha256)
        .where(ConsentText.site_id == site_id, ConsentText.origin == "shipped")
        .order_by(ConsentText.version)
    )
    return {(row[0], row[1]): row[2] for row in rows}


def _details(session: Session) -> dict[str, str]:
    """What the texts' placeholders stand for; a line to write on where it is not filled in."""
    study = session.scalars(select(Study)).one()
    values = {
        "controller": study.controller,
        "contact": study.contact,
        "study": study.title,
        "ethics_approval": study.ethics_approval,
        "capture_until": study.capture_until and study.capture_until.isoformat(),
        "keep_until": study.keep_until and study.keep_until.isoformat(),
    }
    return {name: value or "____________________" for name, value in values.items()}


def _read_text(purpose: str, language: str, details: dict[str, str]) -> tuple[str, str]:
    content = (HERE / "texts" / f"{purpose}.{language}.txt").read_text(encoding="utf-8")
    title, _, body = content.partition("\n")
    return title.strip(), body.strip().format(**details)


def _new_protocols(session: Session, site_id: uuid.UUID) -> list[Protocol]:
    """The shipped protocols that are lacking or changed, each as the version after the last.

    A new version supersedes the program's own before it: an operator's version stays beside it.
    """
    found = []
    for entry in sorted((HERE / "protocols" / "shipped").iterdir(), key=lambda one: one.name):
        if not entry.name.endswith(".json"):
            continue
        name, body = _read_protocol(entry.read_text(encoding="utf-8"))
        versions = versions_of(session, site_id, name)
        before = next((one for one in versions if is_shipped(one)), None)
        if before is None or before.body != body:
            found.append(
                Protocol(
                    id=uuid.uuid4(),
                    site_id=site_id,
                    name=name,
                    version=versions[0].version + 1 if versions else 1,
                    body=body,
                    supersedes_id=before.id if before else None,
                    created_at=clock.now(),
                )
            )
    return found


def _read_protocol(content: str) -> tuple[str, dict[str, Any]]:
    """A file's name and body: with its stories, so that a row tells for ever what was told."""
    body: dict[str, Any] = json.loads(content)
    emotions = list(dict.fromkeys(step["emotion"] for step in body["steps"]))
    return body.pop("name"), {**body, "stories": shipped_stories(emotions), "origin": "shipped"}
