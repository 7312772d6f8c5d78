"""What a tablet that was paired for a lesson may ask: what is next; and tell: what waits there."""

import uuid
from typing import Any

from flask import Blueprint, Response, g, jsonify, request

from collector.capture import bodies
from collector.capture.phrases import phrases_of
from collector.capture.plan_json import play_json, voices_json
from collector.capture.words import lesson_words
from collector.dataset.errors import Unprocessable
from collector.dataset.lessons.lessons import find_lesson
from collector.dataset.lessons.pairing import pair_tablet
from collector.dataset.lessons.tasks import Task, hand_over, report
from collector.web.access import TABLET_TOKEN_HEADER, public, tablet_token
from collector.web.here import dataset

api = Blueprint("lesson_tablet", __name__, url_prefix="/capture/api/tablet")


@api.post("/pair")
@public
def pair() -> Response:
    """The tablet that scanned a code brings the token that it will hold."""
    body = bodies.json_object()
    code, token = str(body.get("code")), str(body.get("token"))
    tablet = pair_tablet(dataset(), code, token, request.headers.get("User-Agent", ""))
    return jsonify(number=tablet.number)


@api.get("/task")
@tablet_token
def task() -> Response:
    """What the tablet does next, with the token that opens the session; and its own words."""
    found, opening = hand_over(dataset(), g.tablet.id, request.headers[TABLET_TOKEN_HEADER])
    with dataset().database.read() as db:
        lesson = find_lesson(db, g.tablet.lesson_id)
        voices = voices_json(db, lesson.language)
        return jsonify(
            number=g.tablet.number,
            language=lesson.language,
            words=lesson_words(lesson.language),
            recorded=phrases_of(db, lesson.protocol_id, lesson.language) <= voices.keys(),
            task=_task_json(db, lesson, found, opening),
        )


@api.post("/report")
@tablet_token
def tell() -> Response:
    """How many photos wait on the tablet, what it does now, and what it has ended."""
    body = bodies.json_object()
    waiting = body.get("waiting")
    if not isinstance(waiting, int) or isinstance(waiting, bool) or waiting < 0:
        raise Unprocessable("The tablet must say how many photos wait there.")
    now, ended = _identifier(body.get("now")), _identifier(body.get("ended"))
    reply = report(dataset(), g.tablet.id, waiting=waiting, now=now, ended=ended)
    return jsonify(task=reply.task, holds=reply.holds)


def _task_json(db: Any, lesson: Any, found: Task | None, opening: str) -> dict[str, Any] | None:
    if found is None:
        return None
    if found.kind == "sit":
        return {"kind": "sit", "id": found.id, "token": opening}
    folder = f"play/{lesson.protocol_id}/voices"
    voices = voices_json(db, lesson.language, folder)
    play = play_json(db, lesson.protocol_id, lesson.language, voices)
    return {"kind": "rehearse", "id": found.id, **play}


def _identifier(value: object) -> uuid.UUID | None:
    return bodies.identifiers([value])[0] if value else None
