"""The flow diagram's counts: they add up, survive erasures, and survive a restored backup."""

import shutil
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.terms import erase_expired
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from collector.dataset.erasure import bin_own_photo, bin_session, erase_participant, erase_photos
from collector.dataset.flow import Flow, read_flow
from collector.dataset.labels import Judgement, cast_vote
from collector.dataset.opening import open_dataset
from collector.dataset.sessions import close_session
from collector.dataset.snapshots import freeze_snapshot
from collector.dataset.studies import StudyDetails, describe_study
from collector.dataset.upkeep.backups import back_up_dataset, back_up_keys
from collector.dataset.upkeep.restoring import restore
from collector.dataset.vocabulary import PURPOSES
from tests.cast import enrol, give, sit, snap

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)


def flow(dataset: Dataset, wanted_votes: int = 2) -> Flow:
    with dataset.database.read() as session:
        found = read_flow(session, clock.now(), wanted_votes=wanted_votes)
    add_up(found)
    return found


def add_up(found: Flow) -> None:
    """Each stage is the sum of what went on and what was left out."""
    children, sessions, photos = found.children, found.sessions, found.photos
    gone = ("withdrawn", "retention_ended", "erased_otherwise")
    assert children["invited"] == children["present"] + sum(children[one] for one in gone)
    for purpose in PURPOSES:
        one = found.answers[purpose]
        assert children["invited"] == one["consented"] + one["refused"] + one["unanswered"]
        fates = ("standing", "withdrawn", "refused_later", "expired", "erased")
        assert one["consented"] == sum(one[fate] for fate in fates)
    answers = ("yes", "no", "not_today", "unanswered")
    assert sessions["asked"] == sum(sessions[one] for one in answers)
    ends = ("finished", "stopped", "open", "abandoned")
    assert sessions["yes"] == sum(sessions[one] for one in ends)
    assert photos["stored"] == photos["present"] + sum(
        photos[one] for one in ("binned", "erased_second_face", *gone)
    )
    states = ("active", "quarantined", "rejected")
    assert photos["present"] == sum(photos[one] for one in states)
    assert photos["active"] == found.usable["research"] + photos["uncovered"]


