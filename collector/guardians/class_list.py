"""Paper forms of a whole class: the pasted list, a look at what it says, and recording it."""

import uuid
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from collector.dataset import clock
from collector.dataset.consents.answers import consents_of
from collector.dataset.consents.class_batch import (
    children_of_batch,
    faults_of,
    record_class_list,
    registered_names,
)
from collector.dataset.consents.class_list import ClassList, read_class_list
from collector.dataset.consents.texts import all_texts, text_in_language
from collector.dataset.emotions import LANGUAGES
from collector.dataset.errors import Unprocessable
from collector.dataset.studies import read_study
from collector.dataset.vocabulary import PURPOSES
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset
from collector.web.languages import language

blueprint = Blueprint("class_list", __name__, url_prefix="/class-list")


@blueprint.get("/")
@roles("operator")
def page() -> str:
    """The empty page, with an example."""
    with dataset().database.read() as db:
        return _page(valid_until=read_study(db).keep_until)


@blueprint.post("/look")
@roles("operator")
def look() -> str | tuple[str, int]:
    """What the list says, and every mistake in it; nothing is recorded."""
    try:
        valid_until = forms.optional_date("valid_until")
        read = _read()
        faults = [*read.faults, *faults_of(read.forms, _texts(), valid_until)]
    except Unprocessable as trouble:  # said beside the list, so that nothing pasted is lost
        return _page(trouble=trouble, valid_until=forms.text("valid_until")), trouble.status
    return _page(
        read=read,
        faults=sorted(faults, key=lambda one: one.number),
        known=registered_names(dataset(), read.forms),
        valid_until=valid_until,
    )


@blueprint.post("/")
@roles("operator")
def record() -> Response:
    """Record the whole list, or nothing."""
    batch_id = forms.identifier("batch")
    read = _read()
    if read.faults:
        raise Unprocessable("The list has mistakes: nothing was recorded. Look at it again first.")
    record_class_list(
        dataset(),
        batch_id,
        read.forms,
        _texts(),
        valid_until=forms.optional_date("valid_until"),
        actor=me().name,
        recorded_by=me().id,
    )
    return redirect(url_for("class_list.recorded", batch_id=batch_id))


@blueprint.get("/<uuid:batch_id>")
@roles("operator")
def recorded(batch_id: uuid.UUID) -> str:
    """Which pseudonym each child of a recorded list got, to be written on the papers."""
    with dataset().database.read() as db:
        children = [
            (one, dataset().keys.real_name(one.id), _states(consents_of(db, one.id)))
            for one in children_of_batch(db, batch_id)
        ]
    return render_template("class_recorded.html", children=children, purposes=PURPOSES)


def _read() -> ClassList:
    # Not stripped: a blank at the beginning is an empty first column.
    return read_class_list(request.form.get("list", ""), forms.optional_date("day"))


def _states(consents: Sequence[Any]) -> dict[str, str]:
    return {one.purpose: one.state for one in reversed(consents)}


def _texts() -> dict[str, uuid.UUID]:
    """The document of each purpose: the one named, or the program's in the chosen language."""
    spoken = forms.chosen("language", *LANGUAGES)
    with dataset().database.read() as db:
        return {
            purpose: forms.identifier(f"{purpose}_text")
            if forms.text(f"{purpose}_text")
            else text_in_language(db, purpose, spoken).id
            for purpose in PURPOSES
        }


def _page(**shown: object) -> str:
    with dataset().database.read() as db:
        documents = {purpose: all_texts(db, purpose) for purpose in PURPOSES}
    return render_template(
        "class_list.html",
        entered=request.form,
        documents=documents,
        spoken=request.form.get("language", language()),
        languages=LANGUAGES,
        purposes=PURPOSES,
        today=clock.now().astimezone().date(),
        batch=uuid.uuid4(),
        **shown,
    )
