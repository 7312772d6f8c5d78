"""Equal time: how long the work took is not to be seen from outside."""

import time

import pytest

from collector.guardians.evenly import in_steps_of

STEP = 0.2


def time_of(work: float) -> float:
    started = time.monotonic()
    with in_steps_of(STEP):
        time.sleep(work)
    return time.monotonic() - started


def test_short_and_long_work_take_one_step() -> None:
    for work in (0.0, 0.05, 0.15):
        assert time_of(work) == pytest.approx(STEP, abs=0.04)


def test_work_that_outlasts_a_step_takes_whole_ones() -> None:
    assert time_of(0.25) == pytest.approx(2 * STEP, abs=0.04)


def test_a_refusal_takes_as_long() -> None:
    started = time.monotonic()
    with pytest.raises(ValueError, match="no"), in_steps_of(STEP):
        raise ValueError("no")
    assert time.monotonic() - started == pytest.approx(STEP, abs=0.04)
