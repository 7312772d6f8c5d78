"""The consent documents themselves: all versions, each to be read for ever, and own forms."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from collector.dataset.consents.answers import unanswered
from collector.dataset.consents.texts import (
    Answers,
    all_texts,
    consent_texts,
    count_answers,
    find_text,
    register_text,
)
from collector.dataset.emotions import LANGUAGES
from collector.dataset.vocabulary import PURPOSES
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset
from collector.web.languages import language

blueprint = Blueprint("documents", __name__, url_prefix="/documents")


@dataclass(frozen=True)
class Listed:
    """A line of the overview; `current` if a guardian may still be asked to sign it."""

    text: Any
    answers: Answers
    current: bool


@blueprint.get("/")
@roles("operator", "admin")
def overview() -> str:
    """All documents by purpose, and the form for one of the institution's own."""
    with dataset().database.read() as db:
        answers = count_answers(db)
        documents = {purpose: _listed(db, purpose, answers) for purpose in PURPOSES}
    return render_template(
        "documents.html",
        documents=documents,
        spoken=language(),
        languages=LANGUAGES,
        purposes=PURPOSES,
    )


@blueprint.post("/")
@roles("operator", "admin")
def register() -> Response:
    """Register the institution's own form, and show it as it will be shown for ever."""
    text = register_text(
        dataset(),
        forms.text("purpose"),
        forms.text("language"),
        forms.text("title"),
        forms.text("body"),
        covers_earlier_photos=forms.text("covers_earlier_photos") == "yes",
        actor=me().name,
    )
    return redirect(url_for("documents.show", text_id=text.id))


@blueprint.get("/<uuid:text_id>")
@roles("operator", "admin")
def show(text_id: uuid.UUID) -> str:
    """One version of one document, as it is and was signed."""
    with dataset().database.read() as db:
        text = find_text(db, text_id)
        answers = count_answers(db).get(text_id, Answers())
        current = text_id in {one.id for one in consent_texts(db, text.purpose)}
        waiting = len(unanswered(db, text.purpose))
    return render_template(
        "document.html", text=text, answers=answers, current=current, waiting=waiting
    )


def _listed(db: Session, purpose: str, answers: Mapping[uuid.UUID, Answers]) -> list[Listed]:
    current = {one.id for one in consent_texts(db, purpose)}
    return [
        Listed(one, answers.get(one.id, Answers()), one.id in current)
        for one in all_texts(db, purpose)
    ]
