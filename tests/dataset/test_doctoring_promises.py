"""The doctor: what guardians were promised and is not kept, is named with what to do."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from collector.cli import collector
from collector.dataset import clock
from collector.dataset.commands import run_command
from collector.dataset.consents.duties import list_duties
from collector.dataset.consents.receipts import issue_receipt
from collector.dataset.consents.withdrawals import list_withdrawals, withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.opening import open_dataset
from collector.dataset.upkeep.backup_age import backup_warnings
from collector.dataset.upkeep.backups import KEYS_MADE, back_up_keys, backups_made
from collector.dataset.upkeep.integrity import examine
from tests.cast import enrol, give
from tests.dataset.doctor import alter, only, wrong

pytestmark = pytest.mark.slow


@pytest.fixture
def child(dataset: Dataset) -> uuid.UUID:
    return enrol(dataset, "research", "publication")


def withdraw_publication(dataset: Dataset, child: uuid.UUID) -> None:
    withdraw(dataset, child, ["publication"], channel="code", actor="guardian")


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("signed_at", "2020-01-01 00:00:00.000000"),
        ("recorded_at", "2020-01-01 00:00:00.000000"),
        ("valid_until", "2099-01-01 00:00:00.000000"),
    ],
)
def test_a_date_of_a_consent_edited_through_sql_is_found(
    dataset: Dataset, child: uuid.UUID, column: str, value: str
) -> None:
    assert wrong(dataset) == []
    alter(dataset, f"UPDATE consent SET {column} = ? WHERE purpose = 'publication'", value)  # noqa: S608
    only(dataset, "consents", f"({column})")


def test_a_term_taken_out_through_sql_is_found(dataset: Dataset) -> None:
    give(dataset, enrol(dataset), valid_until=clock.now() + timedelta(days=1))
    assert wrong(dataset) == []
    alter(dataset, "UPDATE consent SET valid_until = NULL")
    only(dataset, "consents", "(valid_until)")


def test_a_text_that_was_made_to_cover_earlier_photos_is_found(
    dataset: Dataset, child: uuid.UUID
) -> None:
    alter(dataset, "UPDATE consent_text SET covers_earlier_photos = NOT covers_earlier_photos "
                   "WHERE purpose = 'publication'")  # fmt: skip
    only(dataset, "consents", "(covers_earlier_photos)")


def test_a_removed_withdrawal_is_found_and_comes_back_at_the_next_opening(
    dataset: Dataset, child: uuid.UUID
) -> None:
    withdraw_publication(dataset, child)
    assert wrong(dataset) == []
    alter(dataset, "DELETE FROM withdrawal")
    assert only(dataset, "withdrawals", "missing").subject == child.hex
    again = open_dataset(dataset.folder, dataset.keys.folder)
    with again.database.read() as session:
        assert [one.purpose for one in list_withdrawals(session)] == ["publication"]
    assert wrong(again) == []
    again.close()


@pytest.mark.parametrize("change", ["purpose = 'sharing'", "withdrawn_at = '2020-01-01 00:00:00'"])
def test_an_altered_withdrawal_is_found(dataset: Dataset, child: uuid.UUID, change: str) -> None:
    withdraw_publication(dataset, child)
    alter(dataset, f"UPDATE withdrawal SET {change}")  # noqa: S608
    found = wrong(dataset)
    assert [one.check for one in found] == ["withdrawals"] * 2
    assert "missing" in found[0].sentence
    assert "does not know" in found[1].sentence


def test_a_made_up_withdrawal_is_found(dataset: Dataset, child: uuid.UUID) -> None:
    withdraw_publication(dataset, child)
    alter(dataset, "INSERT INTO withdrawal SELECT ?, site_id, participant_id, 'sharing', channel, "
                   "recorded_by, withdrawn_at FROM withdrawal", uuid.uuid4().hex)  # fmt: skip
    only(dataset, "withdrawals", "does not know")


def test_a_child_that_was_withdrawn_and_is_still_here_is_found(
    dataset: Dataset, child: uuid.UUID
) -> None:
    name = f"{child.hex} {clock.now().isoformat()} code"
    dataset.keys.bury(dataset.site_id, "participant", child.hex)
    assert only(dataset, "erasures", "still here").subject == child.hex
    dataset.keys.bury(dataset.site_id, "withdrawn research", name)
    again = open_dataset(dataset.folder, dataset.keys.folder)
    assert wrong(again) == []
    again.close()


def test_who_is_kept_too_long_is_named(dataset: Dataset) -> None:
    long_ago = clock.now() - timedelta(days=400)
    child = enrol(dataset)
    give(dataset, child, signed_at=long_ago, valid_until=long_ago + timedelta(days=300))
    assert only(dataset, "retention", "was to be erased by").subject == child.hex


def test_an_overdue_duty_is_named_until_it_is_done(
    dataset: Dataset, child: uuid.UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = back_up_keys(dataset, tmp_path / "keys.zip", actor="test")
    withdraw(dataset, child, ["research"], channel="operator", actor="olga")
    assert wrong(dataset) == []
    alter(dataset, "UPDATE duty SET due_on = '2020-01-01' WHERE kind = 'key_backup'")
    finding = only(dataset, "duties", "overdue since 2020-01-01: key backup keys.zip")
    here = ["--data", str(dataset.folder), "--keys", str(dataset.keys.folder)]
    assert f"collector keys destroyed {finding.subject}." in finding.to_do
    assert run_command(collector, ["keys", "destroyed", str(made.id), *here]) == 0
    assert "1 duties" in capsys.readouterr().out
    assert wrong(dataset) == []
    with dataset.database.read() as session:
        assert all(one.done_at for one in list_duties(session) if one.kind == "key_backup")
        action = session.execute(
            text("SELECT action FROM audit_event ORDER BY position DESC LIMIT 1")
        ).scalar_one()
    assert action == "key backup destroyed"


def test_a_key_backup_that_was_destroyed_counts_no_longer(
    dataset: Dataset, child: uuid.UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = back_up_keys(dataset, tmp_path / "keys.zip", actor="test")
    here = ["--data", str(dataset.folder), "--keys", str(dataset.keys.folder)]
    assert run_command(collector, ["keys", "destroyed", str(made.id), *here]) == 0
    with dataset.database.read() as session:
        assert backups_made(session, KEYS_MADE) == []
        sentences = [one.sentence for one in backup_warnings(session, clock.now())]
    assert "There is no backup of the keys yet." in sentences
    withdraw(dataset, child, ["research"], channel="operator", actor="olga")
    with dataset.database.read() as session:
        assert [one for one in list_duties(session) if one.kind == "key_backup"] == []
    for number in (str(made.id), str(uuid.uuid4()), "keys.zip"):
        assert run_command(collector, ["keys", "destroyed", number, *here]) == 2
        assert "number" in capsys.readouterr().err


def test_a_key_backup_that_does_not_know_of_an_erasure_is_a_warning(
    dataset: Dataset, child: uuid.UUID, tmp_path: Path
) -> None:
    back_up_keys(dataset, tmp_path / "keys.zip", actor="test")
    withdraw(dataset, child, ["research"], channel="operator", actor="olga")
    assert "1 children were erased after the newest backup of the keys." in [
        one.sentence for one in examine(dataset)
    ]
    back_up_keys(dataset, tmp_path / "newer.zip", actor="test")
    assert all("erased after" not in one.sentence for one in examine(dataset))


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ("sealed_code = zeroblob(44)", "cannot be opened"),
        ("code_mac = 'another'", "opens nothing"),
    ],
)
def test_a_receipt_that_opens_nothing_is_found(
    dataset: Dataset, child: uuid.UUID, change: str, part: str
) -> None:
    receipt = issue_receipt(dataset, child, actor="olga")
    assert wrong(dataset) == []
    alter(dataset, f"UPDATE receipt SET {change}")  # noqa: S608
    assert only(dataset, "receipts", part).subject == receipt.id.hex


def test_a_receipt_over_a_log_that_is_no_longer_there_is_found(
    dataset: Dataset, child: uuid.UUID
) -> None:
    issue_receipt(dataset, child, actor="olga")
    alter(dataset, "UPDATE receipt SET chain_mac = 'of another log'")
    only(dataset, "receipts", "does not hold any more")


def test_a_withdrawn_child_s_receipt_is_nothing_wrong(dataset: Dataset, child: uuid.UUID) -> None:
    issue_receipt(dataset, child, actor="olga")
    withdraw(dataset, child, ["research"], channel="code", actor="guardian")
    assert wrong(dataset) == []
