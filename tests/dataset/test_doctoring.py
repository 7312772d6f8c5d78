"""The doctor: a healthy dataset passes, each thing that was altered behind its back is named."""

import hashlib
import json
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from collector.cli import collector
from collector.dataset import clock
from collector.dataset.commands import run_command
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.upkeep.backup_age import backup_warnings
from collector.dataset.upkeep.backups import back_up_dataset, back_up_keys
from collector.dataset.upkeep.integrity import check_logs, examine
from collector.dataset.upkeep.restoring import restore
from tests.cast import enrol, sit, snap
from tests.dataset.doctor import alter, only, wrong

pytestmark = pytest.mark.slow


@pytest.fixture
def child(dataset: Dataset) -> uuid.UUID:
    return enrol(dataset, "research", "publication", birth_year=2018)


@pytest.fixture
def photo(dataset: Dataset, child: uuid.UUID) -> uuid.UUID:
    return snap(dataset, sit(dataset, child))


def test_a_healthy_dataset_has_nothing_wrong(
    dataset: Dataset, photo: uuid.UUID, tmp_path: Path
) -> None:
    assert photo
    assert {one.check for one in examine(dataset)} == {"backups"}
    back_up_dataset(dataset, tmp_path / "a", actor="test")
    back_up_keys(dataset, tmp_path / "b", actor="test")
    assert list(examine(dataset)) == []


def test_after_an_erasure_nothing_is_wrong(
    dataset: Dataset, photo: uuid.UUID, child: uuid.UUID
) -> None:
    assert photo
    erase_participant(dataset, child, actor="test")
    assert wrong(dataset) == []


def test_a_damaged_file_is_said_in_a_sentence(dataset: Dataset, photo: uuid.UUID) -> None:
    assert photo
    dataset.database.forget_erased_pages()
    content = bytearray(dataset.database.path.read_bytes())
    middle = len(content) // 8192 * 4096
    content[middle : middle + 40_960] = b"\xff" * 40_960
    dataset.database.path.write_bytes(content)
    assert only(dataset, "file", "damaged").to_do.startswith("Stop working")


def test_altered_pixels_are_found(dataset: Dataset, photo: uuid.UUID) -> None:
    alter(dataset, "UPDATE photo_bytes SET sealed = zeroblob(length(sealed))")
    assert only(dataset, "photos", "cannot be opened").subject == photo.hex


def test_another_photo_s_pixels_are_found(dataset: Dataset, child: uuid.UUID) -> None:
    session = sit(dataset, child)
    first, second = snap(dataset, session), snap(dataset, session)
    alter(
        dataset,
        "UPDATE photo_bytes SET sealed = (SELECT sealed FROM photo_bytes WHERE photo_id = ?) "
        "WHERE photo_id = ?",
        first.hex,
        second.hex,
    )
    assert only(dataset, "photos", "moved").subject == second.hex


def test_an_altered_hash_is_found(dataset: Dataset, photo: uuid.UUID) -> None:
    alter(dataset, "UPDATE photo SET digest = ?", "0" * 64)
    assert only(dataset, "photos", "hash is another").subject == photo.hex


def test_a_photo_without_its_picture_is_found(dataset: Dataset, photo: uuid.UUID) -> None:
    alter(dataset, "DELETE FROM photo_bytes")
    assert only(dataset, "photos", "no picture").subject == photo.hex


def test_a_picture_without_its_photo_is_found(dataset: Dataset, photo: uuid.UUID) -> None:
    alter(dataset, "DELETE FROM photo")
    assert {one.check for one in wrong(dataset)} == {"orphans", "photos"}
    assert photo.hex in {one.subject for one in wrong(dataset)}


def test_a_signed_text_edited_through_sql_is_found(dataset: Dataset, child: uuid.UUID) -> None:
    assert child
    alter(dataset, "UPDATE consent_text SET body = body || '!' WHERE language = 'kk' "
                   "AND purpose = 'sharing'")  # fmt: skip
    assert "sharing (kk, version 1)" in only(dataset, "consents", "altered").sentence


def test_a_signed_text_edited_with_its_hash_is_found(dataset: Dataset, child: uuid.UUID) -> None:
    assert child
    with closing(sqlite3.connect(dataset.database.path)) as connection, connection:
        connection.create_function("sha", 1, _sha256)
        connection.execute("UPDATE consent_text SET body = body || '!'")
        connection.execute("UPDATE consent_text SET sha256 = sha(title || char(10) || body)")
    found = wrong(dataset)
    assert [one.check for one in found] == ["consents"] * 2
    assert all("(text)" in one.sentence for one in found)


def test_a_refusal_turned_into_a_consent_is_found(dataset: Dataset, child: uuid.UUID) -> None:
    assert child
    alter(dataset, "UPDATE consent SET state = 'refused' WHERE purpose = 'publication'")
    only(dataset, "consents", "(state)")


