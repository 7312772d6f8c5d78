"""A lesson is begun with a list of children, and changed while it is open."""

import uuid

import pytest
from sqlalchemy import select, text

from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.lessons.board import LEFT_OVER
from collector.dataset.lessons.lessons import (
    change_light,
    close_lesson,
    find_lesson,
    list_lessons,
    mark_absent,
)
from collector.dataset.models import AuditEvent
from collector.dataset.passports.passport import make_passport
from collector.dataset.sessions import answer_assent, close_session
from tests.cast import enrol
from tests.dataset.lessons.classes import PairedTablet, begin, board_of, send, states

pytestmark = pytest.mark.slow


def test_children_stand_in_their_order_with_what_their_guardians_said(dataset: Dataset) -> None:
    children = [enrol(dataset, "research"), enrol(dataset), enrol(dataset, "publication")]
    lesson = begin(dataset, children)
    assert list(states(dataset, lesson)) == children
    assert list(states(dataset, lesson).values()) == ["waiting", "no_consent", "no_consent"]


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"title": " "}, Unprocessable),
        ({"title": "x" * 121}, Unprocessable),
        ({"language": "fr"}, Unprocessable),
        ({"light": "candle"}, Unprocessable),
        ({"children": []}, Unprocessable),
        ({"children": [uuid.uuid4()]}, NotFound),
        ({"protocol_id": uuid.uuid4()}, NotFound),
        ({"light_passport_id": uuid.uuid4(), "light": ""}, NotFound),
    ],
)
def test_what_no_lesson_can_be_is_refused_and_leaves_nothing(
    dataset: Dataset, changed: dict[str, object], refusal: type[Exception]
) -> None:
    child = enrol(dataset, "research")
    with pytest.raises(refusal):
        begin(dataset, **{"children": [child], **changed})  # type: ignore[arg-type]
    with dataset.database.read() as session:
        assert list_lessons(session) == []


def test_an_absent_child_is_marked_and_comes_after_all(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    lesson = begin(dataset, [child])
    mark_absent(dataset, lesson.id, child, absent=True)
    assert states(dataset, lesson)[child] == "absent"
    mark_absent(dataset, lesson.id, child, absent=False)
    assert states(dataset, lesson)[child] == "waiting"


def test_the_light_follows_from_a_passport_that_is_valid(dataset: Dataset) -> None:
    passport = make_passport(
        dataset, room="12", light="artificial", sheet="white", lux=300, actor="olga",
        operator_id=None,
    )  # fmt: skip
    child = enrol(dataset, "research")
    lesson = begin(dataset, [child], light="", light_passport_id=passport.id)
    tablet = PairedTablet(dataset, lesson.id)
    session = send(dataset, lesson, child, tablet)
    assert (session.light, session.light_passport_id) == ("artificial", passport.id)
    with dataset.database.write() as db:
        db.execute(text("UPDATE light_passport SET valid_until = '2020-01-01 00:00:00.000000'"))
    with pytest.raises(Conflict, match="no longer valid"):
        send(dataset, lesson, child, PairedTablet(dataset, lesson.id))
    change_light(dataset, lesson.id, "mixed", None)
    moved = send(dataset, lesson, child, PairedTablet(dataset, lesson.id))
    assert (moved.id, moved.light, moved.light_passport_id) == (session.id, "mixed", None)


def test_a_closed_lesson_is_left_as_it_is(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    lesson = begin(dataset, [child])
    close_lesson(dataset, lesson.id, actor="olga")
    close_lesson(dataset, lesson.id, actor="olga")
    with pytest.raises(Conflict, match="closed"):
        mark_absent(dataset, lesson.id, child, absent=True)
    with dataset.database.read() as session:
        assert find_lesson(session, lesson.id).closed_at
        actions = session.scalars(select(AuditEvent.action)).all()
    assert actions.count("lesson closed") == actions.count("lesson started") == 1


def test_those_who_were_not_done_are_left_for_another_day(dataset: Dataset) -> None:
    done, no, stopped, absent, waiting = (enrol(dataset, "research") for _ in range(5))
    lesson = begin(dataset, [done, no, stopped, absent, waiting])
    tablet = PairedTablet(dataset, lesson.id)
    for child, answer in ((done, "finished"), (stopped, "stopped")):
        sitting = send(dataset, lesson, child, tablet)
        answer_assent(dataset, sitting.id, "yes", "")
        close_session(dataset, sitting.id, answer, [])
    answer_assent(dataset, send(dataset, lesson, no, tablet).id, "no", "")
    mark_absent(dataset, lesson.id, absent, absent=True)
    left = {
        one.participant.id for one in board_of(dataset, lesson).pupils if one.state in LEFT_OVER
    }
    assert left == {stopped, absent, waiting}
    with dataset.database.read() as session:
        (listed,) = list_lessons(session)
    assert (listed.children, listed.done) == (5, 1)


def test_lessons_are_listed_newest_first(dataset: Dataset) -> None:
    child = enrol(dataset)
    for title in "ab":
        begin(dataset, [child], title=title)
    with dataset.database.read() as session:
        assert [one.lesson.title for one in list_lessons(session)] == ["b", "a"]
