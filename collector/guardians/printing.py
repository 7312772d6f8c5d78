"""Documents on paper: to be read, answered and signed by hand, with a code that files the scan."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, render_template
from markupsafe import Markup

from collector.dataset.consents.answers import unanswered
from collector.dataset.consents.marks import write_mark
from collector.dataset.consents.texts import find_text
from collector.dataset.participants import find_participant
from collector.web.access import roles
from collector.web.companions import _, speaking
from collector.web.here import dataset
from collector.web.qr import qr_svg

FEWEST_LINES = 3  # fewer in a row are no form to fill in, but a text that ends with a colon

blueprint = Blueprint("printing", __name__, url_prefix="/documents")


@blueprint.get("/<uuid:text_id>/print")
@roles("operator")
def for_all(text_id: uuid.UUID) -> str:
    """The document once for each child whose guardian has not answered it yet."""
    with dataset().database.read() as db:
        text = find_text(db, text_id)
        return _page(text, unanswered(db, text.purpose))


@blueprint.get("/<uuid:text_id>/print/blank")
@roles("operator")
def blank(text_id: uuid.UUID) -> str:
    """The document for a child that is not registered yet: without a code."""
    with dataset().database.read() as db:
        return _page(find_text(db, text_id), [None])


@blueprint.get("/<uuid:text_id>/print/<uuid:participant_id>")
@roles("operator")
def for_child(text_id: uuid.UUID, participant_id: uuid.UUID) -> str:
    """The document for one child."""
    with dataset().database.read() as db:
        return _page(find_text(db, text_id), [find_participant(db, participant_id)])


def _page(text: Any, children: Sequence[Any]) -> str:
    before, lines, after = split_at_lines(text.body)
    # The paper speaks the document's language, whatever the operator's is.
    with speaking(text.language):
        papers = [
            render_template(
                "paper.html",
                text=text,
                child=child,
                code=child and qr_svg(write_mark(child.id, text.id), _("Code for filing the scan")),
                before=before,
                lines=lines,
                after=after,
            )
            for child in children
        ]
    return render_template(
        "print.html",
        text=text,
        child=children[0] if len(children) == 1 else None,
        papers=[Markup(one) for one in papers],  # noqa: S704 - templates, escaped there
    )


def split_at_lines(body: str) -> tuple[list[str], list[str], list[str]]:
    """The paragraphs before the lines that are to be filled in, these lines, and those after.

    Such lines are the last three or more paragraphs in a row that end with a colon, as in
    “Signature:”. Without any, all paragraphs are those before.
    """
    paragraphs = body.split("\n\n")
    end = len(paragraphs)
    while end:
        start = end
        while start and paragraphs[start - 1].rstrip(" _.").endswith(":"):
            start -= 1
        if end - start >= FEWEST_LINES:
            lines = [one.rstrip(" _.") for one in paragraphs[start:end]]
            return paragraphs[:start], lines, paragraphs[end:]
        end = start - 1 if start < end else end - 1
    return paragraphs, [], []
