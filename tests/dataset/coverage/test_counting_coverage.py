"""Coverage counts what is taken, usable and agreed upon, by emotion, light, pose and child."""

import random
import uuid
from collections import Counter
from datetime import timedelta

import pytest

from benchmarks.coverage import fill
from collector.dataset import clock
from collector.dataset.coverage import (
    Count,
    Coverage,
    Place,
    ordered_poses,
    read_coverage,
    read_usable,
)
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.erasure import erase_participant
from collector.dataset.labels import Judgement, cast_vote, majority, standing_votes
from collector.dataset.models import CaptureSession, Photo
from collector.dataset.photos import add_photo
from collector.dataset.sessions import close_session
from collector.dataset.users import list_users
from tests.cast import drawn_jpeg, enrol, finder, give, shot, sit, snap


def coverage(dataset: Dataset) -> Coverage:
    with dataset.database.read() as session:
        return read_coverage(session, clock.now())


def test_an_empty_dataset_covers_nothing(dataset: Dataset) -> None:
    found = coverage(dataset)
    assert (found.total, found.by("emotion"), found.children) == (Count(), {}, {})


def test_photos_count_by_all_that_is_asked_for(dataset: Dataset) -> None:
    arina, timur = enrol(dataset, "research"), enrol(dataset, "research")
    day, lamp = sit(dataset, arina), sit(dataset, timur, light="artificial")
    for emotion in (Emotion.SAD, Emotion.SAD, Emotion.FEAR):
        snap(dataset, day, emotion)
    snap(dataset, lamp, Emotion.SAD)
    found = coverage(dataset)
    assert found.by("emotion") == {"sad": Count(3, 3), "fear": Count(1, 1)}
    assert found.by("emotion", "light")["sad", "natural"] == Count(2, 2)
    assert found.by("light") == {"natural": Count(3, 3), "artificial": Count(1, 1)}
    assert found.by("child") == {arina: Count(3, 3), timur: Count(1, 1)}
    assert found.only(child=timur).by("emotion") == {"sad": Count(1, 1)}
    assert found.only(light="natural").by("child") == {arina: Count(3, 3)}
    assert found.only(child=timur, light="natural").total == Count()
    assert found.only(child=None, light=None) == found
    assert found.total == Count(4, 4)


def test_what_may_not_be_used_is_taken_alone(dataset: Dataset) -> None:
    stopping = sit(dataset, enrol(dataset, "research"))
    snap(dataset, stopping)
    close_session(dataset, stopping.id, "stopped", [])
    refusing = enrol(dataset, "research")
    snap(dataset, sit(dataset, refusing))
    give(dataset, refusing, given=False, signed_at=clock.now())
    assert coverage(dataset).total == Count(2, 0, 0)
    erase_participant(dataset, refusing, actor="test")
    assert coverage(dataset).total == Count(1, 0, 0)


def test_agreed_photos_stand_at_what_reviewers_saw(
    dataset: Dataset, staff: dict[str, uuid.UUID]
) -> None:
    photo = snap(dataset, sit(dataset, enrol(dataset, "research")), Emotion.SAD)
    for name in ("rita", "rustam"):
        cast_vote(dataset, staff[name], Judgement(uuid.uuid4(), photo, "emotion", Emotion.FEAR))
    expected = {"sad": Count(1, 1, 0), "fear": Count(0, 0, 1)}
    assert coverage(dataset).by("emotion") == expected
    cast_vote(dataset, staff["rita"], Judgement(uuid.uuid4(), photo, "undone"))
    cast_vote(dataset, staff["rita"], Judgement(uuid.uuid4(), photo, "emotion", Emotion.SAD))
    assert coverage(dataset).total == Count(1, 1, 0)


@pytest.mark.slow
def test_the_statement_agrees_with_the_rule_of_the_frozen_set(dataset: Dataset) -> None:
    fill(dataset, photos=300, children=6)
    dice = random.Random(2)
    with dataset.database.read() as session:
        reviewers = [user.id for user in list_users(session)]
        ids = [one.id for one in session.scalars(usable_photos("research", clock.now()))]
    for photo in dice.sample(ids, 40):
        undone = dice.random() < 0.5
        judgement = Judgement(
            uuid.uuid4(), photo, "undone" if undone else "not_usable",
            reason=None if undone else "blurred",
        )  # fmt: skip
        voted = [one for one in reviewers if _voted(dataset, photo, one)]
        cast_vote(dataset, dice.choice(voted), judgement)
    expected = Counter[Place]()
    with dataset.database.read() as session:
        door = usable_photos("research", clock.now())
        votes = standing_votes(session, door)
        for photo, child in session.execute(door.add_columns(CaptureSession.participant_id)):
            label = majority(votes.get(photo.id, []))[1]
            if label:
                expected[Place(label, photo.light, photo.head_pose, child)] += 1
    found = {place: one.agreed for place, one in coverage(dataset).places.items() if one.agreed}
    assert found == expected
    assert 0 < sum(found.values()) < 300


def _voted(dataset: Dataset, photo: uuid.UUID, reviewer: uuid.UUID) -> bool:
    with dataset.database.read() as session:
        votes = standing_votes(
            session, usable_photos("research", clock.now()).where(Photo.id == photo)
        )
    return any(one.reviewer_id == reviewer for one in votes[photo])


@pytest.mark.slow
def test_twenty_thousand_photos_are_counted_while_somebody_waits(dataset: Dataset) -> None:
    """Half a second where nothing else runs; a statement that is not grouped takes minutes."""
    fill(dataset, photos=20_000, children=100)
    begun = clock.now()
    found = coverage(dataset)
    assert clock.now() - begun < timedelta(seconds=10)
    assert found.total.usable == 20_000
    assert set(found.by("emotion")) == set(EMOTIONS)


def test_a_plan_starts_from_what_was_there_before(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    session = sit(dataset, child)
    snap(dataset, session)
    moment = clock.now()
    snap(dataset, session)
    with dataset.database.read() as db:
        assert sum(read_usable(db, moment).values()) == 1
        assert sum(read_usable(db, clock.now()).values()) == 2


def test_photos_without_a_head_position_come_last(dataset: Dataset) -> None:
    add_photo(dataset, finder(), sit(dataset, enrol(dataset, "research")).id, shot(), drawn_jpeg())
    assert list(coverage(dataset).by("head_pose")) == [None]
    mixed = [None, "up", "down", "left", "frontal", "right"]
    assert ordered_poses(mixed) == ["frontal", "left", "right", "up", "down", None]
