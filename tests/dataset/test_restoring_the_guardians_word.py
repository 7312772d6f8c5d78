"""A restore forgets no word of a guardian: what was said since the backup holds after it."""

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.answers import read_document
from collector.dataset.consents.duties import fulfil_duty, list_duties, note_destroyed_keys
from collector.dataset.consents.receipts import issue_receipt, read_code, receipt_of_code
from collector.dataset.consents.standing import standing_consent
from collector.dataset.consents.withdrawals import list_withdrawals, withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.doors import usable_photos
from collector.dataset.errors import NotFound
from collector.dataset.models import Export, ExportItem
from collector.dataset.opening import open_dataset
from collector.dataset.snapshots import freeze_snapshot, verify_snapshot
from collector.dataset.upkeep.backups import KEYS_MADE, back_up_dataset, back_up_keys, backups_made
from collector.dataset.upkeep.restoring import Restored, restore
from tests.cast import SIGNATURE, enrol, give, sit, snap
from tests.dataset.doctor import wrong

pytestmark = pytest.mark.slow


class Past:
    """A child with both consents and a photo, backed up before anything else is said."""

    def __init__(self, dataset: Dataset, folder: Path) -> None:
        self.dataset, self.folder = dataset, folder
        self.child = enrol(dataset, "research", "publication")
        self.photo = snap(dataset, sit(dataset, self.child))
        self.export = self.copy_out("publication")
        self.backup = back_up_dataset(dataset, folder / "stick.db", actor="test").file
        self.keys = back_up_keys(dataset, folder / "stick.keys", actor="test").file

    def copy_out(self, purpose: str) -> uuid.UUID:
        """Register a copy with the child's photo."""
        export_id = uuid.uuid4()
        with self.dataset.database.write() as session:
            session.add(
                Export(id=export_id, site_id=self.dataset.site_id, purpose=purpose,
                       format="figure", path=f"{export_id}.pdf", made_at=clock.now())
            )  # fmt: skip
            session.flush()
            session.add(
                ExportItem(export_id=export_id, photo_id=self.photo, participant_id=self.child)
            )
        return export_id

    def withdraw(self, *purposes: str) -> None:
        withdraw(self.dataset, self.child, purposes, channel="code", actor="guardian")

    def restore(self, data: str = "data", keys: str = "keys", **options: Any) -> Restored:
        self.dataset.close()
        return restore(self.backup, self.folder / data, self.folder / keys, actor="test", **options)

    @contextmanager
    def afterwards(self, data: str = "data", keys: str = "keys") -> Iterator[Dataset]:
        """The restored dataset, in which the doctor finds nothing wrong."""
        opened = open_dataset(self.folder / data, self.folder / keys, create=False)
        assert wrong(opened) == []
        yield opened
        opened.close()


@pytest.fixture
def past(dataset: Dataset, tmp_path: Path) -> Past:
    return Past(dataset, tmp_path)


def assert_publication_ended(dataset: Dataset, past: Past) -> None:
    with dataset.database.read() as session:
        assert standing_consent(session, past.child, "publication", clock.now()) is None
        assert standing_consent(session, past.child, "research", clock.now())
        assert session.scalars(usable_photos("publication", clock.now())).all() == []
        assert [one.purpose for one in list_withdrawals(session)] == ["publication"]
        duties = [(one.kind, one.subject) for one in list_duties(session, past.child)]
    assert duties == [("export", past.export.hex)]


def assert_erased(
    dataset: Dataset, past: Past, withdrawn: tuple[str, ...] = ("publication", "research")
) -> None:
    with dataset.database.read() as session:
        for table in ("participant", "photo", "photo_bytes", "consent", "capture_session"):
            count = session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608
            assert count == 0, table
        purposes = sorted(one.purpose for one in list_withdrawals(session))
        duties = [(one.kind, one.subject) for one in list_duties(session, past.child)]
        backup = backups_made(session, KEYS_MADE)[-1].id
    assert purposes == list(withdrawn)
    assert sorted(duties) == [("export", past.export.hex), ("key_backup", backup.hex)]


def test_a_publication_withdrawn_since_stays_withdrawn(past: Past) -> None:
    past.withdraw("publication")
    past.restore(replace=True)
    with past.afterwards() as dataset:
        assert_publication_ended(dataset, past)


def test_it_stays_withdrawn_in_another_folder_with_the_same_keys(past: Past) -> None:
    past.withdraw("publication")
    past.restore("elsewhere")
    with past.afterwards("elsewhere") as dataset:
        assert_publication_ended(dataset, past)


def test_it_stays_withdrawn_when_the_keys_are_lost_and_the_log_knows(past: Past) -> None:
    past.withdraw("publication")
    past.dataset.close()
    shutil.rmtree(past.folder / "keys")
    past.restore(replace=True, keys_from=past.keys)
    with past.afterwards() as dataset:
        assert_publication_ended(dataset, past)


@pytest.mark.parametrize("lost", [False, True], ids=["keys-there", "keys-lost"])
def test_a_child_withdrawn_since_is_erased_again_with_its_duties(past: Past, lost: bool) -> None:
    past.withdraw("research")
    if lost:
        past.dataset.close()
        shutil.rmtree(past.folder / "keys")
    restored = past.restore(replace=True, keys_from=past.keys if lost else None)
    assert restored.erased_again == {"children": 1, "photos": 1}
    with past.afterwards() as dataset:
        assert_erased(dataset, past)


