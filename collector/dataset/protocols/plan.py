"""A session's prompts as data: read for a child, looked up, and checked before they are kept.

docs/PROTOCOLS.md tells the fields. Rows of the first form, with the stories in each step and
neither parts nor breaks, are read for ever as they were meant.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from collector.dataset.emotions import Emotion
from collector.dataset.errors import NotFound
from collector.dataset.models import Protocol


@dataclass(frozen=True)
class Step:
    """One burst: an emotion, the stories that invite it, how many shots, the head's position.

    A sitting tells one of the stories, so that a child who comes again may hear another.
    `part` counts from 1. A `required` step is asked in every sitting, even where nothing is short.
    """

    emotion: Emotion
    stories: tuple[str, ...]
    shots: int
    head_pose: str
    part: int = 1
    required: bool = False


@dataclass(frozen=True)
class Plan:
    """A protocol in one language.

    A sitting takes one of the `parts`: each is the lights that it is wanted in, none for any.
    `break_after` counts emotions, `minutes` is the longest sitting; 0 is none.
    """

    steps: tuple[Step, ...]
    countdown_seconds: int
    shot_interval_ms: int
    parts: tuple[tuple[str, ...], ...] = ((),)
    break_after: int = 0
    minutes: int = 0
    practice: bool = False
    shuffled: bool = False

    @property
    def emotions(self) -> frozenset[Emotion]:
        """The prompts that photos of this plan may bear."""
        return frozenset(step.emotion for step in self.steps)


def modernise(body: dict[str, Any]) -> dict[str, Any]:
    """The body in today's form; one of the first form keeps its order and has no breaks."""
    if "stories" in body:
        return body
    stories: dict[str, dict[str, list[str]]] = {}
    for step in body["steps"]:
        for language, told in step["stories"].items():
            known = stories.setdefault(step["emotion"], {}).setdefault(language, [])
            known.extend(story for story in told if story not in known)
    steps = [
        {
            "emotion": step["emotion"],
            "head_pose": step.get("head_pose", "frontal"),
            "shots": step.get("shots", body.get("shots")),
            "part": 1,
        }
        for step in body["steps"]
    ]
    return {
        "titles": body.get("titles", {}),
        "countdown_seconds": body["countdown_seconds"],
        "shot_interval_ms": body["shot_interval_ms"],
        "break_after_emotions": 0,
        "time_limit_minutes": 0,
        "practice": False,
        "shuffle": False,
        "parts": [{"lights": []}],
        "steps": steps,
        "stories": stories,
    }


def read_plan(body: dict[str, Any], language: str) -> Plan:
    """A protocol's body in the given language, English where the stories lack it."""
    body = modernise(body)
    stories = body["stories"]
    steps = tuple(
        Step(
            emotion=Emotion(step["emotion"]),
            stories=tuple(stories[step["emotion"]].get(language) or stories[step["emotion"]]["en"]),
            shots=int(step["shots"]),
            head_pose=step["head_pose"],
            part=int(step["part"]),
            required=bool(step.get("required")),
        )
        for step in body["steps"]
    )
    return Plan(
        steps=steps,
        countdown_seconds=int(body["countdown_seconds"]),
        shot_interval_ms=int(body["shot_interval_ms"]),
        parts=tuple(tuple(part["lights"]) for part in body["parts"]),
        break_after=int(body["break_after_emotions"]),
        minutes=int(body["time_limit_minutes"]),
        practice=bool(body["practice"]),
        shuffled=bool(body["shuffle"]),
    )


def title_of(body: dict[str, Any], language: str) -> str:
    """How a protocol is called in the given language, English where it lacks one."""
    titles: dict[str, str] = body["titles"]
    return titles.get(language) or titles["en"]


def current_protocols(session: Session) -> Sequence[Protocol]:
    """The protocols that no newer version supersedes, by name."""
    newer = aliased(Protocol)
    superseded = select(newer.supersedes_id).where(newer.supersedes_id.is_not(None))
    return session.scalars(
        select(Protocol)
        .where(Protocol.id.not_in(superseded))
        .order_by(func.lower(Protocol.name), Protocol.version)
    ).all()


def find_protocol(session: Session, protocol_id: uuid.UUID) -> Protocol:
    """The protocol of that id; raises NotFound."""
    protocol = session.get(Protocol, protocol_id)
    if protocol is None:
        raise NotFound("There is no such protocol.")
    return protocol
