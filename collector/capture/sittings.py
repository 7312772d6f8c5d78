"""Starting a child's session, and the link that opens it on the tablet."""

import uuid
from typing import Any

from flask import Blueprint, render_template, request, url_for

from collector.dataset.emotions import LANGUAGES
from collector.dataset.participants import find_participant
from collector.dataset.protocols import find_protocol
from collector.dataset.sessions import renew_token, start_session
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset
from collector.web.languages import language

blueprint = Blueprint("sittings", __name__, url_prefix="/children", template_folder="templates")


@blueprint.post("/<uuid:participant_id>/sessions")
@roles("operator")
def start(participant_id: uuid.UUID) -> str:
    """Start a session, and show the link that opens it on the tablet, this once."""
    with dataset().database.read() as db:
        protocol = find_protocol(db, forms.identifier("protocol"))
    capture, token = start_session(
        dataset(),
        participant_id,
        protocol.id,
        light=forms.text("light"),
        language=forms.text("language") if forms.text("language") in LANGUAGES else language(),
        actor=me().name,
        operator_id=me().id,
        session_id=forms.identifier("session"),  # made by the page: sent twice, it is one session
    )
    return _show_link(capture, token)


@blueprint.post("/sessions/<uuid:session_id>/link")
@roles("operator")
def renew_link(session_id: uuid.UUID) -> str:
    """A new link for a session that is not closed; the old one opens nothing any more."""
    return _show_link(*renew_token(dataset(), session_id))


def _show_link(capture: Any, token: str) -> str:
    # The token stands behind the #, which no browser sends: it is in no log and in no referrer.
    link = f"{request.host_url.rstrip('/')}{url_for('tablet.capture_page')}#{token}"
    with dataset().database.read() as db:
        participant = find_participant(db, capture.participant_id)
    return render_template("started.html", participant=participant, session=capture, link=link)
