"""The child decides too: assent, stop, keep or throw away, and each photo at the end."""

import uuid

import pytest
from flask.testing import FlaskClient

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos, usable_photos
from collector.dataset.sessions import LATE_PHOTOS
from tests.capture.tablet import ask, send
from tests.cast import OpenSession, enrol, give, sit


@pytest.fixture
def session(dataset: Dataset) -> OpenSession:
    """A session that waits for the child's answer."""
    return sit(dataset, enrol(dataset, "research"), assent=None)


def usable(dataset: Dataset) -> list[uuid.UUID]:
    with dataset.database.read() as db:
        return [photo.id for photo in db.scalars(usable_photos("research", clock.now()))]


def state(client: FlaskClient, session: OpenSession) -> str:
    answer = client.get("/capture/api/session", headers={"Session-Token": session.token})
    return str(answer.json["state"])


@pytest.mark.parametrize(
    ("answer", "then"), [("yes", "running"), ("no", "declined"), ("not_today", "declined")]
)
def test_the_child_is_asked_first(
    nobody: FlaskClient, session: OpenSession, answer: str, then: str
) -> None:
    assert state(nobody, session) == "ready"
    assert ask(nobody, session.token, "assent", answer=answer).json == {"state": then}
    assert ask(nobody, session.token, "assent", answer=answer).json == {"state": then}
    assert state(nobody, session) == then


def test_an_answer_cannot_be_turned_round(nobody: FlaskClient, session: OpenSession) -> None:
    ask(nobody, session.token, "assent", answer="no")
    assert ask(nobody, session.token, "assent", answer="yes").status_code == 409
    assert ask(nobody, session.token, "assent", answer="maybe").status_code == 422


def test_after_a_stop_the_photos_wait_until_the_child_keeps_them(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    ask(nobody, session.token, "assent", answer="yes")
    photo, late = uuid.uuid4(), uuid.uuid4()
    send(nobody, session.token, photo=photo)
    ask(nobody, session.token, "close", how="stopped", announced=[str(late)])
    assert usable(dataset) == []
    assert send(nobody, session.token, photo=late).json["state"] == "quarantined"
    assert ask(nobody, session.token, "after-stop", answer="keep").status_code == 200
    assert set(usable(dataset)) == {photo, late}


def test_thrown_away_after_a_stop_they_are_gone_and_stay_gone(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    ask(nobody, session.token, "assent", answer="yes")
    photo, late = uuid.uuid4(), uuid.uuid4()
    send(nobody, session.token, photo=photo)
    ask(nobody, session.token, "close", how="stopped", announced=[str(late)])
    assert ask(nobody, session.token, "after-stop", answer="bin").status_code == 200
    for one in (photo, late):
        answer = send(nobody, session.token, photo=one)
        assert (answer.status_code, answer.json["code"]) == (409, "erased")
    with dataset.database.read() as db:
        assert db.scalars(own_session_photos(session.id)).all() == []
    assert ask(nobody, session.token, "after-stop", answer="keep").status_code == 409


def test_a_single_photo_can_be_thrown_away_twice_over(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    ask(nobody, session.token, "assent", answer="yes")
    kept, binned = uuid.uuid4(), uuid.uuid4()
    for photo in (kept, binned):
        send(nobody, session.token, photo=photo)
    path, header = f"/capture/api/photos/{binned}", {"Session-Token": session.token}
    assert nobody.get(f"{path}/thumbnail", headers=header).mimetype == "image/jpeg"
    assert nobody.delete(path, headers=header).status_code == 204
    assert nobody.delete(path, headers=header).status_code == 204
    assert nobody.get(f"{path}/thumbnail", headers=header).status_code == 404
    assert usable(dataset) == [kept]
    assert send(nobody, session.token, photo=binned).json["code"] == "erased"


def test_a_child_throws_away_its_own_photos_alone(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    other = sit(dataset, enrol(dataset, "research"))
    theirs = uuid.uuid4()
    send(nobody, other.token, photo=theirs)
    ask(nobody, session.token, "assent", answer="yes")
    ask(nobody, session.token, "close", how="stopped", announced=[str(theirs)])
    answer = ask(nobody, session.token, "after-stop", answer="bin", announced=[str(theirs)])
    assert answer.status_code == 200
    assert usable(dataset) == [theirs]


def test_after_the_goodbye_the_token_shows_and_erases_nothing(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    ask(nobody, session.token, "assent", answer="yes")
    photo = uuid.uuid4()
    send(nobody, session.token, photo=photo)
    ask(nobody, session.token, "close", how="finished", announced=[])
    path, header = f"/capture/api/photos/{photo}", {"Session-Token": session.token}
    assert nobody.get(f"{path}/thumbnail", headers=header).status_code == 409
    assert nobody.delete(path, headers=header).status_code == 409
    assert usable(dataset) == [photo]


def test_a_session_that_nobody_closed_is_over_after_a_week(
    nobody: FlaskClient, session: OpenSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(nobody, session.token, "assent", answer="yes")
    later = clock.now() + LATE_PHOTOS
    monkeypatch.setattr(clock, "now", lambda: later)
    assert send(nobody, session.token).status_code == 409
    assert state(nobody, session) == "over"


def test_a_refusal_meanwhile_keeps_the_session_from_beginning(
    nobody: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    give(dataset, session.child, given=False, signed_at=clock.now())
    assert ask(nobody, session.token, "assent", answer="yes").status_code == 409


def test_the_plan_comes_in_the_session_s_language(
    nobody: FlaskClient, session: OpenSession
) -> None:
    answer = nobody.get("/capture/api/session", headers={"Session-Token": session.token}).json
    assert answer["plan"]["steps"][0]["emotion"] == "neutral"
    assert answer["words"]["yes"] == "Yes"
    assert all(step["story"] for step in answer["plan"]["steps"])
