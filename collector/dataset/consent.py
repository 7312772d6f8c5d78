"""The guardian's word: recording it, and asking whether it stands.

A consent stands at a moment if it was given and not refused later, signed by then, not yet
expired, and not withdrawn since it was signed. `standing` says so once, in SQL; the check before
a photo is stored and the doors to photos are built on it.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, NotFound, Unprocessable
from collector.dataset.keys import KeyGone
from collector.dataset.models import (
    Consent,
    ConsentDocument,
    ConsentText,
    Participant,
    Withdrawal,
)
from collector.dataset.vocabulary import METHODS, RELATIONS

DOCUMENT_TYPES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"%PDF-": "application/pdf",
}
# Made once: copying a table for an alias takes longer than asking SQLite.
LATER = aliased(Consent)

MAX_DOCUMENT_BYTES = 15 * 1024 * 1024


@dataclass(frozen=True)
class Guardian:
    """Who signs, kept encrypted under the child's key."""

    name: str


@dataclass(frozen=True)
class Answer:
    """What a guardian answered to one consent document, and how.

    `signed_at` is when the guardian signed, apart from when it is recorded; `document` is the
    signature (PNG) or the scan (JPEG, PNG, PDF), needed unless the paper itself is kept on file.
    """

    purpose: str
    text_id: uuid.UUID
    guardian: Guardian
    relation: str
    method: str
    signed_at: datetime
    given: bool = True
    valid_until: datetime | None = None
    document: bytes | None = None


def record_consent(
    dataset: Dataset,
    participant_id: uuid.UUID,
    answer: Answer,
    *,
    actor: str,
    recorded_by: uuid.UUID | None = None,
) -> Consent:
    """Append the answer; raises Unprocessable for an impossible one, NotFound without the child."""
    media_type = _check(answer)
    try:
        key = dataset.keys.child(participant_id)
    except KeyGone as error:
        raise NotFound("There is no such child.") from error
    with dataset.database.write() as session:
        text = session.get(ConsentText, answer.text_id)
        if text is None or text.purpose != answer.purpose:
            raise NotFound("There is no such consent document for this purpose.")
        if session.get(Participant, participant_id) is None:
            raise NotFound("There is no such child.")
        consent = Consent(
            id=uuid.uuid4(),
            site_id=dataset.site_id,
            participant_id=participant_id,
            text_id=text.id,
            purpose=text.purpose,
            relation=answer.relation,
            method=answer.method,
            state="given" if answer.given else "refused",
            signed_at=answer.signed_at,
            recorded_at=clock.now(),
            valid_until=answer.valid_until,
            recorded_by=recorded_by,
        )
        guardian = json.dumps(asdict(answer.guardian)).encode()
        consent.guardian = key.seal(guardian, "guardian", consent.id)
        session.add(consent)
        session.flush()
        if answer.document and media_type:
            session.add(
                ConsentDocument(
                    site_id=dataset.site_id,
                    consent_id=consent.id,
                    media_type=media_type,
                    sealed=key.seal(answer.document, "consent document", consent.id),
                )
            )
        dataset.chain.record(
            session,
            actor,
            f"consent {consent.state}",
            participant_id,
            purpose=text.purpose,
            consent=consent.id.hex,
            text=text.sha256,
        )
    return consent


def consent_texts(session: Session, purpose: str) -> Sequence[ConsentText]:
    """The newest version of each language's document for that purpose."""
    newest = (
        select(ConsentText.language, func.max(ConsentText.version).label("version"))
        .where(ConsentText.purpose == purpose)
        .group_by(ConsentText.language)
        .subquery()
    )
    statement = (
        select(ConsentText)
        .join(
            newest,
            and_(
                ConsentText.language == newest.c.language, ConsentText.version == newest.c.version
            ),
        )
        .where(ConsentText.purpose == purpose)
        .order_by(ConsentText.language)
    )
    return session.scalars(statement).all()


def consents_of(session: Session, participant_id: uuid.UUID) -> Sequence[Consent]:
    """All answers of the child's guardians, newest first."""
    statement = (
        select(Consent)
        .where(Consent.participant_id == participant_id)
        .order_by(Consent.recorded_at.desc())
    )
    return session.scalars(statement).all()


