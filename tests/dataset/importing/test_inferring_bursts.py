"""Shots of one moment are one burst; nothing else is taken for one."""

from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath

import pytest

from collector.dataset.importing.bursts import Moment, group_bursts

NOON = datetime(2021, 3, 4, 12, tzinfo=UTC)


def bursts(*photos: tuple[str, float | None]) -> list[list[str]]:
    """Bursts of photos given by name and seconds after noon."""
    moments = [
        Moment(PurePosixPath(name), None if at is None else NOON + timedelta(seconds=at))
        for name, at in photos
    ]
    return [[str(path) for path in burst] for burst in group_bursts(moments)]


def named(*names: str) -> list[list[str]]:
    return bursts(*((name, None) for name in names))


def test_each_within_two_seconds_of_the_one_before_is_one_burst() -> None:
    assert bursts(("d", 6.1), ("a", 0), ("c", 4), ("b", 2)) == [["a", "b", "c"], ["d"]]


def test_shots_that_were_sorted_into_several_classes_stay_together() -> None:
    assert bursts(("happy/1.jpg", 0), ("surprise/2.jpg", 1)) == [["happy/1.jpg", "surprise/2.jpg"]]


def test_photos_of_one_second_are_in_the_order_of_their_numbers() -> None:
    assert bursts(("10.jpg", 0), ("9.jpg", 0)) == [["9.jpg", "10.jpg"]]


@pytest.mark.parametrize(
    "names",
    [
        ("IMG_0001.jpg", "IMG_0002.jpg"),
        ("DSC01234.JPG", "DSC01235.JPG"),
        ("1.jpg", "2.jpg"),
        ("child 0012_1.jpg", "child 0012_2.jpg"),
        ("20190312_001.jpg", "20190312_002.jpg"),
        ("IMG-20190312-WA0001.jpg", "IMG-20190312-WA0002.jpg"),
        ("20190312_101500.jpg", "20190312_101501.jpg"),
        ("happy_1.jpg", "happy_2.jpg"),
        ("a/IMG_0001_1.jpg", "b/IMG_0001_2.jpg"),
    ],
)
def test_numbers_alone_make_no_burst(names: tuple[str, ...]) -> None:
    assert named(*names) == [[name] for name in names]


@pytest.mark.parametrize(
    "names",
    [
        ("IMG_0001_1.jpg", "IMG_0001_2.jpg", "IMG_0001_10.jpg"),
        ("IMG_0001.jpg", "IMG_0001 (2).jpg"),
        ("DSC_0001-1.JPG", "DSC_0001-2.JPG"),
        ("20190312_101500_001.jpg", "20190312_101500_002.jpg"),
        ("IMG_20190312_101500_BURST001_COVER.jpg", "IMG_20190312_101500_BURST002.jpg"),
        ("20190312_101500(0).jpg", "20190312_101500(1).jpg"),
    ],
)
def test_a_counter_behind_the_camera_s_own_number_does(names: tuple[str, ...]) -> None:
    assert [set(burst) for burst in named(*names)] == [set(names)]


def test_a_time_is_believed_before_a_name() -> None:
    found = bursts(("IMG_0001_1.jpg", 0), ("IMG_0001_2.jpg", 60), ("IMG_0001_3.jpg", None))
    assert found == [["IMG_0001_1.jpg"], ["IMG_0001_2.jpg"], ["IMG_0001_3.jpg"]]


def test_each_photo_is_in_one_burst() -> None:
    photos = [(f"f/IMG_{n:04}.jpg", float(n) if n % 3 else None) for n in range(40)]
    found = [name for burst in bursts(*photos) for name in burst]
    assert sorted(found) == sorted(name for name, _ in photos)
