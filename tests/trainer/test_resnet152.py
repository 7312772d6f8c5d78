"""The study's own network, for real: random weights, a handful of photos, one epoch."""

from pathlib import Path

import pytest

from tests.trainer.patterns import pattern_snapshot
from tests.trainer.silence import Silence
from trainer.checkpoint import read_checkpoint
from trainer.config import FitConfig
from trainer.prepare import prepare
from trainer.run import train


@pytest.mark.alone
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_resnet152_is_trained_by_the_studys_recipe(silence: Silence, tmp_path: Path) -> None:
    config = FitConfig(snapshot="first", weights="none", epochs=1, device="cpu")
    assert (config.architecture, config.batch_size, config.lr) == ("resnet152", 32, 0.0005)
    assert (config.image_size, config.validation) == (224, 0.25)
    assert (FitConfig.epochs, FitConfig.weights) == (15, "imagenet")
    prepared = prepare(pattern_snapshot(children=1, shots=1), config)
    outcome = train(prepared, tmp_path, frozenset, lambda _shown: None, silence)
    assert outcome.metrics["n_train"] + outcome.metrics["n_val"] == 8
    assert len(silence.epochs) == 1
    tensors, header = read_checkpoint(tmp_path / "model.safetensors")
    assert tensors["fc.weight"].shape == (8, 2048)
    assert sum(name.endswith("conv2.weight") for name in tensors) == 50  # 3 + 8 + 36 + 3 blocks
    assert header["architecture"] == "resnet152"
    assert (tmp_path / "report.html").stat().st_size > 100_000
