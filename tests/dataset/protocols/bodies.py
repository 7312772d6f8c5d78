"""Protocols for tests: bodies as operators and the program's first version wrote them."""

import uuid
from typing import Any

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import LANGUAGES
from collector.dataset.models import Protocol
from collector.dataset.protocols.plan import current_protocols

TITLES = {language: f"A title in {language}" for language in LANGUAGES}


def told(emotion: str, number: int = 1) -> list[str]:
    """So many stories of an emotion, none of them like another's."""
    letters = "abcdefgh"[sum(emotion.encode()) % 8] + emotion[-1]
    return [f"Someone tells tale {one} of kind {letters}{len(emotion)}." for one in range(number)]


def step(emotion: str, head_pose: str = "frontal", part: int = 1, shots: int = 2) -> dict[str, Any]:
    """One step of a body of today."""
    return {"emotion": emotion, "head_pose": head_pose, "shots": shots, "part": part}


def new_body(*steps: dict[str, Any], stories: int = 3, **changed: object) -> dict[str, Any]:
    """A body of today with these steps; happy alone where none is given."""
    asked = list(steps) or [step("happy")]
    return {
        "titles": dict(TITLES),
        "countdown_seconds": 3,
        "shot_interval_ms": 500,
        "break_after_emotions": 2,
        "time_limit_minutes": 10,
        "practice": False,
        "shuffle": True,
        "parts": [{"lights": []} for _ in {one["part"] for one in asked}],
        "steps": asked,
        "stories": {
            one["emotion"]: {language: told(one["emotion"], stories) for language in LANGUAGES}
            for one in asked
        },
        **changed,
    }


def first_body(*emotions: str) -> dict[str, Any]:
    """A body of the first form: the stories in the steps, one number of shots for all."""
    return {
        "titles": dict(TITLES),
        "shots": 4,
        "shot_interval_ms": 400,
        "countdown_seconds": 3,
        "steps": [
            {"emotion": one, "stories": {language: told(one, 2) for language in LANGUAGES}}
            for one in emotions
        ],
    }


def keep(
    dataset: Dataset, body: dict[str, Any], name: str = "tests", version: int = 1
) -> uuid.UUID:
    """A row with that body, as it stands."""
    with dataset.database.write() as session:
        protocol = Protocol(
            id=uuid.uuid4(),
            site_id=dataset.site_id,
            name=name,
            version=version,
            body=body,
            created_at=clock.now(),
        )
        session.add(protocol)
    return protocol.id


def body_of(dataset: Dataset, name: str) -> dict[str, Any]:
    """The body of the protocol in use of that name."""
    with dataset.database.read() as session:
        (body,) = [one.body for one in current_protocols(session) if one.name == name]
    return body
