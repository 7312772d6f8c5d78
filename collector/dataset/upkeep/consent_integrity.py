"""The doctor's checks of consents: documents, answers, and the sessions that rest on them."""

import hashlib
import uuid
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset.consents.answers import terms_of
from collector.dataset.dataset import Dataset
from collector.dataset.keys import KeyGone
from collector.dataset.models import (
    AuditEvent,
    CaptureSession,
    Consent,
    ConsentDocument,
    ConsentText,
    Participant,
)
from collector.dataset.sealing import Unreadable
from collector.dataset.upkeep.findings import Finding, is_erased

ASK_A_LAWYER = "Do not use the child's photos until the guardian's paper was compared"


def check_texts(dataset: Dataset) -> Iterator[Finding]:
    """What was signed is what stands there: each document's hash."""
    with dataset.database.read() as session:
        for text in session.scalars(select(ConsentText)):
            content = f"{text.title}\n{text.body}".encode()
            if hashlib.sha256(content).hexdigest() != text.sha256:
                yield Finding(
                    "consents",
                    True,
                    f"The consent document {text.purpose} ({text.language}, version "
                    f"{text.version}) was altered after it was made.",
                    "Restore it from a backup: consents signed with it cannot be shown as signed.",
                    text.id.hex,
                )


def check_consents(dataset: Dataset) -> Iterator[Finding]:
    """Each answer is the one that the audit log knows, and what was sealed with it opens."""
    with dataset.database.read() as session:
        recorded = _recorded_consents(session)
        consents = session.scalars(select(Consent)).all()
        documents = {
            one.consent_id: one.sealed for one in session.scalars(select(ConsentDocument)).all()
        }
        children = set(session.scalars(select(Participant.id)))
    for consent in consents:
        fault = _fault_of_consent(dataset, consent, recorded, documents.get(consent.id))
        if fault:
            yield Finding(
                "consents", True, f"A consent {fault}.", f"{ASK_A_LAWYER}.", consent.id.hex
            )
    known = {consent.id.hex for consent in consents}
    for name, event in recorded.items():
        child = uuid.UUID(hex=event.subject) if event.subject else None
        if name not in known and child in children and child and not is_erased(dataset, child):
            yield Finding(
                "consents",
                True,
                "A guardian's answer that the audit log knows is missing.",
                f"{ASK_A_LAWYER}.",
                name,
            )


def check_sessions(dataset: Dataset) -> Iterator[Finding]:
    """Each session rests on a research consent of its own child."""
    with dataset.database.read() as session:
        statement = (
            select(CaptureSession.id, CaptureSession.participant_id, Consent)
            .outerjoin(Consent, Consent.id == CaptureSession.consent_id)
            .where(CaptureSession.source_id.is_(None))
        )
        for sitting, child, consent in session.execute(statement):
            fault = None
            if consent is None:
                fault = "without the consent that it rests on"
            elif consent.participant_id != child:
                fault = "that rests on another child's consent"
            elif (consent.purpose, consent.state) != ("research", "given"):
                fault = "that rests on no given research consent"
            if fault:
                yield Finding(
                    "consents", True, f"There is a session {fault}.", f"{ASK_A_LAWYER}.",
                    sitting.hex,
                )  # fmt: skip


def _recorded_consents(session: Session) -> dict[str, AuditEvent]:
    events = session.scalars(select(AuditEvent).where(AuditEvent.action.startswith("consent ")))
    return {str(one.details["consent"]): one for one in events if "consent" in one.details}


def _fault_of_consent(
    dataset: Dataset, consent: Consent, recorded: dict[str, AuditEvent], document: bytes | None
) -> str | None:
    event = recorded.get(consent.id.hex)
    if event is None:
        return "is unknown to the audit log"
    if consent.purpose != consent.text.purpose:
        return "was given with another purpose's document"
    said: dict[str, Any] = {
        "purpose": consent.purpose,
        "text": consent.text.sha256,
        "state": consent.state,
        "subject": consent.participant_id.hex,
        **terms_of(consent),
    }
    logged = {**event.details, "state": event.action.split()[-1], "subject": event.subject}
    altered = [name for name, value in said.items() if logged.get(name, value) != value]
    if altered:
        return f"was altered after it was recorded ({', '.join(altered)})"
    return _fault_of_what_is_sealed(dataset, consent, document)


def _fault_of_what_is_sealed(
    dataset: Dataset, consent: Consent, document: bytes | None
) -> str | None:
    if document is None and consent.method != "paper":
        return "has lost its signature or its scan"
    try:
        key = dataset.keys.child(consent.participant_id)
    except (KeyGone, Unreadable):
        return None  # erased meanwhile, or said of the key itself
    try:
        key.open(consent.guardian, "guardian", consent.id)
        if document is not None:
            key.open(document, "consent document", consent.id)
    except Unreadable:
        return "holds a name or a signature that was altered or damaged"
    return None