def find_consent(session: Session, consent_id: uuid.UUID) -> Consent:
    """The recorded answer of that id; raises NotFound."""
    consent = session.get(Consent, consent_id)
    if consent is None:
        raise NotFound("There is no such consent.")
    return consent


def guardian_of(dataset: Dataset, consent: Consent) -> Guardian:
    """Who signed, opened with the child's key."""
    key = dataset.keys.child(consent.participant_id)
    return Guardian(**json.loads(key.open(consent.guardian, "guardian", consent.id)))


def read_document(dataset: Dataset, consent: Consent) -> tuple[str, bytes] | None:
    """Media type and bytes of the signature or scan, if there is one."""
    with dataset.database.read() as session:
        found = session.scalars(
            select(ConsentDocument).where(ConsentDocument.consent_id == consent.id)
        ).first()
    if found is None:
        return None
    key = dataset.keys.child(consent.participant_id)
    return found.media_type, key.open(found.sealed, "consent document", consent.id)


def standing_consent(
    session: Session, participant_id: uuid.UUID, purpose: str, at: datetime
) -> Consent | None:
    """The consent for that purpose that stands at the moment `at`, if any."""
    statement = (
        select(Consent)
        .where(Consent.participant_id == participant_id, standing(Consent, purpose, at))
        .order_by(Consent.signed_at.desc(), Consent.recorded_at.desc())
    )
    return session.scalars(statement).first()


def require_consent(
    session: Session, participant_id: uuid.UUID, purpose: str, at: datetime
) -> Consent:
    """The consent that stands; raises Conflict where none does."""
    consent = standing_consent(session, participant_id, purpose, at)
    if consent is None:
        raise Conflict("The guardian's consent for this child is missing or has ended.")
    return consent


def standing(consent: Any, purpose: str, at: datetime) -> ColumnElement[bool]:
    """The SQL condition that `consent` (the table or an alias of it) stands at the moment `at`."""
    refused_later = exists(
        select(LATER.id).where(
            LATER.participant_id == consent.participant_id,
            LATER.purpose == purpose,
            LATER.state == "refused",
            or_(
                LATER.signed_at > consent.signed_at,
                and_(LATER.signed_at == consent.signed_at, LATER.recorded_at > consent.recorded_at),
            ),
        )
    )
    withdrawn = exists(
        select(Withdrawal.id).where(
            Withdrawal.participant_id == consent.participant_id,
            Withdrawal.purpose == purpose,
            Withdrawal.withdrawn_at >= consent.signed_at,
        )
    )
    return and_(
        consent.purpose == purpose,
        consent.state == "given",
        consent.signed_at <= at,
        or_(consent.valid_until.is_(None), consent.valid_until > at),
        ~refused_later,
        ~withdrawn,
    )


def _check(answer: Answer) -> str | None:
    """The document's media type, told by its content; raises Unprocessable."""
    if not answer.guardian.name.strip():
        raise Unprocessable("The guardian's name is missing.")
    if len(answer.guardian.name) > 200 or not answer.guardian.name.isprintable():
        raise Unprocessable("The guardian's name has at most 200 letters.")
    if answer.relation not in RELATIONS or answer.method not in METHODS:
        raise Unprocessable("Choose the relation and how the consent was signed.")
    # Clocks of a tablet and of this machine may differ by a little.
    if answer.signed_at > clock.now() + timedelta(minutes=5):
        raise Unprocessable("A consent cannot be signed in the future.")
    if answer.valid_until is not None and answer.valid_until <= answer.signed_at:
        raise Unprocessable("The consent would end before it was signed.")
    if answer.document is None:
        if answer.method != "paper":
            raise Unprocessable("The signature or the scan is missing.")
        return None
    if len(answer.document) > MAX_DOCUMENT_BYTES:
        raise Unprocessable("The scan is larger than 15 MB.")
    for start, media_type in DOCUMENT_TYPES.items():
        if answer.document.startswith(start):
            return media_type
    raise Unprocessable("The scan must be a JPEG, PNG or PDF file.")
