"""Lessons: the list, beginning one, and the class page with what an operator does there."""

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from collector.capture import cards
from collector.capture.lesson_board import (
    busy_tablets,
    count_states,
    keys_of,
    seen_words,
    state_words,
)
from collector.capture.light_choice import chosen_light
from collector.dataset import clock
from collector.dataset.consents.states import consent_states
from collector.dataset.emotions import LANGUAGES
from collector.dataset.lessons.board import AT_A_TABLET, LEFT_OVER, Board, read_board
from collector.dataset.lessons.lessons import (
    NewLesson,
    change_light,
    close_lesson,
    find_lesson,
    list_lessons,
    mark_absent,
    start_lesson,
)
from collector.dataset.lessons.pairing import code_of, is_fresh, offer_code, offered_place
from collector.dataset.lessons.sending import let_rehearse, send_child, take_back
from collector.dataset.participants import list_participants
from collector.dataset.passports.passport import valid_passports
from collector.dataset.protocols.plan import current_protocols, find_protocol, title_of
from collector.dataset.vocabulary import DECLARED_LIGHTS
from collector.web import forms
from collector.web.access import me, roles
from collector.web.companions import _
from collector.web.here import dataset, settings, tablet_address
from collector.web.languages import language
from collector.web.qr import qr_svg

blueprint = Blueprint("lessons", __name__, url_prefix="/lessons", template_folder="templates")


@blueprint.get("/")
@roles("operator")
def overview() -> str:
    """All lessons, the newest first."""
    with dataset().database.read() as db:
        return render_template("lessons.html", lessons=list_lessons(db))


@blueprint.get("/new")
@roles("operator")
def beginning() -> str:
    """The form for a lesson; `after` names one that it continues, with those who are left over."""
    now, after = clock.now(), request.args.get("after", type=uuid.UUID)
    with dataset().database.read() as db:
        before = find_lesson(db, after) if after else None
        board = read_board(dataset(), db, before, now) if before else None
        left = (
            {one.participant.id for one in board.pupils if one.state in LEFT_OVER}
            if board
            else None
        )
        children = [
            (one, consent_states(db, one.id, now).purposes["research"])
            for one in list_participants(db)
        ]
        return render_template(
            "lesson_new.html",
            before=before,
            children=[(*one, left is None or one[0].id in left) for one in children],
            real_name=dataset().keys.real_name,
            new_lesson=uuid.uuid4(),
            protocols=[(one, title_of(one.body, language())) for one in current_protocols(db)],
            passports=valid_passports(db, now),
            lights=DECLARED_LIGHTS,
            languages=LANGUAGES,
        )


@blueprint.post("/new")
@roles("operator")
def begin() -> Answer:
    """Begin a lesson, and show its class page with a code for the first tablet."""
    light, passport = chosen_light()
    wanted = NewLesson(
        title=forms.text("title"),
        protocol_id=forms.identifier("protocol"),
        language=forms.text("language"),
        light=light,
        light_passport_id=passport,
        children=forms.identifiers("children"),
    )
    lesson = start_lesson(
        dataset(), wanted, actor=me().name, operator_id=me().id,
        lesson_id=forms.identifier("lesson"),  # made by the page: sent twice, it is one lesson
    )  # fmt: skip
    if lesson.closed_at is None:
        offer_code(dataset(), lesson.id)
    return redirect(url_for("lessons.show", lesson_id=lesson.id))


@blueprint.get("/<uuid:lesson_id>")
@roles("operator")
def show(lesson_id: uuid.UUID) -> str:
    """The class page."""
    with dataset().database.read() as db:
        lesson = find_lesson(db, lesson_id)
        return render_template(
            "lesson.html",
            lesson=lesson,
            lan=settings().lan,
            protocol=title_of(find_protocol(db, lesson.protocol_id).body, language()),
            lights=DECLARED_LIGHTS,
            at_a_tablet=AT_A_TABLET,
            words=state_words(),
            by_card=cards.came_by_card,
            **_moment(db, lesson, clock.now()),
        )


@blueprint.get("/<uuid:lesson_id>/board")
@roles("operator")
def board(lesson_id: uuid.UUID) -> Response:
    """What changed: a key for each part of the class page, and the tablets that have a child."""
    now = clock.now()
    with dataset().database.read() as db:
        found = read_board(dataset(), db, find_lesson(db, lesson_id), now)
        keys = keys_of(found, offered_place(db, lesson_id), now)
    return jsonify(keys=keys, busy=busy_tablets(found))


