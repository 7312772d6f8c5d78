"""All that can be refused is refused here, before a run exists."""

from dataclasses import dataclass, replace

import torch
from torch import nn

from collector.dataset.emotions import EMOTIONS
from collector.dataset.snapshots import LoadedSnapshot
from trainer.cautions import find_cautions
from trainer.config import FitConfig
from trainer.data import Example, load_examples
from trainer.environment import pick_device
from trainer.models import build_model
from trainer.split import Split, split_examples
from trainer.weights import Start, load_weights


@dataclass(frozen=True)
class Prepared:
    """Everything that a training needs, checked; the snapshot's photos are let go."""

    config: FitConfig
    snapshot: LoadedSnapshot
    examples: tuple[Example, ...]
    split: Split
    model: nn.Module
    start: Start
    device: torch.device
    cautions: tuple[str, ...]


def prepare(snapshot: LoadedSnapshot, config: FitConfig) -> Prepared:
    """Check the choices, build the model, crop the photos and divide them; raises UserMistake."""
    device = pick_device(config.device)
    torch.manual_seed(config.seed)
    model = build_model(config.architecture, len(EMOTIONS), config.image_size)
    start = load_weights(model, config.architecture, config.weights, config.image_size)
    examples = load_examples(snapshot.photos, config.image_size, config.workers)
    split = split_examples(examples, config.split, config.validation, config.seed)
    cautions = tuple(find_cautions(snapshot, examples, split))
    unloaded = replace(snapshot, photos=())
    return Prepared(config, unloaded, examples, split, model, start, device, cautions)
