"""What several trainer tests share: quick settings, a real dataset, a silent watch."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from collector.dataset.emotions import EMOTIONS
from collector.dataset.opening import open_dataset
from collector.dataset.snapshots import freeze_snapshot
from tests.cast import enrol, sit, snap
from tests.trainer.silence import Silence
from trainer.config import FitConfig


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> Iterator[None]:
    """The networks here are so small that handing work to threads takes longer than the work."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def quick() -> Callable[..., FitConfig]:
    """The settings of a training that takes seconds, with changes as asked for."""

    def choose(**changes: Any) -> FitConfig:
        settings: dict[str, Any] = {
            "snapshot": "first",
            "architecture": "squeezenet1_1",
            "weights": "none",
            "epochs": 2,
            "batch_size": 16,
            "image_size": 32,
            "device": "cpu",
            "workers": 2,
        }
        return FitConfig(**settings | changes)

    return choose


@pytest.fixture
def silence() -> Silence:
    """A watch that shows nothing."""
    return Silence()


@pytest.fixture(scope="session")
def school(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `data` and `keys`: four children, eight emotions, the snapshot "first".

    The guardian of one child consented to publication as well.
    """
    folder = tmp_path_factory.mktemp("school")
    for name in ("data", "keys"):
        shutil.copytree(migrated / name, folder / name)
    dataset = open_dataset(folder / "data", folder / "keys")
    for purposes in (("research", "publication"), *[("research",)] * 3):
        session = sit(dataset, enrol(dataset, *purposes))
        for emotion in EMOTIONS:
            snap(dataset, session, emotion)
    freeze_snapshot(dataset, "first", "prompted", actor="test")
    dataset.close()
    return folder
