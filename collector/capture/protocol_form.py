"""The editor's form, read into a protocol's body; what it may hold is the dataset's own rule."""

from typing import Any

from flask import request

from collector.capture.bodies import NotUnderstood
from collector.dataset.emotions import EMOTIONS, LANGUAGES
from collector.web import forms

# One story a line: a blank line between two is no story.
PACE = ("countdown_seconds", "shot_interval_ms", "break_after_emotions", "time_limit_minutes")
STEP = ("emotion", "head_pose", "shots", "part", "asked")
GOAL = ("target", "per_child", "steps_a_session")


def read_form() -> dict[str, Any]:
    """The body as the form says it, unchecked; rows without an emotion are no steps.

    Parts that no step belongs to are left out, and the others counted anew.
    """
    steps = _read_steps()
    used = sorted({step["part"] for step in steps}, key=str)
    for step in steps:
        step["part"] = used.index(step["part"]) + 1
    return {
        "titles": {language: forms.text(f"title-{language}") for language in LANGUAGES},
        **{field: _number(forms.text(field)) for field in PACE},
        "practice": forms.text("practice") == "yes",
        "shuffle": forms.text("shuffle") == "yes",
        **_read_goal(),
        "parts": [{"lights": request.form.getlist(f"lights-{part}")} for part in used],
        "steps": steps,
        "stories": {
            str(emotion): {language: _stories(emotion, language) for language in LANGUAGES}
            for emotion in EMOTIONS
        },
    }


def _read_goal() -> dict[str, Any]:
    """The goal's fields that are filled in, where the protocol asks first for what is short."""
    if not forms.text("plan"):
        return {}
    filled = {field: _number(forms.text(field)) for field in GOAL if forms.text(field)}
    return {"plan": forms.text("plan"), **filled, "lights": request.form.getlist("goal-lights")}


def _read_steps() -> list[dict[str, Any]]:
    columns = [request.form.getlist(name) for name in STEP]
    if len({len(column) for column in columns}) != 1:
        raise NotUnderstood("The request could not be understood.")
    return [
        {
            "emotion": emotion,
            "head_pose": pose,
            "shots": _number(shots),
            "part": _number(part),
            "required": asked == "always",
        }
        for emotion, pose, shots, part, asked in zip(*columns, strict=True)
        if emotion
    ]


def _stories(emotion: str, language: str) -> list[str]:
    lines = forms.text(f"stories-{emotion}-{language}").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _number(text: str) -> int | str:
    """The text as a number; as it stands where it is none, for the check to refuse."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text
