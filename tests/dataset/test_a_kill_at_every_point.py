"""Keys and rows live in two files: a kill between them must leave nothing that stays undone.

The work is done in a forked process that kills itself (SIGKILL) before the n-th SQL statement that
it sends to either file, for every n until it gets through: between statements nothing durable
happens. Counted are the first statement of a connection to the dataset, the begin and the end of a
transaction that writes, and what writes outside of one: a kill before any other leaves what a kill
before the next of these leaves. Then the dataset is opened again, as a restart would, and must be
whole.
"""

import os
import signal
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.duties import list_duties
from collector.dataset.consents.standing import standing_consent
from collector.dataset.consents.withdrawals import withdraw, withdrawals_of
from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.erasure import erase_participant, erase_photos
from collector.dataset.keys import KeyGone
from collector.dataset.models import Export, ExportItem
from collector.dataset.opening import open_dataset
from collector.dataset.participants import Attributes, register_participant
from collector.dataset.photos import read_photo
from collector.dataset.upkeep.backups import back_up_dataset, back_up_keys
from collector.dataset.upkeep.consent_integrity import check_consents
from collector.dataset.upkeep.integrity import check_head
from collector.dataset.upkeep.promises import check_erasures, check_withdrawals
from collector.dataset.upkeep.restoring import restore
from collector.dataset.vocabulary import PURPOSES
from tests.cast import drawn_jpeg, enrol, give, sit, snap

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]

GOT_THROUGH = 17
FIRST_TO_KEYS = "PRAGMA synchronous"
COUNTED = ("BEGIN IMMEDIATE", "COMMIT")
UNCOUNTED = ("SELECT", "BEGIN", "ROLLBACK", "PRAGMA busy_timeout", "PRAGMA synchronous",
             "PRAGMA foreign_key", "PRAGMA secure_delete", "PRAGMA read_uncommitted")  # fmt: skip
PASSPHRASE = "камень ножницы бумага"


def dies_before(statement: int, folder: Path, work: Callable[[Dataset], Any]) -> bool:
    """Run the work in a process that kills itself before that statement; whether it died."""
    child = os.fork()
    if child == 0:
        countdown: list[int | None] = [None]
        _watch_statements(countdown)
        dataset = open_dataset(folder / "data", folder / "keys", passphrase=say)
        countdown[0] = statement
        work(dataset)
        os._exit(GOT_THROUGH)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.WEXITSTATUS(status) == GOT_THROUGH
    return False


