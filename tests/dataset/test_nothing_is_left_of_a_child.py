"""After a withdrawal no file of data or keys holds anything of the child, plain or encrypted.

The child has everything that a child can have. Before the withdrawal each trace is looked for as
well: a search that finds nothing because it looks for nothing would pass for ever.
"""

import hashlib
import sqlite3
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from collector.dataset import clock
from collector.dataset.consents.answers import Answer, Guardian, read_document, record_consent
from collector.dataset.consents.receipts import issue_receipt, read_code
from collector.dataset.consents.texts import consent_texts
from collector.dataset.consents.withdrawals import Outcome, withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import Emotion
from collector.dataset.erasure import erase_photos
from collector.dataset.faces import FaceFinder
from collector.dataset.keys import KeyGone
from collector.dataset.labels import Judgement, cast_vote, lease_photos
from collector.dataset.models import (
    Consent,
    ConsentDocument,
    Participant,
    Photo,
    PhotoBytes,
    Receipt,
)
from collector.dataset.opening import open_dataset
from collector.dataset.participants import Attributes, register_participant
from collector.dataset.photos import Shot, add_photo, read_thumbnails
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.runs import RunPrediction, register_run, save_predictions
from collector.dataset.sessions import answer_assent, start_session
from collector.dataset.snapshots import freeze_snapshot, verify_snapshot
from collector.dataset.upkeep.backups import back_up_dataset, back_up_keys
from tests.cast import drawn_jpeg, enrol, sit, snap
from tests.dataset.doctor import wrong

pytestmark = pytest.mark.slow

ORIGIN = "quokkaborough, by the wombatsea"
REAL_NAME = "Zhuldyzay Kenguruova"
GUARDIAN = "Oktavia Kenguruova"
SCAN = drawn_jpeg(Emotion.NEUTRAL, seed=78)  # any picture will do
DEVICE, CAMERA = "echidna tablet 9", "numbat lens"
SCORE = 0.7351946283


@dataclass
class Child:
    """What is known of the child outside the files."""

    id: uuid.UUID
    plain: dict[str, bytes] = field(default_factory=dict)
    hashes: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, bytes] = field(default_factory=dict)
    sealed: dict[str, bytes] = field(default_factory=dict)
    wrapped: dict[str, bytes] = field(default_factory=dict)


def register(dataset: Dataset) -> Child:
    """The child, its name and attributes, a scanned and a refused answer, a receipt."""
    attributes = Attributes(birth_year=2018, birth_month=7, sex="girl", origin=ORIGIN)
    child = Child(register_participant(dataset, attributes, actor="olga", real_name=REAL_NAME).id)
    for purpose, given in (("research", True), ("publication", True), ("sharing", False)):
        with dataset.database.read() as session:
            text = consent_texts(session, purpose)[0]
        answer = Answer(
            purpose=purpose,
            text_id=text.id,
            guardian=Guardian(GUARDIAN),
            relation="mother",
            method="scan",
            signed_at=clock.now() - timedelta(hours=1),
            given=given,
            document=SCAN,
        )
        record_consent(dataset, child.id, answer, actor="olga")
    code = read_code(dataset, issue_receipt(dataset, child.id, actor="olga"))
    child.plain |= {
        "origin": ORIGIN.encode(),
        "real name": REAL_NAME.encode(),
        "guardian": GUARDIAN.encode(),
        "scan": SCAN[9000:9060],
        "code": code.encode(),
        "code's digits": code.replace(" ", "").encode(),
    }
    return child