def chosen(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


def test_an_empty_dataset_has_a_flow_of_zeros(dataset: Dataset) -> None:
    found = flow(dataset)
    for counts in (found.children, found.sessions, found.photos, found.usable):
        assert chosen(counts) == {}


def test_answers_are_counted_by_purpose(dataset: Dataset) -> None:
    now = clock.now()
    enrol(dataset)
    enrol(dataset, "research", "publication")
    give(dataset, enrol(dataset), given=False)
    changed = enrol(dataset, "research")
    give(dataset, changed, given=False, signed_at=now)
    give(dataset, enrol(dataset), signed_at=now - 9 * DAY, valid_until=now - DAY)
    publication = enrol(dataset, "research", "publication")
    withdraw(dataset, publication, ["publication"], channel="operator", actor="olga")
    found = flow(dataset)
    assert found.children["invited"] == 6
    assert chosen(found.answers["research"]) == {
        "consented": 4, "refused": 1, "unanswered": 1,
        "standing": 2, "refused_later": 1, "expired": 1,
    }  # fmt: skip
    assert chosen(found.answers["publication"]) == {
        "consented": 2, "unanswered": 4, "standing": 1, "withdrawn": 1,
    }  # fmt: skip
    give(dataset, publication, "publication", signed_at=clock.now())
    assert flow(dataset).answers["publication"]["standing"] == 2


def test_sessions_are_counted_by_the_child_s_own_answers(dataset: Dataset) -> None:
    for answer in ("no", "not_today", None, "yes"):
        sit(dataset, enrol(dataset, "research"), assent=answer)
    for how in ("finished", "stopped"):
        close_session(dataset, sit(dataset, enrol(dataset, "research")).id, how, [])
    lapsed = sit(dataset, enrol(dataset, "research"))
    with dataset.database.write() as session:
        session.execute(
            text("UPDATE capture_session SET created_at = '2020-01-01 00:00:00' WHERE id = :id"),
            {"id": lapsed.id.hex},
        )
    expected = {
        "asked": 7, "yes": 4, "no": 1, "not_today": 1, "unanswered": 1,
        "finished": 1, "stopped": 1, "open": 1, "abandoned": 1,
    }  # fmt: skip
    assert flow(dataset).sessions == expected


class Story:
    """Twelve photos of five children, and every way for a photo to go."""

    def __init__(self, dataset: Dataset, staff: dict[str, uuid.UUID], folder: Path) -> None:
        self.backup = folder / "stick.db"
        child = enrol(dataset, "research", "publication")
        session = sit(dataset, child)
        kept = [snap(dataset, session) for _ in range(3)]
        stopping = sit(dataset, enrol(dataset, "research"))
        stopped = snap(dataset, stopping)
        close_session(dataset, stopping.id, "stopped", [])
        thrown, leaving, ending = (enrol(dataset, "research") for _ in range(3))
        first = sit(dataset, thrown)
        snap(dataset, first)
        own = snap(dataset, first)
        other = snap(dataset, first)
        binning = sit(dataset, ending)
        snap(dataset, binning)
        close_session(dataset, binning.id, "stopped", [])
        left = sit(dataset, leaving)
        for _ in range(3):
            snap(dataset, left)
        mistaken = enrol(dataset, "research")
        snap(dataset, sit(dataset, mistaken))
        for reviewer in ("rita", "rustam"):
            cast_vote(dataset, staff[reviewer],
                      Judgement(uuid.uuid4(), kept[0], "emotion", Emotion.SAD))  # fmt: skip
        cast_vote(dataset, staff["rita"], Judgement(uuid.uuid4(), kept[1], "unsure"))
        freeze_snapshot(dataset, "first", "majority", actor="rita")
        back_up_dataset(dataset, self.backup, actor="test")
        assert flow(dataset).photos["stored"] == 12
        bin_own_photo(dataset, first.id, own)
        bin_session(dataset, binning.id, [uuid.uuid4()])
        erase_photos(dataset, [other], actor="admin")
        withdraw(dataset, leaving, PURPOSES, channel="code", actor="guardian")
        erase_participant(dataset, mistaken, actor="olga")
        assert stopped


@pytest.fixture
def story(dataset: Dataset, staff: dict[str, uuid.UUID], tmp_path: Path) -> Story:
    return Story(dataset, staff, tmp_path)


def expect(found: Flow) -> None:
    assert chosen(found.photos) == {
        "stored": 12, "binned": 2, "withdrawn": 3, "erased_otherwise": 2, "present": 5,
        "active": 4, "quarantined": 1, "quarantined_stopped": 1, "judged": 1, "in_snapshot": 1,
    }  # fmt: skip
    assert found.usable == {"research": 4, "publication": 3, "sharing": 0}
    assert chosen(found.children) == {
        "invited": 6, "present": 4, "withdrawn": 1, "erased_otherwise": 1, "with_photos": 3,
        "erased_with_photos": 2,
    }  # fmt: skip
    assert chosen(found.answers["research"]) == {
        "consented": 6, "standing": 4, "withdrawn": 1, "erased": 1,
    }  # fmt: skip
    assert found.sessions["asked"] == 6


def test_what_is_erased_is_counted_by_its_cause(dataset: Dataset, story: Story) -> None:
    assert story
    expect(flow(dataset))


def test_a_restored_backup_tells_the_same(dataset: Dataset, story: Story, tmp_path: Path) -> None:
    dataset.close()
    restore(story.backup, dataset.folder, dataset.keys.folder, replace=True, actor="test")
    again = open_dataset(tmp_path / "data", tmp_path / "keys")
    expect(flow(again))
    again.close()


@pytest.mark.parametrize("keys_are_lost", [False, True])
def test_the_end_of_retention_is_a_cause_of_its_own_after_a_restore_too(
    dataset: Dataset, tmp_path: Path, keys_are_lost: bool
) -> None:
    """Where the tombstones are lost with the keys, the replaced dataset's log tells the cause."""
    snap(dataset, sit(dataset, enrol(dataset, "research")))
    back_up_dataset(dataset, tmp_path / "stick.db", actor="test")
    keys = back_up_keys(dataset, tmp_path / "stick.keys", actor="test").file
    last = clock.now().date() - 2 * DAY
    describe_study(dataset, StudyDetails(keep_until=last), actor="test")
    assert flow(dataset).photos["uncovered"] == 1
    erase_expired(dataset, actor="olga")
    expected = {"stored": 1, "retention_ended": 1}
    assert chosen(flow(dataset).photos) == expected
    dataset.close()
    if keys_are_lost:
        shutil.rmtree(dataset.keys.folder)
    restore(tmp_path / "stick.db", dataset.folder, dataset.keys.folder, replace=True,
            keys_from=keys if keys_are_lost else None, actor="test")  # fmt: skip
    again = open_dataset(tmp_path / "data", tmp_path / "keys")
    assert chosen(flow(again).photos) == expected
    assert flow(again).children["retention_ended"] == 1
    again.close()


def test_more_wanted_votes_leave_fewer_photos_judged(dataset: Dataset, story: Story) -> None:
    assert story
    assert [flow(dataset, votes).photos["judged"] for votes in (1, 2, 3)] == [2, 1, 0]
