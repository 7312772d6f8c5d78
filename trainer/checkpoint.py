"""Weights on disk: safetensors, never pickles, carrying how and on what they were trained."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from collector.dataset.errors import UserMistake

FILE_NAME = "model.safetensors"


def save_checkpoint(path: Path, model: nn.Module, details: Mapping[str, Any]) -> None:
    """Write the model's tensors; `details` go into the file's header, each value as JSON."""
    tensors = {name: part.detach().cpu().contiguous() for name, part in model.state_dict().items()}
    unfinished = path.with_suffix(".unfinished")
    save_file(tensors, unfinished, {name: json.dumps(value) for name, value in details.items()})
    unfinished.replace(path)


def read_checkpoint(path: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The tensors of a safetensors file and the details in its header.

    Raises UserMistake for a file that cannot be read as safetensors.
    """
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, ValueError) as error:
        raise UserMistake(f"{path} is not a readable safetensors file ({error}).") from error
    return tensors, {name: _value(text) for name, text in header.items()}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text  # a header that somebody else wrote
