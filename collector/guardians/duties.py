"""Withdrawals, the duties that they leave, and the acts about what was destroyed."""

import uuid
from importlib.metadata import version

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from collector.dataset import clock
from collector.dataset.consents.destruction import draw_up_act, list_erasures
from collector.dataset.consents.duties import fulfil_duty
from collector.dataset.consents.register import read_register, read_tasks
from collector.dataset.studies import read_study
from collector.web.access import me, roles
from collector.web.here import dataset

blueprint = Blueprint("duties", __name__, url_prefix="/withdrawals")


@blueprint.get("/")
@roles("operator", "admin")
def register() -> str:
    """All withdrawals, and what people must still do."""
    now = clock.now()
    with dataset().database.read() as db:
        return render_template(
            "register_of_withdrawals.html",
            entries=read_register(db),
            tasks=read_tasks(db, now),
            erasures=list_erasures(db, dataset().site_id),
        )


@blueprint.post("/duties/<uuid:duty_id>/done")
@roles("operator", "admin")
def done(duty_id: uuid.UUID) -> Response:
    """Note that a copy was destroyed, or another duty done."""
    fulfil_duty(dataset(), duty_id, actor=me().name, done_by=me().id)
    return redirect(url_for("duties.register"))


@blueprint.get("/acts/<uuid:erasure_id>")
@roles("operator", "admin")
def act(erasure_id: uuid.UUID) -> str:
    """The act about one child's destruction, to be printed and signed."""
    drawn_up = draw_up_act(dataset(), erasure_id)
    with dataset().database.read() as db:
        study = read_study(db)
    return render_template(
        "act.html",
        act=drawn_up,
        study=study,
        version=version("child-expressions"),
        now=clock.now(),
    )
