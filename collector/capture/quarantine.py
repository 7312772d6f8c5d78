"""Photos in quarantine: an admin looks at them and decides what a machine must not."""

import uuid

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from collector.dataset import clock
from collector.dataset.photos import read_thumbnails
from collector.dataset.quarantine import (
    PAGE,
    count_quarantined,
    erase_quarantined,
    find_viewable,
    list_quarantined,
    note_look,
    record_answer,
    release_photo,
)
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset

blueprint = Blueprint("quarantine", __name__, url_prefix="/quarantine", template_folder="templates")


@blueprint.get("/")
@roles("admin")
def overview() -> str:
    """A page of photos in quarantine, by session; that it was looked at is noted."""
    with dataset().database.read() as db:
        count = count_quarantined(db)
        last = max(0, count - 1) // PAGE
        page = min(max(0, request.args.get("page", 0, int)), last)
        waiting = list_quarantined(db, clock.now(), page)
    note_look(dataset(), waiting, actor=me().name)
    return render_template("quarantine.html", waiting=waiting, count=count, page=page, last=last)


@blueprint.get("/photos/<uuid:photo_id>")
@roles("admin")
def thumbnail(photo_id: uuid.UUID) -> Response:
    """A small picture of a photo in quarantine."""
    with dataset().database.read() as db:
        photo = find_viewable(db, photo_id, clock.now())
    return Response(read_thumbnails(dataset(), [photo])[photo_id], mimetype="image/jpeg")


@blueprint.post("/photos/<uuid:photo_id>")
@roles("admin")
def decide(photo_id: uuid.UUID) -> Answer:
    """It was no second face, and the photo may be used; or it was, and the photo is erased."""
    if forms.chosen("decision", "release", "erase") == "release":
        release_photo(dataset(), photo_id, actor=me().name)
    else:
        erase_quarantined(dataset(), photo_id, actor=me().name)
    return redirect(url_for("quarantine.overview"))


@blueprint.post("/sessions/<uuid:session_id>")
@roles("admin")
def answer(session_id: uuid.UUID) -> Answer:
    """Record what the child said of its photos after it stopped: keep or bin."""
    record_answer(dataset(), session_id, forms.text("answer"), actor=me().name)
    return redirect(url_for("quarantine.overview"))
