"""A session's prompts as data, and what a tablet is told of them."""

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
    """One prompt: an emotion, the stories that invite it, how many shots, the head's position.

    A sitting tells one of the stories, so that a child who comes again may hear another.
    """

    emotion: Emotion
    stories: tuple[str, ...]
    shots: int
    head_pose: str


@dataclass(frozen=True)
class Plan:
    """A protocol in one language."""

    steps: tuple[Step, ...]
    countdown_seconds: int
    shot_interval_ms: int

    @property
    def emotions(self) -> frozenset[Emotion]:
        """The prompts that photos of this plan may bear."""
        return frozenset(step.emotion for step in self.steps)


def read_plan(body: dict[str, Any], language: str) -> Plan:
    """A protocol's body in the given language, English where the stories lack it."""
    steps = tuple(
        Step(
            emotion=Emotion(step["emotion"]),
            stories=tuple(step["stories"].get(language) or step["stories"]["en"]),
            shots=int(step.get("shots", body["shots"])),
            head_pose=step.get("head_pose", "frontal"),
        )
        for step in body["steps"]
    )
    return Plan(steps, int(body["countdown_seconds"]), int(body["shot_interval_ms"]))


def title_of(body: dict[str, Any], language: str) -> str:
    """How a protocol is called in the given language, English where it lacks one."""
    titles: dict[str, str] = body["titles"]
    return titles.get(language) or titles["en"]


def current_protocols(session: Session) -> Sequence[Protocol]:
    """The protocols that no newer version supersedes, by name."""
    newer = aliased(Protocol)
    superseded = select(newer.supersedes_id).where(newer.supersedes_id.is_not(None))
    return session.scalars(
        select(Protocol).where(Protocol.id.not_in(superseded)).order_by(func.lower(Protocol.name))
    ).all()


def find_protocol(session: Session, protocol_id: uuid.UUID) -> Protocol:
    """The protocol of that id; raises NotFound."""
    protocol = session.get(Protocol, protocol_id)
    if protocol is None:
        raise NotFound("There is no such protocol.")
    return protocol
