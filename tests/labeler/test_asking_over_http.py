"""The queue's addresses: what they answer, to whom."""

import hashlib
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from collector.dataset.dataset import Dataset
from collector.dataset.emotions import EMOTIONS
from tests.cast import drawn_jpeg
from tests.labeler.conftest import Browser

pytestmark = pytest.mark.slow

Enter = Callable[[str], Browser]

PATHS = ("/review/", "/review/api/queue", "/review/api/last", f"/review/photos/{uuid.uuid4()}")


def test_the_queue_leases_photos_and_says_how_far_the_work_is(
    enter: Enter, photos: list[uuid.UUID]
) -> None:
    rita = enter("rita")
    answer = rita.get("/review/api/queue?count=2").json
    assert answer == {"photos": [str(one) for one in sorted(photos)[:2]], "waiting": 3, "voted": 0}
    assert rita.vote(photos[0], verdict="emotion", emotion="happy").status_code == 201
    answer = rita.get("/review/api/queue?count=10").json
    assert answer == {"photos": [str(one) for one in sorted(photos[1:])], "waiting": 2, "voted": 1}


def test_the_operator_sees_an_empty_queue_and_none_of_her_photos(
    enter: Enter, dataset: Dataset, photos: list[uuid.UUID], staff: dict[str, uuid.UUID]
) -> None:
    with dataset.database.write() as session:
        session.execute(
            text("INSERT INTO user_role (user_id, role) VALUES (:user, 'reviewer')"),
            {"user": staff["olga"].hex},
        )
    olga = enter("olga")
    assert olga.get("/review/api/queue").json == {"photos": [], "waiting": 0, "voted": 0}
    assert olga.get(f"/review/photos/{photos[0]}").status_code == 404
    assert olga.vote(photos[0], verdict="unsure").status_code == 404


def test_a_photo_comes_whole_and_is_not_kept(enter: Enter, photos: list[uuid.UUID]) -> None:
    answer = enter("rita").get(f"/review/photos/{photos[0]}")
    assert answer.status_code == 200
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store"
    assert hashlib.sha256(answer.data).digest() == hashlib.sha256(drawn_jpeg()).digest()


def test_a_photo_that_is_not_there_is_not_found(enter: Enter) -> None:
    rita = enter("rita")
    for name in ("", "not-a-uuid", "..%2f..%2fdataset.db", str(uuid.uuid4())):
        assert rita.get(f"/review/photos/{name}").status_code == 404


def test_a_vote_is_created_once_and_repeated_with_200(
    enter: Enter, dataset: Dataset, photos: list[uuid.UUID]
) -> None:
    rita, vote_id = enter("rita"), str(uuid.uuid4())
    ballot = {"vote_id": vote_id, "verdict": "emotion", "emotion": "sad", "milliseconds": 812}
    answers = [rita.vote(photos[0], **ballot) for _ in range(2)]
    assert [one.status_code for one in answers] == [201, 200]
    assert [one.json for one in answers] == [{"vote": vote_id}] * 2
    with dataset.database.read() as session:
        stored = session.execute(text("SELECT verdict, emotion, milliseconds, blind FROM vote"))
        assert [tuple(row) for row in stored] == [("emotion", "sad", 812, 1)]


def test_each_of_the_eight_keys_stores_its_own_emotion(
    enter: Enter, dataset: Dataset, photos: list[uuid.UUID]
) -> None:
    rita = enter("rita")
    for emotion in EMOTIONS:
        assert rita.vote(photos[0], verdict="emotion", emotion=emotion).status_code == 201
    with dataset.database.read() as session:
        stored = session.scalars(text("SELECT emotion FROM vote ORDER BY created_at"))
        assert stored.all() == list(EMOTIONS)


def test_after_a_reload_the_last_vote_can_still_be_taken_back(
    enter: Enter, photos: list[uuid.UUID]
) -> None:
    enter("rita").vote(photos[1], verdict="unsure")
    rita = enter("rita")
    assert rita.get("/review/api/last").json == {"photo": str(photos[1])}
    assert rita.vote(photos[1], verdict="undone").status_code == 201
    assert rita.get("/review/api/last").json == {"photo": None}
    assert rita.vote(photos[1], verdict="undone").status_code == 409


def test_nobody_is_asked_to_sign_in(nobody: FlaskClient) -> None:
    assert {path: nobody.get(path).status_code for path in PATHS} == dict.fromkeys(PATHS, 401)


@pytest.mark.parametrize("name", ["olga", "admin"])
def test_for_who_is_no_reviewer_the_room_does_not_exist(enter: Enter, name: str) -> None:
    visitor = enter(name)
    assert {path: visitor.get(path).status_code for path in PATHS} == dict.fromkeys(PATHS, 404)
    assert visitor.vote(uuid.uuid4(), verdict="unsure").status_code == 404


def test_a_vote_without_the_csrf_token_is_refused(
    enter: Enter, dataset: Dataset, photos: list[uuid.UUID]
) -> None:
    rita = enter("rita")
    ballot: dict[str, Any] = {
        "vote_id": str(uuid.uuid4()),
        "photo_id": str(photos[0]),
        "verdict": "unsure",
    }
    for headers in ({}, {"X-CSRFToken": "guessed"}):
        answer = rita.client.post("/review/api/votes", json=ballot, headers=headers)
        assert answer.status_code == 400
        assert answer.json and "reload" in answer.json["error"]
    with dataset.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM vote")) == 0


def test_an_impossible_count_is_refused(enter: Enter) -> None:
    rita = enter("rita")
    for count in ("0", "11", "-1", "two", "1e1", "٣", "9" * 5000, ""):
        answer = rita.get(f"/review/api/queue?count={count}")
        assert answer.status_code == 422
        assert answer.json and answer.json["error"] == "Ask for 1 to 10 photos."
