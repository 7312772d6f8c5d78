"""The tablet: one public static page, and an API that takes a session's token in a header.

No cookie and no sign-in is involved: the child never holds the operator's rights, and a queue of
photos can wait for hours.
"""

import uuid

from flask import Blueprint, Response, g, jsonify, request

from collector.capture import bodies
from collector.capture.plan_json import plan_json, play_json, voices_json
from collector.capture.rescuing import rescue_json
from collector.capture.words import tablet_words
from collector.dataset import clock
from collector.dataset.doors import own_session_photos
from collector.dataset.emotions import LANGUAGES
from collector.dataset.erasure import bin_own_photo, bin_session
from collector.dataset.errors import NotFound, Unprocessable
from collector.dataset.guidance import guide
from collector.dataset.photos import add_photo, read_thumbnails
from collector.dataset.protocols.asking import ask
from collector.dataset.protocols.plan import find_protocol
from collector.dataset.sessions import (
    answer_assent,
    close_session,
    find_session,
    is_over,
    keep_after_stop,
    require_in_hands,
)
from collector.dataset.voices import read_recording
from collector.web.access import public, session_token
from collector.web.here import dataset, face_finder
from collector.web.languages import language

page = Blueprint(
    "tablet", __name__, url_prefix="/capture", static_folder="static", static_url_path="/static"
)
api = Blueprint("tablet_api", __name__, url_prefix="/capture/api")


@page.get("/")
@public
def capture_page() -> Response:
    """The page that a child sees; it knows nothing until a token opens a session."""
    return page.send_static_file("capture.html")


@api.get("/session")
@session_token
def session() -> Response:
    """What the page needs: the state, the plan in the session's language, what is stored."""
    with dataset().database.read() as db:
        capture = find_session(db, g.capture.id)
        asked = ask(db, capture)
        stored = db.scalars(own_session_photos(capture.id)).all()
        voices = voices_json(db, capture.language)
    return jsonify(
        state="over" if is_over(capture, clock.now()) else capture.state,
        after_stop=capture.after_stop,
        language=capture.language,
        words=tablet_words(capture.language),
        plan=plan_json(asked, capture.language),
        voices=voices,
        rescue=rescue_json(capture.id),
        stored=[
            {
                "id": str(photo.id),
                "emotion": photo.prompted_emotion,
                "head_pose": photo.head_pose,
                "attempt": photo.attempt,
                "state": photo.state,
            }
            for photo in stored
        ],
    )


@api.post("/assent")
@session_token
def assent() -> Response:
    """The child's answer: yes, no, or not today."""
    answer = str(bodies.json_object().get("answer"))
    device = request.headers.get("User-Agent", "")
    return jsonify(state=answer_assent(dataset(), g.capture.id, answer, device))


@api.put("/photos/<uuid:photo_id>")
@session_token
def photo(photo_id: uuid.UUID) -> tuple[Response, int]:
    """Store one photo; the answer names the hash of what was committed."""
    shot = bodies.shot(photo_id)
    receipt = add_photo(dataset(), face_finder(), g.capture.id, shot, bodies.photo())
    answer = jsonify(sha256=receipt.sha256, state=receipt.state, faces=receipt.faces)
    return answer, 201 if receipt.new else 200


@api.get("/photos/<uuid:photo_id>/thumbnail")
@session_token
def thumbnail(photo_id: uuid.UUID) -> Response:
    """A small picture of one of the session's own photos."""
    with dataset().database.read() as db:
        require_in_hands(db, g.capture)
        stored = {photo.id: photo for photo in db.scalars(own_session_photos(g.capture.id))}
    if photo_id not in stored:
        raise NotFound("There is no such photo in this session.")
    return Response(read_thumbnails(dataset(), [stored[photo_id]])[photo_id], mimetype="image/jpeg")


@api.delete("/photos/<uuid:photo_id>")
@session_token
def bin_photo(photo_id: uuid.UUID) -> tuple[str, int]:
    """The child throws one of its photos away: it is erased."""
    with dataset().database.read() as db:
        require_in_hands(db, g.capture)
    bin_own_photo(dataset(), g.capture.id, photo_id)
    return "", 204


@api.post("/guidance")
@session_token
def guidance() -> Response:
    """What a child that sees itself should change; the frame is looked at and forgotten."""
    pose = request.args.get("head_pose", "frontal")
    advice = guide(dataset(), face_finder(), g.capture, bodies.preview(), pose)
    return jsonify(advice=advice.word, arrow=advice.arrow)


@api.post("/close")
@session_token
def close() -> Response:
    """The child finished or stopped; `announced` photos are still on the tablet."""
    body = bodies.json_object()
    how = str(body.get("how"))
    close_session(dataset(), g.capture.id, how, bodies.identifiers(body.get("announced")))
    return jsonify(state=how)


@api.post("/after-stop")
@session_token
def after_stop() -> Response:
    """The child stopped: are its photos kept or thrown away?"""
    body = bodies.json_object()
    answer = body.get("answer")
    if answer == "keep":
        keep_after_stop(dataset(), g.capture.id)
    elif answer == "bin":
        bin_session(dataset(), g.capture.id, bodies.identifiers(body.get("announced")))
    else:
        raise Unprocessable("The answer must be keep or bin.")
    return jsonify(after_stop=answer)


@api.get("/voices/<uuid:recording_id>")
@session_token
def voice(recording_id: uuid.UUID) -> Response:
    """A phrase in an operator's voice."""
    return _play_recording(recording_id)


@api.get("/play/<uuid:protocol_id>")
@public
def play(protocol_id: uuid.UUID) -> Response:
    """What a rehearsal needs; nothing that it does comes back."""
    wanted = request.args.get("language", "")
    spoken = wanted if wanted in LANGUAGES else language()
    folder = f"play/{protocol_id}/voices"
    with dataset().database.read() as db:
        return jsonify(play_json(db, protocol_id, spoken, voices_json(db, spoken, folder)))


@api.get("/play/<uuid:protocol_id>/voices/<uuid:recording_id>")
@public
def play_voice(protocol_id: uuid.UUID, recording_id: uuid.UUID) -> Response:
    """A phrase in an operator's voice, for whoever holds the link of a rehearsal."""
    with dataset().database.read() as db:
        find_protocol(db, protocol_id)
    return _play_recording(recording_id)


def _play_recording(recording_id: uuid.UUID) -> Response:
    with dataset().database.read() as db:
        audio, media_type = read_recording(db, recording_id)
    return Response(audio, mimetype=media_type)
