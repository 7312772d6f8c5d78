"""Charts are drawn to scale, say their numbers in words, and carry nothing that a page forbids."""

from xml.etree import ElementTree

import pytest

from collector.web.charts import FOOT, HEAD, HEIGHT, WIDTH, histogram_svg, progress_svg

EDGES = (0.0, 1.0, 2.0, 3.0, 4.0)


def parts(svg: str, kind: str) -> list[dict[str, float]]:
    """The numbers of all elements of that class."""
    return [
        {name: float(value) for name, value in one.attrib.items() if name != "class"}
        for one in ElementTree.fromstring(svg).iter()  # noqa: S314 - drawn a line above
        if one.get("class") == kind
    ]


def test_the_tallest_bar_fills_the_height_and_others_are_to_scale() -> None:
    bars = parts(histogram_svg(EDGES, (4, 0, 1, 2), "light"), "bar-of")
    whole = HEIGHT - FOOT - HEAD
    assert [bar["height"] for bar in bars] == pytest.approx([whole, whole / 4, whole / 2], abs=0.1)
    assert [bar["x"] for bar in bars] == [0.5, WIDTH / 2 + 0.5, WIDTH * 3 / 4 + 0.5]
    assert {bar["y"] + bar["height"] for bar in bars} == {HEIGHT - FOOT}


@pytest.mark.parametrize(
    ("median", "x"), [(0, 0), (2, WIDTH / 2), (3.5, WIDTH * 7 / 8), (9, WIDTH), (-9, 0)]
)
def test_the_median_stands_where_it_belongs(median: float, x: float) -> None:
    (line,) = parts(histogram_svg(EDGES, (1, 1, 1, 1), "light", median), "median")
    assert line["x1"] == line["x2"] == x


def test_the_median_follows_bars_of_unequal_measure() -> None:
    (line,) = parts(histogram_svg((1, 10, 100), (1, 1), "sharpness", 10), "median")
    assert line["x1"] == WIDTH / 2


def test_no_photo_is_an_empty_chart() -> None:
    svg = histogram_svg(EDGES, (0, 0, 0, 0), "light")
    assert (parts(svg, "bar-of"), parts(svg, "median")) == ([], [])
    assert len(parts(svg, "axis")) == 1


def test_bars_without_their_edges_are_refused() -> None:
    with pytest.raises(ValueError, match="4 bars lie between 5 edges, not 4"):
        histogram_svg(EDGES[1:], (1, 2, 3, 4), "light")


def test_progress_is_to_scale_and_ends_at_the_end() -> None:
    svg = progress_svg(115, 23, 200, 230, "half", "emotion-sad")
    assert parts(svg, "whole")[0]["width"] == WIDTH / 2
    assert parts(svg, "inner")[0]["width"] == WIDTH / 10
    assert parts(svg, "target")[0]["x1"] == pytest.approx(WIDTH * 200 / 230, abs=0.1)
    beyond = progress_svg(999, 0, 1, 1, "more", "emotion-sad")
    assert parts(beyond, "whole")[0]["width"] == WIDTH
    assert parts(beyond, "target")[0]["x1"] == WIDTH - 1


def test_words_are_escaped_and_read_aloud() -> None:
    for svg in (
        histogram_svg(EDGES, (1, 1, 1, 1), "a <b> & c"),
        progress_svg(1, 1, 2, 3, "a <b> & c", 'sad" onload="'),
    ):
        root = ElementTree.fromstring(svg)  # noqa: S314 - drawn a line above
        assert root.findtext("title") == "a <b> & c"
        assert set(root.attrib) == {"class", "viewBox", "role"}
        assert "style=" not in svg
