"""Answers that take equally long, so that a clock tells nobody whether a code was right."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def in_steps_of(seconds: float) -> Iterator[None]:
    """Leave only at a whole multiple of `seconds` after entering, whatever happened within.

    With a step longer than the work, every answer takes exactly one; work that takes longer on a
    busy machine shows as one step more, not as its own length.
    """
    started = time.monotonic()
    try:
        yield
    finally:
        time.sleep((started - time.monotonic()) % seconds)
