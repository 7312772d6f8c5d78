"""What a photo's votes agree on."""

import uuid
from collections.abc import Callable

import pytest

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.labels import majority, standing_votes

NAMES = ("rita", "rustam", "admin")


@pytest.mark.parametrize(
    ("verdicts", "why", "label"),
    [
        ((), "no_votes", None),
        (("sad",), "agreed", "sad"),
        (("sad", "sad", "fear"), "agreed", "sad"),
        (("sad", "fear"), "tied", None),
        (("sad", "fear", "happy"), "tied", None),
        (("sad", "unsure"), "tied", None),
        (("sad", "sad", "unsure"), "agreed", "sad"),
        (("unsure", "unsure", "sad"), "unsure", None),
        (("not_usable", "not_usable", "sad"), "not_usable", None),
        (("unsure", "not_usable"), "tied", None),
        (("undone",), "no_votes", None),
    ],
)
def test_the_majority_is_the_label_and_ties_have_none(
    dataset: Dataset,
    photos: list[uuid.UUID],
    judge: Callable[..., uuid.UUID],
    verdicts: tuple[str, ...],
    why: str,
    label: str | None,
) -> None:
    photo_id = photos[0]
    for name, verdict in zip(NAMES, verdicts, strict=False):
        if verdict == "undone":
            judge(name, photo_id, "happy")
        judge(name, photo_id, verdict, "blurred" if verdict == "not_usable" else None)
    with dataset.database.read() as session:
        votes = standing_votes(session, usable_photos("research", clock.now()))
    assert majority(votes.get(photo_id, [])) == (why, label)