@blueprint.post("/<uuid:lesson_id>/code")
@roles("operator")
def code(lesson_id: uuid.UUID) -> Answer:
    """A code for the next tablet."""
    offer_code(dataset(), lesson_id)
    return _back(lesson_id, "tablets")


@blueprint.post("/<uuid:lesson_id>/light")
@roles("operator")
def light(lesson_id: uuid.UUID) -> Answer:
    """Another light for the sessions that begin from now on."""
    change_light(dataset(), lesson_id, *chosen_light())
    return _back(lesson_id, "tablets")


@blueprint.post("/<uuid:lesson_id>/children/<uuid:participant_id>/send")
@roles("operator")
def send(lesson_id: uuid.UUID, participant_id: uuid.UUID) -> Answer:
    """Send the child to a tablet: its session comes next there."""
    send_child(
        dataset(),
        lesson_id,
        participant_id,
        forms.identifier("tablet"),
        actor=me().name,
        operator_id=me().id,
        confirmed=cards.how_confirmed(participant_id),
        talked=forms.text("after_stop") == "yes",
    )
    cards.forget_card()
    return _back(lesson_id, f"child-{participant_id}")


@blueprint.post("/<uuid:lesson_id>/children/<uuid:participant_id>/rehearse")
@roles("operator")
def rehearse(lesson_id: uuid.UUID, participant_id: uuid.UUID) -> Answer:
    """Let the child play at a tablet: nothing is photographed."""
    let_rehearse(dataset(), lesson_id, participant_id, forms.identifier("tablet"))
    return _back(lesson_id, f"child-{participant_id}")


@blueprint.post("/<uuid:lesson_id>/children/<uuid:participant_id>/back")
@roles("operator")
def back(lesson_id: uuid.UUID, participant_id: uuid.UUID) -> Answer:
    """The child does not go to the tablet after all."""
    take_back(dataset(), lesson_id, participant_id)
    return _back(lesson_id, f"child-{participant_id}")


@blueprint.post("/<uuid:lesson_id>/children/<uuid:participant_id>/absent")
@roles("operator")
def absent(lesson_id: uuid.UUID, participant_id: uuid.UUID) -> Answer:
    """Note whether the child is here."""
    is_absent = forms.chosen("absent", "yes", "no") == "yes"
    mark_absent(dataset(), lesson_id, participant_id, absent=is_absent)
    return _back(lesson_id, f"child-{participant_id}")


@blueprint.post("/<uuid:lesson_id>/close")
@roles("operator")
def close(lesson_id: uuid.UUID) -> Answer:
    """Close the lesson."""
    close_lesson(dataset(), lesson_id, actor=me().name, anyway=forms.text("anyway") == "yes")
    return _back(lesson_id)


def _back(lesson_id: uuid.UUID, anchor: str | None = None) -> Answer:
    return redirect(url_for("lessons.show", lesson_id=lesson_id, _anchor=anchor))


def _moment(db: Any, lesson: Any, now: datetime) -> dict[str, Any]:
    """What of the class page changes while one looks at it."""
    found, offered = read_board(dataset(), db, lesson, now), offered_place(db, lesson.id)
    passports = valid_passports(db, now)
    return {
        "board": found,
        "keys": keys_of(found, offered, now),
        "busy": busy_tablets(found),
        "counts": count_states(found),
        "names": _names(found),
        "seen": lambda seat: seen_words(seat.tablet, now),
        "offered": offered,
        "code": _code(offered) if offered and is_fresh(offered, now) else None,
        "passports": passports,
        "light_ended": lesson.light_passport_id not in {None, *(one.id for one in passports)},
    }


def _names(found: Board) -> dict[uuid.UUID, str]:
    names = {}
    for pupil in found.pupils:
        one, real_name = pupil.participant, dataset().keys.real_name(pupil.participant.id)
        names[one.id] = f"{one.pseudonym} ({real_name})" if real_name else one.pseudonym
    return names


def _code(offered: Any) -> dict[str, Any]:
    """The code as a drawing, and the address that it says, to be typed where no camera reads it."""
    page = f"{tablet_address()}{url_for('tablet.capture_page')}#pair.{code_of(dataset(), offered)}"
    words = _("Code for tablet %(number)s", number=offered.number)
    return {"drawing": qr_svg(page, words), "address": page}
