"""What a training starts from: ImageNet's weights, a file's, or none."""

import hashlib
import io
import pickle
import re
import socket
import sys
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torchvision import models  # type: ignore[import-untyped]
from torchvision.models.vision_transformer import (  # type: ignore[import-untyped]
    interpolate_embeddings,
)

from collector.dataset.emotions import EMOTIONS
from collector.dataset.errors import UserMistake
from trainer.checkpoint import read_checkpoint
from trainer.models import head_of

AUXILIARY = ("AuxLogits.", "aux1.", "aux2.")  # classifiers that the models are built without
# DenseNet's published files were written when a module's name could still hold a dot.
OLD_DENSENET = re.compile(r"^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\..+)$")
FETCH_TIMEOUT = 30  # seconds without an answer; torch.hub itself would wait for minutes


@dataclass(frozen=True)
class Start:
    """Where the weights came from, in words; `whole` where the head was kept as well."""

    description: str
    whole: bool = False


def load_weights(model: nn.Module, architecture: str, weights: str, image_size: int) -> Start:
    """Put weights into the model: `imagenet`, `none`, or the name of a .pth or .safetensors file.

    A file's head is dropped, unless it is one of this project's own models with the same classes.
    Raises UserMistake where they cannot be fetched, read, or do not fit the architecture.
    """
    if weights == "none":
        return Start("random weights")
    if weights == "imagenet":
        name, state = _fetch(architecture)
        _put(model, state, f"{name} from torchvision", architecture, image_size, keep_head=False)
        return Start(f"torchvision's ImageNet weights ({name}), the head replaced")
    path = Path(weights)
    state, details = _read(path)
    _check_origin(path, details, architecture)
    own = details.get("classes") == list(EMOTIONS)
    _put(model, state, str(path), architecture, image_size, keep_head=own)
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    head = "head included" if own else "the head replaced"
    return Start(f"the weights of {path.name} (sha256 {digest[:16]}…), {head}", whole=own)


def _fetch(architecture: str) -> tuple[str, dict[str, Tensor]]:
    choice = models.get_model_weights(architecture)["DEFAULT"]
    try:
        with _fetching() as visible:
            return str(choice), choice.get_state_dict(progress=visible, check_hash=True)
    except (OSError, RuntimeError, EOFError, pickle.UnpicklingError) as error:
        reason = getattr(error, "reason", None) or error
        raise UserMistake(
            f"The ImageNet weights of {architecture} cannot be fetched ({reason}): connect to the "
            "internet once, or name a file with --weights FILE, or start from random weights with "
            "--weights none."
        ) from error


@contextmanager
def _fetching() -> Iterator[bool]:
    """With a limit of patience; torch.hub's own words and bar (True) for a terminal alone."""
    visible, before = sys.stderr.isatty(), socket.getdefaulttimeout()
    socket.setdefaulttimeout(FETCH_TIMEOUT)
    try:
        with nullcontext() if visible else redirect_stderr(io.StringIO()):
            yield visible
    finally:
        socket.setdefaulttimeout(before)


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    if not path.is_file():
        raise UserMistake(f"There is no weights file {path}: use imagenet, none, or a file's name.")
    if path.suffix == ".safetensors":
        return read_checkpoint(path)
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, LookupError, EOFError, pickle.UnpicklingError):
        state = None
    if not isinstance(state, dict) or not all(isinstance(part, Tensor) for part in state.values()):
        raise UserMistake(f"{path} is not a file of plain weights (a PyTorch state dict).")
    return state, {}


def _check_origin(path: Path, details: dict[str, Any], architecture: str) -> None:
    trained = details.get("architecture", architecture)
    if trained != architecture:
        raise UserMistake(
            f"{path} holds a {trained}, not a {architecture}: add --arch {trained} or choose "
            "another file."
        )


def _put(
    model: nn.Module,
    state: dict[str, Tensor],
    source: str,
    architecture: str,
    image_size: int,
    *,
    keep_head: bool,
) -> None:
    own = model.state_dict()
    head, _ = head_of(model)
    wanted: OrderedDict[str, Tensor] = OrderedDict()
    for key, part in state.items():
        name = OLD_DENSENET.sub(r"\1\2", key)
        in_head = name.startswith(f"{head}.")
        if not name.startswith(AUXILIARY) and (keep_head or not in_head):
            wanted[name] = part
    if architecture.startswith("vit_") and "encoder.pos_embedding" in wanted:
        wanted = _stretched(model, wanted, image_size)
    for name, part in own.items():
        # Files older than PyTorch 0.4 count no batches; nothing in these models uses the count.
        if name.endswith("num_batches_tracked") or (not keep_head and name.startswith(f"{head}.")):
            wanted.setdefault(name, part)
    wrong = _first_difference(own, wanted)
    if wrong:
        raise UserMistake(f"{source} does not fit {architecture}: {wrong}.")
    # The versions of the layers; MNASNet refuses weights without them, and safetensors has none.
    wanted._metadata = getattr(state, "_metadata", own._metadata)  # type: ignore[attr-defined]
    model.load_state_dict(wanted)


def _stretched(
    model: nn.Module, state: OrderedDict[str, Tensor], image_size: int
) -> OrderedDict[str, Tensor]:
    """A vision transformer's places, learnt at one picture size, interpolated to another."""
    patch = int(model.patch_size)  # type: ignore[arg-type]
    try:
        stretched: OrderedDict[str, Tensor] = interpolate_embeddings(image_size, patch, state)
    except ValueError:
        return state  # not a square of places: the comparison of shapes will say so
    return stretched


def _first_difference(own: dict[str, Tensor], given: dict[str, Tensor]) -> str | None:
    for name, part in own.items():
        if name not in given:
            return f"it has no {name}"
        if given[name].shape != part.shape:
            sizes = [" x ".join(map(str, tensor.shape)) for tensor in (given[name], part)]
            return f"its {name} is {sizes[0]}, not {sizes[1]}"
    extra = next((name for name in given if name not in own), None)
    return f"it has {extra}, which the architecture has not" if extra else None
