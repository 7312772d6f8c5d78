"""Photos in quarantine: an admin sees them, releases or erases, and records a child's answer."""

import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from collector.capture import quarantine as pages
from collector.dataset import clock, quarantine
from collector.dataset.dataset import Dataset
from collector.dataset.doors import count_usable, own_session_photos
from collector.dataset.models import AuditEvent, Photo
from collector.dataset.participants import find_participant
from collector.dataset.sessions import close_session
from tests.capture.tablet import send
from tests.cast import OpenSession, enrol, give, sit, snap
from tests.web.visitors import post, signed_in

pytestmark = pytest.mark.slow


@pytest.fixture
def admin(app: Flask, staff: dict[str, uuid.UUID]) -> FlaskClient:
    assert staff
    return signed_in(app, "admin")


@pytest.fixture
def session(dataset: Dataset) -> OpenSession:
    return sit(dataset, enrol(dataset, "research"))


def with_second_face(dataset: Dataset, session: OpenSession) -> uuid.UUID:
    """A photo in which a second face was seen."""
    photo_id = snap(dataset, session)
    with dataset.database.write() as db:
        db.execute(
            update(Photo)
            .where(Photo.id == photo_id)
            .values(state="quarantined", state_reason="second_face")
        )
    return photo_id


@pytest.fixture
def photo(dataset: Dataset, session: OpenSession) -> uuid.UUID:
    return with_second_face(dataset, session)


def page(client: FlaskClient, number: int = 0) -> str:
    return client.get(f"/quarantine/?page={number}").get_data(as_text=True)


def pictures(text: str) -> list[str]:
    return re.findall(r'src="(/quarantine/photos/[^"]+)"', text)


def decide(client: FlaskClient, photo_id: uuid.UUID, decision: str) -> TestResponse:
    return post(client, f"/quarantine/photos/{photo_id}", decision=decision)


def usable(dataset: Dataset, session: OpenSession) -> int:
    with dataset.database.read() as db:
        return count_usable(db, session.child, clock.now())


def state(dataset: Dataset, photo_id: uuid.UUID) -> tuple[str, str | None] | None:
    with dataset.database.read() as db:
        found = db.get(Photo, photo_id)
        return (found.state, found.state_reason) if found else None


def events(dataset: Dataset, action: str) -> list[AuditEvent]:
    with dataset.database.read() as db:
        return list(db.scalars(select(AuditEvent).where(AuditEvent.action == action)))


def test_an_empty_quarantine_says_what_comes_here(admin: FlaskClient) -> None:
    assert "No photo is in quarantine." in page(admin)


def test_it_stands_in_the_admin_s_menu_alone(app: Flask, admin: FlaskClient) -> None:
    assert 'href="/quarantine/"' in admin.get("/home").get_data(as_text=True)
    assert 'href="/quarantine/"' not in signed_in(app, "olga").get("/home").get_data(as_text=True)


def test_a_photo_is_shown_with_child_session_and_reason(
    admin: FlaskClient, dataset: Dataset, session: OpenSession, photo: uuid.UUID
) -> None:
    snap(dataset, session)  # a usable one
    text = page(admin)
    with dataset.database.read() as db:
        assert find_participant(db, session.child).pseudonym in text
    assert "A second face, perhaps" in text
    (picture,) = pictures(text)
    answer = admin.get(picture)
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "no-store"
    assert str(photo) in picture


def test_looking_is_noted_by_page_and_not_by_picture(
    admin: FlaskClient, dataset: Dataset, session: OpenSession, photo: uuid.UUID
) -> None:
    (picture,) = pictures(page(admin))
    admin.get(picture)
    (event,) = events(dataset, "quarantine seen")
    assert (event.actor, event.subject, event.details) == ("admin", session.id.hex, {"photos": 1})


def test_usable_photos_are_not_shown_by_this_way(
    admin: FlaskClient, dataset: Dataset, session: OpenSession
) -> None:
    fine = snap(dataset, session)
    assert admin.get(f"/quarantine/photos/{fine}").status_code == 404
    for decision in ("release", "erase"):
        assert decide(admin, fine, decision).status_code == 404
    assert usable(dataset, session) == 1


def test_no_second_face_after_all_and_it_is_used(
    admin: FlaskClient, dataset: Dataset, session: OpenSession, photo: uuid.UUID
) -> None:
    assert usable(dataset, session) == 0
    assert decide(admin, photo, "release").status_code == 302
    assert state(dataset, photo) == ("active", None)
    assert usable(dataset, session) == 1
    (event,) = events(dataset, "photo released")
    assert (event.actor, event.subject) == ("admin", photo.hex)
    assert "No photo is in quarantine." in page(admin)


