"""Children's cards: printing them, and finding the child whose card is shown."""

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from collector.capture import bodies, cards
from collector.dataset.errors import NotFound, Unprocessable
from collector.dataset.participants import (
    find_by_pseudonym,
    find_participant,
    list_participants,
)
from collector.web import forms
from collector.web.access import roles
from collector.web.companions import _
from collector.web.here import dataset
from collector.web.qr import qr_svg

blueprint = Blueprint("cards", __name__, url_prefix="/children", template_folder="templates")


@blueprint.get("/cards")
@roles("operator")
def sheet() -> str:
    """Cards to print and cut, for all children or for those that were chosen."""
    chosen = set(request.args.getlist("child"))
    with dataset().database.read() as db:
        children = list_participants(db)
    drawn = [
        (one, qr_svg(cards.write_card(one.id), _("Card of %(child)s", child=one.pseudonym)))
        for one in children
        if not chosen or str(one.id) in chosen
    ]
    return render_template("cards.html", children=children, chosen=chosen, cards=drawn)


@blueprint.get("/find")
@roles("operator")
def search() -> str:
    """The camera that looks for a card, and the field for a hand scanner or a pseudonym."""
    return render_template("find.html")


@blueprint.post("/find")
@roles("operator")
def find() -> Answer:
    """Go to the child whose card a hand scanner typed, or whose pseudonym somebody did."""
    written = forms.text("card")
    if not written:
        raise Unprocessable("Show a card to the scanner, or type a pseudonym.")
    child = cards.read_card(written)
    with dataset().database.read() as db:
        if child is None:
            return redirect(_page_of(find_by_pseudonym(db, written)))
        return redirect(_page_of(_holder(db, child)))


@blueprint.post("/find/frame")
@roles("operator")
def look() -> Response:
    """Look for a card in a camera's picture, which is kept nowhere: the page to go to, if any."""
    said = cards.code_in(bodies.frame())
    if not said:
        return jsonify(page=None)
    child = cards.read_card(said)
    if child is None:
        raise Unprocessable("This code is not on a child's card.")
    with dataset().database.read() as db:
        return jsonify(page=_page_of(_holder(db, child)))


def _holder(db: Session, child: uuid.UUID) -> Any:
    """The child of a card that was shown; raises NotFound for one that is unknown or erased."""
    try:
        participant = find_participant(db, child)
    except NotFound as error:
        raise NotFound(
            "The child of this card is unknown here: it was erased, or the card is another study's."
        ) from error
    cards.remember_card(child)
    return participant


def _page_of(participant: Any) -> str:
    return url_for("children.child", participant_id=participant.id, _anchor="start")
