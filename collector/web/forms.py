"""Reading a form's fields into plain values; what they may be is the dataset's own rule."""

import base64
import uuid
from datetime import date, datetime

from flask import request

from collector.dataset import clock
from collector.dataset.errors import NotFound, Unprocessable


def text(name: str) -> str:
    """The field without blanks around it; empty if it is missing."""
    return request.form.get(name, "").strip()


def optional_text(name: str) -> str | None:
    """The field, or None if it is empty."""
    return text(name) or None


def optional_int(name: str) -> int | None:
    """The field as a whole number, or None if it is empty; raises Unprocessable."""
    value = text(name)
    try:
        return int(value) if value else None
    except ValueError as error:
        raise Unprocessable("Please enter a whole number.") from error


def optional_date(name: str) -> date | None:
    """The field as a date, or None if it is empty; raises Unprocessable."""
    value = text(name)
    try:
        day = date.fromisoformat(value) if value else None
    except ValueError as error:
        raise Unprocessable("Please enter a date.") from error
    # Other years are slips of the finger, and beyond some a machine's time zone is not known.
    if day and not 1990 <= day.year <= 2100:
        raise Unprocessable("Please enter a date.")
    return day


def optional_yes(name: str) -> bool | None:
    """Yes, no, or None if nothing was chosen."""
    return {"yes": True, "no": False}.get(text(name))


def chosen(name: str, *offered: str) -> str:
    """One of the answers offered; raises Unprocessable for any other and for none."""
    if text(name) not in offered:
        raise Unprocessable("Please choose an answer.")
    return text(name)


def identifier(name: str) -> uuid.UUID:
    """The field as a random id; raises NotFound."""
    try:
        return uuid.UUID(text(name))
    except ValueError as error:
        raise NotFound("There is nothing with that number.") from error


def identifiers(name: str) -> list[uuid.UUID]:
    """All values of the field as random ids; raises NotFound."""
    try:
        return [uuid.UUID(one) for one in request.form.getlist(name)]
    except ValueError as error:
        raise NotFound("There is nothing with that number.") from error


def optional_file(name: str) -> bytes | None:
    """A file that the page put into the field as base64, or None; raises Unprocessable.

    Multipart bodies are not used: their parsers spool to disk.
    """
    value = text(name)
    try:
        return base64.b64decode(value.partition(",")[2] or value, validate=True) if value else None
    except ValueError as error:
        raise Unprocessable("The file did not arrive whole: please send it again.") from error


def midnight(day: date) -> datetime:
    """The beginning of a day in this machine's time zone, as a moment in UTC."""
    return clock.midnight(day)
