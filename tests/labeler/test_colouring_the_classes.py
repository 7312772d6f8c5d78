"""The stylesheet's class colours are the dataset's, and can be read."""

import re
from importlib.resources import files

from collector.dataset.emotions import DESCRIPTIONS, EMOTIONS

SHEET = files("collector.web") / "static" / "emotions.css"
RULE = re.compile(r"\.emotion-(\w+) \{ --class: (#\w{6}); --class-ink: (#\w{3}); \}")


def brightness(colour: str) -> float:
    """Relative luminance, 0 to 1 (WCAG 2.2, "relative luminance")."""
    digits = colour.lstrip("#")
    digits = digits if len(digits) == 6 else "".join(2 * one for one in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted((brightness(one), brightness(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_class_has_the_datasets_colour_in_the_datasets_order() -> None:
    found = [(name, colour.upper()) for name, colour, _ in RULE.findall(SHEET.read_text())]
    assert found == [(one.value, DESCRIPTIONS[one].colour.upper()) for one in EMOTIONS]


def test_the_key_on_each_colour_has_the_contrast_of_wcag_aa() -> None:
    rules = RULE.findall(SHEET.read_text())
    assert len(rules) == 8
    assert [name for name, colour, ink in rules if contrast(colour, ink) < 4.5] == []
