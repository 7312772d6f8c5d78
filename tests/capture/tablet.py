"""A tablet in tests: what the capture page sends, without the page."""

import json
import uuid

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from collector.dataset import clock
from tests.cast import drawn_jpeg


def details(**changed: object) -> str:
    """The header that says what a photo is."""
    told: dict[str, object] = {
        "burst": str(uuid.uuid4()),
        "shot": 0,
        "prompt": "happy",
        "taken_at": clock.now().isoformat(),
        "head_pose": "frontal",
        "settings": {"width": 1280, "facingMode": "user"},
    }
    return json.dumps({**told, **changed})


def send(
    client: FlaskClient,
    token: str,
    body: bytes | None = None,
    *,
    photo: uuid.UUID | None = None,
    header: str | None = None,
    **changed: object,
) -> TestResponse:
    """PUT a photo as the page does."""
    return client.put(
        f"/capture/api/photos/{photo or uuid.uuid4()}",
        data=drawn_jpeg() if body is None else body,
        headers={
            "Session-Token": token,
            "Photo-Details": details(**changed) if header is None else header,
            "Content-Type": "image/jpeg",
        },
    )


def ask(client: FlaskClient, token: str, path: str, **body: object) -> TestResponse:
    """POST to the tablet's API."""
    return client.post(f"/capture/api/{path}", json=body, headers={"Session-Token": token})
