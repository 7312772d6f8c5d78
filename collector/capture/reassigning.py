"""Moving a session that was recorded under the wrong child: choose the right one, then confirm."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from collector.dataset.participants import find_participant, list_participants
from collector.dataset.reassigning import cover_of, reassign_session
from collector.dataset.sessions import find_session
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset

blueprint = Blueprint(
    "reassigning", __name__, url_prefix="/children/sessions", template_folder="templates"
)


@blueprint.get("/<uuid:session_id>/child")
@roles("operator")
def choice(session_id: uuid.UUID) -> str:
    """First the list of children; with one chosen, whether its consent covers the photos."""
    wanted = request.args.get("to", type=uuid.UUID)
    with dataset().database.read() as db:
        capture = find_session(db, session_id)
        right = find_participant(db, wanted) if wanted else None
        return render_template(
            "reassign.html",
            session=capture,
            right=right,
            real_name=dataset().keys.real_name(right.id) if right else None,
            cover=cover_of(db, capture, right.id) if right else None,
            children=[one for one in list_participants(db) if one.id != capture.participant_id],
        )


@blueprint.post("/<uuid:session_id>/child")
@roles("operator")
def reassign(session_id: uuid.UUID) -> Response:
    """Move the session, and go to the right child."""
    forms.chosen("sure", "yes")
    right = forms.identifier("to")
    reassign_session(dataset(), session_id, right, actor=me().name)
    return redirect(url_for("children.child", participant_id=right))
