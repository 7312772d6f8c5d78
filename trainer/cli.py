"""The command line `trainer`. torch is imported only once it is needed, and asked for."""

import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from collector.dataset.commands import (
    DONE,
    FAILED,
    MISTAKE,
    dataset_options,
    json_option,
    opened_dataset,
    report,
    run_command,
)
from trainer.config import SMALLEST_IMAGE, FitConfig
from trainer.environment import examine, require_torch
from trainer.errors import TrainingFailed


@click.group(name="trainer")
@click.version_option(package_name="child-expressions")
def trainer() -> None:
    """Train classifiers of facial expressions on a frozen snapshot, and report on them."""


@trainer.command()
@dataset_options
@click.option("--snapshot", required=True, help="Name of the snapshot to train on.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder in which the run makes its own.  [default: runs in the dataset's folder]",
)
@click.option(
    "--arch",
    "architecture",
    default=FitConfig.architecture,
    show_default=True,
    metavar="NAME",
    help="Any of torchvision's classifiers, for example resnet18 or efficientnet_b0.",
)
@click.option(
    "--weights",
    default=FitConfig.weights,
    show_default=True,
    metavar="imagenet|none|FILE",
    help="What to start from: torchvision's ImageNet weights (fetched once), random weights, or a "
    ".pth or .safetensors file of the same architecture.",
)
@click.option(
    "--epochs", type=click.IntRange(min=1), default=FitConfig.epochs, show_default=True,
    help="How many times every training photo is shown.",
)  # fmt: skip
@click.option(
    "--batch-size", type=click.IntRange(min=1), default=FitConfig.batch_size, show_default=True,
    help="Photos a step; fewer need less memory.",
)  # fmt: skip
@click.option(
    "--lr", type=click.FloatRange(min=0, min_open=True), default=FitConfig.lr, show_default=True,
    help="Adam's learning rate.",
)  # fmt: skip
@click.option(
    "--image-size", type=click.IntRange(min=SMALLEST_IMAGE), default=FitConfig.image_size,
    show_default=True, help="Side of the network's input in pixels.",
)  # fmt: skip
@click.option(
    "--seed", type=click.IntRange(min=0), default=FitConfig.seed, show_default=True,
    help="Decides the split, the order, the augmentations and random weights.",
)  # fmt: skip
@click.option(
    "--device", type=click.Choice(["auto", "cpu", "cuda", "mps"]), default=FitConfig.device,
    show_default=True, help="Where to compute; auto takes a graphics processor if there is one.",
)  # fmt: skip
@click.option(
    "--validation", type=click.FloatRange(0, 1, min_open=True, max_open=True),
    default=FitConfig.validation, show_default=True,
    help="Share of the photos kept for validation.",
)  # fmt: skip
@click.option(
    "--split", type=click.Choice(["auto", "child", "burst"]), default=FitConfig.split,
    show_default=True,
    help="What must not stand on both sides; auto means child from four children up, else burst.",
)  # fmt: skip
@click.option(
    "--augment", type=click.Choice(["study", "none"]), default=FitConfig.augment,
    show_default=True, help="The eighteen augmentations in training, or none.",
)  # fmt: skip
@click.option(
    "--workers", type=click.IntRange(min=0), default=FitConfig.workers, show_default=True,
    help="Threads that prepare pictures; their number does not change the result.",
)  # fmt: skip
@json_option
def fit(data: Path, keys: Path | None, out: Path | None, as_json: bool, **choices: Any) -> int:
    """Fine-tune a classifier on a snapshot and write a report.

    The defaults are the recipe of the children's emotion study. The run's folder, named by time
    and architecture, holds config.json, history.csv, metrics.json, curves.png, confusion.png,
    report.html and model.safetensors (the last epoch's weights).
    """
    require_torch()
    from trainer.progress import Bar  # noqa: PLC0415
    from trainer.recorded import fit_snapshot  # noqa: PLC0415

    config = FitConfig(**choices)
    bar = Bar(Console(stderr=True))
    try:
        with opened_dataset(data, keys) as dataset:
            result = fit_snapshot(dataset, config, out or dataset.runs, bar)
    except TrainingFailed as failure:
        click.echo(str(failure), err=True)
        return FAILED
    except KeyboardInterrupt:
        click.echo("Stopped: the run was not finished, and no model was written.", err=True)
        return FAILED
    report(
        result,
        as_json,
        f"Accuracy {result['accuracy']:.1%} on {result['n_val']} validation photos, "
        f"macro F1 {result['macro_f1']:.3f}.\n{Path(result['folder']) / 'report.html'}",
    )
    return DONE


@trainer.command()
@json_option
def doctor(as_json: bool) -> int:
    """Say whether a training can begin here: versions, device, and what to install if not."""
    found = examine()
    lines = [
        f"{name:<24}{version or 'not installed'}" for name, version in found["versions"].items()
    ]
    if found["ready"]:
        lines.append(f"{'device':<24}{found['device']}")
    report(found, as_json, "\n".join(lines))
    if found["ready"]:
        return DONE
    click.echo(found["advice"], err=True)
    return MISTAKE


def main() -> None:
    """The console script."""
    sys.exit(run_command(trainer))
