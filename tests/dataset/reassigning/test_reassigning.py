"""A session recorded under the wrong child goes to the right one, or stays whole."""

import hashlib
import threading
import uuid

import pytest
from sqlalchemy import select, update

import collector.dataset.photos
from collector.dataset import clock
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.doors import count_usable
from collector.dataset.emotions import Emotion
from collector.dataset.erasure import erase_participant
from collector.dataset.errors import Conflict, NotFound
from collector.dataset.faces import FaceFinder
from collector.dataset.models import (
    AuditEvent,
    CaptureSession,
    ConsentText,
    PhotoBytes,
)
from collector.dataset.photos import add_photo, digest_photo, read_photo, read_thumbnails
from collector.dataset.reassigning import cover_of, reassign_session
from collector.dataset.sealing import Unreadable
from collector.dataset.sessions import close_session
from tests.cast import OpenSession, drawn_jpeg, enrol, give, shot, sit, snap
from tests.dataset.reassigning.moved import (
    all_files,
    consent_of_today,
    ended_before,
    faults,
    owner,
    photos_of,
    refused_since,
    sealed_bytes,
)

pytestmark = pytest.mark.slow


def test_photos_open_with_the_right_child_s_key_alone(
    dataset: Dataset, session: OpenSession, wanda: uuid.UUID, rosa: uuid.UUID
) -> None:
    assert reassign_session(dataset, session.id, rosa, actor="olga") == wanda
    first, second = photos_of(dataset, session)
    assert read_photo(dataset, first) == drawn_jpeg()
    assert read_photo(dataset, second) == drawn_jpeg(Emotion.SAD)
    assert len(read_thumbnails(dataset, [first, second])) == 2
    sha256 = hashlib.sha256(drawn_jpeg()).hexdigest()
    assert first.digest == digest_photo(dataset.keys.child(rosa), first.id, sha256)
    with dataset.database.read() as db:
        row = db.get_one(PhotoBytes, first.id)
        with pytest.raises(Unreadable):
            dataset.keys.child(wanda).open(row.sealed, "photo", first.id, session.id)
        with pytest.raises(Unreadable):
            dataset.keys.child(wanda).open(row.sealed_thumbnail, "thumbnail", first.id, session.id)
        assert count_usable(db, rosa, clock.now()) == 2
        assert count_usable(db, wanda, clock.now()) == 0
    assert faults(dataset) == []


def test_the_old_sealing_stands_in_no_file(
    dataset: Dataset, session: OpenSession, rosa: uuid.UUID
) -> None:
    old = [content[100:140] for content in sealed_bytes(dataset, session)]
    assert any(old[0] in content for content in all_files(dataset).values())
    reassign_session(dataset, session.id, rosa, actor="olga")
    for path, content in all_files(dataset).items():
        assert not any(one in content for one in old), path


def test_the_wrong_child_s_erasure_leaves_them_and_the_right_one_s_takes_them(
    dataset: Dataset, session: OpenSession, wanda: uuid.UUID, rosa: uuid.UUID
) -> None:
    reassign_session(dataset, session.id, rosa, actor="olga")
    erase_participant(dataset, wanda, actor="test")
    assert read_photo(dataset, photos_of(dataset, session)[0]) == drawn_jpeg()
    erase_participant(dataset, rosa, actor="test")
    assert photos_of(dataset, session) == []


def test_session_and_consent_and_the_log_name_the_right_child(
    dataset: Dataset, session: OpenSession, wanda: uuid.UUID, rosa: uuid.UUID
) -> None:
    consent = give(dataset, rosa)
    reassign_session(dataset, session.id, rosa, actor="olga")
    moved = owner(dataset, session)
    assert (moved.participant_id, moved.consent_id) == (rosa, consent)
    with dataset.database.read() as db:
        found = select(AuditEvent).where(AuditEvent.action == "session reassigned")
        (event,) = db.scalars(found)
        assert dataset.chain.first_broken(db) is None
    assert (event.actor, event.subject) == ("olga", session.id.hex)
    assert event.details == {"from_child": wanda.hex, "to_child": rosa.hex, "photos": 2}


def test_asked_twice_it_is_done_once(
    dataset: Dataset, session: OpenSession, rosa: uuid.UUID
) -> None:
    reassign_session(dataset, session.id, rosa, actor="olga")
    before = sealed_bytes(dataset, session)
    reassign_session(dataset, session.id, rosa, actor="olga")
    assert sealed_bytes(dataset, session) == before
    with dataset.database.read() as db:
        found = select(AuditEvent).where(AuditEvent.action == "session reassigned")
        assert len(db.scalars(found).all()) == 1


@pytest.mark.parametrize(
    "answer", [lambda _dataset, _child: None, consent_of_today, ended_before, refused_since]
)
def test_without_consent_at_every_photo_s_moment_nothing_changes(
    dataset: Dataset, session: OpenSession, wanda: uuid.UUID, answer: object
) -> None:
    rosa = enrol(dataset)
    assert callable(answer)
    answer(dataset, rosa)
    before = sealed_bytes(dataset, session)
    with pytest.raises(Conflict):
        reassign_session(dataset, session.id, rosa, actor="olga")
    assert owner(dataset, session).participant_id == wanda
    assert sealed_bytes(dataset, session) == before
    assert read_photo(dataset, photos_of(dataset, session)[0]) == drawn_jpeg()


