"""The operator sends a child to a tablet; the tablet gets a session with a token of its own."""

import uuid

import pytest
from sqlalchemy import func, select

from collector.dataset import clock
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.errors import Conflict, Erased, NotFound, Unprocessable
from collector.dataset.lessons.lessons import close_lesson
from collector.dataset.lessons.sending import let_rehearse, send_child, take_back
from collector.dataset.lessons.tasks import report
from collector.dataset.models import AuditEvent, CaptureSession, Lesson, LessonChild, Withdrawal
from collector.dataset.reassigning import reassign_session
from collector.dataset.sessions import answer_assent, close_session, session_of_token
from tests.cast import OpenSession, enrol, give, sit, snap
from tests.dataset.lessons.classes import PairedTablet, begin, send, states

pytestmark = pytest.mark.slow


@pytest.fixture
def lesson(dataset: Dataset, child: uuid.UUID) -> Lesson:
    return begin(dataset, [child, enrol(dataset, "research"), enrol(dataset)])


@pytest.fixture
def tablet(dataset: Dataset, lesson: Lesson) -> PairedTablet:
    return PairedTablet(dataset, lesson.id)


def others(dataset: Dataset, lesson: Lesson) -> list[uuid.UUID]:
    return list(states(dataset, lesson))[1:]


def count_sessions(dataset: Dataset) -> int:
    with dataset.database.read() as session:
        return session.scalar(select(func.count(CaptureSession.id))) or 0


