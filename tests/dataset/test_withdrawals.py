"""A guardian withdraws: what ends, what is erased, what is left to people."""

import uuid
from datetime import date, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, select, update

from collector.dataset import clock
from collector.dataset.consents import withdrawals
from collector.dataset.consents.destruction import draw_up_act, erasure_of, list_erasures
from collector.dataset.consents.duties import fulfil_duty, list_duties, overdue
from collector.dataset.consents.register import read_register, read_tasks
from collector.dataset.consents.standing import standing_consent
from collector.dataset.consents.withdrawals import held_for, withdraw, withdrawals_of
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.erasure import erase_participant
from collector.dataset.errors import Erased, NotFound, Unprocessable
from collector.dataset.keys import KeyGone
from collector.dataset.models import AuditEvent, Duty, Participant, Photo, Withdrawal
from collector.dataset.sessions import close_session, session_of_token
from collector.dataset.vocabulary import PURPOSES
from tests.cast import enrol, give, sit, snap
from tests.guardians.aftermath import copy_out, photograph, spread

pytestmark = pytest.mark.slow


def take_back(dataset: Dataset, child: uuid.UUID, *purposes: str) -> withdrawals.Outcome:
    return withdraw(dataset, child, purposes or PURPOSES, channel="operator", actor="olga")


def stands(dataset: Dataset, child: uuid.UUID, purpose: str) -> bool:
    with dataset.database.read() as session:
        return standing_consent(session, child, purpose, clock.now()) is not None


def count(dataset: Dataset, table: type[Photo] | type[Participant] | type[Withdrawal]) -> int:
    with dataset.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def kinds(dataset: Dataset, child: uuid.UUID | None = None) -> list[str]:
    with dataset.database.read() as session:
        return sorted(one.kind for one in list_duties(session, child))


def test_publication_ends_and_research_goes_on(dataset: Dataset) -> None:
    child = enrol(dataset, "research", "publication")
    photograph(dataset, child)
    outcome = take_back(dataset, child, "publication")
    assert (outcome.purposes, outcome.photos, outcome.erased) == (("publication",), 0, False)
    assert not stands(dataset, child, "publication")
    assert stands(dataset, child, "research")
    with dataset.database.read() as session:
        assert session.scalars(usable_photos("publication", clock.now())).all() == []
        assert len(session.scalars(usable_photos("research", clock.now())).all()) == 1


def test_research_withdrawn_ends_everything_and_erases_the_child(dataset: Dataset) -> None:
    child = enrol(dataset, "research", "publication", "sharing")
    photograph(dataset, child, 2)
    outcome = take_back(dataset, child, "research")
    assert (outcome.purposes, outcome.photos, outcome.erased) == (PURPOSES, 2, True)
    assert (count(dataset, Photo), count(dataset, Participant)) == (0, 0)
    with pytest.raises(KeyGone):
        dataset.keys.child(child)
    with dataset.database.read() as session:
        held = held_for(session, child)
    assert (held.erased, held.photos, set(held.withdrawn)) == (True, {}, set(PURPOSES))


def test_a_child_without_any_answer_can_be_erased_at_a_guardian_s_word(dataset: Dataset) -> None:
    child = enrol(dataset)
    assert take_back(dataset, child).purposes == ("research",)
    assert count(dataset, Participant) == 0


def test_the_same_again_changes_nothing_and_touches_no_key(dataset: Dataset) -> None:
    child, other = enrol(dataset, "research"), enrol(dataset, "research", "publication")
    photograph(dataset, child)
    take_back(dataset, child)
    master = dataset.keys.copy()[1].fingerprint
    again = take_back(dataset, child)
    assert (again.purposes, again.photos, again.erased) == ((), 0, True)
    assert dataset.keys.copy()[1].fingerprint == master
    for expected in (("publication",), ()):
        assert take_back(dataset, other, "publication", "publication").purposes == expected
    assert count(dataset, Withdrawal) == 2


