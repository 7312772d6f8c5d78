"""torchvision's classifiers by name, with a head for our classes."""

import difflib
from typing import Any

import torch
from torch import nn
from torchvision import models  # type: ignore[import-untyped]

from collector.dataset.errors import UserMistake


def known_architectures() -> list[str]:
    """The names of all classification models that torchvision offers."""
    return list(models.list_models(module=models))


def build_model(architecture: str, classes: int, image_size: int) -> nn.Module:
    """The architecture with random weights and `classes` outputs.

    Auxiliary classifiers (GoogLeNet, Inception) are left out. Raises UserMistake for an unknown
    name, with the nearest ones, and for a picture size that the architecture cannot take.
    """
    if architecture not in known_architectures():
        raise UserMistake(_unknown(architecture))
    try:
        model: nn.Module = models.get_model(
            architecture, weights=None, num_classes=classes, **_options(architecture, image_size)
        )
        _try_picture(model, image_size)
    except (ValueError, RuntimeError, AssertionError) as error:
        raise UserMistake(
            f"{architecture} cannot take pictures of {image_size} pixels a side: choose another "
            "--image-size, for example 224."
        ) from error
    return model


def head_of(model: nn.Module) -> tuple[str, nn.Linear | nn.Conv2d]:
    """The last layer that makes classes: a Linear, in SqueezeNet a 1x1 convolution."""
    name, head = [
        (name, module)
        for name, module in model.named_modules()
        if isinstance(module, nn.Linear)
        or (isinstance(module, nn.Conv2d) and module.kernel_size == (1, 1))
    ][-1]
    return name, head


def _options(architecture: str, image_size: int) -> dict[str, Any]:
    """What some families must be told besides the number of classes."""
    if architecture.startswith("vit_"):
        return {"image_size": image_size}
    if architecture == "maxvit_t":
        return {"input_size": (image_size, image_size)}
    if architecture in ("googlenet", "inception_v3"):
        # Their ImageNet weights were made for inputs scaled to -1..1; `transform_input` does that
        # to pictures normalised as everybody else's.
        return {"aux_logits": False, "init_weights": True, "transform_input": True}
    return {}


@torch.no_grad()
def _try_picture(model: nn.Module, image_size: int) -> None:
    model.eval()
    model(torch.zeros(1, 3, image_size, image_size))


def _unknown(architecture: str) -> str:
    near = difflib.get_close_matches(architecture.lower(), known_architectures(), n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else "for example resnet152 or resnet18."
    return f"torchvision has no classifier called {architecture}; {hint}"
