"""The audit log's head is kept beside the keys: whoever cuts the newest events off is found."""

import shutil
import uuid
from pathlib import Path

from sqlalchemy import text

from collector.dataset.consents.receipts import issue_receipt
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.heads import Head, head_of, kept_head
from collector.dataset.opening import open_dataset
from collector.dataset.upkeep.backups import back_up_dataset, back_up_keys
from collector.dataset.upkeep.restoring import restore
from tests.cast import enrol, give, sit, snap
from tests.dataset.doctor import only, wrong


def heads(dataset: Dataset) -> tuple[Head | None, Head | None]:
    """What the folder of keys knows, and the log's own."""
    with dataset.database.read() as session:
        return kept_head(dataset.keys, dataset.site_id), head_of(session, dataset.site_id)


def cut(dataset: Dataset, count: int) -> None:
    """Take the newest events off the log."""
    with dataset.database.write() as session:
        session.execute(
            text(
                "DELETE FROM audit_event WHERE position > "
                "(SELECT max(position) FROM audit_event) - :count"
            ),
            {"count": count},
        )


def record(dataset: Dataset, times: int = 1) -> None:
    with dataset.database.write() as session:
        for number in range(times):
            dataset.chain.record(session, "test", "looked", number=number)


def test_each_word_of_a_guardian_and_each_backup_moves_the_head(
    dataset: Dataset, tmp_path: Path
) -> None:
    child = enrol(dataset)
    for act in (
        lambda: give(dataset, child, "research"),
        lambda: issue_receipt(dataset, child, actor="olga"),
        lambda: back_up_dataset(dataset, tmp_path / "photos.db", actor="test"),
        lambda: back_up_keys(dataset, tmp_path / "keys.zip", actor="test"),
        lambda: withdraw(dataset, child, ["research"], channel="code", actor="guardian"),
    ):
        record(dataset)
        kept, now = heads(dataset)
        assert kept != now
        act()
        kept, now = heads(dataset)
        assert kept == now is not None


def test_closing_and_opening_move_the_head(dataset: Dataset) -> None:
    record(dataset)
    dataset.close()
    kept, now = heads(dataset)
    assert kept == now
    record(dataset)
    again = open_dataset(dataset.folder, dataset.keys.folder)
    kept, now = heads(again)
    assert kept == now
    again.close()


def test_a_photo_writes_nothing_to_the_keys(dataset: Dataset) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    before = kept_head(dataset.keys, dataset.site_id)
    snap(dataset, session)
    assert kept_head(dataset.keys, dataset.site_id) == before


def test_newest_events_cut_off_are_found_also_after_opening(dataset: Dataset) -> None:
    record(dataset, 5)
    dataset.keep_head()
    assert wrong(dataset) == []
    cut(dataset, 2)
    only(dataset, "audit", "cut off")
    dataset.close()
    again = open_dataset(dataset.folder, dataset.keys.folder)
    only(again, "audit", "cut off")
    again.close()


def test_a_log_that_grew_again_after_the_cut_is_found(dataset: Dataset) -> None:
    record(dataset, 5)
    dataset.keep_head()
    cut(dataset, 2)
    record(dataset, 7)
    dataset.keep_head()
    only(dataset, "audit", "cut off")


def test_a_kill_before_the_head_is_kept_is_no_alarm(dataset: Dataset) -> None:
    record(dataset, 5)
    assert wrong(dataset) == []


def test_an_older_file_put_in_place_by_hand_is_found(dataset: Dataset, tmp_path: Path) -> None:
    file = back_up_dataset(dataset, tmp_path / "old.db", actor="test").file
    enrol(dataset, "research")
    dataset.close()
    for name in ("dataset.db-wal", "dataset.db-shm"):
        (dataset.folder / name).unlink(missing_ok=True)
    shutil.copy(file, dataset.database.path)
    again = open_dataset(dataset.folder, dataset.keys.folder)
    assert "audit" in {one.check for one in wrong(again)}
    again.close()


def test_a_restore_goes_back_and_says_from_where(dataset: Dataset, tmp_path: Path) -> None:
    file = back_up_dataset(dataset, tmp_path / "old.db", actor="test").file
    record(dataset, 5)
    dataset.keep_head()
    left, _ = heads(dataset)
    assert left
    dataset.close()
    restore(file, dataset.folder, dataset.keys.folder, replace=True, actor="test")
    again = open_dataset(dataset.folder, dataset.keys.folder)
    kept, now = heads(again)
    assert kept == now
    with again.database.read() as session:
        said = session.execute(
            text("SELECT details FROM audit_event WHERE action = 'dataset restored'")
        ).scalar_one()
    assert f'"log_left": {left.position}' in said
    assert wrong(again) == []
    again.close()


def test_each_site_has_its_own_head(dataset: Dataset) -> None:
    assert kept_head(dataset.keys, uuid.uuid4()) is None
