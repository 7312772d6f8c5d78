"""Pairing: a code is shown as QR, one tablet scans it, and holds a token of its own from then on.

The tablet makes its token itself and keeps it before it asks: an answer that is lost on the way is
asked for again, with the same code and the same token. A code follows from a secret of the site,
so that the page can show it again while only its hash stands in the tables.
"""

import base64
import hashlib
import hmac
import re
import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.lessons.lessons import open_lesson
from collector.dataset.models import Tablet
from collector.dataset.sessions import hash_token

CODE_LASTS = timedelta(minutes=15)
PAIRED_FOR = timedelta(hours=24)  # a lesson that nobody closed
SECRET = "pairing"  # noqa: S105 - the secret's name

CODE = re.compile(r"[A-Z2-7]{16}")
# 32 random bytes in base64url.
TOKEN = re.compile(r"[\w-]{43}", re.ASCII)


def offer_code(dataset: Dataset, lesson_id: uuid.UUID) -> Tablet:
    """A place for the next tablet, with a code that lasts; the same while nobody has used it."""
    dataset.keys.secret(dataset.site_id, SECRET, create=True)
    now = clock.now()
    with dataset.database.write() as session:
        open_lesson(session, lesson_id)
        offered = offered_place(session, lesson_id)
        if offered is None:
            last = select(func.max(Tablet.number)).where(Tablet.lesson_id == lesson_id)
            offered = Tablet(
                id=uuid.uuid4(),
                site_id=dataset.site_id,
                lesson_id=lesson_id,
                number=(session.scalar(last) or 0) + 1,
                created_at=now,
            )
            session.add(offered)
        elif not is_fresh(offered, now):
            offered.created_at = now
        offered.code_sha256 = hash_token(code_of(dataset, offered))
    return offered


def offered_place(session: Session, lesson_id: uuid.UUID) -> Tablet | None:
    """The place whose code nobody has used, whether it lasts still or not."""
    statement = select(Tablet).where(Tablet.lesson_id == lesson_id, Tablet.paired_at.is_(None))
    return session.scalars(statement).first()


def is_fresh(offered: Tablet, at: datetime) -> bool:
    """Whether the code may still be scanned."""
    return at < offered.created_at + CODE_LASTS


def code_of(dataset: Dataset, offered: Tablet) -> str:
    """The code of a place: 16 letters and digits, 80 bits."""
    secret = dataset.keys.secret(dataset.site_id, SECRET)
    told = f"tablet {offered.id.hex} {offered.created_at.isoformat()}"
    mac = hmac.new(secret, told.encode(), hashlib.sha256).digest()
    return base64.b32encode(mac[:10]).decode()


def pair_tablet(dataset: Dataset, code: str, token: str, device: str) -> Tablet:
    """The tablet that holds `token` from now on; the same code and token again change nothing.

    Raises NotFound for an unknown code; Conflict for one that another tablet used, that is too
    old, or whose lesson is closed; Unprocessable for a token that is not of the right form.
    """
    if not TOKEN.fullmatch(token):
        raise Unprocessable("The tablet's page is an old one: reload it.")
    with dataset.database.write() as session:
        tablet = _tablet_of(session, Tablet.code_sha256, code) if CODE.fullmatch(code) else None
        if tablet is None:
            raise NotFound("This code is unknown: scan the one that the class page shows now.")
        open_lesson(session, tablet.lesson_id)
        if tablet.token_sha256 == hash_token(token):
            return tablet
        if tablet.paired_at is not None or _tablet_of(session, Tablet.token_sha256, token):
            raise Conflict(
                "Another tablet has used this code: show a new one on the class page, and scan it."
            )
        if not is_fresh(tablet, clock.now()):
            raise Conflict("This code is too old: show a new one on the class page, and scan it.")
        tablet.token_sha256, tablet.device = hash_token(token), device[:300]
        tablet.paired_at = tablet.seen_at = clock.now()
        dataset.chain.record(
            session,
            "tablet",
            "tablet paired",
            tablet.id,
            lesson=tablet.lesson_id.hex,
            number=tablet.number,
        )
    return tablet


def tablet_of_token(dataset: Dataset, token: str) -> Tablet | None:
    """The tablet whose token this is; none once its lesson is closed, or a day has passed."""
    with dataset.database.read() as session:
        found = select(Tablet).where(
            Tablet.token_sha256 == hash_token(token), Tablet.paired_at > clock.now() - PAIRED_FOR
        )
        return session.scalars(found).first()


def _tablet_of(
    session: Session, column: InstrumentedAttribute[str | None], word: str
) -> Tablet | None:
    return session.scalars(select(Tablet).where(column == hash_token(word))).first()
