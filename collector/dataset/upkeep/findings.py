"""What a check of the dataset found."""

import uuid
from dataclasses import dataclass

from collector.dataset.dataset import Dataset


@dataclass(frozen=True)
class Finding:
    """What was found, by which check, about which random id, and what to do about it."""

    check: str
    wrong: bool
    sentence: str
    to_do: str
    subject: str | None = None


def is_erased(dataset: Dataset, participant_id: uuid.UUID) -> bool:
    """Whether the child was erased, perhaps while the doctor was looking."""
    return dataset.keys.is_buried("participant", participant_id.hex)
