"""Hair: what falls behind the head, and what lies over the forehead."""

import numpy as np

from collector.dataset.drawn.character import Character
from collector.dataset.drawn.geometry import Points, curve, ellipse, loop, mirrored_loop
from collector.dataset.drawn.palette import BLACK, mix
from collector.dataset.drawn.pen import Pen
from collector.dataset.pixels import Grey

# The right half of the line where hair meets the face, from the middle of the forehead outwards.
_HAIRLINES = {
    "short": [(0, -0.66), (0.4, -0.64), (0.7, -0.5), (0.84, -0.2), (0.95, 0.05), (1.03, 0.16)],
    "fringe": [(0, -0.46), (0.35, -0.47), (0.66, -0.44), (0.84, -0.22), (0.94, 0.12), (1.02, 0.2)],
    "parted": [(0, -0.78), (0.3, -0.7), (0.62, -0.52), (0.84, -0.18), (0.94, 0.08), (1.02, 0.2)],
    "bob": [(0, -0.47), (0.35, -0.48), (0.68, -0.44), (0.84, -0.1), (0.9, 0.45), (1.0, 0.6)],
    "long": [(0, -0.82), (0.24, -0.7), (0.6, -0.48), (0.84, -0.08), (0.92, 0.45), (1.0, 0.6)],
    "pigtails": [(0, -0.8), (0.3, -0.7), (0.64, -0.5), (0.86, -0.16), (0.95, 0.05), (1.03, 0.14)],
    "curls": [(0, -0.62), (0.35, -0.6), (0.68, -0.48), (0.84, -0.2), (0.95, 0.06), (1.03, 0.16)],
    "bun": [(0, -0.76), (0.36, -0.7), (0.68, -0.5), (0.86, -0.18), (0.95, 0.04), (1.03, 0.14)],
}
_LENGTHS = {
    "bob": ((1.18, -0.1), (1.2, 0.6), (1.05, 1.05), (0.5, 1.1), (0, 1.1)),
    "long": ((1.15, -0.1), (1.2, 0.8), (1.22, 1.7), (0.9, 2.15), (0, 2.2)),
}


def draw_back_hair(pen: Pen, who: Character) -> None:
    """What shows behind neck and ears."""
    flat, style, behind = pen.flat(), who.hair_style, mix(who.hair_colour, BLACK, 0.25)
    if style in _LENGTHS:
        flat.solid(mirrored_loop((0, -1.2), (0.9, -0.9), *_LENGTHS[style]), behind)
    elif style == "pigtails":
        _draw_pigtails(flat, who)
    elif style == "curls":
        for angle in np.linspace(-0.25, np.pi + 0.25, 17):
            curl = ellipse(1.08 * np.cos(angle), -0.15 - 1.1 * np.sin(angle), 0.3, 0.3)
            flat.solid(curl, behind)
    elif style == "bun":
        flat.solid(ellipse(0.1, -1.42, 0.36, 0.32), who.hair_colour)
        sheen = mix(who.hair_colour, (255, 236, 210), 0.3)
        flat.fill(ellipse(0.02, -1.5, 0.16, 0.1), sheen, soft=0.06)


def _draw_pigtails(flat: Pen, who: Character) -> None:
    right = ((0.98, -0.15), (1.3, -0.05), (1.5, 0.45), (1.42, 1.1), (1.25, 1.25), (1.12, 0.7))
    for s in (-1, 1):
        flat.solid(loop(*right) * (s, 1), who.hair_colour)
        flat.fill(ellipse(s * 1.08, -0.02, 0.09, 0.12), (206, 84, 96))


def draw_front_hair(pen: Pen, who: Character) -> None:
    """The cap of hair over skull and forehead."""
    flat = pen.flat()
    cap = _cap(who, pen.pose.yaw)
    flat.solid(cap, who.hair_colour)
    if who.hair_style == "curls":
        _draw_curls(flat, who)
    else:
        _draw_strands(flat, who, flat.mask(cap))


def _cap(who: Character, yaw: float) -> Points:
    half = np.array(_HAIRLINES[who.hair_style])
    line = np.concatenate([half[::-1] * (-1, 1), half[1:]])
    if who.hair_style in ("parted", "short"):
        # Combed over: the line rises on one side of the parting and swoops on the other.
        line[:, 1] += 0.16 * line[:, 0] * (np.abs(line[:, 0]) < 0.75)
    line[:, 0] += 0.7 * yaw * (1 - line[:, 0] ** 2).clip(0)
    thick = 0.1 if who.hair_style in ("short", "bun", "pigtails") else 0.15
    rx, ry = 1.02 + 0.6 * thick, 1.2 + thick
    start = np.arcsin(half[-1, 1] / ry)
    turn = np.linspace(start, -np.pi - start, 48)
    skull = np.stack([rx * np.cos(turn), ry * np.sin(turn)], axis=1)
    return np.concatenate([curve(*line), skull])


def _draw_curls(flat: Pen, who: Character) -> None:
    rng = who.own_dice()
    dark, light = mix(who.hair_colour, BLACK, 0.35), mix(who.hair_colour, (255, 226, 190), 0.22)
    for ring in (1.16, 0.95, 0.74):
        for angle in np.linspace(0.05, np.pi - 0.05, 13) + rng.normal(0, 0.03, 13):
            x, y = ring * np.cos(angle) + rng.normal(0, 0.03), -0.14 - ring * np.sin(angle)
            if y > -0.6 and abs(x) < 0.86:
                continue  # it would hang over the face
            flat.solid(ellipse(x, y, 0.18, 0.17), mix(who.hair_colour, dark, rng.uniform(0, 0.5)))
            flat.fill(ellipse(x, y - 0.03, 0.11, 0.09), light, soft=0.05, opacity=0.5)
            hook = curve((x - 0.13, y + 0.04), (x, y + 0.12), (x + 0.12, y + 0.03))
            flat.line(hook, dark, 0.03, soft=0.012, opacity=0.6)


def _draw_strands(flat: Pen, who: Character, over: Grey) -> None:
    arc = np.linspace(1.15 * np.pi, 1.85 * np.pi, 30)
    band = np.stack([0.85 * np.cos(arc), 0.95 * np.sin(arc) - 0.05], axis=1)
    sheen, dark = mix(who.hair_colour, (255, 232, 200), 0.34), mix(who.hair_colour, BLACK, 0.4)
    flat.line(band, sheen, 0.16, soft=0.06, opacity=0.45, inside=over)
    top = np.array((0.25 if who.hair_style in ("parted", "long") else 0.0, -1.2))
    for x in np.linspace(-0.95, 0.95, 13):
        end = np.array((x, -0.36 - 0.3 * (1 - abs(x))))
        strand = curve(top, (top + end) / 2 + (0.28 * x, -0.12), end)
        flat.line(strand, dark, 0.022, soft=0.008, opacity=0.22, inside=over)
