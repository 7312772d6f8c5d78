"""Which consents end soon, which have ended, and the children that are due to be erased."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from collector.dataset import clock
from collector.dataset.consents.terms import SOON, due_for_erasure, ending, erase_expired, expired
from collector.dataset.consents.texts import consent_texts
from collector.dataset.errors import Conflict, Unprocessable
from collector.dataset.studies import read_study
from collector.dataset.vocabulary import PURPOSES
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset

blueprint = Blueprint("terms", __name__, url_prefix="/guardians/ending")


@blueprint.get("/")
@roles("operator")
def overview() -> str:
    """What ends soon and what has ended, with the way to a new answer."""
    now = clock.now()
    with dataset().database.read() as db:
        return render_template(
            "ending.html",
            due=due_for_erasure(db, now),
            ending=ending(db, now),
            expired=expired(db, now),
            covering={
                purpose: [one for one in consent_texts(db, purpose) if one.covers_earlier_photos]
                for purpose in PURPOSES
            },
            study=read_study(db),
            days=SOON.days,
            today=now,
            erased=request.args.get("erased", 0, type=int),
        )


@blueprint.post("/erase")
@roles("operator")
def erase() -> Response:
    """Erase the children that the page showed, of those that are due still."""
    if forms.optional_yes("sure") is not True:
        raise Unprocessable("Confirm first that these children are to be erased for ever.")
    try:
        shown = [uuid.UUID(one) for one in request.form.getlist("child")]
    except ValueError as error:
        raise Unprocessable("Please choose an answer.") from error
    done = erase_expired(dataset(), actor=me().name, wanted=shown)
    if not done.children:
        raise Conflict("None of these children is due to be erased any more.")
    return redirect(url_for("terms.overview", erased=done.children))
