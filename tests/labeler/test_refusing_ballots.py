"""A vote that is no vote is refused with a sentence, and nothing is stored."""

import json
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import text

from collector.dataset.dataset import Dataset
from collector.dataset.opening import open_dataset
from collector.settings import Settings
from collector.web.app import create_app
from tests.labeler.conftest import Browser, Furnished, sit_down

VOTE_ID = str(uuid.uuid4())


@dataclass(frozen=True)
class Desk:
    """Rita's desk, shared by all these tests: none of them may change anything."""

    dataset: Dataset
    rita: Browser


@pytest.fixture(scope="module")
def desk(furnished: Furnished, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("desk") / "site"
    shutil.copytree(furnished.folder, folder)
    dataset = open_dataset(folder / "data", folder / "keys")
    app = create_app(dataset, Settings(data=folder / "data", keys=folder / "keys"))
    yield Desk(dataset, sit_down(app, "rita"))
    dataset.close()


def refusal(desk: Desk, body: bytes) -> tuple[int, str]:
    answer = desk.rita.send(body)
    with desk.dataset.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM vote")) == 0
    assert answer.json
    return answer.status_code, answer.json["error"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"vote_id=1",
        b"\xff\xfe\x00",
        b'{"milliseconds": NaN}',
        b'{"milliseconds": -Infinity}',
        b'{"milliseconds": ' + b"9" * 1900 + b"e",
        b"[" * 1900,
    ],
)
def test_what_is_not_json_is_refused_with_400(desk: Desk, body: bytes) -> None:
    assert refusal(desk, body) == (400, "A vote is sent as JSON.")


@pytest.mark.parametrize("body", [b"[]", b'"vote"', b"1", b"null", b"true"])
def test_json_that_is_no_object_is_refused(desk: Desk, body: bytes) -> None:
    assert refusal(desk, body) == (422, "A vote is one JSON object.")


def test_a_vote_as_long_as_a_book_is_refused(desk: Desk) -> None:
    body = json.dumps({"vote_id": VOTE_ID, "note": "long " * 10_000}).encode()
    assert refusal(desk, body) == (422, "This vote is too long.")


NO_VERDICT = "A vote names an emotion, or is unsure, not usable, or undone."


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"vote_id": None}, "A vote needs a vote_id that is a UUID."),
        ({"vote_id": 7}, "A vote's vote_id is a text."),
        ({"vote_id": "7"}, "A vote needs a vote_id that is a UUID."),
        ({"photo_id": None}, "A vote needs a photo_id that is a UUID."),
        ({"photo_id": ["x"]}, "A vote's photo_id is a text."),
        ({"verdict": None}, NO_VERDICT),
        ({"verdict": "\ud800"}, NO_VERDICT),
        ({"verdict": {"is": "emotion"}}, "A vote's verdict is a text."),
        ({"emotion": None}, "A vote for an emotion must name it; other votes must not."),
        ({"emotion": "love"}, "A vote's emotion is one of surprise, disgust, sad, angry, fear, "),
        ({"emotion": "Happy"}, "A vote's emotion is one of surprise, disgust, sad, angry, fear, "),
        ({"emotion": 6}, "A vote's emotion is a text."),
        ({"emotion": ""}, "A vote's emotion is one of surprise, disgust, sad, angry, fear, "),
        ({"reason": "blurred"}, "Give one of the offered reasons why the photo cannot be used."),
        ({"reason": False}, "A vote's reason is a text."),
        ({"milliseconds": "800"}, "A vote's milliseconds is a whole number."),
        ({"milliseconds": True}, "A vote's milliseconds is a whole number."),
        ({"milliseconds": 0.5}, "A vote's milliseconds is a whole number."),
        ({"milliseconds": 1e300}, "A vote's milliseconds is a whole number."),
        ({"milliseconds": -1}, "The time taken for a vote cannot be right."),
        ({"milliseconds": 10**1000}, "The time taken for a vote cannot be right."),
    ],
)
def test_a_field_that_is_off_is_refused_with_a_sentence(
    desk: Desk,
    photos: list[uuid.UUID],
    change: dict[str, Any],
    sentence: str,
) -> None:
    ballot = {
        "vote_id": VOTE_ID,
        "photo_id": str(photos[0]),
        "verdict": "emotion",
        "emotion": "happy",
        "reason": None,
        "milliseconds": 800,
    }
    status, error = refusal(desk, json.dumps(ballot | change).encode())
    assert status == 422
    assert error.startswith(sentence)


def test_a_photo_that_nobody_knows_cannot_be_judged(desk: Desk) -> None:
    ballot = {"vote_id": VOTE_ID, "photo_id": str(uuid.uuid4()), "verdict": "unsure"}
    status, error = refusal(desk, json.dumps(ballot).encode())
    assert (status, error) == (404, "There is no such photo to review.")
