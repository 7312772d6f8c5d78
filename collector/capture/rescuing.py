"""Bringing in the file that a tablet saved because it could not reach the server any more."""

import base64
import uuid

from flask import Blueprint, Response, jsonify, render_template

from collector.capture import bodies
from collector.dataset.rescue.bringing import Report, bring_in
from collector.dataset.rescue.envelope import prove, public_key
from collector.web.access import me, roles
from collector.web.companions import _, ngettext
from collector.web.here import dataset, face_finder

blueprint = Blueprint("rescuing", __name__, url_prefix="/children", template_folder="templates")


def rescue_json(session_id: uuid.UUID) -> dict[str, str]:
    """What a tablet needs to save its photos for this server alone."""
    return {
        "key": base64.b64encode(public_key(dataset())).decode(),
        "session": str(session_id),
        "proof": prove(dataset(), session_id),
    }


@blueprint.get("/waiting-photos")
@roles("operator")
def page() -> str:
    """Choose the file."""
    return render_template("rescue.html")


@blueprint.post("/waiting-photos")
@roles("operator")
def receive() -> Response:
    """Store what the file holds; the answer says in sentences what became of it."""
    report = bring_in(dataset(), face_finder(), bodies.rescue(), bodies.shot_of, actor=me().name)
    return jsonify(sentences=_told(report), complete=not report.refused)


def _told(report: Report) -> list[str]:
    refused = [
        ngettext("%(num)s photo was refused.", "%(num)s photos were refused.", count)
        + " "
        + _(sentence, **dict(values))
        for (sentence, values), count in report.refused.items()
    ]
    return [
        ngettext("%(num)s photo is stored now.", "%(num)s photos are stored now.", report.stored),
        ngettext(
            "%(num)s photo was here already.", "%(num)s photos were here already.", report.known
        ),
        *refused,
    ]