def photograph(dataset: Dataset, child: Child, reviewer: uuid.UUID) -> None:
    """Two photos in a session, a vote and its correction, a lease, a snapshot, a prediction."""
    with dataset.database.read() as session:
        protocol = current_protocols(session)[0].id
    sitting, token = start_session(
        dataset, child.id, protocol, light="natural", language="en", actor="olga",
        operator_id=None, confirmed="hand", after_stop_confirmed=True,
    )  # fmt: skip
    answer_assent(dataset, sitting.id, "yes", DEVICE)
    photos = {}
    for number, emotion in enumerate((Emotion.HAPPY, Emotion.SAD)):
        body = drawn_jpeg(emotion, seed=77)
        taken = Shot(uuid.uuid4(), uuid.uuid4(), number, emotion, clock.now(),
                     camera_settings={"label": CAMERA})  # fmt: skip
        add_photo(dataset, FaceFinder(), sitting.id, taken, body)
        photos[taken.photo_id] = body
    lease_photos(dataset, reviewer, wanted_votes=3, count=10)
    votes = [uuid.uuid4(), uuid.uuid4()]
    for vote in votes:
        cast_vote(dataset, reviewer, Judgement(vote, next(iter(photos)), "emotion", Emotion.FEAR))
    frozen = freeze_snapshot(dataset, "with the child", "prompted", actor="olga")
    run = register_run(dataset, snapshot_id=frozen.id, architecture="tiny", folder=dataset.runs,
                       config={})  # fmt: skip
    scores = {"happy": SCORE}
    save_predictions(
        dataset, run, [RunPrediction(one, "train", Emotion.HAPPY, scores) for one in photos]
    )
    for number, body in enumerate(photos.values()):
        child.plain[f"photo {number}"] = body[5000:5060]
        child.hashes[f"sha256 {number}"] = hashlib.sha256(body).digest()
        child.hashes[f"sha256 hex {number}"] = hashlib.sha256(body).hexdigest().encode()
    child.rows |= {
        "device": DEVICE.encode(),
        "camera": CAMERA.encode(),
        "scores": str(SCORE).encode(),
        "vote": votes[0].hex.encode(),
        "corrected vote": votes[1].hex.encode(),
        "session's token": hashlib.sha256(token.encode()).digest(),
    }


def note_what_is_sealed(dataset: Dataset, child: Child) -> None:
    """The encrypted bytes and digests as they stand in the files, and the thumbnails in plain."""
    with dataset.database.read() as session:
        participant = session.get_one(Participant, child.id)
        child.rows["pseudonym"] = participant.pseudonym.encode()
        child.sealed["attributes"] = participant.attributes or b""
        for number, photo in enumerate(session.scalars(select(Photo)).all()):
            kept = session.get_one(PhotoBytes, photo.id)
            thumbnail = read_thumbnails(dataset, [photo])[photo.id]
            child.plain[f"thumbnail {number}"] = thumbnail[900:940]
            child.sealed[f"photo {number}"] = kept.sealed[:48]
            child.sealed[f"photo's end {number}"] = kept.sealed[-48:]
            child.sealed[f"thumbnail {number}"] = kept.sealed_thumbnail[:48]
            child.sealed[f"digest {number}"] = photo.digest.encode()
        for number, consent in enumerate(session.scalars(select(Consent))):
            child.sealed[f"guardian {number}"] = consent.guardian
            document = read_document(dataset, consent)
            assert document
            assert child.plain["scan"] in document[1]
        for number, scan in enumerate(session.scalars(select(ConsentDocument))):
            child.sealed[f"scan {number}"] = scan.sealed[:48]
        child.sealed["code"] = session.scalars(select(Receipt)).one().sealed_code or b""
    wrapped, name = dataset.keys._rows(
        "SELECT wrapped, real_name FROM child_key WHERE participant = ?", child.id.hex
    )[0]
    child.wrapped |= {"key": wrapped, "real name": name}


@pytest.fixture
def child(dataset: Dataset, staff: dict[str, uuid.UUID]) -> Child:
    """The child with everything, in a dataset that is being served: the logs are full."""
    child = register(dataset)
    photograph(dataset, child, staff["rita"])
    note_what_is_sealed(dataset, child)
    return child


def files_of(dataset: Dataset) -> Iterator[tuple[Path, bytes]]:
    """Every file of data and keys: tables, write-ahead logs, shared memory, whatever there is."""
    for folder in (dataset.folder, dataset.keys.folder):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path, path.read_bytes()


def found(content: bytes, traces: dict[str, bytes]) -> set[str]:
    assert all(len(trace) > 3 for trace in traces.values())
    return {name for name, trace in traces.items() if trace in content}


def found_anywhere(dataset: Dataset, traces: dict[str, bytes]) -> set[str]:
    return set().union(*(found(content, traces) for _, content in files_of(dataset)))


def everything(child: Child) -> dict[str, bytes]:
    parts = ("plain", "hashes", "rows", "sealed", "wrapped")
    return {
        f"{part}: {name}": trace for part in parts for name, trace in getattr(child, part).items()
    }


def erase(dataset: Dataset, child: Child) -> Outcome:
    return withdraw(dataset, child.id, ["research"], channel="code", actor="guardian")


def test_before_the_withdrawal_only_what_is_encrypted_is_found(
    dataset: Dataset, child: Child
) -> None:
    assert found_anywhere(dataset, child.plain) == set()
    assert found_anywhere(dataset, child.hashes) == set()
    assert found_anywhere(dataset, child.sealed) == set(child.sealed)
    assert found_anywhere(dataset, child.wrapped) == set(child.wrapped)
    assert found_anywhere(dataset, child.rows) == set(child.rows) - {"session's token"}


