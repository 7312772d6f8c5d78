"""The operator withdraws for a guardian: at the desk, or for one who reads a code by telephone."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from collector.dataset.consents.destruction import erasure_of
from collector.dataset.consents.receipts import receipt_of_code
from collector.dataset.consents.withdrawals import held_for, withdraw
from collector.dataset.errors import Unprocessable
from collector.dataset.participants import find_participant
from collector.guardians.withdrawals import EVERYTHING, MAX_CODE, duties_ahead, purposes_of
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset

blueprint = Blueprint("withdrawing", __name__, url_prefix="/children")


@blueprint.get("/by-telephone")
@roles("operator")
def telephone() -> str:
    """The form for a code that a guardian reads out."""
    return render_template("telephone.html", erasure=None)


@blueprint.post("/by-telephone")
@roles("operator")
def answer_telephone() -> Response | str:
    """On to the child whose receipt bears the code; raises NotFound."""
    with dataset().database.read() as db:
        child = receipt_of_code(dataset(), db, forms.text("code")[:MAX_CODE]).participant_id
        erasure = erasure_of(db, dataset().site_id, child)
        if not held_for(db, child).erased:
            return redirect(url_for("children.child", participant_id=child, _anchor="rights"))
    return render_template("telephone.html", erasure=erasure)


@blueprint.get("/<uuid:participant_id>/withdraw")
@roles("operator")
def question(participant_id: uuid.UUID) -> str:
    """What would be done, before it is."""
    what = request.args.get("what", EVERYTHING)
    if what not in (EVERYTHING, "publication", "sharing"):
        raise Unprocessable("Please choose an answer.")
    with dataset().database.read() as db:
        return render_template(
            "withdraw_for.html",
            participant=find_participant(db, participant_id),
            what=what,
            held=held_for(db, participant_id),
            ahead=duties_ahead(db, participant_id, what),
        )


@blueprint.post("/<uuid:participant_id>/withdraw")
@roles("operator")
def carry_out(participant_id: uuid.UUID) -> Response:
    """Withdraw; on to the destruction act where the child was erased."""
    what = forms.chosen("what", EVERYTHING, "publication", "sharing")
    with dataset().database.read() as db:
        find_participant(db, participant_id)
    withdraw(
        dataset(), participant_id, purposes_of(what),
        channel="operator", actor=me().name, recorded_by=me().id,
    )  # fmt: skip
    with dataset().database.read() as db:
        erasure = erasure_of(db, dataset().site_id, participant_id)
    if erasure is None:
        return redirect(url_for("children.child", participant_id=participant_id, _anchor="rights"))
    return redirect(url_for("duties.act", erasure_id=erasure.id))
