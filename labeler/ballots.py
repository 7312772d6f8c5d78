"""Reading what a reviewer's browser sends, refused with a sentence where anything is off."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.errors import Unprocessable, UserMistake
from collector.dataset.labels import Judgement

MAX_BALLOT_BYTES = 2000
MAX_LEASES = 10


@dataclass(frozen=True)
class Ballot:
    """A vote's fields as they came; each method reads one of them or raises Unprocessable."""

    fields: Mapping[str, object]

    def identifier(self, name: str) -> uuid.UUID:
        """A random id, which must be there."""
        try:
            return uuid.UUID(self.text(name) or "")
        except ValueError as error:
            raise Unprocessable(f"A vote needs a {name} that is a UUID.") from error

    def text(self, name: str) -> str | None:
        """A string, or None where it is null or missing."""
        value = self.fields.get(name)
        if value is None or isinstance(value, str):
            return value
        raise Unprocessable(f"A vote's {name} is a text.")

    def emotion(self, name: str) -> Emotion | None:
        """One of the eight classes, or None."""
        value = self.text(name)
        if value is not None and value not in EMOTIONS:
            raise Unprocessable(f"A vote's {name} is one of {', '.join(EMOTIONS)}.")
        return Emotion(value) if value is not None else None

    def whole_number(self, name: str) -> int | None:
        """A whole number, or None."""
        value = self.fields.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise Unprocessable(f"A vote's {name} is a whole number.")


def read_ballot(body: bytes) -> Judgement:
    """The vote in a JSON object; raises UserMistake (400) for no JSON, Unprocessable (422) else."""
    ballot = Ballot(_read_object(body))
    return Judgement(
        vote_id=ballot.identifier("vote_id"),
        photo_id=ballot.identifier("photo_id"),
        verdict=ballot.text("verdict") or "",
        emotion=ballot.emotion("emotion"),
        reason=ballot.text("reason"),
        milliseconds=ballot.whole_number("milliseconds"),
    )


def read_count(text: str) -> int:
    """How many photos are asked for, 1 to 10; raises Unprocessable."""
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MAX_LEASES):
        raise Unprocessable(f"Ask for 1 to {MAX_LEASES} photos.")
    return int(text)


def _read_object(body: bytes) -> Mapping[str, object]:
    if len(body) > MAX_BALLOT_BYTES:
        raise Unprocessable("This vote is too long.")
    try:
        value = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise UserMistake("A vote is sent as JSON.") from error
    if not isinstance(value, dict):
        raise Unprocessable("A vote is one JSON object.")
    return value


def _refuse(word: str) -> object:
    raise ValueError(f"{word} is not JSON")
