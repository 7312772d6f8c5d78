"""Votes: appending them, which of them stand, and what they agree on."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.emotions import Emotion
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.models import CaptureSession, Lease, Photo, Vote

VERDICTS = ("emotion", "unsure", "not_usable", "undone")
REASONS = ("no_face", "blurred", "covered", "other_person", "not_posing", "other")

LEASE = timedelta(minutes=10)

LATER = aliased(Vote)  # made once: copying a table takes longer than asking SQLite


@dataclass(frozen=True)
class Judgement:
    """One key press of a reviewer; `vote_id` is made by the browser, so that it may be sent again.

    A verdict `emotion` names one, `not_usable` gives a reason, `undone` takes back the reviewer's
    standing vote on the photo. `valence` and `arousal` run from -1 to 1.
    """

    vote_id: uuid.UUID
    photo_id: uuid.UUID
    verdict: str
    emotion: Emotion | None = None
    reason: str | None = None
    milliseconds: int | None = None
    valence: float | None = None
    arousal: float | None = None
    blind: bool = True
    origin: str = "queue"


def cast_vote(
    dataset: Dataset, reviewer_id: uuid.UUID, judgement: Judgement, *, at: datetime | None = None
) -> Vote:
    """Append the vote, superseding the reviewer's own earlier one on that photo.

    Raises NotFound for a photo that this reviewer may not judge, Unprocessable for a verdict that
    cannot be, Conflict for an id used before or an undo without a vote.
    """
    _check(judgement)
    at = at or clock.now()
    with dataset.database.write() as session:
        known = session.get(Vote, judgement.vote_id)
        if known is not None:
            return _same(known, reviewer_id, judgement)
        photo_for_reviewer(session, judgement.photo_id, reviewer_id, at)
        standing = _standing_vote(session, judgement.photo_id, reviewer_id)
        if judgement.verdict == "undone" and standing is None:
            raise Conflict("There is no vote to take back.")
        vote = Vote(
            id=judgement.vote_id,
            site_id=dataset.site_id,
            photo_id=judgement.photo_id,
            reviewer_id=reviewer_id,
            verdict=judgement.verdict,
            emotion=judgement.emotion,
            reason=judgement.reason,
            milliseconds=judgement.milliseconds,
            valence=judgement.valence,
            arousal=judgement.arousal,
            blind=judgement.blind,
            origin=judgement.origin,
            supersedes_id=standing.id if standing else None,
            created_at=at,
        )
        session.add(vote)
        session.execute(
            delete(Lease).where(
                Lease.photo_id == judgement.photo_id, Lease.reviewer_id == reviewer_id
            )
        )
    return vote


def photo_for_reviewer(
    session: Session, photo_id: uuid.UUID, reviewer_id: uuid.UUID, at: datetime
) -> Photo:
    """The photo, if it may be judged by this reviewer; raises NotFound."""
    photo = session.scalars(_judgeable(reviewer_id, at).where(Photo.id == photo_id)).first()
    if photo is None:
        raise NotFound("There is no such photo to review.")
    return photo


def lease_photos(
    dataset: Dataset,
    reviewer_id: uuid.UUID,
    *,
    wanted_votes: int,
    count: int,
    at: datetime | None = None,
) -> list[uuid.UUID]:
    """The next photos for this reviewer, reserved for a while: those with the fewest votes first.

    A photo is served while its votes and the other reviewers' leases are fewer than
    `wanted_votes`, and never to the operator of its session. What the reviewer has in hand comes
    first. The ids are random, so the order tells nothing of the prompts.
    """
    at = at or clock.now()
    with dataset.database.write() as session:
        chosen = session.scalars(_waiting(reviewer_id, wanted_votes, at).limit(count)).all()
        session.execute(
            delete(Lease).where(or_(Lease.until <= at, Lease.reviewer_id == reviewer_id))
        )
        session.add_all(
            Lease(
                site_id=dataset.site_id,
                photo_id=photo.id,
                reviewer_id=reviewer_id,
                until=at + LEASE,
            )
            for photo in chosen
        )
    return [photo.id for photo in chosen]


def count_waiting(
    session: Session, reviewer_id: uuid.UUID, *, wanted_votes: int, at: datetime
) -> int:
    """How many photos still want this reviewer's vote."""
    waiting = _waiting(reviewer_id, wanted_votes, at).order_by(None).subquery()
    return session.scalar(select(func.count()).select_from(waiting)) or 0


def count_votes(session: Session, reviewer_id: uuid.UUID) -> int:
    """How many of the reviewer's votes stand."""
    statement = select(func.count(Vote.id)).where(Vote.reviewer_id == reviewer_id, _stands(Vote))
    return session.scalar(statement) or 0


def last_voted_photo(session: Session, reviewer_id: uuid.UUID, at: datetime) -> uuid.UUID | None:
    """The photo of the reviewer's newest standing vote: the one that undo takes back."""
    judgeable = _judgeable(reviewer_id, at).with_only_columns(Photo.id)
    return session.scalars(
        select(Vote.photo_id)
        .where(Vote.reviewer_id == reviewer_id, _stands(Vote), Vote.photo_id.in_(judgeable))
        .order_by(Vote.created_at.desc())
        .limit(1)
    ).first()


