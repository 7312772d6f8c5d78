"""The training loop learns, records what it did, and stops where it must."""

import math
from collections.abc import Callable

import pytest
import torch

from collector.dataset.emotions import EMOTIONS
from tests.trainer.patterns import pattern_snapshot
from tests.trainer.silence import Silence
from trainer.batches import Feeder
from trainer.config import FitConfig
from trainer.errors import TrainingFailed
from trainer.fit import Fitted, explain, fit
from trainer.prepare import Prepared, prepare

pytestmark = pytest.mark.slow

Quick = Callable[..., FitConfig]


def run(prepared: Prepared, watch: Silence) -> Fitted:
    feeder = Feeder(prepared.examples, prepared.config, prepared.device, None)
    return fit(
        prepared.model, feeder, prepared.split, prepared.config,
        on_batch=watch.batch, on_epoch=watch.epoch,
    )  # fmt: skip


def test_separable_patterns_are_learnt_with_children_kept_apart(
    quick: Quick, silence: Silence
) -> None:
    config = quick(architecture="resnet18", epochs=4, augment="none")
    prepared = prepare(pattern_snapshot(children=4, shots=4), config)
    fitted = run(prepared, silence)
    first, last = fitted.history[0], fitted.history[-1]
    assert prepared.split.group == "child"
    assert last.train_loss < first.train_loss / 2
    assert last.val_accuracy > 0.6  # chance is 1 in 8


def test_every_layer_is_trained(quick: Quick, silence: Silence) -> None:
    prepared = prepare(pattern_snapshot(), quick(architecture="resnet18", epochs=1))
    before = {name: part.clone() for name, part in prepared.model.named_parameters()}
    run(prepared, silence)
    same = [n for n, part in prepared.model.named_parameters() if torch.equal(part, before[n])]
    assert not same


def test_the_same_seed_gives_the_same_run(quick: Quick, silence: Silence) -> None:
    snapshot = pattern_snapshot()
    runs = [run(prepare(snapshot, quick(seed=3)), silence) for _ in range(2)]
    losses = [[(one.train_loss, one.val_loss) for one in fitted.history] for fitted in runs]
    assert losses[0] == losses[1]


def test_an_epoch_tells_its_figures(quick: Quick, silence: Silence) -> None:
    prepared = prepare(pattern_snapshot(), quick(lr=0.002))
    fitted = run(prepared, silence)
    assert list(fitted.history) == silence.epochs
    assert silence.batches == 2 * 3  # 48 photos in batches of 16, twice
    for number, epoch in enumerate(fitted.history, start=1):
        assert epoch.epoch == number
        assert epoch.lr == 0.002
        assert epoch.seconds > 0
        assert math.isfinite(epoch.train_loss) and math.isfinite(epoch.val_loss)
        assert 0 <= epoch.train_accuracy <= 1


def test_scores_are_of_the_validation_photos_after_the_last_epoch(
    quick: Quick, silence: Silence
) -> None:
    prepared = prepare(pattern_snapshot(), quick())
    fitted = run(prepared, silence)
    truth = [prepared.examples[place].label for place in prepared.split.validation]
    right = sum(int(row.argmax()) == label for row, label in zip(fitted.scores, truth, strict=True))
    assert fitted.scores.shape == (len(truth), len(EMOTIONS))
    assert fitted.scores.sum(axis=1) == pytest.approx(1)
    assert right / len(truth) == pytest.approx(fitted.history[-1].val_accuracy)


def test_a_loss_that_is_no_number_stops_the_training(quick: Quick, silence: Silence) -> None:
    prepared = prepare(pattern_snapshot(), quick(lr=1e30))
    with pytest.raises(TrainingFailed, match="no longer a number"):
        run(prepared, silence)


def test_one_photo_a_batch_is_explained_where_the_network_needs_more(
    quick: Quick, silence: Silence
) -> None:
    config = quick(architecture="resnet18", batch_size=1)
    with pytest.raises(ValueError, match="more than 1 value") as raised:
        run(prepare(pattern_snapshot(children=1), config), silence)
    assert "larger --batch-size" in str(explain(raised.value, config))


def test_a_full_memory_is_explained_and_other_errors_are_not(quick: Quick) -> None:
    explained = explain(torch.OutOfMemoryError("CUDA out of memory."), quick())
    assert "smaller --batch-size" in str(explained)
    assert explain(RuntimeError("something else"), quick()) is None
