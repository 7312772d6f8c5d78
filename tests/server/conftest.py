"""A server for tablets, over this test's dataset."""

from collections.abc import Iterator

import pytest

from collector.dataset.dataset import Dataset
from tests.server.serving import free_port, serving
from tests.server.tablets import Served, learn_trust


@pytest.fixture
def served(dataset: Dataset) -> Iterator[Served]:
    port, plain = free_port(), free_port()
    options = ["--lan", "--lan-port", str(port), "--trust-port", str(plain)]
    with serving(dataset.folder, dataset.keys.folder, *options) as loopback:
        name = f"faces-{dataset.site_id.hex[:4]}.local"
        yield Served(loopback, name, port, plain, learn_trust(plain))
