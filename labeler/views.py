"""The review queue: one photo after the other, its prompt unknown to whoever judges it."""

from typing import Any

from flask import Blueprint, Response, render_template, request

from collector.dataset import clock
from collector.dataset.labels import (
    REASONS,
    cast_vote,
    count_votes,
    count_waiting,
    last_voted_photo,
    lease_photos,
    photo_for_reviewer,
)
from collector.dataset.photos import read_photo
from collector.web.access import me, roles
from collector.web.here import dataset, settings
from labeler.ballots import MAX_BALLOT_BYTES, read_ballot, read_count

blueprint = Blueprint(
    "review", __name__, url_prefix="/review", template_folder="templates", static_folder="static"
)

# Letters, not digits: a digit that comes too late must never turn from a reason into an emotion.
REASON_KEYS = dict(zip(REASONS, "FBCOPE", strict=True))


@blueprint.get("/")
@roles("reviewer")
def queue() -> str:
    """The screen; everything on it but the words is fetched by its script."""
    return render_template("review.html", reason_keys=REASON_KEYS, data_folder=dataset().folder)


@blueprint.get("/api/queue")
@roles("reviewer")
def lease() -> dict[str, Any]:
    """The next photos for this reviewer, reserved for a while, and how far the work has come."""
    wanted, at = settings().wanted_votes, clock.now()
    count = read_count(request.args.get("count", "2"))
    photos = lease_photos(dataset(), me().id, wanted_votes=wanted, count=count, at=at)
    with dataset().database.read() as db:
        waiting = count_waiting(db, me().id, wanted_votes=wanted, at=at)
        voted = count_votes(db, me().id)
    return {"photos": [str(one) for one in photos], "waiting": waiting, "voted": voted}


@blueprint.get("/api/last")
@roles("reviewer")
def last() -> dict[str, str | None]:
    """The photo whose vote an undo would take back."""
    with dataset().database.read() as db:
        photo_id = last_voted_photo(db, me().id, clock.now())
    return {"photo": str(photo_id) if photo_id else None}


@blueprint.get("/photos/<uuid:photo_id>")
@roles("reviewer")
def photo(photo_id: Any) -> Response:
    """The photo's bytes, under nothing but its random id."""
    with dataset().database.read() as db:
        found = photo_for_reviewer(db, photo_id, me().id, clock.now())
    return Response(read_photo(dataset(), found), mimetype=found.media_type)


@blueprint.post("/api/votes")
@roles("reviewer")
def vote() -> tuple[dict[str, str], int]:
    """Append the vote: 201, or 200 where the same vote had arrived before."""
    judgement = read_ballot(request.stream.read(MAX_BALLOT_BYTES + 1))
    at = clock.now()
    stored = cast_vote(dataset(), me().id, judgement, at=at)
    return {"vote": str(stored.id)}, 201 if stored.created_at == at else 200
