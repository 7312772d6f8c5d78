"""Votes are appended, never edited; the same vote twice is one; an undo takes the last one back."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.emotions import Emotion
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.labels import (
    REASONS,
    Judgement,
    cast_vote,
    count_votes,
    last_voted_photo,
    lease_photos,
    standing_votes,
)

Judge = Callable[..., uuid.UUID]
Staff = dict[str, uuid.UUID]


def rows(dataset: Dataset) -> list[dict[str, Any]]:
    with dataset.database.read() as session:
        found = session.execute(text("SELECT * FROM vote ORDER BY created_at"))
        return [dict(row._mapping) for row in found]


def standing(dataset: Dataset, photo_id: uuid.UUID) -> list[str]:
    with dataset.database.read() as session:
        votes = standing_votes(session, usable_photos("research", clock.now()))
    return [vote.emotion or vote.verdict for vote in votes.get(photo_id, [])]


def test_a_second_opinion_of_the_same_reviewer_supersedes_the_first_and_edits_nothing(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge
) -> None:
    first = judge("rita", photos[0], "happy")
    before = rows(dataset)
    judge("rita", photos[0], "surprise")
    after = rows(dataset)
    assert after[:1] == before
    assert after[1]["supersedes_id"] == first.hex
    assert standing(dataset, photos[0]) == ["surprise"]


def test_two_reviewers_votes_stand_beside_each_other(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge
) -> None:
    judge("rita", photos[0], "happy")
    judge("rustam", photos[0], "contempt")
    assert sorted(standing(dataset, photos[0])) == ["contempt", "happy"]


def test_a_vote_sent_twice_is_stored_once(
    dataset: Dataset, photos: list[uuid.UUID], staff: Staff
) -> None:
    vote = Judgement(uuid.uuid4(), photos[0], "emotion", Emotion.HAPPY, milliseconds=700)
    first = cast_vote(dataset, staff["rita"], vote)
    again = cast_vote(dataset, staff["rita"], vote)
    assert (first.id, first.created_at) == (again.id, again.created_at)
    assert len(rows(dataset)) == 1


def test_the_same_vote_id_with_another_content_or_reviewer_is_refused(
    dataset: Dataset, photos: list[uuid.UUID], staff: Staff
) -> None:
    vote = Judgement(uuid.uuid4(), photos[0], "emotion", Emotion.HAPPY)
    cast_vote(dataset, staff["rita"], vote)
    for reviewer, other in (
        ("rita", replace(vote, emotion=Emotion.SAD)),
        ("rita", replace(vote, photo_id=photos[1])),
        ("rustam", vote),
    ):
        with pytest.raises(Conflict):
            cast_vote(dataset, staff[reviewer], other)
    assert len(rows(dataset)) == 1


def test_an_undo_takes_the_vote_back_and_the_photo_waits_again(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge, staff: Staff
) -> None:
    judge("rita", photos[0], "happy")
    judge("rita", photos[0], "undone")
    assert standing(dataset, photos[0]) == []
    assert [row["verdict"] for row in rows(dataset)] == ["emotion", "undone"]
    leased = lease_photos(dataset, staff["rita"], wanted_votes=3, count=10)
    assert photos[0] in leased


def test_undoing_again_and_again_walks_back_through_the_votes(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge, staff: Staff
) -> None:
    for photo_id in photos:
        judge("rita", photo_id, "happy")
    taken_back = []
    for _ in photos:
        with dataset.database.read() as session:
            last = last_voted_photo(session, staff["rita"], clock.now())
        assert last
        judge("rita", last, "undone")
        taken_back.append(last)
    assert taken_back == photos[::-1]
    with dataset.database.read() as session:
        assert last_voted_photo(session, staff["rita"], clock.now()) is None
        assert count_votes(session, staff["rita"]) == 0


def test_after_an_undo_the_photo_may_be_judged_anew(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge
) -> None:
    for verdict in ("happy", "undone", "sad"):
        judge("rita", photos[0], verdict)
    assert standing(dataset, photos[0]) == ["sad"]


def test_an_undo_without_a_vote_is_refused_even_where_another_reviewer_voted(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge
) -> None:
    judge("rustam", photos[0], "happy")
    with pytest.raises(Conflict):
        judge("rita", photos[0], "undone")
    assert standing(dataset, photos[0]) == ["happy"]


def test_the_operator_cannot_judge_the_photos_of_her_own_session(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge
) -> None:
    with pytest.raises(NotFound):
        judge("olga", photos[0], "happy")
    assert rows(dataset) == []


@pytest.mark.parametrize("reason", REASONS)
def test_not_usable_is_stored_with_each_of_the_reasons(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge, reason: str
) -> None:
    judge("rita", photos[0], "not_usable", reason)
    assert [row["reason"] for row in rows(dataset)] == [reason]


@pytest.mark.parametrize(
    "impossible",
    [
        {"verdict": "emotion", "emotion": None},
        {"verdict": "unsure", "emotion": Emotion.SAD},
        {"verdict": "not_usable", "reason": None},
        {"verdict": "not_usable", "reason": "ugly"},
        {"verdict": "emotion", "emotion": Emotion.SAD, "reason": "blurred"},
        {"verdict": "perhaps"},
        {"verdict": "unsure", "milliseconds": -1},
        {"verdict": "unsure", "milliseconds": 86_400_000},
        {"verdict": "unsure", "valence": 1.5},
        {"verdict": "unsure", "arousal": float("nan")},
    ],
)
def test_a_verdict_that_cannot_be_is_refused(
    dataset: Dataset, photos: list[uuid.UUID], staff: Staff, impossible: dict[str, Any]
) -> None:
    with pytest.raises(Unprocessable):
        cast_vote(dataset, staff["rita"], Judgement(uuid.uuid4(), photos[0], **impossible))
    assert rows(dataset) == []


def test_a_vote_gives_the_lease_back(
    dataset: Dataset, photos: list[uuid.UUID], staff: Staff, judge: Judge
) -> None:
    leased = lease_photos(dataset, staff["rita"], wanted_votes=1, count=1)
    assert leased[0] in photos
    judge("rita", leased[0], "happy")
    with dataset.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM lease")) == 0
