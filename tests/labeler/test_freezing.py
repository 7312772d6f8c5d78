"""Freezing the curated set: what is counted, what is left out, what is refused."""

import uuid
from collections.abc import Callable

import pytest
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.erasure import erase_participant, erase_photos
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.sessions import close_session
from collector.dataset.snapshots import (
    find_snapshot,
    freeze_snapshot,
    load_snapshot,
    verify_snapshot,
)
from tests.cast import OpenSession, enrol, give, sit, snap

Judge = Callable[..., uuid.UUID]


def labels(**found: int) -> dict[str, int]:
    return {emotion.value: found.get(emotion.value, 0) for emotion in EMOTIONS}


def freeze(dataset: Dataset, name: str = "first", rule: str = "majority") -> dict[str, object]:
    return dict(freeze_snapshot(dataset, name, rule, actor="test").counts)


def test_the_majority_is_frozen_and_the_rest_is_counted_by_its_reason(
    dataset: Dataset, sitting: OpenSession, photos: list[uuid.UUID], judge: Judge
) -> None:
    more = [snap(dataset, sitting) for _ in range(3)]
    for name in ("rita", "rustam", "admin"):
        judge(name, photos[0], "fear")  # prompted as happy: the votes count
    judge("rita", photos[1], "sad")
    judge("rustam", photos[1], "neutral")
    judge("rita", more[0], "unsure")
    judge("rita", more[1], "not_usable", "blurred")
    judge("rita", more[2], "happy")
    assert freeze(dataset) == {
        "labels": labels(fear=1, happy=1),
        "left_out": {"no_votes": 1, "not_usable": 1, "tied": 1, "unsure": 1},
    }
    frozen = load_snapshot(dataset, "first")
    assert {one.photo_id: one.label for one in frozen.photos} == {
        photos[0]: Emotion.FEAR,
        more[2]: Emotion.HAPPY,
    }


def test_by_the_prompts_no_vote_is_needed(dataset: Dataset, photos: list[uuid.UUID]) -> None:
    assert freeze(dataset, rule="prompted") == {
        "labels": labels(happy=1, sad=1, fear=1),
        "left_out": {},
    }
    frozen = load_snapshot(dataset, "first")
    assert {one.photo_id: one.label for one in frozen.photos} == dict(
        zip(photos, (Emotion.HAPPY, Emotion.SAD, Emotion.FEAR), strict=True)
    )


def test_a_frozen_set_does_not_change_with_later_votes(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge
) -> None:
    judge("rita", photos[0], "happy")
    freeze(dataset)
    judge("rita", photos[0], "sad")
    judge("rita", photos[1], "sad")
    frozen = load_snapshot(dataset, "first")
    assert [(one.photo_id, one.label) for one in frozen.photos] == [(photos[0], Emotion.HAPPY)]
    assert verify_snapshot(dataset, "first")


def test_photos_that_may_not_be_used_are_not_frozen_and_not_even_counted(
    dataset: Dataset, sitting: OpenSession, photos: list[uuid.UUID], staff: dict[str, uuid.UUID]
) -> None:
    stopped = sit(dataset, enrol(dataset, "research"), staff["olga"])
    snap(dataset, stopped)
    close_session(dataset, stopped.id, "stopped", [])
    refused = sit(dataset, enrol(dataset, "research"), staff["olga"])
    snap(dataset, refused)
    give(dataset, refused.child, given=False, signed_at=clock.now())
    erase_photos(dataset, [photos[0]], actor="child")
    assert freeze(dataset, rule="prompted") == {"labels": labels(sad=1, fear=1), "left_out": {}}


def test_a_withdrawn_child_leaves_a_frozen_set_that_still_verifies(
    dataset: Dataset, sitting: OpenSession, photos: list[uuid.UUID], staff: dict[str, uuid.UUID]
) -> None:
    timurs = snap(dataset, sit(dataset, enrol(dataset, "research"), staff["olga"]))
    freeze(dataset, rule="prompted")
    erase_participant(dataset, sitting.child, actor="olga")
    frozen = load_snapshot(dataset, "first")
    assert [one.photo_id for one in frozen.photos] == [timurs]
    assert frozen.missing == len(photos)
    assert verify_snapshot(dataset, "first")


def test_a_label_changed_behind_the_programs_back_is_found(
    dataset: Dataset, photos: list[uuid.UUID]
) -> None:
    freeze(dataset, rule="prompted")
    with dataset.database.write() as session:
        session.execute(text("UPDATE snapshot_item SET label = 'neutral' WHERE position = 0"))
    assert not verify_snapshot(dataset, "first")


def test_a_taken_name_is_refused_and_the_frozen_set_stays(
    dataset: Dataset, photos: list[uuid.UUID]
) -> None:
    freeze(dataset, rule="prompted")
    with dataset.database.read() as session:
        before = find_snapshot(session, "first").manifest_sha256
    with pytest.raises(Conflict, match="choose another name"):
        freeze(dataset, rule="prompted")
    with dataset.database.read() as session:
        assert find_snapshot(session, "first").manifest_sha256 == before


def test_nothing_labelled_is_nothing_to_freeze(dataset: Dataset, photos: list[uuid.UUID]) -> None:
    with pytest.raises(Unprocessable, match="3 no votes"):
        freeze(dataset)
    with dataset.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM snapshot")) == 0


@pytest.mark.parametrize(
    ("name", "rule"), [("", "prompted"), ("x" * 81, "prompted"), ("x", "best")]
)
def test_an_impossible_name_or_rule_is_refused(dataset: Dataset, name: str, rule: str) -> None:
    with pytest.raises(Unprocessable):
        freeze(dataset, name, rule)


def test_an_unknown_set_is_not_found_and_the_known_ones_are_named(
    dataset: Dataset, photos: list[uuid.UUID]
) -> None:
    freeze(dataset, rule="prompted")
    with pytest.raises(NotFound, match="Snapshots here: first"):
        verify_snapshot(dataset, "second")
