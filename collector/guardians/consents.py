"""The guardian's pages: reading a consent document, answering it, looking at what was signed."""

import uuid

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from collector.dataset import clock
from collector.dataset.consents.answers import (
    Answer,
    Guardian,
    find_consent,
    guardian_of,
    read_document,
    record_consent,
)
from collector.dataset.consents.moments import signing_moment
from collector.dataset.consents.texts import consent_texts
from collector.dataset.errors import NotFound
from collector.dataset.participants import find_participant
from collector.dataset.studies import read_study
from collector.dataset.vocabulary import PURPOSES, RELATIONS
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset
from collector.web.languages import language

blueprint = Blueprint("consents", __name__, url_prefix="/children")


@blueprint.get("/<uuid:participant_id>/consent/<purpose>")
@roles("operator")
def document(participant_id: uuid.UUID, purpose: str) -> str:
    """The documents for one purpose: one of them is read and answered."""
    if purpose not in PURPOSES:
        raise NotFound("There is no such consent document.")
    with dataset().database.read() as db:
        participant = find_participant(db, participant_id)
        texts = consent_texts(db, purpose)
        study = read_study(db)
    wanted = request.args.get("language", language())
    chosen = next((one for one in texts if one.language == wanted), texts[0])
    return render_template(
        "consent.html",
        participant=participant,
        purpose=purpose,
        chosen=chosen,
        texts=texts,
        relations=RELATIONS,
        today=clock.now().astimezone().date(),
        valid_until=study.keep_until,
        described=bool(study.title and study.controller and study.contact),
    )


@blueprint.post("/<uuid:participant_id>/consent/<purpose>")
@roles("operator")
def answer(participant_id: uuid.UUID, purpose: str) -> Response:
    """Record the guardian's answer, and go back to the child."""
    method = forms.text("method")
    given = forms.chosen("answer", "given", "refused") == "given"
    signed_on = forms.optional_date("signed_on") if method != "screen" else None
    valid_until = forms.optional_date("valid_until")
    record_consent(
        dataset(),
        participant_id,
        Answer(
            purpose=purpose,
            text_id=forms.identifier("text"),
            guardian=Guardian(forms.text("guardian")),
            relation=forms.text("relation"),
            method=method,
            signed_at=signing_moment(signed_on, given),
            given=given,
            valid_until=forms.midnight(valid_until) if valid_until else None,
            document=forms.optional_file("signature" if method == "screen" else "scan"),
        ),
        actor=me().name,
        recorded_by=me().id,
    )
    return redirect(url_for("children.child", participant_id=participant_id))


@blueprint.get("/consents/<uuid:consent_id>")
@roles("operator")
def signed(consent_id: uuid.UUID) -> str:
    """A recorded consent, its text as it was signed."""
    with dataset().database.read() as db:
        consent = find_consent(db, consent_id)
        participant = find_participant(db, consent.participant_id)
    return render_template(
        "signed.html",
        consent=consent,
        participant=participant,
        guardian=guardian_of(dataset(), consent),
        document=read_document(dataset(), consent),
    )


@blueprint.get("/consents/<uuid:consent_id>/document")
@roles("operator")
def signed_document(consent_id: uuid.UUID) -> Response:
    """The signature or scan behind a consent."""
    with dataset().database.read() as db:
        found = read_document(dataset(), find_consent(db, consent_id))
    if found is None:
        raise NotFound("There is no document with this consent.")
    media_type, content = found
    answer = Response(content, mimetype=media_type)
    if media_type == "application/pdf":
        answer.headers["Content-Disposition"] = 'attachment; filename="consent.pdf"'
    return answer
