"""Ears, the face's outline, what lies in its skin, and the nose."""

from collector.dataset.drawn.character import Character
from collector.dataset.drawn.expression import Expression
from collector.dataset.drawn.geometry import Points, curve, ellipse, loop, mirrored_loop
from collector.dataset.drawn.palette import BLACK, gleam_of, mix, shade_of
from collector.dataset.drawn.pen import Pen
from collector.dataset.pixels import Grey


def draw_ears(pen: Pen, who: Character) -> None:
    """Both ears, the far one tucked away as the head turns."""
    dark, flat = shade_of(who.skin), pen.flat()
    for s in (-1, 1):
        x = s * (who.face_width + 0.02) - 0.22 * pen.pose.yaw
        flat.solid(ellipse(x, 0.2, 0.14, 0.24, s * 0.12), mix(who.skin, dark, 0.12))
        flat.fill(ellipse(x + s * 0.015, 0.2, 0.07, 0.14, s * 0.12), dark, soft=0.03, opacity=0.5)


def draw_skin(pen: Pen, who: Character, shown: Expression) -> None:
    """The bare face: its form, blush, freckles, folds and furrows; features come on top."""
    edge = _outline(who, shown)
    pen.flat().solid(edge, who.skin)
    face = pen.flat().mask(edge)
    dark, light, rosy = shade_of(who.skin), gleam_of(who.skin), mix(who.skin, (222, 86, 76), 0.5)
    pen.fill(ellipse(0, -0.55, 0.5, 0.3), light, soft=0.2, opacity=0.65, inside=face)
    for s in (-1, 1):
        y = 0.5 - 0.07 * shown.cheek
        pen.fill(ellipse(s * 0.55, y - 0.1, 0.26, 0.16), light, soft=0.13, opacity=0.8, inside=face)
        pen.fill(ellipse(s * 0.6, y, 0.22, 0.15), rosy, soft=0.13, opacity=0.38, inside=face)
        pen.fill(ellipse(s * 0.42, 0.05, 0.32, 0.24), dark, soft=0.1, opacity=0.5, inside=face)
    chin = ellipse(0, 1.16 * who.face_length, 0.5, 0.1)
    pen.fill(chin, dark, soft=0.12, opacity=0.3, inside=face)
    if who.freckles:
        _draw_freckles(pen, who)
    _draw_lines(pen, who, shown, face)


def _outline(who: Character, shown: Expression) -> Points:
    """From skull to chin: high forehead, round cheeks, small chin."""
    w, h, j = who.face_width, who.face_length, who.jaw
    drop, puff = 0.45 * shown.jaw, 0.03 * shown.cheek
    skull = ((0, -1.14), (0.5, -1.05), (0.86, -0.72), (0.99 * w, -0.22))
    cheek = (((1 + puff) * w, 0.25 * h), ((0.9 + puff) * w, 0.62 * h + 0.3 * drop))
    chin = ((0.62 * w * j, 0.95 * h + 0.8 * drop), (0.3 * j, 1.1 * h + drop), (0, 1.14 * h + drop))
    return mirrored_loop(*skull, *cheek, *chin)


def _draw_freckles(pen: Pen, who: Character) -> None:
    rng = who.own_dice()
    for _ in range(26):
        x, y = rng.normal(0, 0.4), rng.normal(0.36, 0.07)
        if abs(x) < 0.8:
            spot = ellipse(x, y, 0.014, 0.013)
            pen.fill(spot, mix(who.skin, (130, 70, 40), 0.5), opacity=0.7, soft=0.004)


def _draw_lines(pen: Pen, who: Character, shown: Expression, face: Grey) -> None:
    line = mix(shade_of(who.skin), BLACK, 0.15)
    for s in (-1, 1):
        fold = curve((s * 0.21, 0.4), (s * 0.33, 0.52), (s * 0.4 * shown.width, 0.64))
        pen.line(fold, line, 0.035, soft=0.012, opacity=0.5 * shown.fold, inside=face)
        furrow = curve((s * 0.07, -0.26), (s * 0.055, -0.15), (s * 0.075, -0.06))
        pen.line(furrow, line, 0.03, soft=0.008, opacity=0.6 * shown.frown, inside=face)
        pouch = curve((s * 0.24, 0.27), (s * 0.42, 0.31), (s * 0.6, 0.25))
        pen.line(pouch, line, 0.025, soft=0.01, opacity=0.42 * shown.cheek, inside=face)
    for y in (-0.66, -0.56):
        crease = curve((-0.36, y + 0.03), (0, y), (0.36, y + 0.03))
        pen.line(crease, line, 0.022, soft=0.008, opacity=0.26 * shown.forehead, inside=face)


def draw_nose(pen: Pen, who: Character, shown: Expression) -> None:
    """A small child's nose, drawn up when it is wrinkled."""
    dark, light = shade_of(who.skin), gleam_of(who.skin)
    w, up = 0.135 * who.nose_width * (1 + 0.18 * shown.wrinkle), -0.05 * shown.wrinkle
    bridge = loop((-0.07, -0.12), (0.07, -0.12), (0.08, 0.3), (-0.08, 0.3))
    pen.fill(bridge, light, soft=0.06, opacity=0.8)
    pen.fill(ellipse(0, 0.37 + up, 0.085, 0.07), light, soft=0.04, opacity=0.9)
    pen.fill(ellipse(0, 0.475 + up, w * 0.95, 0.04), dark, soft=0.03, opacity=0.5)
    for s in (-1, 1):
        edge = s * w
        wing = curve((edge * 0.85, 0.36 + up), (edge * 1.12, 0.42 + up), (edge * 0.9, 0.48 + up))
        pen.line(wing, dark, 0.03, soft=0.01, opacity=0.75)
        nostril = ellipse(edge * 0.5, 0.462 + up, 0.03, 0.018, s * 0.3)
        pen.fill(nostril, mix(dark, (20, 8, 8), 0.5), soft=0.01, opacity=0.9)
        for y in (0.1, 0.19):
            crinkle = curve((s * 0.03, y), (s * 0.1, y - 0.02), (s * 0.16, y - 0.07))
            pen.line(crinkle, dark, 0.035, soft=0.016, opacity=0.62 * shown.wrinkle)
