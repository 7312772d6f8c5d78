"""The tablet that measures a light passport: a public static page, and its API with a token.

As on the child's page no cookie and no sign-in is involved. The page says in which language it
speaks by the header that browsers have for it.
"""

from typing import Any

from flask import Blueprint, Response, g, jsonify

from collector.capture import bodies, tablet
from collector.capture.light_words import describe, propose, sheet_words
from collector.dataset.passports.measuring import measure_passport
from collector.web.access import light_token, public
from collector.web.here import dataset
from collector.web.languages import language

page = Blueprint("light_tablet", __name__, url_prefix="/capture")
api = Blueprint("light_api", __name__, url_prefix="/capture/api")


@page.get("/light/")
@public
def capture_page() -> Response:
    """The page that shows the camera; it knows nothing until a token opens a passport."""
    return tablet.page.send_static_file("light.html")


@api.get("/light")
@light_token
def passport() -> Response:
    """The page's words, and what is known of the light."""
    return jsonify(language=language(), words=sheet_words(), **_told(g.passport))


@api.put("/light")
@light_token
def measure() -> Response:
    """Measure the sheet in one frame, which is kept nowhere."""
    settings = bodies.camera_settings()
    measured = measure_passport(dataset(), g.passport.id, bodies.frame(), settings, actor="tablet")
    return jsonify(_told(measured))


def _told(found: Any) -> dict[str, Any]:
    """Room, sentence and proposal; `done` where nothing is left to measure."""
    proposal = propose(found)
    done = found.measured_at is not None and not proposal
    return {"room": found.room, "sentence": describe(found), "proposal": proposal, "done": done}
