"""Which photos the queue serves, to whom, and in what order."""

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from collector.dataset.erasure import erase_participant, erase_photos
from collector.dataset.errors import NotFound
from collector.dataset.labels import (
    LEASE,
    Judgement,
    cast_vote,
    count_waiting,
    lease_photos,
    photo_for_reviewer,
)
from collector.dataset.sessions import close_session
from tests.cast import OpenSession, enrol, give, sit, snap

Judge = Callable[..., uuid.UUID]
Staff = dict[str, uuid.UUID]
DAY = timedelta(days=1)


def served(dataset: Dataset, reviewer: uuid.UUID, **options: object) -> list[uuid.UUID]:
    return lease_photos(dataset, reviewer, **{"wanted_votes": 3, "count": 10, **options})  # type: ignore[arg-type]


def is_closed(dataset: Dataset, photo_id: uuid.UUID, reviewer: uuid.UUID) -> bool:
    """Whether the photo can neither be fetched nor voted on."""
    with dataset.database.read() as session, pytest.raises(NotFound):
        photo_for_reviewer(session, photo_id, reviewer, clock.now())
    with pytest.raises(NotFound):
        cast_vote(dataset, reviewer, Judgement(uuid.uuid4(), photo_id, "unsure"))
    return True


def test_photos_with_the_fewest_votes_come_first(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge, staff: Staff
) -> None:
    judge("rustam", photos[0], "happy")
    judge("admin", photos[0], "happy")
    judge("rustam", photos[1], "sad")
    assert served(dataset, staff["rita"]) == [photos[2], photos[1], photos[0]]


def test_a_photo_with_all_its_votes_is_served_no_more(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge, staff: Staff
) -> None:
    judge("rustam", photos[0], "happy")
    assert set(served(dataset, staff["rita"], wanted_votes=1)) == set(photos[1:])


def test_nobody_is_served_what_he_has_judged(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge, staff: Staff
) -> None:
    judge("rita", photos[0], "unsure")
    assert set(served(dataset, staff["rita"])) == set(photos[1:])
    assert set(served(dataset, staff["rustam"])) == set(photos)


def test_the_operator_is_never_served_her_own_session_and_is_served_others(
    dataset: Dataset, photos: list[uuid.UUID], staff: Staff
) -> None:
    other = snap(dataset, sit(dataset, enrol(dataset, "research"), staff["admin"]))
    assert served(dataset, staff["olga"]) == [other]
    assert is_closed(dataset, photos[0], staff["olga"])


def test_leases_keep_two_reviewers_apart(
    dataset: Dataset, photos: list[uuid.UUID], staff: Staff
) -> None:
    ritas = served(dataset, staff["rita"], wanted_votes=1, count=2)
    rustams = served(dataset, staff["rustam"], wanted_votes=1, count=2)
    assert len(ritas) == 2
    assert set(rustams) == set(photos) - set(ritas)


def test_a_photo_that_wants_two_votes_is_leased_to_two_and_not_to_three(
    dataset: Dataset, photos: list[uuid.UUID], staff: Staff
) -> None:
    names = ("rita", "rustam", "admin")
    leases = [set(served(dataset, staff[name], wanted_votes=2)) for name in names]
    assert leases == [set(photos), set(photos), set()]


def test_a_lease_ends_and_the_photo_goes_to_another(
    dataset: Dataset, photos: list[uuid.UUID], staff: Staff
) -> None:
    now = clock.now()
    served(dataset, staff["rita"], wanted_votes=1, at=now)
    assert served(dataset, staff["rustam"], wanted_votes=1, at=now + LEASE / 2) == []
    later = now + LEASE + timedelta(seconds=1)
    assert served(dataset, staff["rustam"], wanted_votes=1, at=later) == sorted(photos)


def test_asking_again_gives_the_same_photos_and_keeps_no_second_lease(
    dataset: Dataset, photos: list[uuid.UUID], staff: Staff
) -> None:
    first = served(dataset, staff["rita"], count=2)
    assert served(dataset, staff["rita"], count=2) == first
    with dataset.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM lease")) == 2


def test_what_waits_is_counted_for_each_reviewer(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge, staff: Staff
) -> None:
    judge("rita", photos[0], "happy")
    with dataset.database.read() as session:
        waiting = {
            name: count_waiting(session, staff[name], wanted_votes=3, at=clock.now())
            for name in ("rita", "rustam", "olga")
        }
    assert waiting == {"rita": 2, "rustam": 3, "olga": 0}


def test_photos_under_a_refused_consent_are_never_served(
    dataset: Dataset, sitting: OpenSession, photos: list[uuid.UUID], staff: Staff
) -> None:
    give(dataset, sitting.child, given=False, signed_at=clock.now())
    assert served(dataset, staff["rita"]) == []
    assert is_closed(dataset, photos[0], staff["rita"])


def test_photos_under_an_expired_consent_are_never_served(
    dataset: Dataset, photos: list[uuid.UUID], staff: Staff
) -> None:
    child = enrol(dataset)
    give(dataset, child, valid_until=clock.now() + DAY)
    expiring = snap(dataset, sit(dataset, child, staff["olga"]))
    assert set(served(dataset, staff["rita"])) == {*photos, expiring}
    assert set(served(dataset, staff["rita"], at=clock.now() + 2 * DAY)) == set(photos)


def test_quarantined_photos_are_never_served(
    dataset: Dataset, sitting: OpenSession, photos: list[uuid.UUID], staff: Staff
) -> None:
    close_session(dataset, sitting.id, "stopped", [])
    assert served(dataset, staff["rita"]) == []
    assert is_closed(dataset, photos[0], staff["rita"])


def test_binned_photos_are_never_served(
    dataset: Dataset, photos: list[uuid.UUID], staff: Staff
) -> None:
    served(dataset, staff["rita"])
    erase_photos(dataset, [photos[0]], actor="child")
    assert photos[0] not in served(dataset, staff["rita"])
    assert is_closed(dataset, photos[0], staff["rita"])


def test_a_withdrawn_childs_photos_and_the_votes_on_them_are_gone(
    dataset: Dataset, sitting: OpenSession, photos: list[uuid.UUID], judge: Judge, staff: Staff
) -> None:
    for verdict in ("happy", "undone", "sad"):
        judge("rita", photos[0], verdict)
    timurs = snap(dataset, sit(dataset, enrol(dataset, "research"), staff["olga"]), Emotion.ANGRY)
    erase_participant(dataset, sitting.child, actor="olga")
    assert served(dataset, staff["rita"]) == [timurs]
    assert is_closed(dataset, photos[0], staff["rita"])
    with dataset.database.read() as session:
        assert session.scalar(text("SELECT count(*) FROM vote")) == 0


def test_what_a_reviewer_has_in_hand_comes_first(
    dataset: Dataset, photos: list[uuid.UUID], judge: Judge, staff: Staff
) -> None:
    (in_hand,) = served(dataset, staff["rita"], count=1)
    judge("rustam", in_hand, "happy")  # the others have fewer votes now
    assert served(dataset, staff["rita"], count=1) == [in_hand]
