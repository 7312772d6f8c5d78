"""A second try with the mascot's face: marked on its photos, and known to those who may know."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from collector.dataset.dataset import Dataset
from collector.dataset.models import Photo
from tests.capture.tablet import send
from tests.cast import enrol, sit, snap
from tests.web.visitors import signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def token(dataset: Dataset) -> str:
    return sit(dataset, enrol(dataset, "research")).token


def attempts(dataset: Dataset) -> list[int]:
    with dataset.database.read() as session:
        return sorted(session.scalars(select(Photo.attempt)))


def test_a_photo_says_which_try_it_is(nobody: FlaskClient, dataset: Dataset, token: str) -> None:
    assert send(nobody, token).status_code == 201
    assert send(nobody, token, attempt=2).status_code == 201
    assert attempts(dataset) == [1, 2]
    stored = nobody.get("/capture/api/session", headers={"Session-Token": token}).json["stored"]
    assert sorted(one["attempt"] for one in stored) == [1, 2]


@pytest.mark.parametrize("attempt", [0, 3, True, "2", None, 1.5])
def test_there_are_two_tries_and_no_more(
    nobody: FlaskClient, dataset: Dataset, token: str, attempt: object
) -> None:
    assert send(nobody, token, attempt=attempt).status_code == 422
    assert attempts(dataset) == []


def test_what_comes_from_before_is_a_first_try(dataset: Dataset) -> None:
    snap(dataset, sit(dataset, enrol(dataset, "research")))
    assert attempts(dataset) == [1]


def test_a_reviewer_is_not_told(
    app: Flask, dataset: Dataset, token: str, staff: dict[str, uuid.UUID]
) -> None:
    assert staff
    send(app.test_client(), token, attempt=2)
    rita = signed_in(app, "rita")
    told = [rita.get(path) for path in ("/review/", "/review/api/queue?count=2")]
    photo = uuid.UUID(told[1].json["photos"][0])
    answers = [*told, rita.get(f"/review/photos/{photo}"), rita.get("/review/api/last")]
    for answer in answers:
        assert b"attempt" not in answer.data
        assert "attempt" not in str(answer.headers).lower()
