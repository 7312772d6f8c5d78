"""report.html: one page that stands alone, in words for a paper."""

import base64
import io
import shlex
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from PIL import Image

from collector.dataset.emotions import DESCRIPTIONS, Emotion
from trainer.augment import AUGMENTATIONS, MOST_AT_ONCE
from trainer.config import FitConfig
from trainer.evaluate import frequent_confusions
from trainer.fit import Epoch
from trainer.gallery import Shown

OPTIONS = {"architecture": "arch"}  # options that are not called as the choice they set


def write_report(
    folder: Path,
    config: dict[str, Any],
    metrics: dict[str, Any],
    history: Sequence[Epoch],
    shown: Sequence[Shown],
) -> None:
    """Write report.html into the run's folder, beside the figures that it takes in."""
    page = Environment(
        loader=PackageLoader("trainer"),
        autoescape=select_autoescape(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    page.filters |= {"percent": _percent, "duration": _duration}
    text = page.get_template("report.html").render(
        name=folder.name,
        config=config,
        metrics=metrics,
        history=history,
        examples=[(example, _data_uri(_as_jpeg(example), "jpeg")) for example in shown],
        drawn=any(example.drawn for example in shown),
        colours={emotion.value: DESCRIPTIONS[emotion].colour for emotion in Emotion},
        confusions=frequent_confusions(metrics["confusion"]),
        families=_families(),
        most_at_once=MOST_AT_ONCE,
        command=_command(config),
        curves=_data_uri((folder / "curves.png").read_bytes(), "png"),
        matrix=_data_uri((folder / "confusion.png").read_bytes(), "png"),
    )
    (folder / "report.html").write_text(text, encoding="utf-8")


def _families() -> dict[str, list[str]]:
    families: dict[str, list[str]] = {}
    for augmentation in AUGMENTATIONS:
        families.setdefault(augmentation.family, []).append(augmentation.name.replace("_", " "))
    return families


def _command(config: dict[str, Any]) -> str:
    """The command that makes this run again, leaving out what is the default anyway."""
    changed = [
        f"--{OPTIONS.get(field.name, field.name.replace('_', '-'))} "
        f"{shlex.quote(str(config[field.name]))}"
        for field in fields(FitConfig)
        if field.name != "workers" and config[field.name] != field.default
    ]
    return " ".join(["trainer fit --data DATA", *changed])


def _as_jpeg(example: Shown) -> bytes:
    memory = io.BytesIO()
    Image.fromarray(example.picture).save(memory, "JPEG", quality=88)
    return memory.getvalue()


def _data_uri(data: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f}\N{NO-BREAK SPACE}%"


def _duration(seconds: float) -> str:
    if seconds < 100:
        return f"{seconds:.1f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
