"""The mouth: lips, teeth and tongue."""

import numpy as np

from collector.dataset.drawn.character import Character
from collector.dataset.drawn.expression import Expression
from collector.dataset.drawn.geometry import Points, between, curve, ellipse
from collector.dataset.drawn.palette import BLACK, WHITE, Colour, mix, shade_of
from collector.dataset.drawn.pen import Pen
from collector.dataset.pixels import Grey

MOUTH_Y = 0.71
_T = np.linspace(-1, 1, 33)  # along the mouth, -1 and 1 are its corners
_MIDDLE = 16


def draw_mouth(pen: Pen, who: Character, shown: Expression, side: int) -> None:
    """The mouth; a smirk rises on `side` (-1 left, 1 right in the picture)."""
    upper, lower = _inner_edges(who, shown, side)
    _draw_lips(pen, who, shown, upper, lower)
    if float(lower[_MIDDLE, 1] - upper[_MIDDLE, 1]) > 0.015:
        _draw_inside(pen, who, shown, upper, lower)
    else:
        pen.line(upper, mix(shade_of(who.skin), (30, 8, 8), 0.65), 0.034, taper=(0.5, 0.5))
    _draw_corners(pen, who, shown, upper, side)


def _inner_edges(who: Character, shown: Expression, side: int) -> tuple[Points, Points]:
    """Where the lips meet or part: the upper and the lower edge, left to right."""
    rounding = min(shown.rounding, 1.0)
    oval, push = rounding * shown.jaw, 0.035 * shown.pout
    lift = (shown.corner + who.resting_corner) * np.abs(_T) ** 1.6
    lift = lift + 0.02 * shown.lop * _T
    smirk = shown.smirk * np.clip(_T * side, 0, 1) ** 1.5
    x = 0.32 * who.mouth_width * shown.width * _T + side * (0.25 * smirk + 0.15 * shown.smirk)
    # From a parabola's pointed corners to an ellipse's round or a box's square ones.
    sharpness = 1 - 0.5 * max(rounding, 0.5 * shown.square)
    arch = (1 - np.abs(_T) ** (2 + 2.5 * shown.square)) ** sharpness
    ends = MOUTH_Y + 0.27 * oval - lift - smirk
    upper = ends - (shown.lip_raise + 0.12 * shown.jaw + 0.32 * oval + push) * arch
    lower = ends + (0.88 * shown.jaw - 0.38 * oval - push) * arch
    return np.stack([x, upper], axis=1), np.stack([x, np.maximum(lower, upper)], axis=1)


def _draw_lips(pen: Pen, who: Character, shown: Expression, upper: Points, lower: Points) -> None:
    full = who.lip_fullness * (1 - 0.65 * shown.press)
    dark = shade_of(who.skin)
    lip = mix(mix(who.skin, (206, 84, 86), 0.45), dark, 0.12)
    bow = (1 - np.abs(_T) ** 2.4) * (1 - 0.22 * np.exp(-((_T / 0.2) ** 2)))
    swell = (0.1 * full + 0.03 * shown.pout) * (1 - np.abs(_T) ** 2.6) + 0.008
    top = upper - np.stack([0 * _T, 0.07 * full * bow + 0.008], axis=1)
    bottom = lower + np.stack([0 * _T, swell], axis=1)
    low = float(bottom[_MIDDLE, 1])
    under = ellipse(0, low + 0.07, 0.2, 0.04)
    pen.fill(under, dark, soft=0.035, opacity=0.5 + 0.3 * shown.pout)
    pen.fill(between(top, bottom), lip, soft=0.008)
    shine = ellipse(0, low - 0.4 * float(swell[_MIDDLE]), 0.13, 0.018)
    pen.fill(shine, mix(lip, WHITE, 0.45), soft=0.02, opacity=0.6 * (1 - min(shown.press, 1)))


def _draw_inside(pen: Pen, who: Character, shown: Expression, upper: Points, lower: Points) -> None:
    opening = between(upper, lower)
    hollow = pen.mask(opening)
    pen.fill(opening, (104, 40, 42))
    high, low = float(upper[_MIDDLE, 1]), float(lower[_MIDDLE, 1])
    tongue = ellipse(0, low + 0.02, 0.2, 0.4 * (low - high))
    pen.fill(tongue, (190, 92, 92), inside=hollow, soft=0.02, opacity=0.85)
    white = mix((234, 228, 216), shade_of(who.skin), 0.16 - 0.018 * who.skin_tone)
    _draw_teeth(pen, white, shown.teeth, upper, hollow)
    _draw_teeth(pen, white, -shown.lower_teeth, lower, hollow)
    if who.gap_tooth and shown.teeth > 0.06:
        gap = np.array(
            [(0, high), (0.1, high), (0.1, high + 1.1 * shown.teeth), (0, high + 1.1 * shown.teeth)]
        )
        pen.fill(gap, (74, 26, 28), inside=hollow, soft=0.004)
    pen.line(upper, (60, 16, 20), 0.02, opacity=0.8)


def _draw_teeth(pen: Pen, white: Colour, height: float, edge: Points, hollow: Grey) -> None:
    """A row that hangs from the edge, or stands on it where the height is negative."""
    if abs(height) < 0.01:
        return
    pen.fill(between(edge, edge + (0, height)), white, inside=hollow, soft=0.004)
    for x in np.arange(-0.4, 0.41, 0.1):
        if edge[0, 0] < x < edge[-1, 0]:
            y = float(np.interp(x, edge[:, 0], edge[:, 1]))
            seam = np.array([(x, y), (x, y + height / 2), (x, y + height)])
            pen.line(seam, (150, 120, 112), 0.012, inside=hollow, opacity=0.4)


def _draw_corners(pen: Pen, who: Character, shown: Expression, upper: Points, side: int) -> None:
    dark = mix(shade_of(who.skin), BLACK, 0.15)
    for s, corner in ((-1, upper[0]), (1, upper[-1])):
        depth = 0.25 + 2.7 * max(shown.corner, 0) + 4 * shown.smirk * (s == side)
        dimple = curve(
            corner + (s * 0.02, -0.05), corner + (s * 0.045, 0), corner + (s * 0.02, 0.05)
        )
        pen.line(dimple, dark, 0.03, soft=0.01, opacity=min(depth, 0.9))
    end = upper[-1] if side > 0 else upper[0]
    fold = curve((side * 0.22, 0.42), (side * 0.36, 0.5), end + (side * 0.1, -0.02))
    pen.line(fold, dark, 0.03, soft=0.012, opacity=min(4 * shown.smirk, 0.7))
