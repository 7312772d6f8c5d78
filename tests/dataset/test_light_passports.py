"""A light passport: made for an hour, measured once, shared by sessions, borne by every photo."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from collector.dataset import clock
from collector.dataset.consents.access import gather
from collector.dataset.dataset import Dataset
from collector.dataset.doors import own_session_photos
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.models import AuditEvent, LightPassport, Photo
from collector.dataset.passports.measuring import (
    LINK_LASTS,
    dark_side,
    measure_passport,
    passport_of_token,
    renew_link,
)
from collector.dataset.passports.passport import (
    VALID_FOR,
    find_passport,
    list_passports,
    make_passport,
    valid_passports,
)
from collector.dataset.passports.wanted import count_lights, lights_missing
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.sessions import answer_assent, start_session
from tests.cast import OpenSession, enrol, sit, snap
from tests.sheets import ILLUMINANTS, sheet_jpeg

pytestmark = pytest.mark.slow


def passport(dataset: Dataset, light: str = "natural", lux: float | None = 450) -> uuid.UUID:
    return make_passport(
        dataset, room=" Room 14 ", light=light, sheet="white", lux=lux, actor="olga",
        operator_id=None,
    ).id  # fmt: skip


def measure(dataset: Dataset, one: uuid.UUID, **light: Any) -> LightPassport:
    frame = sheet_jpeg("D55", **light)
    return measure_passport(dataset, one, frame, {"iso": 100}, actor="tablet")


def begin(
    dataset: Dataset, one: uuid.UUID | None, light: str = "", child: uuid.UUID | None = None
) -> OpenSession:
    child = child or enrol(dataset, "research")
    with dataset.database.read() as db:
        protocol = current_protocols(db)[0].id
    capture, token = start_session(
        dataset, child, protocol, light=light, language="en", actor="olga", operator_id=None,
        confirmed="hand", light_passport_id=one,
    )  # fmt: skip
    answer_assent(dataset, capture.id, "yes", "test tablet")
    return OpenSession(capture.id, token, child)


def photos(dataset: Dataset, session: OpenSession) -> list[Photo]:
    with dataset.database.read() as db:
        return list(db.scalars(own_session_photos(session.id)))


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: moment)


def test_every_photo_of_its_sessions_bears_the_light(dataset: Dataset) -> None:
    one = passport(dataset, "mixed")
    measured = measure(dataset, one)
    for _ in range(2):
        session = begin(dataset, one)
        snap(dataset, session)
        snap(dataset, session)
        stamped = {(photo.light, photo.lux, photo.cct) for photo in photos(dataset, session)}
        assert stamped == {("mixed", 450, measured.cct)}
    assert measured.cct == pytest.approx(ILLUMINANTS["D55"][2], rel=0.02)


def test_light_declared_by_hand_has_neither_lux_nor_kelvin(dataset: Dataset) -> None:
    measure(dataset, passport(dataset))
    session = sit(dataset, enrol(dataset, "research"), light="artificial")
    snap(dataset, session)
    (photo,) = photos(dataset, session)
    assert (photo.light, photo.lux, photo.cct) == ("artificial", None, None)


def test_a_passport_that_nobody_measured_stamps_what_is_known(dataset: Dataset) -> None:
    session = begin(dataset, passport(dataset, lux=None))
    snap(dataset, session)
    (photo,) = photos(dataset, session)
    assert (photo.light, photo.lux, photo.cct) == ("natural", None, None)


def test_the_light_follows_the_passport_and_a_contradiction_is_refused(dataset: Dataset) -> None:
    one = passport(dataset, "natural")
    begin(dataset, one, "natural")
    with pytest.raises(Unprocessable, match="not the one of the light passport"):
        begin(dataset, one, "artificial")
    with pytest.raises(Unprocessable, match="natural, artificial or mixed"):
        begin(dataset, None)
    with pytest.raises(NotFound):
        begin(dataset, uuid.uuid4())


def test_it_is_valid_for_an_hour(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    one, child, made = passport(dataset), enrol(dataset, "research"), clock.now()
    at(monkeypatch, made + VALID_FOR - timedelta(minutes=1))
    session = begin(dataset, one, child=child)
    at(monkeypatch, made + VALID_FOR + timedelta(minutes=1))
    snap(dataset, session)  # what has begun goes on
    assert photos(dataset, session)[0].lux == 450
    with pytest.raises(Conflict, match="no longer valid"):
        begin(dataset, one, child=child)
    unused = passport(dataset)
    at(monkeypatch, clock.now() + VALID_FOR)
    with pytest.raises(Conflict, match="no longer valid"):
        measure(dataset, unused)
    passport(dataset)
    with dataset.database.read() as db:
        valid = [found.id for found in valid_passports(db, clock.now())]
        everything = [found.id for found in list_passports(db)]
    assert (everything[0], everything[-1], len(everything)) == (valid[0], one, 3)
    assert len(valid) == 1


@pytest.mark.parametrize(
    "changed",
    [{"room": " "}, {"room": "x" * 121}, {"light": "unknown"}, {"light": "candle"},
     {"sheet": "blue"}, {"lux": -1}, {"lux": 1e6}, {"lux": float("nan")}],
)  # fmt: skip
def test_what_it_says_is_checked(dataset: Dataset, changed: dict[str, object]) -> None:
    said: dict[str, Any] = {
        "room": "14",
        "light": "natural",
        "sheet": "grey",
        "lux": 100,
        **changed,
    }
    with pytest.raises(Unprocessable):
        make_passport(dataset, **said, actor="olga", operator_id=None)


def test_it_is_measured_once(dataset: Dataset) -> None:
    one = passport(dataset)
    found = measure(dataset, one)
    assert found.camera_settings == {"iso": 100}
    assert found.measured_at
    with pytest.raises(Conflict, match="measured already"):
        measure(dataset, one)


def test_a_one_sided_light_may_be_measured_again(dataset: Dataset) -> None:
    one = passport(dataset)
    # The picture's right is what a child that faces the camera has on its left.
    dark = measure(dataset, one, left=0.5, right=1, is_folded=True)
    assert dark_side(dark) == "right"
    assert dark_side(measure(dataset, one, left=1, right=0.5, is_folded=True)) == "left"
    assert dark_side(measure(dataset, one, left=0.8, right=1, is_folded=True)) is None


def test_a_passport_in_use_is_not_measured_any_more(dataset: Dataset) -> None:
    one = passport(dataset)
    begin(dataset, one)
    for ask in (measure, lambda *given: renew_link(*given, actor="olga")):
        with pytest.raises(Conflict, match="started in this light"):
            ask(dataset, one)


def test_a_refused_frame_changes_nothing(dataset: Dataset) -> None:
    one = passport(dataset)
    with pytest.raises(Unprocessable, match="overexposed"):
        measure(dataset, one, level=1.5)
    with dataset.database.read() as db:
        assert find_passport(db, one).measured_at is None
    measure(dataset, one)


def test_the_frame_is_kept_nowhere(dataset: Dataset, tmp_path: Path) -> None:
    frame = sheet_jpeg()
    measure_passport(dataset, passport(dataset), frame, None, actor="tablet")
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or frame[3000:3040] not in path.read_bytes(), path


def test_a_link_opens_one_passport_for_half_an_hour(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, made = passport(dataset), clock.now()
    _, lost = renew_link(dataset, one, actor="olga")
    _, token = renew_link(dataset, one, actor="olga")
    found = passport_of_token(dataset, token)
    assert found is not None
    assert found.id == one
    assert passport_of_token(dataset, lost) is None
    assert passport_of_token(dataset, "") is None
    at(monkeypatch, made + LINK_LASTS + timedelta(seconds=5))
    assert passport_of_token(dataset, token) is None


def test_the_log_names_no_room(dataset: Dataset) -> None:
    measure(dataset, passport(dataset))
    with dataset.database.read() as db:
        events = db.scalars(select(AuditEvent).where(AuditEvent.action.like("light passport%")))
        said = [(one.action, one.actor, one.details) for one in events]
    assert said == [
        ("light passport made", "olga", {"light": "natural"}),
        ("light passport measured", "tablet", {}),
    ]


def test_a_guardian_who_asks_for_everything_is_told_the_light(dataset: Dataset) -> None:
    one = passport(dataset)
    measured = measure(dataset, one)
    session = begin(dataset, one)
    snap(dataset, session)
    sit(dataset, session.child)
    with_light, by_hand = gather(dataset, session.child).data["sessions"]
    assert with_light["light_passport"]["room"] == "Room 14"
    assert with_light["photos"][0]["cct"] == measured.cct
    assert by_hand["light_passport"] is None


def test_lights_that_a_protocol_asks_for_are_missed_until_the_child_sat_in_them(
    dataset: Dataset,
) -> None:
    child = enrol(dataset, "research")
    with dataset.database.read() as db:
        study = next(one.id for one in current_protocols(db) if one.name == "study")
        assert lights_missing(db, child)[study] == ("natural", "artificial")
        assert count_lights(db, clock.now()) == {"natural": 0, "artificial": 0}
    capture, _ = start_session(
        dataset, child, study, light="natural", language="en", actor="olga", operator_id=None,
        confirmed="hand",
    )  # fmt: skip
    answer_assent(dataset, capture.id, "yes", "test tablet")
    snap(dataset, OpenSession(capture.id, "", child))
    with dataset.database.read() as db:
        assert lights_missing(db, child)[study] == ("artificial",)
        assert count_lights(db, clock.now()) == {"natural": 1, "artificial": 0}
