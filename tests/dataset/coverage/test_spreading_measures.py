"""Histograms of the measures of light: fixed edges, nothing lost at the ends, none for null."""

import math

import numpy as np

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.models import Photo
from collector.dataset.spreads import BINS, EDGES, Spread, read_spreads, spread_of
from tests.cast import enrol, sit, snap


def spreads(dataset: Dataset, light: str | None = None) -> dict[str, Spread]:
    with dataset.database.read() as session:
        return {one.measure: one for one in read_spreads(session, clock.now(), light)}


def test_values_fall_into_their_bins() -> None:
    found = spread_of("luminance_mean", [0.0, 0.04, 0.06, 0.99, 1.0])
    assert (found.counts[0], found.counts[1], found.counts[-1]) == (2, 1, 2)
    assert (found.median, found.missing, len(found.counts)) == (0.06, 0, BINS)


def test_what_lies_beyond_the_edges_counts_in_the_outermost_bins() -> None:
    found = spread_of("backlight", [7.5, 0.0, -1.0])
    assert (found.counts[0], found.counts[-1], sum(found.counts)) == (2, 1, 3)


def test_sharpness_is_binned_by_its_magnitude() -> None:
    found = spread_of("laplacian_variance", [1.5, 15, 150, 1500])
    filled = [number for number, count in enumerate(found.counts) if count]
    assert np.diff(filled).tolist() == [BINS / 4] * 3


def test_a_measure_that_does_not_apply_is_missing_not_zero() -> None:
    found = spread_of("lr_asymmetry", [math.nan, 0.5])
    assert (sum(found.counts), found.missing, found.median) == (1, 1, 0.5)


def test_no_photo_has_no_median(dataset: Dataset) -> None:
    found = spreads(dataset)
    assert list(found) == list(EDGES)
    assert {(one.median, sum(one.counts), one.missing) for one in found.values()} == {(None, 0, 0)}


def test_photos_that_may_be_used_are_measured(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    session = sit(dataset, child)
    photos = [snap(dataset, session) for _ in range(2)]
    with dataset.database.write() as db:
        changed = db.get(Photo, photos[0])
        assert changed
        changed.backlight = None
        other = db.get(Photo, photos[1])
        assert other
        expected = other.backlight
    found = spreads(dataset)["backlight"]
    assert (sum(found.counts), found.missing, found.median) == (1, 1, expected)
    assert spreads(dataset, "natural")["backlight"] == found
    assert sum(spreads(dataset, "artificial")["backlight"].counts) == 0
    erase_participant(dataset, child, actor="test")
    assert sum(spreads(dataset)["backlight"].counts) == 0