def test_two_at_once_are_one_withdrawal(dataset: Dataset) -> None:
    child = enrol(dataset, "research", "publication")
    photograph(dataset, child, 3)
    outcomes: list[withdrawals.Outcome] = []
    threads = [Thread(target=lambda: outcomes.append(take_back(dataset, child))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(one.purposes) for one in outcomes) == [0, 0, 0, 2]
    assert count(dataset, Withdrawal) == 2
    with dataset.database.read() as session:
        assert len(list_erasures(session, dataset.site_id)) == 1
        assert dataset.chain.first_broken(session) is None


def test_an_interrupted_withdrawal_lets_nothing_in_and_is_finished_by_the_next(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_anything: object, **_more: object) -> bool:
        raise RuntimeError("the power went")

    child = enrol(dataset, "research")
    sitting = sit(dataset, child)
    snap(dataset, sitting)
    with monkeypatch.context() as patch:
        patch.setattr(withdrawals, "erase_participant", fail)
        with pytest.raises(RuntimeError):
            take_back(dataset, child)
    with pytest.raises(Erased):
        snap(dataset, sitting)
    with pytest.raises(Erased):
        session_of_token(dataset, sitting.token)
    with dataset.database.read() as session:
        held = held_for(session, child)
    assert (held.erased, held.standing, held.photos) == (False, (), {"unused": 1})
    assert take_back(dataset, child).photos == 1
    assert count(dataset, Participant) == 0


def test_a_consent_signed_by_a_clock_that_runs_ahead_is_withdrawn_too(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    ahead = clock.now() + timedelta(minutes=4)
    give(dataset, child, "publication", signed_at=ahead)
    take_back(dataset, child, "publication")
    with dataset.database.read() as session:
        later = standing_consent(session, child, "publication", ahead + timedelta(minutes=1))
    assert later is None


def test_an_expired_consent_can_be_withdrawn_and_a_later_one_stands(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    expired = clock.now() - timedelta(minutes=1)
    give(dataset, child, "sharing", valid_until=expired)
    assert take_back(dataset, child, "sharing").purposes == ("sharing",)
    give(dataset, child, "sharing", signed_at=clock.now())
    assert stands(dataset, child, "sharing")


@pytest.mark.parametrize(
    ("purposes", "channel"), [((), "code"), (("fame",), "code"), (("research",), "pigeon")]
)
def test_what_cannot_be_withdrawn_is_refused(
    dataset: Dataset, purposes: tuple[str, ...], channel: str
) -> None:
    child = enrol(dataset, "research")
    with pytest.raises(Unprocessable):
        withdraw(dataset, child, purposes, channel=channel, actor="test")
    assert stands(dataset, child, "research")


def test_what_is_held_is_told_without_a_name(dataset: Dataset) -> None:
    child = enrol(dataset, "research", "sharing")
    photograph(dataset, child, 2)
    stopped = sit(dataset, child)
    snap(dataset, stopped)
    close_session(dataset, stopped.id, "stopped", [])
    with dataset.database.read() as session:
        held = held_for(session, child)
        times = session.scalars(select(Photo.taken_at).order_by(Photo.taken_at)).all()
    assert held.photos == {"usable": 2, "quarantined": 1}
    assert (held.count, held.sessions, held.standing) == (3, 2, ("research", "sharing"))
    assert (held.first, held.last) == (times[0], times[-1])
    with dataset.database.write() as session:
        session.execute(update(Photo).values(state="rejected", state_reason="blurred"))
    with dataset.database.read() as session:
        assert held_for(session, child).photos == {"rejected": 3}


def test_a_withdrawal_names_every_copy_set_model_and_key_backup(
    dataset: Dataset, tmp_path: Path
) -> None:
    child, other = enrol(dataset, *PURPOSES), enrol(dataset, *PURPOSES)
    spread(dataset, child, tmp_path)
    copy_out(dataset, "sharing", child, other)
    copy_out(dataset, "research", other)
    outcome = take_back(dataset, child)
    assert kinds(dataset, child) == ["export", "key_backup", "model", "snapshot"]
    assert outcome.duties == 4
    with dataset.database.read() as session:
        assert {one.due_on for one in list_duties(session)} == {
            (clock.now() + timedelta(days=30)).date()
        }


def test_only_copies_for_the_withdrawn_purpose_are_duties(dataset: Dataset) -> None:
    child = enrol(dataset, *PURPOSES)
    copy_out(dataset, "publication", child)
    shared = copy_out(dataset, "sharing", child)
    take_back(dataset, child, "sharing")
    with dataset.database.read() as session:
        (duty,) = list_duties(session)
    assert duty.subject == shared.hex


def test_a_duty_is_left_once_even_if_more_is_withdrawn_later(dataset: Dataset) -> None:
    child = enrol(dataset, *PURPOSES)
    copy_out(dataset, "sharing", child)
    take_back(dataset, child, "sharing")
    with dataset.database.read() as session:
        (duty,) = list_duties(session)
    fulfil_duty(dataset, duty.id, actor="olga")
    assert take_back(dataset, child).duties == 0
    assert kinds(dataset) == ["export"]


def test_done_is_done_for_the_children_that_were_named_and_no_other(dataset: Dataset) -> None:
    first, second, third = (enrol(dataset, *PURPOSES) for _ in range(3))
    copy_out(dataset, "sharing", first, second, third)
    take_back(dataset, first)
    take_back(dataset, second)
    with dataset.database.read() as session:
        (task,) = read_tasks(session, clock.now())
    assert set(task.children) == {first, second}
    take_back(dataset, third)
    fulfil_duty(dataset, task.id, actor="olga")
    with dataset.database.read() as session:
        open_, done = read_tasks(session, clock.now())
    assert (open_.children, open_.done_at) == ((third,), None)
    assert set(done.children) == {first, second}
    assert done.done_at


def test_a_destroyed_key_backup_is_named_in_no_later_withdrawal(
    dataset: Dataset, tmp_path: Path
) -> None:
    first, second = enrol(dataset, "research"), enrol(dataset, "research")
    spread(dataset, first, tmp_path)
    take_back(dataset, first)
    with dataset.database.read() as session:
        (backup,) = (one for one in list_duties(session, first) if one.kind == "key_backup")
    fulfil_duty(dataset, backup.id, actor="olga")
    take_back(dataset, second)
    assert kinds(dataset, second) == []


def test_a_key_backup_from_before_the_child_is_no_duty(dataset: Dataset, tmp_path: Path) -> None:
    spread(dataset, enrol(dataset, "research"), tmp_path)
    child = enrol(dataset, "research")
    with dataset.database.write() as session:
        session.get_one(Participant, child).created_at = clock.now() + timedelta(hours=1)
    take_back(dataset, child)
    assert kinds(dataset, child) == []


def test_overdue_is_what_is_open_after_its_day(dataset: Dataset) -> None:
    child = enrol(dataset, *PURPOSES)
    copy_out(dataset, "sharing", child)
    take_back(dataset, child)
    month = timedelta(days=30)
    with dataset.database.read() as session:
        (duty,) = list_duties(session)
        assert overdue(session, clock.now() + month) == []
        assert overdue(session, clock.now() + month + timedelta(days=1)) == [duty]
    fulfil_duty(dataset, duty.id, actor="olga")
    with dataset.database.read() as session:
        assert overdue(session, clock.now() + 2 * month) == []
    with pytest.raises(NotFound):
        fulfil_duty(dataset, uuid.uuid4(), actor="olga")


def test_the_log_of_a_duty_names_neither_path_nor_recipient(dataset: Dataset) -> None:
    child = enrol(dataset, *PURPOSES)
    copy_out(dataset, "sharing", child)
    take_back(dataset, child)
    with dataset.database.write() as session:
        session.execute(update(Duty).values(place="/home/olga/for Professor Ivanov.zip"))
        (duty,) = list_duties(session)
    fulfil_duty(dataset, duty.id, actor="olga")
    with dataset.database.read() as session:
        logged = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "duty fulfilled")
        ).one()
    assert logged.details == {"kind": "export", "children": [child.hex]}


def test_the_register_is_one_line_for_one_word_of_a_guardian(
    dataset: Dataset, staff: dict[str, uuid.UUID]
) -> None:
    child = enrol(dataset, *PURPOSES)
    copy_out(dataset, "sharing", child)
    withdraw(
        dataset, child, ["publication"], channel="operator", actor="olga",
        recorded_by=staff["olga"],
    )  # fmt: skip
    withdraw(dataset, child, PURPOSES, channel="code", actor="guardian")
    with dataset.database.read() as session:
        last, first = read_register(session)
    assert (first.purposes, first.channel, first.recorded_by) == (
        ("publication",), "operator", "olga",
    )  # fmt: skip
    assert (set(last.purposes), last.channel) == ({"research", "sharing"}, "code")
    assert (last.open, last.done) == (1, 0)


def test_the_act_s_extract_is_of_this_child_and_its_sittings_alone(dataset: Dataset) -> None:
    child, other = enrol(dataset, "research"), enrol(dataset, "research")
    photograph(dataset, other)
    sitting = sit(dataset, child)
    snap(dataset, sitting)
    take_back(dataset, child)
    with dataset.database.read() as session:
        erasure = erasure_of(session, dataset.site_id, child)
        assert erasure_of(session, dataset.site_id, other) is None
    assert erasure
    act = draw_up_act(dataset, erasure.id)
    assert {event.subject for event in act.events} == {child.hex, sitting.id.hex}
    actions = [event.action for event in act.events]
    for action in ("participant registered", "consent given", "session started", "assent",
                   "consent withdrawn", "participant erased"):  # fmt: skip
        assert action in actions
    assert (act.sessions, act.erasure.photos, act.ground.channel) == (1, 1, "operator")
    assert act.overwritten
    assert act.head
    assert act.head.position >= act.events[-1].position


def test_the_act_waits_for_whoever_still_reads_the_erased_bytes(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    photograph(dataset, child)
    with dataset.database.read() as reader:
        reader.scalars(select(Photo.id)).all()
        assert take_back(dataset, child).pending
        with dataset.database.read() as session:
            erasure = erasure_of(session, dataset.site_id, child)
        assert erasure
        assert not draw_up_act(dataset, erasure.id).overwritten
    assert draw_up_act(dataset, erasure.id).overwritten
    assert not take_back(dataset, child).pending


def test_a_child_erased_for_another_reason_has_an_act_too(dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    erase_participant(dataset, child, actor="command", reason="retention ended")
    with dataset.database.read() as session:
        (erasure,) = list_erasures(session, dataset.site_id)
        assert withdrawals_of(session, child) == []
    act = draw_up_act(dataset, erasure.id)
    assert (act.ground.channel, act.ground.reason) == ("", "retention ended")
    with pytest.raises(NotFound):
        draw_up_act(dataset, uuid.uuid4())


def test_dates_of_duties_are_days(dataset: Dataset) -> None:
    child = enrol(dataset, *PURPOSES)
    copy_out(dataset, "sharing", child)
    take_back(dataset, child)
    with dataset.database.read() as session:
        (task,) = read_tasks(session, clock.now() + timedelta(days=40))
    assert type(task.due_on) is date
    assert task.overdue
