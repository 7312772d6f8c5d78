"""Reading what a tablet sends: raw, limited, in memory, and refused in a sentence."""

import json
import math
import uuid
from datetime import UTC, datetime
from typing import Any

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from collector.dataset.emotions import Emotion
from collector.dataset.errors import Unprocessable, UserMistake
from collector.dataset.photos import Shot
from collector.dataset.picture import MAX_BYTES
from collector.dataset.vocabulary import GUIDANCE

DETAILS_HEADER = "Photo-Details"
MAX_DETAILS = 4000
MAX_JSON = 100_000
MAX_FRAME = 2 * 1024 * 1024
MAX_RESCUE = 128 * 1024 * 1024
MAX_PREVIEW = 64 * 1024


class NotUnderstood(UserMistake):
    """The request is not of the form that this API takes."""


def photo() -> bytes:
    """The raw body, at most 15 MB, held in memory alone; raises RequestEntityTooLarge."""
    return _body(MAX_BYTES)


def frame() -> bytes:
    """A camera's picture that is looked at and forgotten, at most 2 MB; as `photo`."""
    return _body(MAX_FRAME)


def preview() -> bytes:
    """A small picture of a child that sees itself, at most 64 KiB; as `frame`."""
    return _body(MAX_PREVIEW)


def rescue() -> bytes:
    """A file that a tablet saved, at most 128 MB; raises Unprocessable."""
    try:
        return _body(MAX_RESCUE)
    except RequestEntityTooLarge as error:
        raise Unprocessable("The file is larger than 128 MB.") from error


def json_object() -> dict[str, Any]:
    """The body as a JSON object; raises NotUnderstood."""
    return _object(_body(MAX_JSON))


def shot(photo_id: uuid.UUID) -> Shot:
    """What the header says of the photo; raises NotUnderstood or Unprocessable."""
    written = request.headers.get(DETAILS_HEADER, "")[:MAX_DETAILS]
    return shot_of(photo_id, _object(written.encode()))


def shot_of(photo_id: uuid.UUID, details: dict[str, Any]) -> Shot:
    """What the tablet says of the photo; raises Unprocessable."""
    number = details.get("shot")
    if not isinstance(number, int) or isinstance(number, bool) or not 0 <= number < 10_000:
        raise Unprocessable("The photo's number in its burst is missing.")
    pose = details.get("head_pose")
    return Shot(
        photo_id=photo_id,
        burst_id=_identifier(details.get("burst")),
        shot=number,
        prompted_emotion=_emotion(details.get("prompt")),
        taken_at=_moment(details.get("taken_at")),
        head_pose=_clean(pose)[:40] if isinstance(pose, str) else None,
        camera_settings=_settings(details.get("settings")),
        attempt=_attempt(details.get("attempt", 1)),
        guidance=_guidance(details.get("guidance")),
    )


def camera_settings() -> dict[str, Any] | None:
    """What the header says of the camera that took a frame; None where it says nothing."""
    written = request.headers.get(DETAILS_HEADER)
    return _settings(_object(written[:MAX_DETAILS].encode()).get("settings")) if written else None


def identifiers(value: object) -> list[uuid.UUID]:
    """A list of random ids; empty where there is none."""
    return [_identifier(one) for one in value] if isinstance(value, list) else []


def _body(limit: int) -> bytes:
    # One byte more is read than may be there: a chunked body that ends at the limit and one that
    # goes on look the same to Werkzeug.
    request.max_content_length = limit + 1
    content = request.get_data(cache=False, parse_form_data=False)
    if len(content) > limit:
        raise RequestEntityTooLarge
    return content


def _object(content: bytes) -> dict[str, Any]:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotUnderstood("The request could not be understood.") from error
    if not isinstance(value, dict):
        raise NotUnderstood("The request could not be understood.")
    return value


def _identifier(value: object) -> uuid.UUID:
    try:
        return uuid.UUID(str(value))
    except ValueError as error:
        raise Unprocessable("A number in the request has the wrong form.") from error


def _emotion(value: object) -> Emotion:
    try:
        return Emotion(str(value))
    except ValueError as error:
        raise Unprocessable("This emotion is not in the session's protocol.") from error


def _moment(value: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise Unprocessable("The time when the photo was taken is missing.") from error
    if moment.tzinfo is None or not 2000 <= moment.year < 2200:
        raise Unprocessable("The time when the photo was taken is missing.")
    return moment.astimezone(UTC)


def _attempt(value: object) -> int:
    if isinstance(value, bool) or value not in (1, 2):
        raise Unprocessable("The photo's number in its burst is missing.")
    return 2 if value == 2 else 1


def _guidance(value: object) -> str | None:
    # Of a page that knows other advice the photo is taken all the same.
    return str(value) if value in GUIDANCE else None


def _clean(text: str) -> str:
    # JSON may hold halves of surrogate pairs, which no database can store.
    return text.encode("utf-8", "ignore").decode()


def _settings(value: object) -> dict[str, Any] | None:
    """The camera's settings as plain values; whatever else a browser reports is left out."""
    if not isinstance(value, dict):
        return None
    return {
        _clean(str(name))[:40]: _clean(item)[:80] if isinstance(item, str) else item
        for name, item in list(value.items())[:40]
        if isinstance(item, str | bool | int) or (isinstance(item, float) and math.isfinite(item))
    }
