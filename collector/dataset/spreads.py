"""How the measures of light and sharpness are spread over the photos that may be used."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from collector.dataset.doors import usable_photos
from collector.dataset.models import Photo

BINS = 20


@dataclass(frozen=True)
class Spread:
    """One measure's histogram: `edges` has one number more than `counts`.

    What lies beyond the edges counts in the outermost bins; `missing` photos have no such measure.
    """

    measure: str
    edges: tuple[float, ...]
    counts: tuple[int, ...]
    median: float | None
    missing: int


def _even(low: float, high: float) -> tuple[float, ...]:
    return tuple(float(edge) for edge in np.linspace(low, high, BINS + 1))


# The ranges are those of docs/MEASURES.md, fixed, so that two days' pages can be compared. Where a
# measure has no upper end, twice the backlight's balance and a strongly textured face bound it;
# sharpness and lux span magnitudes, so their bins do as well. Kelvin go from a candle's light to a
# blue sky's; what is farther is in the outermost bins.
EDGES: dict[str, tuple[float, ...]] = {
    "luminance_mean": _even(0, 1),
    "lr_asymmetry": _even(-1, 1),
    "backlight": _even(0, 2),
    "shadow_share": _even(0, 1),
    "dynamic_range": _even(0, 8),
    "laplacian_variance": tuple(float(10**power) for power in _even(0, 4)),
    "cct": _even(2000, 10_000),
    "lux": tuple(float(10**power) for power in _even(0, 5)),
}


def read_spreads(session: Session, at: datetime, light: str | None = None) -> list[Spread]:
    """The histograms of the photos, in one light or any, that may be used for research `at`."""
    columns = [getattr(Photo, name) for name in EDGES]
    photos = usable_photos("research", at).with_only_columns(*columns)
    rows = session.execute(photos.where(Photo.light == light) if light else photos).all()
    table = np.array([tuple(row) for row in rows], float).reshape(-1, len(EDGES))  # None: nan
    return [spread_of(name, table[:, column]) for column, name in enumerate(EDGES)]


def spread_of(measure: str, values: Sequence[float] | np.ndarray) -> Spread:
    """The histogram of a measure's values, nan where it does not apply to a photo."""
    edges, found = EDGES[measure], np.asarray(values, float)
    there = found[~np.isnan(found)]
    counts, _ = np.histogram(np.clip(there, edges[0], edges[-1]), edges)
    median = float(np.median(there)) if there.size else None
    return Spread(
        measure,
        edges,
        tuple(int(count) for count in counts),
        median,
        int(found.size - there.size),
    )
