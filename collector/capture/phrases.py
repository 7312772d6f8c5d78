"""What is said to a child in one language: all that an operator may record."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from collector.capture.words import pose_words, spoken_words
from collector.dataset.emotions import EMOTIONS
from collector.dataset.protocols.plan import current_protocols, find_protocol, read_plan


@dataclass(frozen=True)
class Phrases:
    """The page's own sentences, and the stories of the protocols in use; each once."""

    page: list[str]
    stories: list[str]

    def __contains__(self, phrase: object) -> bool:
        return phrase in self.page or phrase in self.stories


def phrases_in(db: Session, language: str) -> Phrases:
    """All phrases of the language that are in use now, stories by emotion."""
    plans = [read_plan(one.body, language) for one in current_protocols(db)]
    told = {story: step.emotion for plan in plans for step in plan.steps for story in step.stories}
    page = list(dict.fromkeys(spoken_words(language)))
    stories = sorted(told, key=lambda story: EMOTIONS.index(told[story]))
    return Phrases(page, [story for story in stories if story not in page])


def phrases_of(db: Session, protocol_id: uuid.UUID, language: str) -> set[str]:
    """What a child may hear in sittings by this protocol; raises NotFound."""
    steps = read_plan(find_protocol(db, protocol_id).body, language).steps
    poses = pose_words(language)
    never = set(poses.values()) - {poses.get(step.head_pose) for step in steps}
    stories = {story for step in steps for story in step.stories}
    return stories | set(spoken_words(language)) - never
