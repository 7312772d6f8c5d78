"""Guardians' answers to consent documents: recorded, never edited, found again."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.audit import Chain
from collector.dataset.consents.marks import read_mark
from collector.dataset.consents.scans import check_document
from collector.dataset.consents.texts import find_text
from collector.dataset.dataset import Dataset
from collector.dataset.errors import NotFound, Unprocessable
from collector.dataset.keys import KeyGone
from collector.dataset.models import (
    Consent,
    ConsentDocument,
    Participant,
)
from collector.dataset.sealing import Key
from collector.dataset.vocabulary import METHODS, RELATIONS


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
    media_type = check_answer(answer)
    _refuse_foreign_scan(participant_id, answer)
    try:
        key = dataset.keys.child(participant_id)
    except KeyGone as error:
        raise NotFound("There is no such child.") from error
    with dataset.database.write() as session:
        if session.get(Participant, participant_id) is None:
            raise NotFound("There is no such child.")
        consent = append_answer(
            dataset, session, participant_id, key, answer, media_type, recorded_by=recorded_by
        )
        record_answer(dataset.chain, session, actor, consent)
    dataset.keep_head()
    return consent


def append_answer(
    dataset: Dataset,
    session: Session,
    participant_id: uuid.UUID,
    key: Key,
    answer: Answer,
    media_type: str | None,
    *,
    recorded_by: uuid.UUID | None = None,
) -> Consent:
    """Add a checked answer's rows in the caller's transaction, who puts it into the audit log."""
    text = find_text(session, answer.text_id, answer.purpose)
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
    consent.text = text
    return consent


def record_answer(chain: Chain, session: Session, actor: str, consent: Consent) -> None:
    """Put an answer into the audit log, which the doctor compares it with."""
    chain.record(
        session,
        actor,
        f"consent {consent.state}",
        consent.participant_id,
        purpose=consent.purpose,
        consent=consent.id.hex,
        text=consent.text.sha256,
        **terms_of(consent),
    )


def terms_of(consent: Consent) -> dict[str, Any]:
    """What the audit log keeps of an answer's dates and reach, so that an edit is found."""
    return {
        "signed_at": consent.signed_at.astimezone(UTC).isoformat(),
        "recorded_at": consent.recorded_at.isoformat(),
        "valid_until": consent.valid_until and consent.valid_until.astimezone(UTC).isoformat(),
        "covers_earlier_photos": consent.text.covers_earlier_photos,
    }


def consents_of(session: Session, participant_id: uuid.UUID) -> Sequence[Consent]:
    """All answers of the child's guardians, newest first."""
    answers = select(Consent).where(Consent.participant_id == participant_id)
    return session.scalars(answers.order_by(Consent.recorded_at.desc())).all()


def unanswered(session: Session, purpose: str) -> Sequence[Participant]:
    """Children whose guardians neither consented nor refused for that purpose, by pseudonym."""
    answered = select(Consent.participant_id).where(Consent.purpose == purpose)
    statement = select(Participant).where(Participant.id.not_in(answered))
    return session.scalars(statement.order_by(Participant.pseudonym)).all()


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


def check_answer(answer: Answer) -> str | None:
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
    return check_document(answer.document)


def _refuse_foreign_scan(participant_id: uuid.UUID, answer: Answer) -> None:
    """A paper that names its child and document is filed under these, whatever was chosen."""
    if answer.method != "scan" or answer.document is None:
        return
    mark = read_mark(answer.document)
    if mark and mark.participant_id != participant_id:
        raise Unprocessable("The code on this paper names another child: nothing was filed.")
    if mark and mark.text_id != answer.text_id:
        raise Unprocessable("The code on this paper names another document: nothing was filed.")
