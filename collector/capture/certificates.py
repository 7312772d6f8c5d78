"""A certificate to print: stars, a day, the mascot, and no photo."""

import uuid

from flask import Blueprint, render_template, request

from collector.capture.words import tablet_words
from collector.dataset import clock
from collector.dataset.emotions import EMOTIONS, LANGUAGES
from collector.dataset.participants import find_participant
from collector.dataset.sessions import sessions_of
from collector.web.access import roles
from collector.web.companions import speaking
from collector.web.here import dataset
from collector.web.languages import language, show_day

blueprint = Blueprint("certificates", __name__, url_prefix="/children", template_folder="templates")


@blueprint.get("/<uuid:participant_id>/certificate")
@roles("operator")
def certificate(participant_id: uuid.UUID) -> str:
    """One child's certificate, in the language of its last session unless another is named.

    A star for each emotion, whatever the child skipped and whenever it stopped.
    """
    with dataset().database.read() as db:
        child = find_participant(db, participant_id)
        last = next(
            (one for one, _ in sessions_of(db, participant_id) if one.assent == "yes"), None
        )
    named = request.args.get("language", last.language if last else language())
    spoken = named if named in LANGUAGES else language()
    with speaking(spoken):
        day = show_day(last.created_at if last else clock.now())
    return render_template(
        "certificate.html",
        participant=child,
        words=tablet_words(spoken),
        day=day,
        spoken=spoken,
        languages=LANGUAGES,
        stars=len(EMOTIONS),
        named="name" in request.args,
    )
