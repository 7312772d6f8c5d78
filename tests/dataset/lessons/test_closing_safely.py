"""A lesson is safe to close when nobody is at a tablet and every photo has arrived."""

import uuid

import pytest

from collector.dataset.dataset import Dataset
from collector.dataset.erasure import bin_session
from collector.dataset.errors import Conflict
from collector.dataset.lessons.lessons import close_lesson
from collector.dataset.lessons.sending import let_rehearse
from collector.dataset.lessons.tasks import report
from collector.dataset.models import Lesson
from collector.dataset.photos import add_photo
from collector.dataset.sessions import answer_assent, close_session, keep_after_stop
from tests.cast import drawn_jpeg, enrol, finder, shot
from tests.dataset.lessons.classes import PairedTablet, begin, board_of, send

pytestmark = pytest.mark.slow


@pytest.fixture
def lesson(dataset: Dataset, child: uuid.UUID) -> Lesson:
    return begin(dataset, [child, enrol(dataset)])


@pytest.fixture
def tablet(dataset: Dataset, lesson: Lesson) -> PairedTablet:
    return PairedTablet(dataset, lesson.id)


def sits(dataset: Dataset, lesson: Lesson, child: uuid.UUID, tablet: PairedTablet) -> uuid.UUID:
    sent = send(dataset, lesson, child, tablet)
    answer_assent(dataset, sent.id, "yes", "")
    return sent.id


def is_safe(dataset: Dataset, lesson: Lesson) -> bool:
    return board_of(dataset, lesson).is_safe


def test_with_a_child_at_a_tablet_it_is_not(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    assert is_safe(dataset, lesson)
    send(dataset, lesson, child, tablet)
    assert not is_safe(dataset, lesson)
    with pytest.raises(Conflict, match="safe to close"):
        close_lesson(dataset, lesson.id, actor="olga")


def test_with_a_child_that_rehearses_it_is_not(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet
) -> None:
    playing = board_of(dataset, lesson).pupils[1].participant.id
    let_rehearse(dataset, lesson.id, playing, tablet.id)
    assert not is_safe(dataset, lesson)


def test_a_tablet_must_have_told_after_its_last_session(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    tablet.tells(0)
    close_session(dataset, sits(dataset, lesson, child, tablet), "finished", [])
    assert not is_safe(dataset, lesson)
    tablet.tells(2)
    assert not is_safe(dataset, lesson)
    tablet.tells(0)
    assert is_safe(dataset, lesson)
    close_lesson(dataset, lesson.id, actor="olga")


def test_every_announced_photo_must_have_arrived(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    first, second = shot(), shot()
    sitting = sits(dataset, lesson, child, tablet)
    close_session(dataset, sitting, "finished", [first.photo_id, second.photo_id])
    tablet.tells(0)
    for late in (first, second):
        assert not is_safe(dataset, lesson)
        add_photo(dataset, finder(), sitting, late, drawn_jpeg())
    assert board_of(dataset, lesson).missing == 0
    assert is_safe(dataset, lesson)


def test_photos_that_the_child_threw_away_are_not_waited_for(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    sitting, waiting = sits(dataset, lesson, child, tablet), uuid.uuid4()
    close_session(dataset, sitting, "stopped", [waiting])
    tablet.tells(0)
    assert board_of(dataset, lesson).missing == 1
    bin_session(dataset, sitting, [waiting])
    assert is_safe(dataset, lesson)


def test_a_tablet_that_was_left_in_the_middle_must_tell_afterwards(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    sits(dataset, lesson, child, tablet)
    tablet.tells(0)
    other = PairedTablet(dataset, lesson.id)
    close_session(dataset, sits(dataset, lesson, child, other), "finished", [])
    other.tells(0)
    assert [seat.is_empty for seat in board_of(dataset, lesson).seats] == [False, True]
    tablet.tells(0)
    assert is_safe(dataset, lesson)


def test_an_adult_may_close_it_all_the_same_and_photos_still_follow(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    late = shot()
    sitting = sits(dataset, lesson, child, tablet)
    close_session(dataset, sitting, "finished", [late.photo_id])
    close_lesson(dataset, lesson.id, actor="olga", anyway=True)
    assert add_photo(dataset, finder(), sitting, late, drawn_jpeg()).new
    assert board_of(dataset, lesson).missing == 0


def test_a_child_that_stopped_must_have_said_what_becomes_of_its_photos(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    session = sits(dataset, lesson, child, tablet)
    add_photo(dataset, finder(), session, shot(), drawn_jpeg())
    close_session(dataset, session, "stopped", [])
    assert report(dataset, tablet.id, waiting=0, now=session).holds  # it is asked on the tablet
    assert not is_safe(dataset, lesson)
    keep_after_stop(dataset, session)
    tablet.tells(0)
    assert is_safe(dataset, lesson)


def test_a_child_that_walked_away_from_that_question_keeps_no_tablet(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    session = sits(dataset, lesson, child, tablet)
    close_session(dataset, session, "stopped", [])
    other = board_of(dataset, lesson).pupils[1].participant.id
    let_rehearse(dataset, lesson.id, other, tablet.id)
    assert not report(dataset, tablet.id, waiting=0, now=session).holds
