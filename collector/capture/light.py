"""Light passports: the light of a room and hour, declared, measured, and shared by sessions."""

import uuid
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from collector.capture import bodies
from collector.capture.light_words import describe, propose, sheet_words
from collector.dataset import clock
from collector.dataset.passports.measuring import (
    can_be_measured,
    measure_passport,
    renew_link,
)
from collector.dataset.passports.passport import find_passport, list_passports, make_passport
from collector.dataset.passports.wanted import count_lights
from collector.dataset.vocabulary import DECLARED_LIGHTS, SHEETS
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset, settings, tablet_address
from collector.web.languages import language
from collector.web.qr import qr_svg

blueprint = Blueprint("light", __name__, url_prefix="/light", template_folder="templates")


@blueprint.get("/")
@roles("operator")
def overview() -> str:
    """All passports, and which lights the protocols still want."""
    now = clock.now()
    with dataset().database.read() as db:
        passports, lights = list_passports(db), count_lights(db, now)
    return render_template(
        "light.html", passports=passports, lights=lights, now=now, describe=describe
    )


@blueprint.get("/new")
@roles("operator")
def form() -> str:
    """The form for a new passport; the room is that of the passport that is renewed."""
    with dataset().database.read() as db:
        made = list_passports(db)
    return render_template(
        "light_new.html",
        lights=DECLARED_LIGHTS,
        sheets=SHEETS,
        rooms=sorted({one.room for one in made}),
        before=next((one for one in made if str(one.id) == request.args.get("renew")), None),
    )


@blueprint.post("/new")
@roles("operator")
def make() -> Answer:
    """Make a passport that is valid from now on."""
    passport = make_passport(
        dataset(),
        room=forms.text("room"),
        light=forms.text("light"),
        sheet=forms.text("sheet"),
        lux=forms.optional_int("lux"),
        actor=me().name,
        operator_id=me().id,
    )
    return redirect(url_for("light.show", passport_id=passport.id))


@blueprint.get("/<uuid:passport_id>")
@roles("operator")
def show(passport_id: uuid.UUID) -> str:
    """One passport: its measures and what they propose, or the camera that takes them."""
    return _show(passport_id)


@blueprint.post("/<uuid:passport_id>/link")
@roles("operator")
def link(passport_id: uuid.UUID) -> str:
    """The passport with a code for a tablet, shown this once."""
    _, token = renew_link(dataset(), passport_id, actor=me().name)
    page = url_for("light_tablet.capture_page", language=language())
    # The token stands behind the #, which no browser sends.
    address = f"{tablet_address()}{page}#{token}"
    return _show(passport_id, address=address, show_code=qr_svg, lan=settings().lan)


@blueprint.post("/<uuid:passport_id>/frame")
@roles("operator")
def measure(passport_id: uuid.UUID) -> Response:
    """Measure the sheet in a frame of this page's camera; it is kept nowhere."""
    passport = measure_passport(
        dataset(), passport_id, bodies.frame(), bodies.camera_settings(), actor=me().name
    )
    return jsonify(sentence=describe(passport), proposal=propose(passport))


def _show(passport_id: uuid.UUID, **values: Any) -> str:
    now = clock.now()
    with dataset().database.read() as db:
        passport = find_passport(db, passport_id)
        is_open = can_be_measured(db, passport, now)
    return render_template(
        "light_passport.html",
        passport=passport,
        is_open=is_open,
        is_valid=passport.valid_until > now,
        sentence=describe(passport),
        proposal=propose(passport),
        words=sheet_words(),
        **values,
    )
