"""`python -m benchmarks.coverage`: how long the coverage takes on 20,000 photos, as JSON.

Rows alone: no face is drawn and no picture stored, for counting opens none.
"""

import json
import os
import random
import tempfile
import time
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert

from collector.dataset import clock
from collector.dataset.columns import Base
from collector.dataset.coverage import read_coverage, read_usable
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import EMOTIONS
from collector.dataset.models import Photo, Vote
from collector.dataset.opening import open_dataset
from collector.dataset.spreads import EDGES, read_spreads
from tests.cast import enrol, hire, sit

PHOTOS, CHILDREN, VOTES = 20_000, 100, 3
POSES = ("frontal", "left", "right", "up", "down")


def fill(dataset: Dataset, photos: int, children: int, votes: int = VOTES) -> None:
    """Rows of photos and of votes, spread over children, lights, poses and emotions."""
    dice, reviewers = random.Random(1), list(hire(dataset).values())[:votes]
    sessions = [
        (sit(dataset, enrol(dataset, "research"), light=light).id, light)
        for light in ("natural", "artificial")
        for _ in range(children // 2)
    ]
    rows = [_photo(dataset, dice, *sessions[number % len(sessions)]) for number in range(photos)]
    _insert(dataset, Photo, rows)
    _insert(
        dataset, Vote, [_vote(dataset, dice, one["id"], who) for one in rows for who in reviewers]
    )


def _insert(dataset: Dataset, table: type[Base], rows: list[dict[str, object]]) -> None:
    with dataset.database.write() as session:
        session.execute(insert(table), rows)


def _photo(
    dataset: Dataset, dice: random.Random, session_id: uuid.UUID, light: str
) -> dict[str, object]:
    return {
        "id": uuid.UUID(int=dice.getrandbits(128), version=4),
        "site_id": dataset.site_id,
        "session_id": session_id,
        "burst_id": uuid.UUID(int=dice.getrandbits(128), version=4),
        "shot": 0,
        "prompted_emotion": dice.choice(EMOTIONS).value,
        "head_pose": dice.choice(POSES),
        "light": light,
        "taken_at": clock.now(),
        "received_at": clock.now() - timedelta(seconds=1),
        "digest": "0" * 64,
        "media_type": "image/jpeg",
        "size_bytes": 1,
        "width": 1,
        "height": 1,
        "face_boxes": [],
        "state": "active",
        **{name: dice.uniform(edges[0], edges[-1]) for name, edges in EDGES.items()},
    }


def _vote(
    dataset: Dataset, dice: random.Random, photo_id: object, reviewer_id: uuid.UUID
) -> dict[str, object]:
    emotion = dice.choice((*EMOTIONS[:3], None))
    return {
        "id": uuid.UUID(int=dice.getrandbits(128), version=4),
        "site_id": dataset.site_id,
        "photo_id": photo_id,
        "reviewer_id": reviewer_id,
        "verdict": "emotion" if emotion else "unsure",
        "emotion": emotion,
        "origin": "queue",
        "created_at": clock.now(),
    }


def measure(dataset: Dataset) -> dict[str, float]:
    """Milliseconds of each reading, the best of three."""
    readings: dict[str, Callable[..., object]] = {
        "coverage_ms": read_coverage, "a_plan_s_counts_ms": read_usable, "spreads_ms": read_spreads,
    }  # fmt: skip
    return {name: min(_time(dataset, read) for _ in range(3)) for name, read in readings.items()}


def _time(dataset: Dataset, read: Callable[..., object]) -> float:
    begun = time.perf_counter()
    with dataset.database.read() as session:
        read(session, clock.now())
    return round((time.perf_counter() - begun) * 1000, 1)


def main() -> None:
    """Run on one core and print the figures."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    with tempfile.TemporaryDirectory() as folder:
        dataset = open_dataset(Path(folder) / "data", Path(folder) / "keys")
        fill(dataset, PHOTOS, CHILDREN)
        print(json.dumps({"photos": PHOTOS, "votes": PHOTOS * VOTES, **measure(dataset)}, indent=2))
        dataset.close()


if __name__ == "__main__":
    main()
