"""Eyes, lids, brows and glasses."""

import numpy as np

from collector.dataset.drawn.character import Character
from collector.dataset.drawn.expression import Expression
from collector.dataset.drawn.geometry import Points, between, curve, ellipse, loop
from collector.dataset.drawn.palette import BLACK, WHITE, mix, shade_of
from collector.dataset.drawn.pen import Pen
from collector.dataset.pixels import Grey

EYE_Y = 0.07


def draw_eyes(pen: Pen, who: Character, shown: Expression, side: int) -> None:
    """Both eyes with their lids; `side` is where a smirk looks."""
    dark = shade_of(who.skin)
    # The white lies in the lids' shade, the more to the eye the darker the skin around it.
    white = mix((220, 214, 210), dark, 0.52 - 0.05 * who.skin_tone)
    for s in (-1, 1):
        upper, lower = _lids(who, shown, s)
        opening = between(upper, lower)
        hollow = pen.mask(opening)
        pen.fill(opening, white)
        _draw_iris(pen, who, shown, s * 0.42 * who.eye_spacing + 0.07 * shown.gaze * side, hollow)
        pen.line(upper + (0, 0.03), (40, 24, 22), 0.1, soft=0.025, opacity=0.6, inside=hollow)
        _draw_lids(pen, who, shown, upper, lower)


def _lids(who: Character, shown: Expression, s: int) -> tuple[Points, Points]:
    """The upper and the lower lid's edge, from the inner to the outer corner."""
    t = np.linspace(-1, 1, 25)
    half = 0.235 * who.eye_size
    x = s * (0.42 * who.eye_spacing + half * t)
    tilt = (shown.lid_slant - who.eye_tilt * half) * t
    arch = (1 - np.abs(t) ** 2.3) ** 0.85
    upper = EYE_Y + tilt - 0.15 * who.eye_size * shown.upper_lid * (1 + 0.06 * shown.lop * s) * arch
    lower = EYE_Y + tilt * 0.6 + 0.115 * who.eye_size * shown.lower_lid * (1 - np.abs(t) ** 2.2)
    return np.stack([x, upper], axis=1), np.stack([x, lower], axis=1)


def _draw_iris(pen: Pen, who: Character, shown: Expression, x: float, hollow: Grey) -> None:
    r, colour = 0.14 * who.eye_size, who.eye_colour
    pen.fill(ellipse(x, EYE_Y - 0.005, r, r), mix(colour, BLACK, 0.55), inside=hollow)
    pen.fill(ellipse(x, EYE_Y, 0.84 * r, 0.84 * r), colour, inside=hollow, soft=0.012)
    glow = ellipse(x, EYE_Y + 0.045, 0.5 * r, 0.3 * r)
    pen.fill(glow, mix(colour, WHITE, 0.3), inside=hollow, soft=0.02, opacity=0.6)
    pupil = 0.5 * r * shown.pupil
    pen.fill(ellipse(x, EYE_Y, pupil, pupil), (14, 10, 12), inside=hollow)
    high, low = (
        ellipse(x - 0.04, EYE_Y - 0.045, 0.026, 0.028),
        ellipse(x + 0.04, EYE_Y + 0.045, 0.014, 0.014),
    )
    pen.fill(high, WHITE, inside=hollow, opacity=0.6 + 0.05 * who.skin_tone)
    pen.fill(low, WHITE, inside=hollow, opacity=0.3 + 0.04 * who.skin_tone)


def _draw_lids(pen: Pen, who: Character, shown: Expression, upper: Points, lower: Points) -> None:
    dark, lash = shade_of(who.skin), mix(who.hair_colour, (18, 12, 12), 0.75)
    pen.line(upper, lash, 0.05, taper=(0.3, 0.7))
    pen.line(lower, mix(dark, lash, 0.25), 0.016, opacity=0.6, taper=(0.4, 0.8))
    crease = upper[3:] * (1, 0.35) + (0, 0.65 * EYE_Y - 0.13 + 0.02 * shown.brow_inner)
    pen.line(crease, dark, 0.022, soft=0.006, opacity=0.35 + 0.5 * who.eye_crease)


def draw_brows(pen: Pen, who: Character, shown: Expression, side: int) -> None:
    """Both brows; a cocked brow rises on the side away from the smirk."""
    colour = mix(mix(who.hair_colour, shade_of(who.skin), 0.25), (30, 20, 16), 0.25)
    for s in (-1, 1):
        base = (
            EYE_Y - 0.37 - who.brow_height - shown.brow_cock * (s == -side) - 0.018 * shown.lop * s
        )
        inner = (s * (0.19 - shown.brow_gather), base + 0.03 - shown.brow_inner)
        bend = (s * 0.46, base - 0.03 - 0.45 * shown.brow_inner - 0.6 * shown.brow_outer)
        outer = (s * 0.7, base + 0.05 - shown.brow_outer)
        brow = curve(inner, bend, outer)
        pen.line(brow, colour, 0.088 * who.brow_weight, taper=(0.5, 0.15), soft=0.01)


def draw_glasses(pen: Pen, who: Character) -> None:
    """Frames, bridge and temples; the glass itself only glints."""
    if who.glasses == "none":
        return
    x = 0.43 * who.eye_spacing
    for s in (-1, 1):
        rim = _rim(who) + (s * x, EYE_Y + 0.02)
        pen.fill(rim, WHITE, opacity=0.03)
        glint = np.array([(-0.2, 0), (-0.1, -0.12), (-0.05, -0.1), (-0.17, 0.05)]) + (s * x, 0)
        pen.fill(glint, WHITE, opacity=0.2, soft=0.02, inside=pen.mask(rim))
        pen.line(np.concatenate([rim, rim[:2]]), who.glasses_colour, 0.034, taper=(1, 1))
        arm = np.array([(s * (x + 0.29), 0.04), (s * 0.8, 0.02), (s, 0.04)])
        pen.line(arm, who.glasses_colour, 0.045, taper=(1, 1))
    bridge = curve((0.29 - x, 0.06), (0, 0), (x - 0.29, 0.06))
    pen.line(bridge, who.glasses_colour, 0.042, taper=(1, 1))


def _rim(who: Character) -> Points:
    if who.glasses == "round":
        return ellipse(0, 0, 0.29, 0.28)
    top, bottom = (
        ((-0.28, -0.2), (0, -0.23), (0.28, -0.2)),
        ((0.22, 0.23), (0, 0.26), (-0.22, 0.23)),
    )
    return loop(*top, (0.29, 0.05), *bottom, (-0.29, 0.05))
