"""Sentences in an operator's own voice: recorded once, heard by every child on every tablet."""

import uuid

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from collector.capture.phrases import phrases_in
from collector.dataset.emotions import LANGUAGES
from collector.dataset.errors import NotFound, Unprocessable
from collector.dataset.voices import (
    MAX_AUDIO,
    MAX_SECONDS,
    delete_recording,
    keep_recording,
    read_recording,
    recordings_of,
)
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset
from collector.web.languages import language

blueprint = Blueprint("voices", __name__, url_prefix="/voices", template_folder="templates")


@blueprint.get("/")
@roles("operator")
def overview() -> Response:
    """All phrases of a language, with what is recorded of them."""
    spoken = _language(request.args.get("language", language()))
    with dataset().database.read() as db:
        phrases = phrases_in(db, spoken)
        recorded = {one.phrase: one for one in recordings_of(db, spoken)}
    page = render_template(
        "voices.html",
        spoken=spoken,
        languages=LANGUAGES,
        phrases=phrases,
        recorded=recorded,
        unused=[one for one in recorded if one not in phrases],
        seconds=MAX_SECONDS,
        most=MAX_AUDIO,
    )
    answer = Response(page)
    # Here alone may a page of this program listen.
    answer.headers["Permissions-Policy"] = "camera=(), microphone=(self), geolocation=()"
    return answer


@blueprint.post("/")
@roles("operator")
def keep() -> Response:
    """Keep the recording of a phrase, in place of the one before."""
    spoken, phrase = _language(forms.text("language")), forms.text("phrase")
    with dataset().database.read() as db:
        if phrase not in phrases_in(db, spoken):
            raise Unprocessable("This sentence is not on the list: please reload the page.")
    audio = forms.optional_file("audio") or b""
    recording = keep_recording(
        dataset(), spoken, phrase, audio, actor=me().name, operator_id=me().id
    )
    return jsonify(
        sound=url_for("voices.hear", recording_id=recording),
        delete=url_for("voices.delete", recording_id=recording),
    )


@blueprint.get("/<uuid:recording_id>")
@roles("operator")
def hear(recording_id: uuid.UUID) -> Answer:
    """The sound of a recording."""
    with dataset().database.read() as db:
        audio, media_type = read_recording(db, recording_id)
    return Response(audio, mimetype=media_type)


@blueprint.post("/<uuid:recording_id>/delete")
@roles("operator")
def delete(recording_id: uuid.UUID) -> Response:
    """Delete a recording: from now on the tablet's own voice speaks."""
    delete_recording(dataset(), recording_id, actor=me().name)
    return jsonify(deleted=True)


def _language(named: str) -> str:
    if named not in LANGUAGES:
        raise NotFound("There is no such language here.")
    return named
