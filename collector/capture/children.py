"""The operator's pages: the list of children, registering one, and all that is known of one."""

import uuid

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from collector.capture import cards
from collector.dataset import clock
from collector.dataset.consents.receipts import is_receipt_due, receipts_of
from collector.dataset.consents.standing import standing_consent
from collector.dataset.consents.states import consent_states
from collector.dataset.doors import count_usable
from collector.dataset.emotions import LANGUAGES
from collector.dataset.participants import (
    Attributes,
    find_participant,
    list_participants,
    read_attributes,
    register_participant,
)
from collector.dataset.passports.passport import valid_passports
from collector.dataset.passports.wanted import lights_missing
from collector.dataset.protocols.plan import current_protocols, title_of
from collector.dataset.protocols.turns import next_turns
from collector.dataset.sessions import awaits_answer, is_over, last_refusal, sessions_of
from collector.dataset.vocabulary import DECLARED_LIGHTS, PURPOSES, SEXES
from collector.web import forms
from collector.web.access import me, roles
from collector.web.here import dataset
from collector.web.languages import language

blueprint = Blueprint(
    "children", __name__, url_prefix="/children", template_folder="templates", static_folder=None
)


@blueprint.get("/")
@roles("operator")
def overview() -> str:
    """All children, and which consents stand for them."""
    now = clock.now()
    with dataset().database.read() as db:
        children = [
            {
                "participant": one,
                "photos": count_usable(db, one.id, now),
                "states": consent_states(db, one.id, now).purposes,
            }
            for one in list_participants(db)
        ]
    return render_template("children.html", children=children)


@blueprint.get("/new")
@roles("operator")
def registration() -> str:
    """The form for a new child."""
    return render_template("register.html", sexes=SEXES, this_year=clock.now().year)


@blueprint.post("/new")
@roles("operator")
def register() -> Response:
    """Register a child under a generated pseudonym."""
    attributes = Attributes(
        birth_year=forms.optional_int("birth_year"),
        birth_month=forms.optional_int("birth_month"),
        sex=forms.optional_text("sex"),
        glasses=forms.optional_yes("glasses"),
        origin=forms.optional_text("origin"),
    )
    participant = register_participant(
        dataset(),
        attributes,
        actor=me().name,
        created_by=me().id,
        real_name=forms.optional_text("real_name"),
    )
    return redirect(url_for("children.child", participant_id=participant.id))


@blueprint.get("/<uuid:participant_id>")
@roles("operator")
def child(participant_id: uuid.UUID) -> str:
    """One child: attributes, consents, sessions, and the way to the next session."""
    now = clock.now()
    with dataset().database.read() as db:
        participant = find_participant(db, participant_id)
        return render_template(
            "child.html",
            participant=participant,
            attributes=read_attributes(dataset(), participant),
            real_name=dataset().keys.real_name(participant_id),
            states=consent_states(db, participant_id, now),
            receipts=receipts_of(db, participant_id),
            receipt_due=is_receipt_due(db, participant_id),
            standing={p: standing_consent(db, participant_id, p, now) for p in PURPOSES},
            sessions=sessions_of(db, participant_id),
            is_over=lambda one: is_over(one, now),
            new_session=uuid.uuid4(),
            by_card=cards.came_by_card(participant_id),
            last_refusal=last_refusal(db, participant_id, now),
            awaits_answer=awaits_answer,
            protocols=[(one, title_of(one.body, language())) for one in current_protocols(db)],
            turns=next_turns(db, participant_id),
            title_of=title_of,
            lights=DECLARED_LIGHTS,
            passports=valid_passports(db, now),
            lights_missing=lights_missing(db, participant_id),
            languages=LANGUAGES,
        )
