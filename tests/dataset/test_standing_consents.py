"""When a guardian's consent stands, and which photos come through the door."""

import uuid
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.standing import standing_consent
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.errors import Unprocessable
from collector.dataset.faces import FaceFinder
from collector.dataset.photos import add_photo
from collector.dataset.studies import StudyDetails, describe_study
from tests.cast import drawn_jpeg, enrol, give, let_no_text_cover_earlier_photos, shot, sit, snap

DAY = timedelta(days=1)


def stands(
    dataset: Dataset, child: uuid.UUID, purpose: str = "research", at: datetime | None = None
) -> bool:
    with dataset.database.read() as session:
        return standing_consent(session, child, purpose, at or clock.now()) is not None


def usable(dataset: Dataset, purpose: str, at: datetime | None = None) -> set[uuid.UUID]:
    with dataset.database.read() as session:
        return {photo.id for photo in session.scalars(usable_photos(purpose, at or clock.now()))}


def withdraw(dataset: Dataset, child: uuid.UUID, purpose: str) -> None:
    with dataset.database.write() as session:
        session.execute(
            text(
                "INSERT INTO withdrawal"
                " (id, site_id, participant_id, purpose, channel, withdrawn_at)"
                " VALUES (:id, :site, :child, :purpose, 'operator', :at)"
            ),
            {
                "id": uuid.uuid4().hex,
                "site": dataset.site_id.hex,
                "child": child.hex,
                "purpose": purpose,
                "at": clock.now().replace(tzinfo=None).isoformat(" "),
            },
        )


def test_a_child_without_an_answer_has_no_consent(dataset: Dataset) -> None:
    assert not stands(dataset, enrol(dataset))


def test_a_given_consent_stands_from_its_signature_to_its_end(dataset: Dataset) -> None:
    child, now = enrol(dataset), clock.now()
    give(dataset, child, signed_at=now - DAY, valid_until=now + DAY)
    assert stands(dataset, child, at=now)
    assert not stands(dataset, child, at=now - 2 * DAY)
    assert not stands(dataset, child, at=now + 2 * DAY)


def test_a_refusal_ends_an_earlier_consent_and_not_a_later_one(dataset: Dataset) -> None:
    child, now = enrol(dataset), clock.now()
    give(dataset, child, signed_at=now - 3 * DAY)
    give(dataset, child, signed_at=now - 2 * DAY, given=False)
    assert not stands(dataset, child)
    give(dataset, child, signed_at=now - DAY)
    assert stands(dataset, child)


def test_consent_to_one_purpose_is_no_consent_to_another(dataset: Dataset) -> None:
    child = enrol(dataset, "publication")
    assert stands(dataset, child, "publication")
    assert not stands(dataset, child, "research")


def test_a_withdrawal_ends_what_was_signed_before_it(dataset: Dataset) -> None:
    child = enrol(dataset, "research", "publication")
    withdraw(dataset, child, "publication")
    assert not stands(dataset, child, "publication")
    assert stands(dataset, child, "research")


def test_photos_come_through_the_door_of_each_consented_purpose_alone(dataset: Dataset) -> None:
    arina, timur = enrol(dataset, "research", "publication"), enrol(dataset, "research")
    of_arina, of_timur = snap(dataset, sit(dataset, arina)), snap(dataset, sit(dataset, timur))
    assert usable(dataset, "research") == {of_arina, of_timur}
    assert usable(dataset, "publication") == {of_arina}
    assert usable(dataset, "sharing") == set()


def test_an_expired_consent_hides_the_photos(dataset: Dataset) -> None:
    child, now = enrol(dataset), clock.now()
    give(dataset, child, signed_at=now - DAY, valid_until=now + DAY)
    photo = snap(dataset, sit(dataset, child))
    assert usable(dataset, "research") == {photo}
    assert usable(dataset, "research", now + 2 * DAY) == set()


def test_a_later_consent_covers_earlier_photos_only_if_its_text_says_so(dataset: Dataset) -> None:
    let_no_text_cover_earlier_photos(dataset)
    child = enrol(dataset, "research")
    photo = snap(dataset, sit(dataset, child))
    give(dataset, child, "publication", signed_at=clock.now())
    assert usable(dataset, "publication") == set()
    with dataset.database.write() as session:
        session.execute(text("UPDATE consent_text SET covers_earlier_photos = 1"))
    assert usable(dataset, "publication") == {photo}


def test_withdrawn_publication_closes_that_door_alone(dataset: Dataset) -> None:
    child = enrol(dataset, "research", "publication")
    photo = snap(dataset, sit(dataset, child))
    withdraw(dataset, child, "publication")
    assert usable(dataset, "publication") == set()
    assert usable(dataset, "research") == {photo}


def test_photos_are_hidden_once_the_study_may_keep_them_no_longer(dataset: Dataset) -> None:
    photo = snap(dataset, sit(dataset, enrol(dataset, "research")))
    describe_study(dataset, StudyDetails(keep_until=clock.now().date()), actor="test")
    assert usable(dataset, "research") == {photo}
    assert usable(dataset, "research", clock.now() + 2 * DAY) == set()


@pytest.mark.parametrize("ahead", [400 * DAY, -2 * DAY])
def test_a_tablet_s_wrong_clock_changes_nothing(dataset: Dataset, ahead: timedelta) -> None:
    let_no_text_cover_earlier_photos(dataset)
    child = enrol(dataset, "research")
    session = sit(dataset, child)
    taken = shot(taken_at=clock.now() + ahead)
    add_photo(dataset, FaceFinder(), session.id, taken, drawn_jpeg())
    give(dataset, child, "publication", signed_at=clock.now())
    assert usable(dataset, "research") == {taken.photo_id}
    assert usable(dataset, "publication") == set()


def test_an_unknown_purpose_opens_no_door() -> None:
    with pytest.raises(ValueError, match="unknown purpose"):
        usable_photos("advertising", clock.now())


def test_a_consent_cannot_be_signed_in_the_future(dataset: Dataset) -> None:
    with pytest.raises(Unprocessable, match="future"):
        give(dataset, enrol(dataset), signed_at=clock.now() + DAY)


def test_a_consent_cannot_end_before_it_was_signed(dataset: Dataset) -> None:
    now = clock.now()
    with pytest.raises(Unprocessable, match="end before"):
        give(dataset, enrol(dataset), signed_at=now - DAY, valid_until=now - 2 * DAY)