def _watch_statements(countdown: list[int | None]) -> None:
    def count() -> None:
        if countdown[0] is not None:
            countdown[0] -= 1
            if countdown[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    connect = sqlite3.connect

    def watched(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection = connect(*arguments, **options)
        is_first = [True]

        def seen(statement: str) -> None:
            alone = not (connection.in_transaction or statement.startswith(UNCOUNTED))
            opens = is_first[0] and not statement.startswith(FIRST_TO_KEYS)
            if opens or alone or statement.startswith(COUNTED):
                count()
            is_first[0] = False

        connection.set_trace_callback(seen)
        return connection

    sqlite3.connect = sqlite3.dbapi2.connect = watched  # type: ignore[assignment]


def killed_everywhere(
    folder: Path,
    prepare: Callable[[Dataset], Any],
    work: Callable[[Dataset, Any], Any],
) -> Iterator[tuple[Dataset, Any, int]]:
    """After each kill: the dataset opened anew, and what `prepare` returned for this round."""
    statement, died = 1, True
    after = open_dataset(folder / "data", folder / "keys")
    while died:
        prepared = prepare(after)
        after.close()
        died = dies_before(statement, folder, lambda dataset, it=prepared: work(dataset, it))
        after = open_dataset(folder / "data", folder / "keys")
        yield after, prepared, statement
        statement += 1
    after.close()


def rows_of(dataset: Dataset, table: str) -> int:
    with dataset.database.read() as session:
        return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())  # noqa: S608


def keys_held(dataset: Dataset) -> int:
    return len(dataset.keys._rows("SELECT participant FROM child_key"))


def test_a_registration_is_whole_or_never_was(dataset: Dataset, tmp_path: Path) -> None:
    def register(opened: Dataset, _nothing: None) -> None:
        register_participant(opened, Attributes(), actor="test", real_name="Aru")

    rounds = 0
    for after, _, at in killed_everywhere(tmp_path, lambda _dataset: None, register):
        assert after.keys.unconfirmed(after.site_id) == [], at
        assert keys_held(after) == rows_of(after, "participant"), at
        with after.database.read() as session:
            assert after.chain.first_broken(session) is None, at
        rounds += 1
    assert rounds > 5
    assert rows_of(dataset, "participant") >= 1


def test_an_erasure_ends_erased_once_it_has_begun(dataset: Dataset, tmp_path: Path) -> None:
    def enrol_with_photo(opened: Dataset) -> tuple[uuid.UUID, uuid.UUID]:
        child = enrol(opened, "research", birth_year=2018)
        return child, snap(opened, sit(opened, child))

    def erase(opened: Dataset, prepared: tuple[uuid.UUID, uuid.UUID]) -> None:
        erase_participant(opened, prepared[0], actor="test")

    outcomes = set()
    for after, (child, photo), at in killed_everywhere(tmp_path, enrol_with_photo, erase):
        with after.database.read() as session:
            there = session.execute(
                text("SELECT count(*) FROM participant WHERE id = :id"), {"id": child.hex}
            ).scalar_one()
            pixels = session.execute(
                text("SELECT count(*) FROM photo_bytes WHERE photo_id = :id"), {"id": photo.hex}
            ).scalar_one()
            assert after.chain.first_broken(session) is None, at
        begun = after.keys.is_buried("participant", child.hex)
        if begun:
            assert (there, pixels) == (0, 0), at
            with pytest.raises(KeyGone):
                after.keys.child(child)
        else:
            assert there == 1, at
            after.keys.child(child)
        outcomes.add(begun)
        erase_participant(after, child, actor="test")
    assert outcomes == {True, False}
    assert rows_of(dataset, "photo_bytes") == 0


def test_a_binned_photo_stays_binned(dataset: Dataset, tmp_path: Path) -> None:
    session = sit(dataset, enrol(dataset, "research"))

    def erase(opened: Dataset, photo: uuid.UUID) -> None:
        erase_photos(opened, [photo], actor="test")

    outcomes = set()
    for after, photo, at in killed_everywhere(tmp_path, lambda one: snap(one, session), erase):
        with after.database.read() as db:
            there = db.execute(
                text("SELECT count(*) FROM photo WHERE id = :id"), {"id": photo.hex}
            ).scalar_one()
        buried = after.keys.is_buried("photo", photo.hex)
        assert there == (0 if buried else 1), at
        outcomes.add(buried)
    assert outcomes == {True, False}


def test_a_change_of_the_master_key_loses_no_key(dataset: Dataset, tmp_path: Path) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    photo = snap(dataset, session)
    masters = set()
    rounds = 0
    for after, before, at in killed_everywhere(
        tmp_path, lambda one: one.keys.copy()[1].fingerprint, lambda one, _: one.keys.rotate()
    ):
        assert photo_opens(after, session.id, photo), at
        assert sorted(one.name for one in after.keys.folder.glob("master*")) == ["master.key"], at
        masters.add(after.keys.copy()[1].fingerprint == before)
        rounds += 1
    assert masters == {True, False}
    assert rounds > 5


def test_a_change_to_a_passphrase_and_back_loses_no_key(dataset: Dataset, tmp_path: Path) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    photo = snap(dataset, session)
    statement, died, kinds = 1, True, set()
    keys = dataset.keys
    while died:
        begun_as = keys.by_passphrase

        def change(opened: Dataset) -> None:
            if opened.keys.by_passphrase:
                opened.keys.use_file()
            else:
                opened.keys.use_passphrase(PASSPHRASE)

        died = dies_before(statement, tmp_path, change)
        with closing(open_dataset(tmp_path / "data", tmp_path / "keys", passphrase=say)) as after:
            assert photo_opens(after, session.id, photo), statement
            lying = [one.name for one in after.keys.folder.glob("master*")]
            assert lying == ([] if after.keys.by_passphrase else ["master.key"]), statement
            kinds.add((begun_as, after.keys.by_passphrase))
        statement += 1
    assert (False, False) in kinds
    assert len(kinds) > 2


def enrol_copied(opened: Dataset) -> uuid.UUID:
    """A child with both consents, a photo, and a registered copy of it."""
    child = enrol(opened, "research", "publication")
    photo, export = snap(opened, sit(opened, child)), uuid.uuid4()
    with opened.database.write() as session:
        session.add(
            Export(id=export, site_id=opened.site_id, purpose="publication", format="figure",
                   path="figure.pdf", made_at=clock.now())
        )  # fmt: skip
        session.flush()
        session.add(ExportItem(export_id=export, photo_id=photo, participant_id=child))
    return child


def words_about(dataset: Dataset, child: uuid.UUID) -> tuple[list[str], list[str]]:
    """Purposes withdrawn and kinds of duties left; the log knows each withdrawal once, too."""
    with dataset.database.read() as session:
        withdrawn = sorted(one.purpose for one in withdrawals_of(session, child))
        logged = session.execute(
            text("SELECT count(*) FROM audit_event WHERE action = 'consent withdrawn' "
                 "AND subject = :id"), {"id": child.hex},
        ).scalar_one()  # fmt: skip
        assert logged == len(withdrawn)
        assert dataset.chain.first_broken(session) is None
        duties = [(one.kind, one.subject) for one in list_duties(session, child)]
        assert len(duties) == len(set(duties))
        return withdrawn, sorted({kind for kind, _ in duties})


def test_a_withdrawn_publication_is_withdrawn_wholly_or_not_at_all(
    dataset: Dataset, tmp_path: Path
) -> None:
    def end(opened: Dataset, child: uuid.UUID) -> None:
        withdraw(opened, child, ["publication"], channel="code", actor="guardian")

    outcomes = set()
    for after, child, at in killed_everywhere(tmp_path, enrol_copied, end):
        with after.database.read() as session:
            standing = {
                one for one in PURPOSES if standing_consent(session, child, one, clock.now())
            }
        begun = any(
            name.startswith(child.hex)
            for name in after.keys.buried(after.site_id, "withdrawn publication")
        )
        expected = (["publication"], ["export"]) if begun else ([], [])
        assert words_about(after, child) == expected, at
        assert standing == ({"research"} if begun else {"research", "publication"}), at
        assert list(check_withdrawals(after)) == list(check_head(after)) == [], at
        outcomes.add(begun)
    assert outcomes == {True, False}


def test_a_withdrawn_research_ends_erased_once_it_has_begun(
    dataset: Dataset, tmp_path: Path
) -> None:
    back_up_keys(dataset, tmp_path / "keys.zip", actor="test")
    before: dict[uuid.UUID, str] = {}

    def enrol_one(opened: Dataset) -> uuid.UUID:
        child = enrol_copied(opened)
        back_up_keys(opened, tmp_path / f"{child}.zip", actor="test")
        before[child] = opened.keys.copy()[1].fingerprint
        return child

    def end(opened: Dataset, child: uuid.UUID) -> None:
        withdraw(opened, child, ["research"], channel="code", actor="guardian")

    outcomes = set()
    for after, child, at in killed_everywhere(tmp_path, enrol_one, end):
        begun = any(
            name.startswith(child.hex)
            for purpose in PURPOSES
            for name in after.keys.buried(after.site_id, f"withdrawn {purpose}")
        )
        there, renewed = count_child(after, child), after.keys.copy()[1].fingerprint
        said = words_about(after, child)
        if begun:
            assert said == (["publication", "research"], ["export", "key_backup"]), at
            assert there == 0, at
            assert renewed != before[child], at
            with pytest.raises(KeyGone):
                after.keys.child(child)
        else:
            assert said == ([], []), at
            assert there == 1, at
            after.keys.child(child)
        assert [*check_withdrawals(after), *check_erasures(after), *check_head(after)] == [], at
        outcomes.add(begun)
        withdraw(after, child, ["research"], channel="code", actor="guardian")
    assert outcomes == {True, False}
    assert rows_of(dataset, "photo_bytes") == 0


def count_child(dataset: Dataset, child: uuid.UUID) -> int:
    with dataset.database.read() as session:
        statement = text("SELECT count(*) FROM participant WHERE id = :id")
        return int(session.execute(statement, {"id": child.hex}).scalar_one())


def test_a_restore_shows_no_erased_child_and_loses_no_other(
    dataset: Dataset, tmp_path: Path
) -> None:
    session = sit(dataset, enrol(dataset, "research", "publication"))
    photo = snap(dataset, session)
    child = enrol(dataset, "research")
    file = back_up_dataset(dataset, tmp_path / "stick.db", actor="test").file
    withdraw(dataset, child, ["research"], channel="code", actor="guardian")
    withdraw(dataset, session.child, ["publication"], channel="code", actor="guardian")
    give(dataset, session.child, "sharing", given=False)
    dataset.close()

    def bring_back(opened: Dataset, _nothing: None) -> None:
        opened.close()
        folders = opened.folder, opened.keys.folder
        restore(file, *folders, replace=True, actor="test")

    outcomes = set()
    for after, _, at in killed_everywhere(tmp_path, lambda _dataset: None, bring_back):
        assert count_child(after, child) == 0, at
        with pytest.raises(KeyGone):
            after.keys.child(child)
        assert words_about(after, child) == (["research"], []), at
        assert words_about(after, session.child) == (["publication"], []), at
        assert rows_of(after, "consent") == 3, at
        checks = (check_withdrawals, check_erasures, check_head, check_consents)
        assert [one for check in checks for one in check(after)] == [], at
        assert photo_opens(after, session.id, photo), at
        replaced = list(after.folder.glob("*.replaced-*"))
        outcomes.add(bool(replaced))
        for path in replaced:
            path.unlink()
    assert outcomes == {True, False}


def photo_opens(dataset: Dataset, session_id: uuid.UUID, photo_id: uuid.UUID) -> bool:
    with dataset.database.read() as session:
        photo = session.scalars(own_session_photos(session_id)).one()
    return photo.id == photo_id and read_photo(dataset, photo) == drawn_jpeg()


def say() -> str:
    return PASSPHRASE