def test_a_child_withdrawn_since_is_erased_over_a_damaged_dataset(past: Past) -> None:
    past.withdraw("research")
    past.dataset.close()
    (past.folder / "data" / "dataset.db").write_bytes(b"not a database" * 1000)
    assert past.restore(replace=True).answers is None
    with past.afterwards() as dataset, dataset.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM participant")).scalar_one() == 0
        kinds = [one.kind for one in list_duties(session, past.child)]
    # The key backup was made after this backup of the photos: the folder of keys knows of it.
    assert kinds == ["export", "key_backup"]


def test_onto_a_new_machine_all_key_backups_are_named(past: Past) -> None:
    """Of the log nothing is left but what is older than both backups of the keys."""
    newer = back_up_keys(past.dataset, past.folder / "newer.keys", actor="test")
    destroyed = back_up_keys(past.dataset, past.folder / "destroyed.keys", actor="test")
    note_destroyed_keys(past.dataset, destroyed.id, actor="olga")
    newest = back_up_keys(past.dataset, past.folder / "newest.keys", actor="test")
    past.restore("new", "new-keys", keys_from=newest.file)
    with past.afterwards("new", "new-keys") as dataset:
        past.dataset = dataset
        past.withdraw("research")
        with dataset.database.read() as session:
            duties = list_duties(session, past.child)
            named = {one.subject for one in duties if one.kind == "key_backup"}
    assert named >= {newer.id.hex, newest.id.hex}
    assert len(named) == 3
    assert destroyed.id.hex not in named


def test_what_paper_alone_remembers_is_erased_in_the_same_step(past: Past) -> None:
    """Both backups are older than the withdrawal, and nothing else is left."""
    past.withdraw("research")
    past.restore("limit", "limit-keys", keys_from=past.keys)
    with past.afterwards("limit", "limit-keys") as dataset, dataset.database.read() as session:
        assert standing_consent(session, past.child, "research", clock.now())
    restored = past.restore("told", "told-keys", keys_from=past.keys, erase=[past.child])
    assert restored.erased_again == {"children": 1, "photos": 1}
    with past.afterwards("told", "told-keys") as dataset:
        assert_erased(dataset, past, ("research",))


def test_a_duty_that_was_done_since_is_done(past: Past) -> None:
    past.withdraw("publication")
    with past.dataset.database.read() as session:
        (duty,) = list_duties(session, past.child)
    fulfil_duty(past.dataset, duty.id, actor="olga")
    past.restore(replace=True)
    with past.afterwards() as dataset, dataset.database.read() as session:
        assert [bool(one.done_at) for one in list_duties(session, past.child)] == [True]


def test_a_refusal_since_is_not_forgotten(past: Past) -> None:
    give(past.dataset, past.child, "publication", given=False, signed_at=clock.now())
    assert past.restore(replace=True).answers == 1
    with past.afterwards() as dataset, dataset.database.read() as session:
        assert standing_consent(session, past.child, "publication", clock.now()) is None


def test_a_consent_since_is_not_forgotten(past: Past) -> None:
    give(past.dataset, past.child, "sharing")
    past.restore(replace=True)
    with past.afterwards() as dataset, dataset.database.read() as session:
        consent = standing_consent(session, past.child, "sharing", clock.now())
        assert consent
        assert read_document(dataset, consent) == ("image/png", SIGNATURE)


def test_receipts_since_open_and_those_declared_lost_do_not(past: Past) -> None:
    lost = issue_receipt(past.dataset, past.child, actor="olga")
    old = read_code(past.dataset, lost)
    past.backup = back_up_dataset(past.dataset, past.folder / "later.db", actor="test").file
    new = read_code(past.dataset, issue_receipt(past.dataset, past.child, actor="olga", lost=True))
    past.restore(replace=True)
    with past.afterwards() as dataset, dataset.database.read() as session:
        assert receipt_of_code(dataset, session, new).participant_id == past.child
        with pytest.raises(NotFound):
            receipt_of_code(dataset, session, old)


def test_copies_since_are_named_by_a_later_withdrawal(past: Past) -> None:
    later = past.copy_out("publication")
    freeze_snapshot(past.dataset, "first", "prompted", actor="olga")
    keys = back_up_keys(past.dataset, past.folder / "later.keys", actor="test").id
    past.restore(replace=True)
    with past.afterwards() as dataset:
        assert verify_snapshot(dataset, "first")
        past.dataset = dataset
        past.withdraw("research")
        with dataset.database.read() as session:
            duties = {(one.kind, one.subject) for one in list_duties(session, past.child)}
    assert {("export", later.hex), ("export", past.export.hex), ("key_backup", keys.hex)} <= duties
    assert "snapshot" in {kind for kind, _ in duties}


def test_nothing_is_taken_from_another_site_s_dataset(past: Past) -> None:
    strange = open_dataset(past.folder / "strange", past.folder / "strange-keys")
    give(strange, enrol(strange), "publication")
    strange.close()
    assert past.restore("strange", replace=True).answers is None
    with past.afterwards("strange") as dataset, dataset.database.read() as session:
        assert session.execute(text("SELECT count(*) FROM consent")).scalar_one() == 2
