"""Starting a child's session, and the link that opens it on the tablet."""

import uuid
from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from collector.capture import cards
from collector.capture.light_choice import chosen_light
from collector.dataset.emotions import LANGUAGES
from collector.dataset.participants import find_participant
from collector.dataset.protocols.plan import find_protocol
from collector.dataset.quarantine import record_answer
from collector.dataset.sessions import find_session, renew_token, start_session
from collector.web import forms
from collector.web.access import me, roles
from collector.web.companions import _
from collector.web.here import dataset, settings, tablet_address
from collector.web.languages import language
from collector.web.qr import qr_svg

blueprint = Blueprint("sittings", __name__, url_prefix="/children", template_folder="templates")


@blueprint.post("/<uuid:participant_id>/sessions")
@roles("operator")
def start(participant_id: uuid.UUID) -> str:
    """Start a session, and show the link that opens it on the tablet, this once."""
    with dataset().database.read() as db:
        protocol = find_protocol(db, forms.identifier("protocol"))
    light, passport = chosen_light()
    capture, token = start_session(
        dataset(),
        participant_id,
        protocol.id,
        light=light,
        light_passport_id=passport,
        language=forms.text("language") if forms.text("language") in LANGUAGES else language(),
        actor=me().name,
        operator_id=me().id,
        confirmed=cards.how_confirmed(participant_id),
        after_stop_confirmed=forms.text("after_stop") == "yes",
        session_id=forms.identifier("session"),  # made by the page: sent twice, it is one session
    )
    cards.forget_card()
    return _show_link(capture, token)


@blueprint.post("/sessions/<uuid:session_id>/answer")
@roles("operator")
def answer_after_stop(session_id: uuid.UUID) -> Response:
    """Record what the child said of its photos after it stopped: keep or bin."""
    with dataset().database.read() as db:
        child = find_session(db, session_id).participant_id
    record_answer(dataset(), session_id, forms.text("answer"), actor=me().name)
    return redirect(url_for("children.child", participant_id=child))


@blueprint.post("/sessions/<uuid:session_id>/link")
@roles("operator")
def renew_link(session_id: uuid.UUID) -> str:
    """A new link for a session that is not closed; the old one opens nothing any more."""
    return _show_link(*renew_token(dataset(), session_id))


def _show_link(capture: Any, token: str) -> str:
    # The token stands behind the #, which no browser sends: it is in no log and in no referrer.
    page = f"{url_for('tablet.capture_page')}#{token}"
    with dataset().database.read() as db:
        participant = find_participant(db, capture.participant_id)
    code = qr_svg(f"{tablet_address()}{page}", _("Code for the tablet")) if settings().lan else None
    return render_template(
        "started.html", participant=participant, session=capture, link=page, code=code
    )
