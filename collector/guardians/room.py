"""What this room offers to the shell."""

from flask import Blueprint

from collector.guardians import (
    class_list,
    consents,
    documents,
    duties,
    flow,
    looking,
    printing,
    receipts,
    scans,
    terms,
    withdrawals,
    withdrawing,
)
from collector.web.companions import lazy
from collector.web.rooms import Door, Room

files = Blueprint(
    "guardians",
    __name__,
    url_prefix="/guardians",
    template_folder="templates",
    static_folder="static",
)

ROOM = Room(
    blueprints=(
        files,
        consents.blueprint,
        receipts.blueprint,
        withdrawals.blueprint,
        withdrawing.blueprint,
        duties.blueprint,
        terms.blueprint,
        looking.blueprint,
        flow.blueprint,
        documents.blueprint,
        printing.blueprint,
        scans.blueprint,
        class_list.blueprint,
    ),
    doors=(
        Door("documents.overview", lazy("Consent documents"), frozenset({"operator", "admin"})),
        Door("duties.register", lazy("Withdrawals and duties"), frozenset({"operator", "admin"})),
        Door("terms.overview", lazy("Ending soon"), frozenset({"operator"})),
        Door("flow.diagram", lazy("Flow"), frozenset({"operator", "admin"})),
    ),
    # Sixteen digits are not guessed at this pace: 100 a day are 10^14 days.
    limits={
        "withdrawals.answer": "10 per minute;100 per day",
        "looking.begin": "10 per minute",
    },
)
