"""Whoever judges a photo learns nothing of its prompt, child, session, burst or order."""

import re
import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import text
from werkzeug.test import TestResponse

from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from collector.dataset.labels import lease_photos
from tests.cast import OpenSession, enrol, sit, snap
from tests.labeler.conftest import Browser

Enter = Callable[[str], Browser]


def secrets_of(dataset: Dataset) -> set[str]:
    """What the rows hold of the photos beside their random ids, as it could be written."""
    with dataset.database.read() as session:
        rows = session.execute(
            text(
                "SELECT participant.pseudonym, participant.id, capture_session.id, photo.burst_id,"
                " photo.digest FROM photo JOIN capture_session ON capture_session.id ="
                " photo.session_id JOIN participant ON participant.id ="
                " capture_session.participant_id"
            )
        )
        found = {str(value) for row in rows for value in row}
    dashed = {str(uuid.UUID(one)) for one in found if len(one) == 32}
    return found | dashed


def everything(answer: TestResponse) -> str:
    return f"{answer.headers}\n{answer.get_data().decode('latin-1')}"


def test_no_answer_carries_what_would_give_the_prompt_away(
    enter: Enter, dataset: Dataset, photos: list[uuid.UUID]
) -> None:
    rita = enter("rita")
    answers = [
        rita.get("/review/api/queue?count=10"),
        *(rita.get(f"/review/photos/{one}") for one in photos),
        rita.vote(photos[0], verdict="unsure"),
        rita.get("/review/api/last"),
        rita.get("/review/"),
    ]
    assert [one.status_code for one in answers] == [200] * 4 + [201, 200, 200]
    hidden = secrets_of(dataset)
    assert len(hidden) >= 8
    for answer in answers:
        assert not [one for one in hidden if one in everything(answer)]


def test_no_answer_of_the_queue_names_an_emotion(enter: Enter, photos: list[uuid.UUID]) -> None:
    rita = enter("rita")
    queue = everything(rita.get("/review/api/queue"))
    photo = str(rita.get(f"/review/photos/{photos[0]}").headers)
    assert not [one for one in Emotion if one in queue.lower() or one in photo.lower()]


def test_the_page_is_the_same_whatever_was_prompted(
    enter: Enter, dataset: Dataset, staff: dict[str, uuid.UUID]
) -> None:
    rita = enter("rita")
    before = without_tokens(rita.get("/review/").text)
    snap(dataset, sit(dataset, enrol(dataset, "research"), staff["olga"]), Emotion.CONTEMPT)
    assert without_tokens(rita.get("/review/").text) == before


def without_tokens(page: str) -> str:
    """The page without its CSRF tokens, which are signed anew with the time."""
    return re.sub(r'(content|value)="[\w.-]{40,}"', "", page)


@pytest.mark.parametrize("header", ["Content-Disposition", "ETag", "Last-Modified"])
def test_a_photo_has_no_name_and_no_date(
    enter: Enter, photos: list[uuid.UUID], header: str
) -> None:
    assert header not in enter("rita").get(f"/review/photos/{photos[0]}").headers


def test_the_order_of_the_queue_is_not_the_order_of_the_prompts(
    dataset: Dataset, sitting: OpenSession, photos: list[uuid.UUID], staff: dict[str, uuid.UUID]
) -> None:
    taken = [*photos, *(snap(dataset, sitting, Emotion.ANGRY, number=one) for one in range(7))]
    served = lease_photos(dataset, staff["rita"], wanted_votes=3, count=10)
    assert served == sorted(taken)
    assert served != taken  # random ids: by chance the same once in 3.6 million
