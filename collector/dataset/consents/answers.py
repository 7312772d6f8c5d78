"""Guardians' answers to consent documents: recorded, never edited, found again."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import NotFound, Unprocessable
from collector.dataset.keys import KeyGone
from collector.dataset.models import (
    Consent,
    ConsentDocument,
    ConsentText,
    Participant,
)
from collector.dataset.vocabulary import METHODS, RELATIONS

DOCUMENT_TYPES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"%PDF-": "application/pdf",
}
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
