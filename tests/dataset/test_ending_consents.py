"""Consents that end: who is told in time, what a renewal covers, and what is erased, by whom."""

import json
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.answers import Answer, Guardian, record_consent
from collector.dataset.consents.terms import (
    TIME_TO_RENEW,
    Ending,
    due_for_erasure,
    ending,
    erase_expired,
    expired,
)
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.errors import Conflict
from collector.dataset.keys import KeyGone
from collector.dataset.opening import open_dataset
from collector.dataset.studies import StudyDetails, describe_study, require_capturing
from tests.cast import SIGNATURE, enrol, give, let_no_text_cover_earlier_photos, sit, snap

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Kamchatka, twelve hours before Greenwich."""
    if not hasattr(time, "tzset"):
        pytest.skip("Windows sets no time zone for one process")
    monkeypatch.setenv("TZ", "Asia/Kamchatka")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def soon(dataset: Dataset, at: datetime | None = None) -> list[Ending]:
    with dataset.database.read() as session:
        return ending(session, at or clock.now())


def over(dataset: Dataset, at: datetime | None = None) -> list[tuple[uuid.UUID, str]]:
    with dataset.database.read() as session:
        return [(one.participant_id, one.purpose) for one in expired(session, at or clock.now())]


def due(dataset: Dataset, at: datetime | None = None) -> set[uuid.UUID]:
    with dataset.database.read() as session:
        return {one.participant_id for one in due_for_erasure(session, at or clock.now())}


def usable(dataset: Dataset, at: datetime) -> int:
    with dataset.database.read() as session:
        return len(session.scalars(usable_photos("research", at)).all())


def keep_until(dataset: Dataset, days: int) -> None:
    last = clock.now().date() + timedelta(days=days)
    describe_study(dataset, StudyDetails(keep_until=last), actor="test")


def withdraw_publication(dataset: Dataset, child: uuid.UUID) -> None:
    withdraw(dataset, child, ["publication"], channel="operator", actor="test")


def renew_with_a_text_that_covers_earlier_photos(dataset: Dataset, child: uuid.UUID) -> None:
    text_id = uuid.uuid4()
    with dataset.database.write() as session:
        session.execute(
            text(
                "INSERT INTO consent_text (id, site_id, purpose, language, version, title, body,"
                " sha256, origin, covers_earlier_photos, created_at) SELECT :id, site_id, purpose,"
                " language, 99, title, body, 'another', 'own', 1, created_at FROM consent_text"
                " WHERE purpose = 'research' AND language = 'en' LIMIT 1"
            ),
            {"id": text_id.hex},
        )
    answer = Answer("research", text_id, Guardian("Gulnara"), "mother", "screen",
                    signed_at=clock.now(), document=SIGNATURE)  # fmt: skip
    record_consent(dataset, child, answer, actor="test")


def test_what_ends_soon_is_listed_soonest_first(dataset: Dataset) -> None:
    now = clock.now()
    later, sooner = enrol(dataset), enrol(dataset)
    give(dataset, later, valid_until=now + 40 * DAY)
    give(dataset, sooner, valid_until=now + 9 * DAY)
    give(dataset, sooner, "sharing", valid_until=now + 50 * DAY)
    give(dataset, enrol(dataset), valid_until=now + 61 * DAY)
    give(dataset, enrol(dataset))
    assert [(one.participant_id, one.purpose) for one in soon(dataset)] == [
        (sooner, "research"), (later, "research"), (sooner, "sharing"),
    ]  # fmt: skip
    assert all(one.last and not one.by_study for one in soon(dataset))


def test_the_study_s_last_day_ends_every_consent(dataset: Dataset) -> None:
    child = enrol(dataset, "research", "publication")
    assert soon(dataset) == []
    keep_until(dataset, 30)
    assert [(one.participant_id, one.purpose, one.by_study) for one in soon(dataset)] == [
        (child, "research", True), (child, "publication", True),
    ]  # fmt: skip


def test_what_was_refused_or_withdrawn_does_not_end_any_more(dataset: Dataset) -> None:
    now = clock.now()
    child = enrol(dataset)
    give(dataset, child, valid_until=now + DAY)
    give(dataset, child, "publication", valid_until=now + DAY)
    give(dataset, child, given=False, signed_at=now)
    withdraw_publication(dataset, child)
    assert soon(dataset) == []
    assert over(dataset, now + 2 * DAY) == []


def test_a_renewal_covers_earlier_photos_only_if_its_text_says_so(dataset: Dataset) -> None:
    let_no_text_cover_earlier_photos(dataset)
    end = clock.now() + 9 * DAY
    plain, broad = enrol(dataset), enrol(dataset)
    for child in (plain, broad):
        give(dataset, child, valid_until=end)
        snap(dataset, sit(dataset, child))
    assert [one.hides for one in soon(dataset)] == [1, 1]
    give(dataset, plain, signed_at=clock.now())
    renew_with_a_text_that_covers_earlier_photos(dataset, broad)
    (left,) = soon(dataset)
    assert (left.participant_id, left.last, left.hides) == (plain, False, 1)
    assert (usable(dataset, end - DAY), usable(dataset, end)) == (2, 1)


def test_photos_taken_after_a_renewal_outlast_the_first_consent(dataset: Dataset) -> None:
    end = clock.now() + 9 * DAY
    child = enrol(dataset)
    give(dataset, child, valid_until=end)
    give(dataset, child, signed_at=clock.now())
    snap(dataset, sit(dataset, child))
    assert soon(dataset) == []
    assert usable(dataset, end) == 1


def test_an_ended_consent_is_expired_until_a_newer_one_stands(dataset: Dataset) -> None:
    now = clock.now()
    child = enrol(dataset)
    give(dataset, child, signed_at=now - 9 * DAY, valid_until=now - DAY)
    assert over(dataset) == [(child, "research")]
    give(dataset, child, signed_at=now)
    assert over(dataset) == []


def test_without_a_last_day_a_guardian_has_thirty_days_to_renew(dataset: Dataset) -> None:
    now = clock.now()
    child = enrol(dataset, "publication")
    end = now - DAY
    give(dataset, child, signed_at=now - 9 * DAY, valid_until=end)
    assert due(dataset, end + TIME_TO_RENEW - timedelta(seconds=1)) == set()
    assert due(dataset, end + TIME_TO_RENEW) == {child}
    give(dataset, child, signed_at=now)
    assert due(dataset, end + TIME_TO_RENEW) == set()


def test_a_study_s_last_day_decides_where_there_is_one(dataset: Dataset) -> None:
    now = clock.now()
    child, other = enrol(dataset), enrol(dataset, "research")
    give(dataset, child, signed_at=now - 99 * DAY, valid_until=now - 90 * DAY)
    assert due(dataset) == {child}
    keep_until(dataset, 2)
    assert due(dataset) == set()
    assert due(dataset, now + 4 * DAY) == {child, other}


def test_people_of_an_outside_collection_are_never_due(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    session_id = sit(dataset, child).id
    keep_until(dataset, -2)
    assert due(dataset) == {child}
    with dataset.database.write() as session:
        session.execute(
            text(
                "INSERT INTO source (id, site_id, name, licence, address, created_at)"
                " SELECT :id, id, 'adults', 'CC', '', created_at FROM site"
            ),
            {"id": uuid.UUID(int=1).hex},
        )
        session.execute(
            text(
                "UPDATE capture_session SET consent_id = NULL, source_id = :source WHERE id = :id"
            ),
            {"source": uuid.UUID(int=1).hex, "id": session_id.hex},
        )
    assert due(dataset) == set()


def test_opening_a_dataset_erases_nothing_by_the_clock(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    keep_until(dataset, -2)
    again = open_dataset(dataset.folder, dataset.keys.folder)
    again.close()
    assert due(dataset) == {child}


def test_erasing_what_is_due_takes_no_other_child_and_says_why(dataset: Dataset) -> None:
    now = clock.now()
    child, other = enrol(dataset), enrol(dataset, "research")
    give(dataset, child, signed_at=now - timedelta(minutes=9), valid_until=now + DAY)
    sitting = sit(dataset, child)
    photo = snap(dataset, sitting)
    with dataset.database.write() as session:
        session.execute(
            text("UPDATE consent SET signed_at = :signed, valid_until = :ended"
                 " WHERE participant_id = :child"),
            {
                "signed": (now - 99 * DAY).replace(tzinfo=None).isoformat(" "),
                "ended": (now - 31 * DAY).replace(tzinfo=None).isoformat(" "),
                "child": child.hex,
            },
        )  # fmt: skip
    done = erase_expired(dataset, actor="olga")
    assert (done.children, done.photos) == (1, 1)
    with pytest.raises(KeyGone):
        dataset.keys.child(child)
    assert dataset.keys.child(other)
    assert dataset.keys.is_buried("photo", photo.hex)
    with dataset.database.read() as session:
        events = session.execute(
            text("SELECT actor, details FROM audit_event WHERE action = 'participant erased'")
        ).all()
    assert [(actor, json.loads(details)) for actor, details in events] == [
        ("olga", {"photos": 1, "reason": "retention ended", "sessions": [sitting.id.hex]})
    ]
    assert erase_expired(dataset, actor="olga").children == 0


def test_only_the_children_that_were_shown_are_erased(dataset: Dataset) -> None:
    shown, hidden = enrol(dataset, "research"), enrol(dataset, "research")
    keep_until(dataset, -2)
    not_due = uuid.uuid4()
    assert erase_expired(dataset, actor="olga", wanted=[shown, not_due]).children == 1
    assert due(dataset) == {hidden}


def test_a_child_is_due_thirty_days_after_its_guardian_refused(dataset: Dataset) -> None:
    now = clock.now()
    never, changed = enrol(dataset), enrol(dataset, "research")
    snap(dataset, sit(dataset, changed))
    for child in (never, changed):
        give(dataset, child, given=False, signed_at=now)
    with dataset.database.read() as session:
        assert due_for_erasure(session, now + 29 * DAY) == []
        (due,) = due_for_erasure(session, now + 31 * DAY)
    assert (due.participant_id, due.photos) == (changed, 1)
    give(dataset, changed, signed_at=now + timedelta(seconds=1))
    with dataset.database.read() as session:
        assert due_for_erasure(session, now + 31 * DAY) == []


def test_the_study_s_last_days_end_at_midnight_where_the_machine_stands(
    dataset: Dataset, far_east: None
) -> None:
    last = date(2031, 5, 20)
    child = enrol(dataset, "research")
    snap(dataset, sit(dataset, child))
    describe_study(dataset, StudyDetails(capture_until=last, keep_until=last), actor="test")
    evening, morning = (
        datetime(2031, 5, day, hour).astimezone(UTC) for day, hour in ((20, 23), (21, 8))
    )
    assert morning.date() == last  # in Greenwich
    assert (usable(dataset, evening), usable(dataset, morning)) == (1, 0)
    assert (due(dataset, evening), due(dataset, morning)) == (set(), {child})
    with dataset.database.read() as session:
        require_capturing(session, evening)
        with pytest.raises(Conflict):
            require_capturing(session, morning)
