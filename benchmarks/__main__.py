"""`make bench`: how long people wait, on one core, as one JSON object on standard output.

Each figure stands beside the goal and a ratio measured in the same run: how many times the bare
decoding of the photo it takes. Milliseconds depend on the machine, the ratios hardly.
"""

import io
import json
import os
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from flask import Flask
from PIL import Image

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.labels import Judgement, cast_vote
from collector.dataset.opening import open_dataset
from collector.dataset.photos import read_thumbnails
from collector.settings import Settings
from collector.web.app import create_app
from tests.capture.tablet import send
from tests.cast import drawn_jpeg, enrol, hire, sit

ROUNDS = 120
GRID = 30


def milliseconds(work: Callable[[int], object], rounds: int = ROUNDS) -> list[float]:
    """How long each round took, the first few left out."""
    for number in range(5):
        work(-1 - number)
    taken = []
    for number in range(rounds):
        begun = time.perf_counter()
        work(number)
        taken.append((time.perf_counter() - begun) * 1000)
    return taken


def summary(taken: list[float], decoding: float, goal_ms: float) -> dict[str, float]:
    """Median, 95th percentile, the goal for it, and the ratio to decoding a photo."""
    median, p95 = np.percentile(taken, [50, 95])
    return {
        "median_ms": round(float(median), 2),
        "p95_ms": round(float(p95), 2),
        "goal_p95_ms": goal_ms,
        "times_decoding": round(float(median) / decoding, 2),
    }


def measure(dataset: Dataset, app: Flask) -> dict[str, object]:
    """All figures over a fresh dataset."""
    photo = drawn_jpeg()
    decoding = float(np.median(milliseconds(lambda _: Image.open(io.BytesIO(photo)).load())))
    reviewer = hire(dataset)["rita"]
    token = sit(dataset, enrol(dataset, "research")).token
    client, ids = app.test_client(), [uuid.uuid4() for _ in range(ROUNDS + 5)]

    def store(number: int) -> None:
        assert send(client, token, photo, photo=ids[number]).status_code == 201  # noqa: S101

    def vote(number: int) -> None:
        cast_vote(dataset, reviewer, Judgement(uuid.uuid4(), ids[number], "unsure"))

    def show_grid(_number: int) -> None:
        with dataset.database.read() as session:
            photos = session.scalars(usable_photos("research", clock.now()).limit(GRID)).all()
        read_thumbnails(dataset, photos)

    return {
        "decoding_a_photo_ms": round(decoding, 2),
        "a_photo_stored": summary(milliseconds(store), decoding, 60),
        "a_vote": summary(milliseconds(vote), decoding, 10),
        f"a_grid_of_{GRID}": summary(milliseconds(show_grid, 20), decoding, 100),
    }


def main() -> None:
    """Run on one core and print the figures."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {0})
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        dataset = open_dataset(Path(folder) / "data", Path(folder) / "keys")
        app = create_app(dataset, Settings(data=dataset.folder))
        print(json.dumps(measure(dataset, app), indent=2))
        dataset.close()


if __name__ == "__main__":
    main()
