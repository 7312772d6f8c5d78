"""The flow diagram: from the children who were invited to the photos in a snapshot."""

from flask import Blueprint, render_template

from collector.dataset import clock
from collector.dataset.flow import read_flow
from collector.dataset.studies import read_study
from collector.dataset.vocabulary import PURPOSES
from collector.web.access import roles
from collector.web.here import dataset, settings

blueprint = Blueprint("flow", __name__, url_prefix="/guardians/flow")


@blueprint.get("/")
@roles("operator", "admin")
def diagram() -> str:
    """The counts, as an ethics board and a paper ask for them."""
    now = clock.now()
    with dataset().database.read() as db:
        return render_template(
            "flow.html",
            flow=read_flow(db, now, wanted_votes=settings().wanted_votes),
            purposes=PURPOSES,
            study=read_study(db),
            now=now,
        )