def test_a_consent_moved_to_another_child_is_found(dataset: Dataset, photo: uuid.UUID) -> None:
    assert photo
    other = enrol(dataset)
    alter(dataset, "UPDATE consent SET participant_id = ? WHERE purpose = 'research'", other.hex)
    sentences = [one.sentence for one in wrong(dataset)]
    assert len(sentences) == 2
    assert "(subject)" in sentences[0]
    assert "another child's consent" in sentences[1]


def test_a_session_on_a_publication_consent_is_found(dataset: Dataset, photo: uuid.UUID) -> None:
    assert photo
    alter(dataset, "UPDATE capture_session SET consent_id = "
                   "(SELECT id FROM consent WHERE purpose = 'publication')")  # fmt: skip
    only(dataset, "consents", "no given research consent")


def test_a_deleted_answer_is_found(dataset: Dataset, child: uuid.UUID) -> None:
    assert child
    publication = "(SELECT id FROM consent WHERE purpose = 'publication')"
    alter(dataset, f"DELETE FROM consent_document WHERE consent_id IN {publication}")  # noqa: S608
    only(dataset, "consents", "lost its signature")
    alter(dataset, "DELETE FROM consent WHERE purpose = 'publication'")
    only(dataset, "consents", "missing")


def test_an_altered_log_is_found(dataset: Dataset, child: uuid.UUID) -> None:
    assert child
    alter(dataset, "UPDATE audit_event SET actor = 'somebody' WHERE position = 2")
    assert only(dataset, "audit", "event 2").subject == "2"


def test_a_missing_and_a_damaged_key_are_found_and_put_back(
    dataset: Dataset, photo: uuid.UUID, child: uuid.UUID, tmp_path: Path
) -> None:
    assert photo
    other = enrol(dataset, "research")
    keys = back_up_keys(dataset, tmp_path / "keys.zip", actor="test").file
    dataset.keys._execute("DELETE FROM child_key WHERE participant = ?", child.hex)
    dataset.keys._execute(
        "UPDATE child_key SET wrapped = zeroblob(60) WHERE participant = ?", other.hex
    )
    found = {one.subject: one for one in wrong(dataset)}
    assert found.keys() == {child.hex, other.hex}
    assert "missing" in found[child.hex].sentence
    assert "damaged" in found[other.hex].sentence
    file = back_up_dataset(dataset, tmp_path / "as-it-is.db", actor="test").file
    dataset.close()
    restore(file, dataset.folder, dataset.keys.folder, keys_from=keys, replace=True, actor="test")
    assert wrong(dataset) == []


def test_a_key_without_its_child_is_found(dataset: Dataset) -> None:
    stranger = uuid.uuid4()
    dataset.keys.begin_child(dataset.site_id, stranger)
    assert wrong(dataset) == []  # a registration that is under way
    dataset.keys.confirm_child(stranger)
    assert only(dataset, "keys", "does not know").subject == stranger.hex


def test_erased_bytes_in_a_log_that_somebody_reads_are_a_warning(
    dataset: Dataset,
) -> None:
    with reading(dataset):
        enrol(dataset)
        found = list(check_logs(dataset))
    assert [(one.wrong, one.subject) for one in found] == [(False, "dataset")]
    assert list(check_logs(dataset)) == []


@contextmanager
def reading(dataset: Dataset) -> Iterator[None]:
    with closing(sqlite3.connect(dataset.database.path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM photo").fetchone()
        yield


def test_backups_are_missed_when_they_are_old_or_lack_a_child(
    dataset: Dataset, tmp_path: Path
) -> None:
    back_up_dataset(dataset, tmp_path / "a", actor="test")
    back_up_keys(dataset, tmp_path / "b", actor="test")
    now = clock.now()
    with dataset.database.read() as session:
        assert list(backup_warnings(session, now)) == []
        late = [one.sentence for one in backup_warnings(session, now + timedelta(days=8))]
    assert late == [
        "The newest backup of the dataset is 8 days old.",
        "The newest backup of the keys is 8 days old.",
    ]
    enrol(dataset)
    with dataset.database.read() as session:
        (finding,) = backup_warnings(session, now)
    assert "1 children were registered after" in finding.sentence


def test_old_copies_are_named(dataset: Dataset) -> None:
    (dataset.folder / "dataset.db.replaced-20260101T000000Z").touch()
    found = [one for one in examine(dataset) if one.check == "leftovers"]
    assert [one.subject for one in found] == ["dataset.db.replaced-20260101T000000Z"]


def test_the_command_says_it_in_exit_code_words_and_json(
    dataset: Dataset, photo: uuid.UUID, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert photo
    here = ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]
    assert run_command(collector, ["doctor", *here]) == 0
    out = capsys.readouterr().out
    assert "Warning: There is no backup of the keys yet. Make one" in out
    assert out.strip().endswith("Nothing is wrong.")
    with dataset.database.write() as session:
        session.execute(text("UPDATE photo SET digest = 'x'"))
    assert run_command(collector, ["doctor", *here, "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert [one["check"] for one in said["wrong"]] == ["photos"]
    assert len(said["warnings"]) == 2


def _sha256(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()
