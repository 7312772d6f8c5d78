"""What a tablet of a lesson asks and tells, over HTTP, with nothing but its own token."""

import secrets
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.capture.phrases import phrases_of
from collector.dataset.dataset import Dataset
from collector.dataset.lessons.lessons import close_lesson
from collector.dataset.lessons.pairing import code_of, offer_code
from collector.dataset.lessons.sending import let_rehearse
from collector.dataset.models import Lesson
from collector.dataset.voices import keep_recording
from tests.capture.sounds import WEBM
from tests.capture.tablet import ask
from tests.cast import enrol
from tests.dataset.lessons.classes import PairedTablet, begin, board_of, send

pytestmark = pytest.mark.slow


@pytest.fixture
def lesson(dataset: Dataset, child: uuid.UUID) -> Lesson:
    return begin(dataset, [child, enrol(dataset)])


@pytest.fixture
def tablet(dataset: Dataset, lesson: Lesson) -> PairedTablet:
    return PairedTablet(dataset, lesson.id)


def pair(nobody: FlaskClient, code: str, token: str) -> tuple[int, str]:
    answer = nobody.post("/capture/api/tablet/pair", json={"code": code, "token": token})
    said = answer.json or {}
    return answer.status_code, said.get("error", "")


def task(nobody: FlaskClient, tablet: PairedTablet) -> dict[str, Any]:
    answer = nobody.get("/capture/api/tablet/task", headers={"Tablet-Token": tablet.token})
    assert answer.json
    return dict(answer.json)


def tell(nobody: FlaskClient, tablet: PairedTablet, **said: object) -> tuple[int, object]:
    answer = nobody.post(
        "/capture/api/tablet/report", json=said, headers={"Tablet-Token": tablet.token}
    )
    return answer.status_code, answer.json


def test_a_code_pairs_one_tablet_and_refuses_the_second_in_a_sentence(
    nobody: FlaskClient, dataset: Dataset, lesson: Lesson
) -> None:
    code, token = code_of(dataset, offer_code(dataset, lesson.id)), secrets.token_urlsafe(32)
    assert pair(nobody, code, token) == (200, "")
    assert pair(nobody, code, token) == (200, "")
    status, sentence = pair(nobody, code, secrets.token_urlsafe(32))
    assert status == 409
    assert "Another tablet has used this code" in sentence


def test_strangers_cannot_try_many_codes(nobody: FlaskClient, lesson: Lesson) -> None:
    token = secrets.token_urlsafe(32)
    tries = [pair(nobody, f"CODE{number}", token)[0] for number in range(25)]
    assert tries[:20] == [404] * 20
    assert set(tries[20:]) == {429}


def test_the_waiting_screen_gets_its_words_in_the_lesson_s_language(
    nobody: FlaskClient, tablet: PairedTablet
) -> None:
    told = task(nobody, tablet)
    assert (told["number"], told["language"], told["task"]) == (1, "ru", None)
    assert told["words"]["next_child"]


def test_a_voice_is_not_missed_only_where_every_sentence_is_recorded(
    app: Flask, nobody: FlaskClient, dataset: Dataset, lesson: Lesson, tablet: PairedTablet
) -> None:
    with app.test_request_context(), dataset.database.read() as session:
        first, *others = sorted(phrases_of(session, lesson.protocol_id, "ru"))
    keep_recording(dataset, "ru", first, WEBM, actor="olga")
    assert task(nobody, tablet)["recorded"] is False
    for phrase in others:
        keep_recording(dataset, "ru", phrase, WEBM, actor="olga")
    assert task(nobody, tablet)["recorded"] is True


def test_a_session_s_token_comes_with_the_task(
    nobody: FlaskClient, dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    sent = send(dataset, lesson, child, tablet)
    told = task(nobody, tablet)["task"]
    assert isinstance(told, dict)
    assert (told["kind"], told["id"]) == ("sit", str(sent.id))
    assert ask(nobody, told["token"], "assent", answer="yes").json == {"state": "running"}
    assert task(nobody, tablet)["task"] == told
    assert tell(nobody, tablet, waiting=2, now=told["id"]) == (
        200, {"task": told["id"], "holds": True}
    )  # fmt: skip
    assert board_of(dataset, lesson).seats[0].tablet.waiting == 2


def test_a_rehearsal_comes_with_all_it_needs_and_ends_when_the_tablet_says_so(
    nobody: FlaskClient, dataset: Dataset, lesson: Lesson, tablet: PairedTablet
) -> None:
    playing = board_of(dataset, lesson).pupils[1].participant.id
    let_rehearse(dataset, lesson.id, playing, tablet.id)
    told = task(nobody, tablet)["task"]
    assert isinstance(told, dict)
    assert told["kind"] == "rehearse"
    assert told["plan"]["steps"]
    assert told["words"]["assent"]
    assert "token" not in told
    assert tell(nobody, tablet, waiting=0, ended=told["id"]) == (200, {"task": None, "holds": True})


@pytest.mark.parametrize("waiting", [None, -1, True, "2", 1.5])
def test_a_report_without_its_number_is_refused(
    nobody: FlaskClient, tablet: PairedTablet, waiting: object
) -> None:
    assert tell(nobody, tablet, waiting=waiting)[0] == 422


def test_a_closed_lesson_lets_no_tablet_in(
    nobody: FlaskClient, dataset: Dataset, lesson: Lesson, tablet: PairedTablet
) -> None:
    close_lesson(dataset, lesson.id, actor="olga", anyway=True)
    status, said = tell(nobody, tablet, waiting=0)
    assert status == 401
    assert said == {"error": "This link has ended.", "code": "401"}


def test_the_tablet_s_token_opens_no_session(
    nobody: FlaskClient, dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    send(dataset, lesson, child, tablet)
    session = nobody.get("/capture/api/session", headers={"Session-Token": tablet.token})
    assert session.status_code == 401
