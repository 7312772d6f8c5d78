"""Reviewers at their desks: some photos to judge, and browsers that are signed in."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from collector.dataset.labels import Judgement, cast_vote
from collector.dataset.opening import open_dataset
from tests.cast import OpenSession, enrol, hire, sit, snap
from tests.web.visitors import csrf_of, signed_in


@dataclass(frozen=True)
class Browser:
    """A signed-in browser and the CSRF token of its pages."""

    client: FlaskClient
    token: str

    def get(self, path: str) -> TestResponse:
        return self.client.get(path)

    def send(self, body: bytes, content_type: str = "application/json") -> TestResponse:
        return self.client.post(
            "/review/api/votes",
            data=body,
            content_type=content_type,
            headers={"X-CSRFToken": self.token},
        )

    def vote(self, photo_id: object, **fields: object) -> TestResponse:
        ballot = {"vote_id": str(uuid.uuid4()), "photo_id": str(photo_id), **fields}
        return self.client.post(
            "/review/api/votes", json=ballot, headers={"X-CSRFToken": self.token}
        )


def sit_down(app: Flask, name: str) -> Browser:
    """A browser that somebody of the cast signed in with."""
    client = signed_in(app, name)
    return Browser(client, csrf_of(client))


@pytest.fixture
def enter(app: Flask) -> Callable[[str], Browser]:
    """Sign in under a name of the cast."""
    return lambda name: sit_down(app, name)


@dataclass(frozen=True)
class Furnished:
    """A dataset's folder, with the cast's accounts and a session with three photos in it."""

    folder: Path
    staff: dict[str, uuid.UUID]
    sitting: OpenSession
    photos: tuple[uuid.UUID, ...]


@pytest.fixture(scope="session")
def furnished(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Furnished:
    """Made once and copied for each test: hashing passwords and measuring photos takes a while."""
    folder = tmp_path_factory.mktemp("furnished") / "site"
    shutil.copytree(migrated, folder)
    dataset = open_dataset(folder / "data", folder / "keys")
    staff = hire(dataset)
    sitting = sit(dataset, enrol(dataset, "research"), staff["olga"])
    photos = [snap(dataset, sitting, one) for one in (Emotion.HAPPY, Emotion.SAD, Emotion.FEAR)]
    dataset.close()
    return Furnished(folder, staff, sitting, tuple(photos))


@pytest.fixture
def dataset(furnished: Furnished, tmp_path: Path) -> Iterator[Dataset]:
    """This test's own copy of the furnished dataset."""
    shutil.copytree(furnished.folder, tmp_path, dirs_exist_ok=True)
    opened = open_dataset(tmp_path / "data", tmp_path / "keys")
    yield opened
    opened.close()


@pytest.fixture
def staff(furnished: Furnished) -> dict[str, uuid.UUID]:
    """The ids of everybody who works here."""
    return furnished.staff


@pytest.fixture
def sitting(furnished: Furnished) -> OpenSession:
    """A session of Arina's that Olga runs."""
    return furnished.sitting


@pytest.fixture
def photos(furnished: Furnished) -> list[uuid.UUID]:
    """Three of Arina's photos, in the order of the prompts happy, sad, fear."""
    return list(furnished.photos)


@pytest.fixture
def judge(dataset: Dataset, staff: dict[str, uuid.UUID]) -> Callable[..., uuid.UUID]:
    """Cast a vote: an emotion, or the name of another verdict; returns the vote's id."""

    def cast(name: str, photo_id: uuid.UUID, verdict: str, reason: str | None = None) -> uuid.UUID:
        named = verdict in set(Emotion)
        judgement = Judgement(
            vote_id=uuid.uuid4(),
            photo_id=photo_id,
            verdict="emotion" if named else verdict,
            emotion=Emotion(verdict) if named else None,
            reason=reason,
            milliseconds=900,
        )
        return cast_vote(dataset, staff[name], judgement).id

    return cast
