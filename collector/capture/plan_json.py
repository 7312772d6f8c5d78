"""What a tablet is told of a plan: as JSON, for a session, or for a rehearsal without one."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from collector.capture.words import pose_words, tablet_words
from collector.dataset.protocols.asking import Asked, rehearse
from collector.dataset.voices import recordings_of


def plan_json(asked: Asked, language: str) -> dict[str, Any]:
    """The plan of one sitting, with the stories and positions of the head in its language."""
    plan, poses = asked.plan, pose_words(language)
    return {
        "countdown_seconds": plan.countdown_seconds,
        "shot_interval_ms": plan.shot_interval_ms,
        "minutes": plan.minutes,
        "practice": plan.practice,
        "steps": [
            {
                "emotion": prompt.emotion,
                "story": prompt.story,
                "shots": prompt.shots,
                "head_pose": prompt.head_pose,
                "pose": poses.get(prompt.head_pose, ""),
                "rests": prompt.rests,
            }
            for prompt in asked.prompts
        ],
    }


def voices_json(db: Session, language: str, folder: str = "voices") -> dict[str, str]:
    """Where each recorded phrase of the language is heard, from the API's own address."""
    return {one.phrase: f"{folder}/{one.id}" for one in recordings_of(db, language)}


def play_json(
    db: Session, protocol_id: uuid.UUID, language: str, voices: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """All that a tablet needs for a rehearsal: plan, words, language, voices, and no child's data.

    Raises NotFound for an unknown protocol. `voices`: where recorded phrases are heard, by phrase.
    """
    return {
        "plan": plan_json(rehearse(db, protocol_id, language), language),
        "words": tablet_words(language),
        "language": language,
        "voices": dict(voices or {}),
    }
