"""Snapshots of generated patterns: stripes whose direction and colour follow the class."""

import io
import uuid
from collections.abc import Callable

import numpy as np
from PIL import Image

from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.pixels import RGB, Box
from collector.dataset.snapshots import LoadedSnapshot, SnapshotPhoto

WIDTH, HEIGHT = 160, 128
FACE = Box(30, 20, 75, 80)
MANIFEST = "5f" * 32

# Told apart at a glance, and by a small network within seconds.
COLOURS = ((230, 60, 50), (60, 200, 70), (60, 90, 230), (230, 200, 50), (200, 70, 210),
           (60, 210, 210), (235, 235, 235), (90, 90, 90))  # fmt: skip


def stripes(label: int, rng: np.random.Generator) -> RGB:
    """A noisy picture of class `label`, HEIGHT x WIDTH."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    angle = np.pi * label / len(EMOTIONS)
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) / 7 + rng.uniform(0, 6))
    picture = np.array(COLOURS[label]) * (0.65 + 0.35 * wave)[:, :, None]
    return np.clip(picture + rng.normal(0, 12, picture.shape), 0, 255).astype(np.uint8)


def as_png(picture: RGB) -> bytes:
    """The picture's bytes in a lossless file."""
    memory = io.BytesIO()
    Image.fromarray(picture).save(memory, "PNG", compress_level=1)
    return memory.getvalue()


def photo(
    label: Emotion,
    rng: np.random.Generator,
    *,
    child: uuid.UUID,
    burst: uuid.UUID | None = None,
    shot: int = 0,
    publishable: bool = False,
) -> SnapshotPhoto:
    """One photo of a snapshot."""
    return SnapshotPhoto(
        photo_id=new_id(rng),
        participant_id=child,
        pseudonym="Kit",
        session_id=child,
        burst_id=burst or new_id(rng),
        shot=shot,
        label=label,
        jpeg=as_png(stripes(EMOTIONS.index(label), rng)),
        face=FACE,
        publishable=publishable,
    )


def pattern_snapshot(
    *,
    children: int = 4,
    shots: int = 2,
    emotions: tuple[Emotion, ...] = EMOTIONS,
    publishable: Callable[[int], bool] = lambda child: False,
    seed: int = 0,
) -> LoadedSnapshot:
    """Each child shows each emotion in one burst of `shots`."""
    rng = np.random.default_rng(seed)
    photos = []
    for child in range(children):
        child_id = new_id(rng)
        for emotion in emotions:
            burst = new_id(rng)
            photos += [
                photo(emotion, rng, child=child_id, burst=burst, shot=shot,
                      publishable=publishable(child))
                for shot in range(shots)
            ]  # fmt: skip
    return LoadedSnapshot(new_id(rng), "first", "majority", MANIFEST, tuple(photos), missing=0)


def new_id(rng: np.random.Generator) -> uuid.UUID:
    """An id that the dice decide, so that a test's data are the same each time."""
    return uuid.UUID(bytes=rng.bytes(16), version=4)