def test_the_cover_says_how_many_photos_are_without_consent(
    dataset: Dataset, session: OpenSession
) -> None:
    rosa = enrol(dataset)
    consent_of_today(dataset, rosa)
    with dataset.database.read() as db:
        cover = cover_of(db, owner(dataset, session), rosa)
    assert (cover.photos, cover.uncovered, cover.consent) == (2, 1, None)


@pytest.mark.parametrize(
    ("origin", "covers_earlier", "moves"),
    [("imported", True, True), ("imported", False, False), ("captured", True, False)],
)
def test_a_consent_covers_earlier_photos_that_were_imported_if_its_text_says_so(
    dataset: Dataset, session: OpenSession, origin: str, covers_earlier: bool, moves: bool
) -> None:
    rosa = enrol(dataset)
    with dataset.database.write() as db:
        db.get_one(CaptureSession, session.id).origin = origin
        db.execute(update(ConsentText).values(covers_earlier_photos=covers_earlier))
    give(dataset, rosa, signed_at=clock.now())
    if moves:
        reassign_session(dataset, session.id, rosa, actor="olga")
    else:
        with pytest.raises(Conflict, match="did not stand"):
            reassign_session(dataset, session.id, rosa, actor="olga")
    assert (owner(dataset, session).participant_id == rosa) is moves


def test_an_empty_session_moves_too(dataset: Dataset, wanda: uuid.UUID, rosa: uuid.UUID) -> None:
    empty = sit(dataset, wanda)
    reassign_session(dataset, empty.id, rosa, actor="olga")
    snap(dataset, empty)
    assert owner(dataset, empty).participant_id == rosa
    assert faults(dataset) == []


def test_a_child_that_is_not_there_gets_nothing(dataset: Dataset, session: OpenSession) -> None:
    with pytest.raises(NotFound):
        reassign_session(dataset, session.id, uuid.uuid4(), actor="olga")
    with pytest.raises(NotFound):
        reassign_session(dataset, uuid.uuid4(), session.child, actor="olga")


def test_a_damaged_photo_keeps_the_session_where_it_is(
    dataset: Dataset, session: OpenSession, wanda: uuid.UUID, rosa: uuid.UUID
) -> None:
    damaged = photos_of(dataset, session)[1].id
    with dataset.database.write() as db:
        db.get_one(PhotoBytes, damaged).sealed = b"damaged" * 10
    before = sealed_bytes(dataset, session)
    with pytest.raises(Conflict, match="damaged"):
        reassign_session(dataset, session.id, rosa, actor="olga")
    assert sealed_bytes(dataset, session) == before
    assert owner(dataset, session).participant_id == wanda


def test_while_the_wrong_child_is_being_erased_nothing_moves(
    dataset: Dataset,
    session: OpenSession,
    wanda: uuid.UUID,
    rosa: uuid.UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:  # an erasure that was interrupted before its first step
        patched.setattr(
            "collector.dataset.consents.withdrawals.erase_participant", lambda *_a, **_k: False
        )
        withdraw(dataset, wanda, ["research"], channel="operator", actor="test")
    with pytest.raises(Conflict, match="being erased"):
        reassign_session(dataset, session.id, rosa, actor="olga")


def test_a_photo_that_arrives_meanwhile_is_sealed_for_the_right_child(
    dataset: Dataset,
    session: OpenSession,
    wanda: uuid.UUID,
    rosa: uuid.UUID,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sealed, moved = threading.Event(), threading.Event()
    seal = collector.dataset.photos._seal

    def slow_seal(*arguments: object) -> object:
        found = seal(*arguments)  # type: ignore[arg-type]
        sealed.set()
        assert moved.wait(20)
        return found

    monkeypatch.setattr("collector.dataset.photos._seal", slow_seal)
    taken = shot()
    tablet = threading.Thread(
        target=add_photo, args=(dataset, FaceFinder(), session.id, taken, drawn_jpeg())
    )
    tablet.start()
    assert sealed.wait(20)
    reassign_session(dataset, session.id, rosa, actor="olga")
    moved.set()
    tablet.join(20)
    late = next(one for one in photos_of(dataset, session) if one.id == taken.photo_id)
    assert read_photo(dataset, late) == drawn_jpeg()
    assert faults(dataset) == []
    with dataset.database.read() as db, pytest.raises(Unreadable):
        content = db.get_one(PhotoBytes, late.id).sealed
        dataset.keys.child(wanda).open(content, "photo", late.id, session.id)


def test_a_photo_announced_before_may_follow_the_session(
    dataset: Dataset, session: OpenSession, rosa: uuid.UUID
) -> None:
    late = shot()
    close_session(dataset, session.id, "finished", [late.photo_id])
    reassign_session(dataset, session.id, rosa, actor="olga")
    assert add_photo(dataset, FaceFinder(), session.id, late, drawn_jpeg()).new
    assert faults(dataset) == []
