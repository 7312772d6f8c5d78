"""The class page in words, and in keys that tell which of its parts have changed."""

import hashlib
import uuid
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from collector.dataset.lessons.board import AT_A_TABLET, STATES, Board
from collector.dataset.lessons.pairing import is_fresh
from collector.web.companions import _

# A tablet tells of itself every few seconds.
HEARD = timedelta(seconds=20)


def state_words() -> dict[str, str]:
    """How a child stands, in the visitor's language."""
    return {
        "waiting": _("waiting"),
        "sent": _("sent"),
        "in_session": _("in session"),
        "done": _("done"),
        "stopped": _("stopped"),
        "no": _("said no"),
        "not_today": _("not today"),
        "absent": _("absent"),
        "no_consent": _("no consent"),
        "rehearsing": _("rehearses"),
        "rehearsed": _("has rehearsed"),
    }


def seen_words(tablet: Any, at: datetime) -> str:
    """When the tablet was last heard of."""
    since = at - tablet.seen_at
    if since < HEARD:
        return _("connected")
    minutes = round(since / timedelta(minutes=1))
    return _("last seen %(minutes)s min ago", minutes=minutes) if minutes else _("not heard now")


def count_states(board: Board) -> dict[str, int]:
    """How many children stand how, in the order of a lesson."""
    counts = Counter(one.state for one in board.pupils)
    return {state: counts[state] for state in STATES if counts[state]}


def busy_tablets(board: Board) -> list[uuid.UUID]:
    """Those that have a child now."""
    return [seat.tablet.id for seat in board.seats if seat.task]


def keys_of(board: Board, offered: Any, at: datetime) -> dict[str, str]:
    """A key for each part of the page, by the part's id: another one, where it has changed."""
    numbers = [seat.tablet.number for seat in board.seats]
    seats = [
        (
            seat.tablet.number, seen_words(seat.tablet, at), seat.tablet.waiting,
            seat.task and (seat.task.kind, seat.task.participant_id),
        )
        for seat in board.seats
    ]  # fmt: skip
    fresh = offered is not None and is_fresh(offered, at)
    parts: dict[str, Any] = {
        "tablets": (seats, offered and (offered.number, fresh)),
        "standing": [one.state for one in board.pupils],
        "closing": (
            board.is_safe,
            board.missing,
            board.lesson.closed_at is None,
            [(seat.tablet.waiting, seat.is_empty) for seat in board.seats],
            [one.state in AT_A_TABLET for one in board.pupils],
            any(one.state == "waiting" for one in board.pupils),
        ),
    }
    for one in board.pupils:
        session = one.session and (one.session.id, one.session.state, one.session.after_stop)
        parts[f"child-{one.participant.id}"] = (
            one.state, one.seat, one.photos, session, one.has_consent, bool(one.refusal), numbers,
        )  # fmt: skip
    return {
        part: hashlib.sha256(repr(told).encode()).hexdigest()[:12] for part, told in parts.items()
    }
