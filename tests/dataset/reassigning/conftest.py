"""A session recorded under the wrong child, and the child it belongs to."""

import uuid

import pytest

from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from tests.cast import OpenSession, enrol, sit, snap


@pytest.fixture
def wanda(dataset: Dataset) -> uuid.UUID:
    return enrol(dataset, "research")


@pytest.fixture
def rosa(dataset: Dataset) -> uuid.UUID:
    return enrol(dataset, "research")


@pytest.fixture
def session(dataset: Dataset, wanda: uuid.UUID) -> OpenSession:
    """Rosa's session, recorded under Wanda, with two photos."""
    opened = sit(dataset, wanda)
    snap(dataset, opened)
    snap(dataset, opened, Emotion.SAD)
    return opened