def standing_votes(session: Session, photos: Select[Photo]) -> dict[uuid.UUID, list[Vote]]:
    """The votes that stand, by photo, for photos that came through a door."""
    ids = photos.order_by(None).with_only_columns(Photo.id)
    votes: dict[uuid.UUID, list[Vote]] = {}
    for vote in session.scalars(select(Vote).where(Vote.photo_id.in_(ids), _stands(Vote))):
        votes.setdefault(vote.photo_id, []).append(vote)
    return votes


def count_judged(session: Session, *, wanted_votes: int, at: datetime) -> int:
    """How many photos that may be used for research have all the votes that are wanted."""
    usable = usable_photos("research", at).with_only_columns(Photo.id)
    judged = (
        select(Vote.photo_id)
        .where(Vote.photo_id.in_(usable), _stands(Vote))
        .group_by(Vote.photo_id)
        .having(func.count(Vote.id) >= wanted_votes)
    )
    return session.scalar(select(func.count()).select_from(judged.subquery())) or 0


def majority(votes: Sequence[Vote]) -> tuple[str, Emotion | None]:
    """What the most votes say: ("agreed", emotion), or why there is no label.

    Unsure and not-usable count as answers of their own; the others are "no_votes", "tied",
    "unsure" and "not_usable".
    """
    if not votes:
        return "no_votes", None
    counts = Counter(vote.emotion or vote.verdict for vote in votes)
    (first, most), *rest = counts.most_common()
    if rest and rest[0][1] == most:
        return "tied", None
    if first in ("unsure", "not_usable"):
        return first, None
    return "agreed", Emotion(first)


def agreed_labels(photos: Select[Photo]) -> Select[Any]:
    """What `majority` calls agreed, in SQL: `photo_id` and `emotion`, for photos behind a door.

    An answer has the most votes alone where no other one has as many.
    """
    answer, votes = func.coalesce(Vote.emotion, Vote.verdict), func.count(Vote.id)
    ids = photos.order_by(None).with_only_columns(Photo.id)
    answers = (
        select(
            Vote.photo_id,
            Vote.emotion,
            votes.label("votes"),
            func.max(votes).over(partition_by=Vote.photo_id).label("most"),
        )
        .where(Vote.photo_id.in_(ids), _stands(Vote))
        .group_by(Vote.photo_id, Vote.emotion, answer)
        .subquery()
    )
    return (
        select(answers.c.photo_id, func.max(answers.c.emotion).label("emotion"))
        .where(answers.c.votes == answers.c.most)
        .group_by(answers.c.photo_id)
        .having(func.count() == 1, func.max(answers.c.emotion).is_not(None))
    )


def _judgeable(reviewer_id: uuid.UUID, at: datetime) -> Select[Photo]:
    return usable_photos("research", at).where(
        or_(CaptureSession.operator_id.is_(None), CaptureSession.operator_id != reviewer_id)
    )


def _waiting(reviewer_id: uuid.UUID, wanted_votes: int, at: datetime) -> Select[Photo]:
    votes = (
        select(func.count(Vote.id))
        .where(Vote.photo_id == Photo.id, _stands(Vote))
        .correlate(Photo)
        .scalar_subquery()
    )
    leases = (
        select(func.count(Lease.id))
        .where(Lease.photo_id == Photo.id, Lease.reviewer_id != reviewer_id, Lease.until > at)
        .correlate(Photo)
        .scalar_subquery()
    )
    mine = exists(
        select(Vote.id).where(
            Vote.photo_id == Photo.id, Vote.reviewer_id == reviewer_id, _stands(Vote)
        )
    )
    in_hand = exists(
        select(Lease.id).where(
            Lease.photo_id == Photo.id, Lease.reviewer_id == reviewer_id, Lease.until > at
        )
    )
    return (
        _judgeable(reviewer_id, at)
        .where(~mine, votes + leases < wanted_votes)
        .order_by(~in_hand, votes, Photo.id)
    )


def _stands(vote: type[Vote]) -> ColumnElement[bool]:
    superseded = exists(select(LATER.id).where(LATER.supersedes_id == vote.id))
    return (vote.verdict != "undone") & ~superseded


def _standing_vote(session: Session, photo_id: uuid.UUID, reviewer_id: uuid.UUID) -> Vote | None:
    return session.scalars(
        select(Vote).where(
            Vote.photo_id == photo_id, Vote.reviewer_id == reviewer_id, _stands(Vote)
        )
    ).first()


def _same(known: Vote, reviewer_id: uuid.UUID, judgement: Judgement) -> Vote:
    if (known.reviewer_id, known.photo_id, known.verdict, known.emotion) != (
        reviewer_id,
        judgement.photo_id,
        judgement.verdict,
        judgement.emotion,
    ):
        raise Conflict("Another vote bears this number already.")
    return known


def _check(judgement: Judgement) -> None:
    if judgement.verdict not in VERDICTS:
        raise Unprocessable("A vote names an emotion, or is unsure, not usable, or undone.")
    if (judgement.verdict == "emotion") != (judgement.emotion is not None):
        raise Unprocessable("A vote for an emotion must name it; other votes must not.")
    if (judgement.verdict == "not_usable") != (judgement.reason in REASONS):
        raise Unprocessable("Give one of the offered reasons why the photo cannot be used.")
    for value in (judgement.valence, judgement.arousal):
        if value is not None and not -1 <= value <= 1:
            raise Unprocessable("Valence and arousal run from -1 to 1.")
    if judgement.milliseconds is not None and not 0 <= judgement.milliseconds < 86_400_000:
        raise Unprocessable("The time taken for a vote cannot be right.")
