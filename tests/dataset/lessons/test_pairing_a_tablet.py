"""A code is scanned once; the tablet then holds a token that opens its lesson's tasks alone."""

import secrets
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.lessons.lessons import close_lesson
from collector.dataset.lessons.pairing import (
    CODE_LASTS,
    code_of,
    offer_code,
    pair_tablet,
    tablet_of_token,
)
from collector.dataset.models import AuditEvent, Lesson, Tablet
from collector.dataset.sessions import session_of_token
from tests.cast import enrol
from tests.dataset.lessons.classes import PairedTablet, begin

pytestmark = pytest.mark.slow


@pytest.fixture
def lesson(dataset: Dataset) -> Lesson:
    return begin(dataset, [enrol(dataset, "research")])


def new_token() -> str:
    return secrets.token_urlsafe(32)


def test_tablets_are_numbered_as_they_come(dataset: Dataset, lesson: Lesson) -> None:
    for number in (1, 2):
        tablet = PairedTablet(dataset, lesson.id)
        found = tablet_of_token(dataset, tablet.token)
        assert found
        assert (found.id, found.number) == (tablet.id, number)


def test_a_second_tablet_on_a_used_code_is_refused(dataset: Dataset, lesson: Lesson) -> None:
    first, other = PairedTablet(dataset, lesson.id), new_token()
    with pytest.raises(Conflict, match="Another tablet has used this code"):
        pair_tablet(dataset, first.code, other, "")
    assert tablet_of_token(dataset, other) is None
    assert tablet_of_token(dataset, first.token)


def test_an_answer_that_was_lost_is_asked_for_again(dataset: Dataset, lesson: Lesson) -> None:
    tablet = PairedTablet(dataset, lesson.id)
    assert pair_tablet(dataset, tablet.code, tablet.token, "").id == tablet.id
    with dataset.database.read() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "tablet paired"))
        (event,) = events.all()
    assert (event.actor, event.details["number"]) == ("tablet", 1)


def test_a_code_is_the_same_until_it_is_used_or_too_old(
    dataset: Dataset, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = code_of(dataset, offer_code(dataset, lesson.id))
    assert code_of(dataset, offer_code(dataset, lesson.id)) == code
    later = clock.now() + CODE_LASTS + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Conflict, match="too old"):
        pair_tablet(dataset, code, new_token(), "")
    fresh = code_of(dataset, offer_code(dataset, lesson.id))
    assert fresh != code
    with pytest.raises(NotFound):
        pair_tablet(dataset, code, new_token(), "")
    assert pair_tablet(dataset, fresh, new_token(), "").number == 1


def test_what_is_no_code_or_no_token_opens_nothing(dataset: Dataset, lesson: Lesson) -> None:
    with pytest.raises(NotFound, match="unknown"):
        pair_tablet(dataset, "ABCDEFGHIJKLMNOP", new_token(), "")
    code = code_of(dataset, offer_code(dataset, lesson.id))
    for token in ("", "short", "x" * 44, "ы" * 43):
        with pytest.raises(Unprocessable):
            pair_tablet(dataset, code, token, "")


def test_the_tables_hold_neither_code_nor_token(dataset: Dataset, lesson: Lesson) -> None:
    tablet = PairedTablet(dataset, lesson.id)
    with dataset.database.read() as session:
        row = session.scalars(select(Tablet)).one()
        told = repr({column.key: getattr(row, column.key) for column in Tablet.__table__.columns})
    assert tablet.code not in told
    assert tablet.token not in told
    assert session_of_token(dataset, tablet.token) is None


def test_once_the_lesson_is_closed_codes_and_tokens_open_nothing(
    dataset: Dataset, lesson: Lesson
) -> None:
    tablet, other = PairedTablet(dataset, lesson.id), offer_code(dataset, lesson.id)
    close_lesson(dataset, lesson.id, actor="olga", anyway=True)
    assert tablet_of_token(dataset, tablet.token) is None
    with pytest.raises(Conflict, match="closed"):
        pair_tablet(dataset, code_of(dataset, other), new_token(), "")
    with pytest.raises(Conflict, match="closed"):
        offer_code(dataset, lesson.id)
    with pytest.raises(NotFound):
        offer_code(dataset, uuid.uuid4())


@pytest.mark.parametrize("code", ["", "\ud800" * 16, "a" * 16, "A" * 17, "A" * 100_000])
def test_what_is_no_code_is_unknown(dataset: Dataset, lesson: Lesson, code: str) -> None:
    with pytest.raises(NotFound, match="code is unknown"):
        pair_tablet(dataset, code, new_token(), "")


def test_a_token_is_one_tablet_s(dataset: Dataset, lesson: Lesson) -> None:
    first = PairedTablet(dataset, lesson.id)
    code = code_of(dataset, offer_code(dataset, lesson.id))
    with pytest.raises(Conflict, match="show a new one"):
        pair_tablet(dataset, code, first.token, "")


def test_a_lesson_that_nobody_closed_ends_with_the_day(dataset: Dataset, lesson: Lesson) -> None:
    tablet = PairedTablet(dataset, lesson.id)
    with dataset.database.write() as session:
        session.get_one(Tablet, tablet.id).paired_at = clock.now() - timedelta(hours=25)
    assert tablet_of_token(dataset, tablet.token) is None
