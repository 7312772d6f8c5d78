"""Scans of signed papers: their code says to whom they belong, a person says what was answered."""

import base64

from flask import Blueprint, jsonify, render_template, url_for
from werkzeug.wrappers import Response

from collector.dataset import clock
from collector.dataset.consents.answers import Answer, Guardian, consents_of, record_consent
from collector.dataset.consents.marks import Mark, marked, read_mark
from collector.dataset.consents.moments import signing_moment
from collector.dataset.consents.scans import PDF, check_document, preview
from collector.dataset.consents.texts import consent_texts, find_text
from collector.dataset.errors import Unprocessable
from collector.dataset.participants import find_participant, list_participants
from collector.dataset.studies import read_study
from collector.dataset.vocabulary import PURPOSES, RELATIONS
from collector.web import forms
from collector.web.access import me, roles
from collector.web.companions import _
from collector.web.here import dataset
from collector.web.languages import show_day

blueprint = Blueprint("scans", __name__, url_prefix="/scans")


@blueprint.get("/")
@roles("operator")
def page() -> str:
    """Where files are chosen; each becomes a form beside its picture."""
    with dataset().database.read() as db:
        return render_template(
            "scans.html",
            children=list_participants(db),
            documents={purpose: consent_texts(db, purpose) for purpose in PURPOSES},
            relations=RELATIONS,
            today=clock.now().astimezone().date(),
            valid_until=read_study(db).keep_until,
        )


@blueprint.post("/read")
@roles("operator")
def read() -> Response:
    """Say to which child and document a scan belongs; nothing is recorded."""
    scan = _scan()
    media_type, mark = check_document(scan), read_mark(scan)
    told = _told(mark) if mark else {}
    if media_type == PDF:  # a browser shows its own pictures, but no page of a PDF here
        picture = preview(scan, media_type, mark.page if mark else 0)
        told["picture"] = base64.b64encode(picture).decode()
    return jsonify(told)


@blueprint.post("/")
@roles("operator")
def file() -> Response:
    """Record the answer on a scan under the child and the document that were read or chosen."""
    child_id, text_id = forms.identifier("participant"), forms.identifier("text")
    given = forms.chosen("answer", "given", "refused") == "given"
    signed_on, valid_until = forms.optional_date("signed_on"), forms.optional_date("valid_until")
    if signed_on is None:
        raise Unprocessable("The date on the paper is missing.")
    with dataset().database.read() as db:
        child, text = find_participant(db, child_id), find_text(db, text_id)
    answer = Answer(
        purpose=text.purpose,
        text_id=text_id,
        guardian=Guardian(forms.text("guardian")),
        relation=forms.text("relation"),
        method="scan",
        signed_at=signing_moment(signed_on, given),
        given=given,
        valid_until=clock.midnight(valid_until) if valid_until else None,
        document=_scan(),
    )
    record_consent(dataset(), child_id, answer, actor=me().name, recorded_by=me().id)
    address = url_for("children.child", participant_id=child_id)
    return jsonify(pseudonym=child.pseudonym, address=address)


def _scan() -> bytes:
    scan = forms.optional_file("scan")
    if scan is None:
        raise Unprocessable("Choose the file with the scan.")
    return scan


def _told(mark: Mark) -> dict[str, object]:
    with dataset().database.read() as db:
        child, text = marked(db, mark)
        known = [one for one in consents_of(db, child.id) if one.text_id == text.id]
    return {
        "participant": str(child.id),
        "pseudonym": child.pseudonym,
        "text": str(text.id),
        "document": f"{text.title} ({text.language}, {text.version})",
        "purpose": text.purpose,
        "known": _("An answer to this document is recorded already, signed %(day)s.",
                   day=show_day(known[0].signed_at)) if known else None,
    }  # fmt: skip
