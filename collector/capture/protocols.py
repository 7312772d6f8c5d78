"""Protocols: all versions to be read, and an editor whose every save is a new version."""

import uuid

from flask import Blueprint, Response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Answer

from collector.capture.protocol_form import read_form
from collector.dataset.emotions import LANGUAGES
from collector.dataset.protocols.asking import longest_sitting
from collector.dataset.protocols.checking import MAX_PARTS
from collector.dataset.protocols.goals import fills_gaps, goal_of
from collector.dataset.protocols.plan import (
    current_protocols,
    find_protocol,
    modernise,
    read_plan,
    title_of,
)
from collector.dataset.protocols.sequences import estimate_minutes, steps_of_part
from collector.dataset.protocols.versions import (
    copy_protocol,
    count_uses,
    export_protocol,
    import_protocol,
    is_shipped,
    list_protocols,
    supersede,
)
from collector.dataset.vocabulary import HEAD_POSES, WANTED_LIGHTS
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset
from collector.web.languages import language

blueprint = Blueprint("protocols", __name__, url_prefix="/protocols", template_folder="templates")


@blueprint.get("/")
@roles("operator")
def overview() -> str:
    """All protocols with their versions and uses, and the field for one from elsewhere."""
    with dataset().database.read() as db:
        listed = list_protocols(db)
    return render_template(
        "protocols.html", listed=listed, title_of=title_of, is_shipped=is_shipped
    )


@blueprint.post("/")
@roles("operator")
def register() -> Answer:
    """Keep a protocol that was exported elsewhere."""
    protocol = import_protocol(dataset(), forms.text("content"), actor=me().name)
    return redirect(url_for("protocols.show", protocol_id=protocol.id))


@blueprint.get("/<uuid:protocol_id>")
@roles("operator")
def show(protocol_id: uuid.UUID) -> str:
    """One version, as children were and are asked by it."""
    with dataset().database.read() as db:
        protocol = find_protocol(db, protocol_id)
        uses = count_uses(db, protocol_id)
        current = protocol_id in {one.id for one in current_protocols(db)}
    plan = read_plan(protocol.body, language())
    parts = [
        (number, lights, steps_of_part(plan, number)) for number, lights in enumerate(plan.parts, 1)
    ]
    goal = goal_of(protocol.body) if fills_gaps(protocol.body) else None
    longest = longest_sitting(plan, goal, protocol_id) if goal else []
    return render_template(
        "protocol.html",
        protocol=protocol,
        title=title_of(protocol.body, language()),
        plan=plan,
        parts=parts,
        goal=goal,
        longest=longest,
        minutes=estimate_minutes(plan, longest),
        estimate=estimate_minutes,
        stories=modernise(protocol.body)["stories"],
        uses=uses,
        current=current,
        shipped=is_shipped(protocol),
    )


@blueprint.get("/<uuid:protocol_id>/file")
@roles("operator")
def download(protocol_id: uuid.UUID) -> Response:
    """The protocol as a file that another dataset takes."""
    with dataset().database.read() as db:
        protocol = find_protocol(db, protocol_id)
    answer = Response(export_protocol(protocol), mimetype="application/json")
    # The name may be in any letters, which a header cannot hold.
    answer.headers.set("Content-Disposition", "attachment", filename="protocol.json")
    return answer


@blueprint.get("/<uuid:protocol_id>/copy")
@roles("operator")
def copy_page(protocol_id: uuid.UUID) -> str:
    """The editor, for a protocol of another name that begins as this one."""
    return _editor(protocol_id, "copy")


@blueprint.post("/<uuid:protocol_id>/copy")
@roles("operator")
def copy(protocol_id: uuid.UUID) -> Answer:
    """Keep what was edited under a name of its own."""
    _require(protocol_id)
    protocol = copy_protocol(dataset(), forms.text("name"), read_form(), actor=me().name)
    return redirect(url_for("protocols.show", protocol_id=protocol.id))


@blueprint.get("/<uuid:protocol_id>/version")
@roles("operator")
def version_page(protocol_id: uuid.UUID) -> str:
    """The editor, for a new version in place of this one."""
    return _editor(protocol_id, "version")


@blueprint.post("/<uuid:protocol_id>/version")
@roles("operator")
def version(protocol_id: uuid.UUID) -> Answer:
    """Keep what was edited as the version that supersedes this one."""
    _require(protocol_id)
    protocol = supersede(dataset(), protocol_id, read_form(), actor=me().name)
    return redirect(url_for("protocols.show", protocol_id=protocol.id))


def _require(protocol_id: uuid.UUID) -> None:
    """Before the form is looked at: raises NotFound."""
    with dataset().database.read() as db:
        find_protocol(db, protocol_id)


def _editor(protocol_id: uuid.UUID, purpose: str) -> str:
    with dataset().database.read() as db:
        protocol = find_protocol(db, protocol_id)
    return render_template(
        "protocol_editor.html",
        protocol=protocol,
        purpose=purpose,
        title=title_of(protocol.body, language()),
        body=modernise(protocol.body),
        languages=LANGUAGES,
        poses=HEAD_POSES,
        lights=WANTED_LIGHTS,
        part_numbers=range(1, MAX_PARTS + 1),
    )
