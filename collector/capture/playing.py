"""The way into a rehearsal: a link and a code that any tablet opens, as often as anybody likes."""

import uuid

from flask import Blueprint, render_template, request, url_for

from collector.dataset.emotions import LANGUAGES
from collector.dataset.protocols.plan import find_protocol, title_of
from collector.web.access import roles
from collector.web.companions import _
from collector.web.here import dataset, tablet_address
from collector.web.languages import language
from collector.web.qr import qr_svg

blueprint = Blueprint("playing", __name__, url_prefix="/protocols", template_folder="templates")


@blueprint.get("/<uuid:protocol_id>/rehearsal")
@roles("operator")
def rehearsal(protocol_id: uuid.UUID) -> str:
    """The rehearsal's link and code, in the language that the address names."""
    with dataset().database.read() as db:
        protocol = find_protocol(db, protocol_id)
    named = request.args.get("language", "")
    spoken = named if named in LANGUAGES else language()
    page = f"{url_for('tablet.capture_page')}#play.{protocol_id}.{spoken}"
    return render_template(
        "rehearsal.html",
        protocol=protocol,
        title=title_of(protocol.body, language()),
        spoken=spoken,
        languages=LANGUAGES,
        link=page,
        code=qr_svg(f"{tablet_address()}{page}", _("Code for the rehearsal")),
    )
