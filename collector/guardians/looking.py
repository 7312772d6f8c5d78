"""A guardian looks at the child's photos beside the operator, and receives all that is held.

What a look opens stands in the sign-in's own cookie, which is signed: one child, until when, for
whom. It ends with the sign-in, with the quarter of an hour, and with the look at another child.
"""

import io
import uuid
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, send_file, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from collector.dataset import clock
from collector.dataset.consents.dossier import hand_over
from collector.dataset.consents.looking import find_own, note_look, open_look, read_album
from collector.dataset.errors import NotFound
from collector.dataset.participants import find_participant
from collector.dataset.photos import read_photo, read_thumbnails
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset

LOOK = "look"
MAX_CODE = 60

blueprint = Blueprint("looking", __name__, url_prefix="/children")


@blueprint.post("/<uuid:participant_id>/look")
@roles("operator")
def begin(participant_id: uuid.UUID) -> AnyResponse:
    """The guardian is identified: open the photos for a quarter of an hour."""
    until = open_look(
        dataset(),
        participant_id,
        code=forms.text("code")[:MAX_CODE],
        known_in_person=forms.text("known") == "yes",
        actor=me().name,
    )
    session[LOOK] = [participant_id.hex, until.isoformat(), me().get_id()]
    return redirect(url_for("looking.album", participant_id=participant_id))


@blueprint.get("/<uuid:participant_id>/look")
@roles("operator")
def album(participant_id: uuid.UUID) -> str:
    """The child's photos, by session."""
    until = _require_look(participant_id)
    with dataset().database.read() as db:
        participant = find_participant(db, participant_id)
        found = read_album(db, participant_id)
    note_look(dataset(), participant_id, found, actor=me().name)
    return render_template("album.html", participant=participant, album=found, until=until)


@blueprint.get("/<uuid:participant_id>/look/<uuid:photo_id>")
@roles("operator")
def photo(participant_id: uuid.UUID, photo_id: uuid.UUID) -> Response:
    """One photo, as it was taken."""
    _require_look(participant_id)
    with dataset().database.read() as db:
        found = find_own(db, participant_id, photo_id)
    return Response(read_photo(dataset(), found), mimetype=found.media_type)


@blueprint.get("/<uuid:participant_id>/look/<uuid:photo_id>/thumbnail")
@roles("operator")
def thumbnail(participant_id: uuid.UUID, photo_id: uuid.UUID) -> Response:
    """One photo, small."""
    _require_look(participant_id)
    with dataset().database.read() as db:
        found = find_own(db, participant_id, photo_id)
    return Response(read_thumbnails(dataset(), [found])[photo_id], mimetype="image/jpeg")


@blueprint.post("/<uuid:participant_id>/look/end")
@roles("operator")
def end(participant_id: uuid.UUID) -> AnyResponse:
    """The guardian has seen enough."""
    session.pop(LOOK, None)
    return redirect(url_for("children.child", participant_id=participant_id, _anchor="access"))


@blueprint.post("/<uuid:participant_id>/look/copy")
@roles("operator")
def copy(participant_id: uuid.UUID) -> AnyResponse:
    """All that is held about the child, as one file, from memory."""
    _require_look(participant_id)
    dossier = hand_over(dataset(), participant_id, actor=me().name)
    return send_file(
        io.BytesIO(dossier.content),
        mimetype="application/zip",
        as_attachment=True,
        download_name=dossier.name,
    )


def _require_look(participant_id: uuid.UUID) -> datetime:
    """Until when the look at this child is open; raises NotFound where it is not."""
    child, until, who = session.get(LOOK, ("", "", ""))
    if (child, who) == (participant_id.hex, me().get_id()):
        end_of_look = datetime.fromisoformat(until)
        if clock.now() < end_of_look:
            return end_of_look
    raise NotFound("There is nothing here, or your account may not see it.")
