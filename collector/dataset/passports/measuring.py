"""Measuring a passport's light: with a camera of the operator's, or with a tablet and its link."""

import secrets
import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict
from collector.dataset.measuring import DECODING
from collector.dataset.models import CaptureSession, LightPassport
from collector.dataset.passports.passport import find_passport
from collector.dataset.passports.sheet import Sheet, measure_sheet
from collector.dataset.picture import open_picture
from collector.dataset.sessions import hash_token

# To find the sheet and to carry the tablet to the child's place.
LINK_LASTS = timedelta(minutes=30)

# The lighter half of a portrait may have at most twice the light of the darker (ICAO, Portrait
# Quality, 2018), which is 1/3. A sheet is flatter than a face and shows less of it, so the proposal
# comes before: 0.2 is half as much light again.
DARK_SIDE = 0.2


def dark_side(passport: LightPassport) -> str | None:
    """The child's side that is too dark, left or right; None where neither is, or nobody measured.

    The child faces the camera: what it has on its left is on the right in the stored picture.
    """
    uneven = passport.lr_asymmetry
    if uneven is None or abs(uneven) < DARK_SIDE:
        return None
    return "right" if uneven > 0 else "left"


def can_be_measured(session: Session, passport: LightPassport, at: datetime) -> bool:
    """Whether a frame of the sheet is taken now."""
    try:
        _require_open(session, passport, at)
    except Conflict:
        return False
    return True


def renew_link(
    dataset: Dataset, passport_id: uuid.UUID, *, actor: str
) -> tuple[LightPassport, str]:
    """A token with which one tablet may measure this passport; an earlier one opens nothing more.

    Raises Conflict for a passport that is measured, in use or no longer valid.
    """
    token, now = secrets.token_urlsafe(32), clock.now()
    with dataset.database.write() as session:
        passport = find_passport(session, passport_id)
        _require_open(session, passport, now)
        passport.token_sha256 = hash_token(token)
        passport.token_until = min(now + LINK_LASTS, passport.valid_until)
        dataset.chain.record(session, actor, "light passport link made", passport.id)
    return passport, token


def passport_of_token(dataset: Dataset, token: str) -> LightPassport | None:
    """The passport that the token may measure, or has measured while its time is not over."""
    with dataset.database.read() as session:
        return session.scalars(
            select(LightPassport).where(
                LightPassport.token_sha256 == hash_token(token),
                LightPassport.token_until > clock.now(),
            )
        ).first()


def measure_passport(
    dataset: Dataset,
    passport_id: uuid.UUID,
    frame: bytes,
    camera_settings: dict[str, Any] | None,
    *,
    actor: str,
) -> LightPassport:
    """Measure the sheet in a camera's frame, which itself is kept nowhere.

    Once, or again where one side was dark: somebody may have turned towards the window. Raises
    PictureRefused, Unprocessable for a frame without a sheet that can be measured, and Conflict for
    a passport that is measured, in use or no longer valid.
    """
    with dataset.database.read() as session:
        _require_open(session, find_passport(session, passport_id), clock.now())
    with DECODING:
        sheet = measure_sheet(open_picture(frame).pixels)
    with dataset.database.write() as session:
        passport = find_passport(session, passport_id)
        _require_open(session, passport, clock.now())
        _write(passport, sheet, camera_settings)
        dataset.chain.record(session, actor, "light passport measured", passport.id)
    return passport


def _write(passport: LightPassport, sheet: Sheet, camera_settings: dict[str, Any] | None) -> None:
    passport.cct = sheet.cct
    passport.luminance_mean = sheet.luminance_mean
    passport.lr_asymmetry = sheet.lr_asymmetry
    passport.camera_settings = camera_settings
    passport.measured_at = clock.now()


def _require_open(session: Session, passport: LightPassport, at: datetime) -> None:
    """Raises Conflict unless it may be measured: its photos must all bear the same light."""
    if passport.measured_at is not None and dark_side(passport) is None:
        raise Conflict("This light passport is measured already: make another one.")
    if passport.valid_until <= at:
        raise Conflict("This light passport is no longer valid: make another one.")
    used = select(CaptureSession.id).where(CaptureSession.light_passport_id == passport.id)
    if session.scalars(used.limit(1)).first() is not None:
        raise Conflict("Sessions were started in this light already: make another light passport.")
