"""Light passports: making one, finding those that are valid, and what their photos bear."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.models import CaptureSession, LightPassport
from collector.dataset.vocabulary import DECLARED_LIGHTS, SHEETS

# A lesson and the break before it; clouds and the sun's way make more a guess.
VALID_FOR = timedelta(minutes=60)

MOST_LUX = 200_000  # the sun at noon gives about 120,000


def make_passport(
    dataset: Dataset,
    *,
    room: str,
    light: str,
    sheet: str,
    lux: float | None,
    actor: str,
    operator_id: uuid.UUID | None,
) -> LightPassport:
    """A passport for a room from now on; it is renewed by making another.

    `light` as the operator declares it, `lux` as a meter at the child's face shows it, `sheet` the
    paper that is to be measured. Raises Unprocessable.
    """
    room = room.strip()
    if not room or len(room) > 120:
        raise Unprocessable("Say which room it is, in at most 120 characters.")
    _require_declared(light)
    if sheet not in SHEETS:
        raise Unprocessable("Choose the sheet: white or grey.")
    if lux is not None and not 0 <= lux <= MOST_LUX:
        raise Unprocessable("Lux must be between 0 and 200,000.")
    now = clock.now()
    with dataset.database.write() as session:
        passport = LightPassport(
            site_id=dataset.site_id,
            room=room,
            light=light,
            sheet=sheet,
            lux=lux,
            operator_id=operator_id,
            created_at=now,
            valid_until=now + VALID_FOR,
        )
        session.add(passport)
        session.flush()
        dataset.chain.record(session, actor, "light passport made", passport.id, light=light)
    return passport


def list_passports(session: Session, *, at_most: int = 200) -> Sequence[LightPassport]:
    """The newest first."""
    newest = LightPassport.created_at.desc()
    return session.scalars(select(LightPassport).order_by(newest).limit(at_most)).all()


def valid_passports(session: Session, at: datetime) -> Sequence[LightPassport]:
    """Those that a session may begin with at the moment `at`, the newest first."""
    return session.scalars(
        select(LightPassport)
        .where(LightPassport.valid_until > at)
        .order_by(LightPassport.created_at.desc())
    ).all()


def find_passport(session: Session, passport_id: uuid.UUID) -> LightPassport:
    """The passport of that id; raises NotFound."""
    passport = session.get(LightPassport, passport_id)
    if passport is None:
        raise NotFound("There is no such light passport.")
    return passport


def declared_light(
    session: Session, light: str, passport_id: uuid.UUID | None, at: datetime
) -> str:
    """The light of a session that begins at the moment `at`: its passport's, or as declared.

    `light` may be empty where there is a passport. Raises Unprocessable for an unknown light, and
    for one that is not the passport's; Conflict for a passport that is no longer valid.
    """
    if passport_id is None:
        _require_declared(light)
        return light
    passport = find_passport(session, passport_id)
    if passport.valid_until <= at:
        raise Conflict("This light passport is no longer valid: make another one.")
    if light not in ("", passport.light):
        raise Unprocessable("The light that was declared is not the one of the light passport.")
    return passport.light


def stamp_of(session: Session, capture: CaptureSession) -> dict[str, Any]:
    """The light as a photo of this session bears it: the columns light, lux and cct.

    Imported photos and sessions whose light was declared by hand have neither lux nor cct.
    """
    passport = (
        find_passport(session, capture.light_passport_id) if capture.light_passport_id else None
    )
    return {
        "light": capture.light,
        "lux": passport.lux if passport else None,
        "cct": passport.cct if passport else None,
    }


def _require_declared(light: str) -> None:
    if light not in DECLARED_LIGHTS:
        raise Unprocessable("Choose the light: natural, artificial or mixed.")
