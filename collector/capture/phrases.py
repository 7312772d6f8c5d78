"""What is said to a child in one language: all that an operator may record."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from collector.capture.words import spoken_words
from collector.dataset.emotions import EMOTIONS
from collector.dataset.protocols.plan import current_protocols, read_plan


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
