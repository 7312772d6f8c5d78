"""What trainings run on: whether torch is there and whole, the device, and the versions."""

import importlib
import importlib.util
import platform
from importlib import metadata
from typing import TYPE_CHECKING, Any

from collector.dataset.errors import UserMistake

if TYPE_CHECKING:
    import torch

REQUIRED = ("torch", "torchvision", "safetensors", "sklearn", "matplotlib")
REPORTED = ("torch", "torchvision", "numpy", "scikit-learn", "matplotlib", "safetensors", "pillow",
            "opencv-python-headless")  # fmt: skip
REINSTALL = "python -m pip install --upgrade --force-reinstall torch torchvision"


def require_torch() -> None:
    """Import torch and torchvision; raises UserMistake saying what to install where that fails."""
    for module in REQUIRED:
        try:
            importlib.import_module(module)
        except ModuleNotFoundError as error:
            raise UserMistake(
                f"Training needs {error.name}, which is not installed: run `make trainer`."
            ) from error
        except (ImportError, OSError, RuntimeError) as error:
            raise UserMistake(_broken(module, error)) from error


def installed_versions() -> dict[str, str | None]:
    """Versions of the parts that a run's figures depend on; None for those not installed."""
    return {"python": platform.python_version()} | {name: _version(name) for name in REPORTED}


def pick_device(wanted: str) -> "torch.device":
    """`auto` takes the graphics processor if there is one; raises UserMistake for one not there."""
    import torch  # noqa: PLC0415

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        return torch.device(next((name for name, is_there in there.items() if is_there), "cpu"))
    if not there.get(wanted, True):
        raise UserMistake(f"There is no {wanted} device here: use --device cpu or auto.")
    return torch.device(wanted)


def describe_device(device: "torch.device") -> str:
    """The device in words, for the report."""
    import torch  # noqa: PLC0415

    if device.type == "cuda":
        return f"cuda, {torch.cuda.get_device_name(device)}"
    return f"{device.type}, {torch.get_num_threads()} threads, {platform.machine()}"


def examine() -> dict[str, Any]:
    """What `trainer doctor` reports; `advice` is None where a training can begin."""
    report: dict[str, Any] = {"versions": installed_versions(), "device": None, "advice": None}
    try:
        require_torch()
    except UserMistake as mistake:
        return report | {"ready": False, "advice": str(mistake)}
    return report | {"ready": True, "device": describe_device(pick_device("auto"))}


def _broken(module: str, error: Exception) -> str:
    if module != "torchvision":
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return f"{module} is installed but cannot be loaded ({first}): run `{REINSTALL}`."
    # torchvision's compiled part fits one torch alone. Beside another it fails on import, mostly
    # with "operator torchvision::nms does not exist", at times with an undefined symbol.
    wants = next(
        (line for line in metadata.requires("torchvision") or () if line.startswith("torch ")), ""
    )
    asks = f" (it asks for {wants.replace(' (', '').rstrip(')')})" if wants else ""
    return (
        f"torch {_version('torch')} and torchvision {_version('torchvision')} do not match"
        f"{asks}: install a pair of one release with `{REINSTALL}`."
    )


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