def test_a_tablet_waits_until_a_child_is_sent(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    assert tablet.next() == ("", "")
    sent = send(dataset, lesson, child, tablet)
    assert states(dataset, lesson)[child] == "sent"
    assert tablet.opened().id == sent.id
    assert (sent.language, sent.light) == ("ru", "natural")


def test_asked_again_the_token_is_the_same_and_another_tablet_gets_none(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    send(dataset, lesson, child, tablet)
    other = PairedTablet(dataset, lesson.id)
    assert tablet.next() == tablet.next()
    assert other.next() == ("", "")
    answer_assent(dataset, tablet.opened().id, "yes", "")
    assert tablet.opened().state == "running"


def test_a_session_s_token_opens_no_other_and_nothing_at_the_end(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    first = send(dataset, lesson, child, tablet)
    token = tablet.next()[1]
    answer_assent(dataset, first.id, "yes", "")
    close_session(dataset, first.id, "finished", [])
    second = send(dataset, lesson, others(dataset, lesson)[0], tablet)
    assert tablet.opened().id == second.id
    found = session_of_token(dataset, token)
    assert found
    assert found.id == first.id
    with pytest.raises(Conflict, match="over"):
        snap(dataset, OpenSession(first.id, token, child))


def test_the_child_must_be_confirmed(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    with pytest.raises(Unprocessable, match="Confirm"):
        send(dataset, lesson, child, tablet, confirmed="")
    send(dataset, lesson, child, tablet, confirmed="card")
    take_back(dataset, lesson.id, child)
    with pytest.raises(Unprocessable, match="Confirm"):
        send(dataset, lesson, child, tablet, confirmed="")
    with dataset.database.read() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "child sent")).one()
    assert event.details == {"lesson": lesson.id.hex, "tablet": 1, "confirmed": "by card"}


def test_without_consent_nobody_is_sent_and_everybody_may_rehearse(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet
) -> None:
    child = others(dataset, lesson)[1]
    with pytest.raises(Conflict, match="consent"):
        send(dataset, lesson, child, tablet)
    let_rehearse(dataset, lesson.id, child, tablet.id)
    assert tablet.next() == ("rehearse", "")
    assert states(dataset, lesson)[child] == "rehearsing"
    with dataset.database.read() as session:
        rehearsal = session.get_one(LessonChild, (lesson.id, child)).rehearsal_id
    assert report(dataset, tablet.id, waiting=0, now=rehearsal).holds
    report(dataset, tablet.id, waiting=0, ended=rehearsal)
    assert (states(dataset, lesson)[child], tablet.next()) == ("rehearsed", ("", ""))
    assert count_sessions(dataset) == 0


def test_sent_twice_it_is_one_session(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    assert send(dataset, lesson, child, tablet).id == send(dataset, lesson, child, tablet).id
    answer_assent(dataset, tablet.opened().id, "yes", "")
    assert send(dataset, lesson, child, tablet).state == "running"
    assert count_sessions(dataset) == 1


def test_a_tablet_with_a_child_takes_no_other(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    send(dataset, lesson, child, tablet)
    another, playing = others(dataset, lesson)
    with pytest.raises(Conflict, match="Another child"):
        send(dataset, lesson, another, tablet)
    with pytest.raises(Conflict, match="Another child"):
        let_rehearse(dataset, lesson.id, playing, tablet.id)


def test_a_session_that_nobody_began_moves_to_another_tablet(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    sent = send(dataset, lesson, child, tablet)
    token = tablet.next()[1]
    other = PairedTablet(dataset, lesson.id)
    assert send(dataset, lesson, child, other).id == sent.id
    assert session_of_token(dataset, token) is None
    assert tablet.next() == ("", "")
    assert not report(dataset, tablet.id, waiting=0, now=sent.id).holds
    assert other.opened().id == sent.id
    assert report(dataset, other.id, waiting=0, now=sent.id).holds
    assert count_sessions(dataset) == 1


def test_a_child_whose_tablet_broke_goes_on_elsewhere_and_its_photos_still_arrive(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    first = send(dataset, lesson, child, tablet)
    token = tablet.next()[1]
    answer_assent(dataset, first.id, "yes", "")
    other = PairedTablet(dataset, lesson.id)
    second = send(dataset, lesson, child, other)
    assert second.id != first.id
    assert tablet.next() == ("", "")
    assert not report(dataset, tablet.id, waiting=3, now=first.id).holds
    found = session_of_token(dataset, token)
    assert found
    assert found.id == first.id
    assert snap(dataset, OpenSession(first.id, token, child))


def test_what_was_taken_back_is_nobody_s_task_and_is_sent_again(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    sent = send(dataset, lesson, child, tablet)
    token = tablet.next()[1]
    take_back(dataset, lesson.id, child)
    assert (tablet.next(), states(dataset, lesson)[child]) == (("", ""), "waiting")
    assert session_of_token(dataset, token) is None
    playing = others(dataset, lesson)[1]
    let_rehearse(dataset, lesson.id, playing, tablet.id)
    take_back(dataset, lesson.id, playing)
    assert (tablet.next(), states(dataset, lesson)[playing]) == (("", ""), "no_consent")
    assert send(dataset, lesson, child, tablet).id == sent.id


def test_after_a_stop_an_adult_talks_with_the_child_first(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    sent = send(dataset, lesson, child, tablet)
    answer_assent(dataset, sent.id, "yes", "")
    close_session(dataset, sent.id, "stopped", [])
    assert states(dataset, lesson)[child] == "stopped"
    with pytest.raises(Conflict, match="talk"):
        send(dataset, lesson, child, tablet)
    assert send(dataset, lesson, child, tablet, talked=True).id != sent.id
    assert states(dataset, lesson)[child] == "sent"


def test_a_refusal_elsewhere_stops_a_session_that_waits_to_be_sent_again(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    send(dataset, lesson, child, tablet)
    take_back(dataset, lesson.id, child)
    answer_assent(dataset, sit(dataset, child, assent=None).id, "no", "")
    with pytest.raises(Conflict, match="talk"):
        send(dataset, lesson, child, tablet)


@pytest.mark.parametrize(
    ("answer", "state"), [("no", "no"), ("not_today", "not_today"), ("yes", "in_session")]
)
def test_the_child_s_own_answer_is_shown(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID,
    answer: str, state: str,
) -> None:  # fmt: skip
    answer_assent(dataset, send(dataset, lesson, child, tablet).id, answer, "")
    assert states(dataset, lesson)[child] == state


def test_a_tablet_or_child_of_another_lesson_is_not_found(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    stranger = enrol(dataset, "research")
    elsewhere = begin(dataset, [child, stranger])
    with pytest.raises(NotFound):
        send(dataset, elsewhere, child, tablet)
    with pytest.raises(NotFound):
        send(dataset, lesson, stranger, tablet)


def test_a_closed_lesson_s_unbegun_session_is_opened_by_nothing(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    send(dataset, lesson, child, tablet)
    token = tablet.next()[1]
    close_lesson(dataset, lesson.id, actor="olga", anyway=True)
    assert session_of_token(dataset, token) is None
    with pytest.raises(Conflict, match="closed"):
        send(dataset, lesson, child, tablet)


def test_a_withdrawn_child_disappears_and_its_tablet_is_free(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    sent = send(dataset, lesson, child, tablet)
    token = tablet.next()[1]
    answer_assent(dataset, sent.id, "yes", "")
    withdraw(dataset, child, ["research"], channel="code", actor="guardian")
    assert child not in states(dataset, lesson)
    assert tablet.next() == ("", "")
    # The page tells the child itself, kindly: the tablet does not leave it in the middle.
    assert report(dataset, tablet.id, waiting=0, now=sent.id).holds
    with pytest.raises(Erased):
        session_of_token(dataset, token)


def test_between_a_withdrawal_and_the_erasure_nothing_is_handed_over(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    send(dataset, lesson, child, tablet)
    with dataset.database.write() as session:
        session.add(
            Withdrawal(
                site_id=dataset.site_id, participant_id=child, purpose="research", channel="code",
                withdrawn_at=clock.now(),
            )
        )  # fmt: skip
    assert tablet.next() == ("", "")
    assert child not in states(dataset, lesson)


def test_an_erased_child_leaves_no_row_in_any_lesson(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    playing = others(dataset, lesson)[1]
    let_rehearse(dataset, lesson.id, playing, tablet.id)
    for one in (child, playing):
        erase_participant(dataset, one, actor="olga")
    with dataset.database.read() as session:
        left = session.scalars(select(LessonChild.participant_id)).all()
    assert set(left).isdisjoint({child, playing})
    assert len(left) == 1


def test_a_session_moved_to_the_right_child_is_shown_there(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet, child: uuid.UUID
) -> None:
    right, stranger = others(dataset, lesson)[0], enrol(dataset, "research")
    sent = send(dataset, lesson, child, tablet)
    answer_assent(dataset, sent.id, "yes", "")
    close_session(dataset, sent.id, "finished", [])
    reassign_session(dataset, sent.id, right, actor="olga")
    seen = states(dataset, lesson)
    assert (seen[child], seen[right]) == ("waiting", "done")
    reassign_session(dataset, sent.id, stranger, actor="olga")
    seen = states(dataset, lesson)
    assert (seen[right], seen[stranger]) == ("waiting", "done")


def test_a_consent_that_comes_late_is_seen(
    dataset: Dataset, lesson: Lesson, tablet: PairedTablet
) -> None:
    child = others(dataset, lesson)[1]
    give(dataset, child)
    assert states(dataset, lesson)[child] == "waiting"
    assert send(dataset, lesson, child, tablet)


def test_a_session_belongs_to_whoever_sent_the_child_last(
    dataset: Dataset,
    lesson: Lesson,
    tablet: PairedTablet,
    child: uuid.UUID,
    staff: dict[str, uuid.UUID],
) -> None:
    sent = send(dataset, lesson, child, tablet)
    again = send_child(
        dataset, lesson.id, child, PairedTablet(dataset, lesson.id).id,
        actor="rita", operator_id=staff["rita"], confirmed="hand",
    )  # fmt: skip
    assert (again.id, again.operator_id) == (sent.id, staff["rita"])