def test_a_second_face_is_erased_and_stays_away(
    admin: FlaskClient,
    nobody: FlaskClient,
    dataset: Dataset,
    session: OpenSession,
    photo: uuid.UUID,
) -> None:
    assert decide(admin, photo, "erase").status_code == 302
    assert state(dataset, photo) is None
    assert events(dataset, "photo erased")[0].actor == "admin"
    assert send(nobody, session.token, photo=photo).json["code"] == "erased"


def test_neither_release_nor_erase_is_nothing(
    admin: FlaskClient, dataset: Dataset, photo: uuid.UUID
) -> None:
    assert decide(admin, photo, "perhaps").status_code == 422
    assert state(dataset, photo) == ("quarantined", "second_face")


def test_released_it_still_waits_for_the_child_that_stopped(
    admin: FlaskClient, dataset: Dataset, session: OpenSession, photo: uuid.UUID
) -> None:
    close_session(dataset, session.id, "stopped", [])
    decide(admin, photo, "release")
    assert state(dataset, photo) == ("quarantined", "stopped")
    assert usable(dataset, session) == 0
    post(admin, f"/quarantine/sessions/{session.id}", answer="keep")
    assert state(dataset, photo) == ("active", None)


def test_the_child_s_answer_releases_no_second_face(
    admin: FlaskClient, dataset: Dataset, session: OpenSession, photo: uuid.UUID
) -> None:
    close_session(dataset, session.id, "stopped", [])
    post(admin, f"/quarantine/sessions/{session.id}", answer="keep")
    assert state(dataset, photo) == ("quarantined", "second_face")


@pytest.fixture
def stopped(dataset: Dataset, session: OpenSession) -> uuid.UUID:
    """A photo that waits for the child's answer."""
    photo_id = snap(dataset, session)
    close_session(dataset, session.id, "stopped", [])
    return photo_id


def test_a_stopped_child_s_photo_is_not_the_admin_s_to_decide(
    admin: FlaskClient, dataset: Dataset, stopped: uuid.UUID
) -> None:
    assert "The child stopped" in page(admin)
    for decision in ("release", "erase"):
        assert decide(admin, stopped, decision).status_code == 409
    assert state(dataset, stopped) == ("quarantined", "stopped")


@pytest.mark.parametrize(("answer", "left"), [("keep", 1), ("bin", 0)])
def test_the_child_s_answer_is_recorded(
    admin: FlaskClient, dataset: Dataset, session: OpenSession, stopped: uuid.UUID,
    answer: str, left: int,
) -> None:  # fmt: skip
    assert stopped
    said = post(admin, f"/quarantine/sessions/{session.id}", answer=answer)
    assert said.status_code == 302
    assert usable(dataset, session) == left
    with dataset.database.read() as db:
        assert len(db.scalars(own_session_photos(session.id)).all()) == left
    action = {"keep": "photos kept after stop", "bin": "photos thrown away after stop"}[answer]
    (event,) = events(dataset, action)
    assert (event.actor, event.subject) == ("admin", session.id.hex)


def test_without_standing_consent_a_photo_is_listed_without_its_picture(
    admin: FlaskClient, dataset: Dataset, session: OpenSession, photo: uuid.UUID
) -> None:
    (picture,) = pictures(page(admin))
    give(dataset, session.child, given=False, signed_at=clock.now())
    looks = len(events(dataset, "quarantine seen"))
    text = page(admin)
    assert "Not shown" in text
    assert pictures(text) == []
    assert "release" not in text.partition("<section>")[2]
    assert admin.get(picture).status_code == 404
    assert decide(admin, photo, "release").status_code == 404
    assert state(dataset, photo) == ("quarantined", "second_face")
    assert len(events(dataset, "quarantine seen")) == looks
    assert decide(admin, photo, "erase").status_code == 302
    assert state(dataset, photo) is None


def test_many_photos_come_by_pages(
    admin: FlaskClient,
    dataset: Dataset,
    session: OpenSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waiting = [with_second_face(dataset, session) for _ in range(3)]
    monkeypatch.setattr(quarantine, "PAGE", 2)
    monkeypatch.setattr(pages, "PAGE", 2)
    first, second = pictures(page(admin)), pictures(page(admin, 1))
    assert [len(first), len(second)] == [2, 1]
    assert {*first, *second} == {f"/quarantine/photos/{one}" for one in waiting}
    assert pictures(page(admin, 10**30)) == second
    assert pictures(page(admin, -1)) == first