def test_after_the_withdrawal_nothing_is_found_in_any_file(dataset: Dataset, child: Child) -> None:
    names = {path.name for path, _ in files_of(dataset)}
    assert {"dataset.db", "dataset.db-wal", "keys.db", "master.key"} <= names
    other = open_dataset(dataset.folder, dataset.keys.folder)  # another process looks on
    assert erase(dataset, child).pending is False
    assert found_anywhere(dataset, everything(child)) == set()
    other.close()
    dataset.close()
    assert found_anywhere(dataset, everything(child)) == set()
    with pytest.raises(KeyGone):
        dataset.keys.child(child.id)
    again = open_dataset(dataset.folder, dataset.keys.folder)
    assert wrong(again) == []
    assert verify_snapshot(again, "with the child")
    again.close()


def test_what_somebody_was_still_reading_is_gone_with_the_next_write(
    dataset: Dataset, child: Child
) -> None:
    with closing(sqlite3.connect(dataset.database.path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM photo").fetchone()
        assert erase(dataset, child).pending is True
        left = found_anywhere(dataset, everything(child))
        assert {name for name in left if name.startswith("sealed: photo")}
        assert not {name for name in left if not name.startswith(("sealed", "rows"))}
    enrol(dataset)
    assert found_anywhere(dataset, everything(child)) == set()


def test_a_binned_photo_leaves_nothing_and_the_other_stays(dataset: Dataset, child: Child) -> None:
    with dataset.database.read() as session:
        first = session.scalars(select(Photo)).first()
        assert first
        kept = session.get_one(PhotoBytes, first.id)
        gone = {"photo": kept.sealed[:48], "thumbnail": kept.sealed_thumbnail[:48],
                "digest": first.digest.encode()}  # fmt: skip
    assert found_anywhere(dataset, gone) == set(gone)
    erase_photos(dataset, [first.id], actor="child")
    assert found_anywhere(dataset, gone) == set()
    with dataset.database.read() as session:
        assert len(session.scalars(select(Photo.id)).all()) == 1


def test_a_photo_backup_alone_shows_no_pixel_attribute_name_or_hash(
    dataset: Dataset, child: Child, tmp_path: Path
) -> None:
    file = back_up_dataset(dataset, tmp_path / "photos.db", actor="test").file
    erase(dataset, child)
    content = file.read_bytes()
    shown = child.plain | child.hashes | child.wrapped
    assert found(content, shown) == set()
    assert found(content, child.sealed) == set(child.sealed)  # noise without the key


def test_the_only_hashes_in_a_photo_backup_are_keyed(
    dataset: Dataset, child: Child, tmp_path: Path
) -> None:
    """Of two children with the very same picture nothing in the tables is the same."""
    session = sit(dataset, enrol(dataset, "research"))
    other = sit(dataset, enrol(dataset, "research"))
    twins = [snap(dataset, session), snap(dataset, other), snap(dataset, session)]
    file = back_up_dataset(dataset, tmp_path / "photos.db", actor="test").file
    with closing(sqlite3.connect(file)) as connection:
        statement = "SELECT digest FROM photo WHERE id IN (?, ?, ?)"
        digests = connection.execute(statement, [one.hex for one in twins]).fetchall()
    assert len(set(digests)) == 3
    assert hashlib.sha256(drawn_jpeg()).hexdigest() not in {one[0] for one in digests}


def test_an_old_key_backup_without_its_photo_backup_shows_no_photo_and_no_attribute(
    dataset: Dataset, child: Child, tmp_path: Path
) -> None:
    file = back_up_keys(dataset, tmp_path / "keys.zip", actor="test").file
    erase(dataset, child)
    with zipfile.ZipFile(file) as container:
        contents = [container.read(name) for name in container.namelist()]
    traces = child.plain | child.hashes | child.rows | child.sealed
    for content in (file.read_bytes(), *contents):
        assert found(content, traces) == set()
    # And together with the dataset as it is now: there is nothing left to open.
    assert found_anywhere(dataset, everything(child)) == set()


def test_the_master_key_of_before_opens_nothing_that_is_kept_now(
    dataset: Dataset, child: Child, tmp_path: Path
) -> None:
    other = enrol(dataset, "research")
    master = (dataset.keys.folder / "master.key").read_bytes()
    before = dataset.keys._rows("SELECT wrapped FROM child_key WHERE participant = ?", other.hex)
    erase(dataset, child)
    traces = {"master key": master, "wrapped with it": before[0][0]}
    assert found_anywhere(dataset, traces) == set()
    dataset.keys.child(other)
