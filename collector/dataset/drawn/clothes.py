"""Neck, shoulders and clothes."""

import numpy as np

from collector.dataset.drawn.character import Character
from collector.dataset.drawn.expression import Expression
from collector.dataset.drawn.geometry import curve, ellipse, loop, mirrored_loop
from collector.dataset.drawn.palette import BLACK, WHITE, mix, shade_of
from collector.dataset.drawn.pen import Pen
from collector.dataset.pixels import Grey


def draw_shoulders(pen: Pen, who: Character, shown: Expression) -> None:
    """Neck and clothes, upright under the head."""
    up = -shown.shrug
    dark = shade_of(who.skin)
    pen.solid(mirrored_loop((0, 0.6), (0.42, 0.7), (0.44, 1.4), (0.8, 1.75), (0, 1.8)), who.skin)
    pen.fill(ellipse(0, 1.16, 0.6, 0.36), dark, soft=0.14, opacity=0.75, inside=pen.body.copy())
    shoulder = ((0.72, 1.5 + 0.7 * up), (1.3, 1.72 + up), (1.62, 2.15 + up))
    shirt = mirrored_loop((0, 1.62), (0.4, 1.52), *shoulder, (1.8, 3), (1.85, 4.6), (0, 4.6))
    pen.solid(shirt, who.clothes)
    cloth = pen.mask(shirt)
    if who.top == "stripes":
        _draw_stripes(pen, who, cloth)
    pen.fill(loop((-0.46, 1.5), (0, 1.74), (0.46, 1.5), (0, 1.4)), who.skin, inside=cloth)
    pen.fill(ellipse(0, 1.4, 0.5, 0.2), dark, soft=0.12, opacity=0.45, inside=pen.body)
    _draw_neckline(pen, who, up)
    _draw_creases(pen, who, cloth)


def _draw_stripes(pen: Pen, who: Character, cloth: Grey) -> None:
    for y in np.arange(1.95, 4.5, 0.34):
        hoop = curve((-2, y - 0.02), (0, y + 0.03), (2, y - 0.02))
        pen.line(hoop, mix(who.clothes, WHITE, 0.6), 0.14, taper=(1, 1), opacity=0.9, inside=cloth)


def _draw_neckline(pen: Pen, who: Character, up: float) -> None:
    if who.top == "collar":
        for s in (-1, 1):
            inner, outer = (s * 0.46, 1.45 + 0.4 * up), (s * 0.74, 1.66 + 0.5 * up)
            flap = np.array([inner, (0, 1.74), (s * 0.2, 2.02), outer])
            pen.fill(flap, mix(who.clothes, WHITE, 0.75))
        return
    rim = curve((-0.48, 1.48), (-0.25, 1.68), (0, 1.76), (0.25, 1.68), (0.48, 1.48))
    pen.line(rim, mix(who.clothes, BLACK, 0.25), 0.07, taper=(1, 1))


def _draw_creases(pen: Pen, who: Character, cloth: Grey) -> None:
    for s in (-1, 1):
        sleeve = curve((s * 1.25, 2.5), (s * 1.3, 2.9), (s * 1.42, 3.4))
        pen.line(sleeve, mix(who.clothes, BLACK, 0.4), 0.08, soft=0.03, opacity=0.6)
    pen.fill(ellipse(0, 1.72, 0.95, 0.16), (30, 24, 24), soft=0.15, opacity=0.28, inside=cloth)
