"""Small charts as drawings within a page: nothing is fetched, and they print as they are seen.

Colours come from the stylesheets by class, sizes from attributes: the page's policy allows no
`style`. Every chart carries its numbers in words for whoever does not see it.
"""

from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup, escape

WIDTH, HEIGHT = 240, 90
FOOT, HEAD = 16, 4  # below the bars stand the numbers, above them a little air
TRACK = 14


def histogram_svg(
    edges: Sequence[float], counts: Sequence[int], words: str, median: float | None = None
) -> Markup:
    """Bars of equal width, one for each of the counts, between edges that rise.

    The first and last edges stand below; a median among the edges is a line. Raises ValueError
    where there is not one edge more than there are counts.
    """
    if len(edges) != len(counts) + 1:
        raise ValueError(
            f"{len(counts)} bars lie between {len(counts) + 1} edges, not {len(edges)}"
        )
    floor, step = HEIGHT - FOOT, WIDTH / len(counts)
    most = max(*counts, 1)
    bars = []
    for number, count in enumerate(counts):
        tall = count / most * (floor - HEAD)
        if count:
            bars.append(_rect(number * step + 0.5, floor - tall, step - 1, tall, "bar-of"))
    if median is not None:
        x = _place(edges, median) * step
        bars.append(f'<line class="median" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{floor}"/>')
    bars.append(f'<line class="axis" x1="0" x2="{WIDTH}" y1="{floor}" y2="{floor}"/>')
    bars.append(f'<text x="0" y="{HEIGHT - 3}">{_number(edges[0])}</text>')
    bars.append(f'<text x="{WIDTH}" y="{HEIGHT - 3}" text-anchor="end">{_number(edges[-1])}</text>')
    return _svg("histogram", WIDTH, HEIGHT, words, bars)


def progress_svg(value: int, inner: int, target: int, most: int, words: str, colour: str) -> Markup:
    """A bar towards a target: `value` in the colour, of which `inner` is hatched darker below.

    `most` is the bar's whole length, the target a mark on it; what is beyond is cut off. `colour`
    is a class of emotions.css.
    """
    scale = WIDTH / max(most, 1)
    parts = [
        _rect(0, 0, WIDTH, TRACK, "track"),
        _rect(0, 0, min(value * scale, WIDTH), TRACK, "whole"),
        _rect(0, TRACK - 4, min(inner * scale, WIDTH), 4, "inner"),
    ]
    x = min(target * scale, WIDTH - 1)
    parts.append(f'<line class="target" x1="{x:.1f}" x2="{x:.1f}" y1="0" y2="{TRACK}"/>')
    return _svg(f"progress {colour}", WIDTH, TRACK, words, parts)


def _place(edges: Sequence[float], value: float) -> float:
    """How many bars lie left of the value, within the edges."""
    if value <= edges[0]:
        return 0.0
    for number, (low, high) in enumerate(pairwise(edges)):
        if value <= high:
            return number + (value - low) / (high - low)
    return float(len(edges) - 1)


def _svg(kind: str, width: int, height: int, words: str, parts: Sequence[str]) -> Markup:
    drawing = "".join(parts)
    return Markup(  # noqa: S704 - the words are escaped, the rest are numbers
        f'<svg class="{escape(kind)}" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{escape(words)}</title>{drawing}</svg>"
    )


def _rect(x: float, y: float, width: float, height: float, kind: str) -> str:
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'
    )


def _number(value: float) -> str:
    return f"{value:g}"
