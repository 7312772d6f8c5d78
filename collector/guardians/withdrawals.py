"""The guardian's own page: a receipt's code shows what is held, and withdraws in two taps.

No sign-in and no name. The code travels in bodies alone; in an address it stands behind the `#`,
which browsers keep to themselves.
"""

import uuid
from collections import Counter

from flask import Blueprint, render_template
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.destruction import erasure_of
from collector.dataset.consents.duties import duties_of, list_duties
from collector.dataset.consents.receipts import receipt_of_code
from collector.dataset.consents.states import consent_states
from collector.dataset.consents.withdrawals import held_for, withdraw
from collector.dataset.errors import NotFound
from collector.dataset.studies import read_study
from collector.dataset.vocabulary import PURPOSES
from collector.guardians.evenly import in_steps_of
from collector.web import forms
from collector.web.access import public
from collector.web.companions import _
from collector.web.here import dataset

# Longer than an answer to a right code takes, which is some hundredths of a second.
STEP = 0.4
MAX_CODE = 100  # sixteen digits, and room for any blanks and dashes
EVERYTHING = "everything"

blueprint = Blueprint("withdrawals", __name__)


@blueprint.get("/withdraw")
@public
def page() -> str:
    """The page that asks for the code."""
    return _ask_for_code()


@blueprint.post("/withdraw")
@public
def answer() -> str | tuple[str, int]:
    """What is held, then the question whether it is meant, then what was done: one tap each."""
    with in_steps_of(STEP):
        code = forms.text("code")[:MAX_CODE]
        try:
            with dataset().database.read() as db:
                child = receipt_of_code(dataset(), db, code).participant_id
        except NotFound as error:
            return _ask_for_code(code, _(error.sentence)), error.status
        if not forms.text("what"):
            return _show(code, child)
        what = forms.chosen("what", EVERYTHING, "publication", "sharing")
        return _do(child, what) if forms.text("sure") else _ask_again(code, child, what)


def purposes_of(what: str) -> tuple[str, ...]:
    """The purposes that a button names."""
    return PURPOSES if what == EVERYTHING else (what,)


def duties_ahead(db: Session, child: uuid.UUID, what: str) -> Counter[str]:
    """How many copies, sets, models and key backups the withdrawal would leave to people."""
    ahead = duties_of(db, dataset().site_id, child, purposes_of(what))
    return Counter(duty.kind for duty in ahead)


def _ask_for_code(code: str = "", sentence: str | None = None) -> str:
    with dataset().database.read() as db:
        study = read_study(db)
    return render_template("withdraw.html", study=study, code=code, sentence=sentence)


def _show(code: str, child: uuid.UUID) -> str:
    with dataset().database.read() as db:
        return render_template(
            "withdraw_held.html",
            code=code,
            held=held_for(db, child),
            states=consent_states(db, child, clock.now()).purposes,
            erasure=erasure_of(db, dataset().site_id, child),
            duties=list_duties(db, child),
        )


def _ask_again(code: str, child: uuid.UUID, what: str) -> str:
    with dataset().database.read() as db:
        held = held_for(db, child)
        if not held.erased:
            ahead = duties_ahead(db, child, what)
            return render_template(
                "withdraw_sure.html", code=code, what=what, held=held, ahead=ahead
            )
    return _show(code, child)  # everything was withdrawn meanwhile, in another window


def _do(child: uuid.UUID, what: str) -> str:
    outcome = withdraw(dataset(), child, purposes_of(what), channel="code", actor="guardian")
    with dataset().database.read() as db:
        return render_template(
            "withdrawn.html",
            outcome=outcome,
            what=what,
            held=held_for(db, child),
            erasure=erasure_of(db, dataset().site_id, child),
            duties=list_duties(db, child),
            child=child,
            study=read_study(db),
            now=clock.now(),
        )
