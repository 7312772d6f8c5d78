"""What a receipt certifies: every answer recorded when it was given, and how to take them back."""

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from collector.dataset.consents.answers import Guardian, consents_of, guardian_of
from collector.dataset.consents.receipts import find_receipt, read_code
from collector.dataset.dataset import Dataset
from collector.dataset.errors import NotFound
from collector.dataset.keys import KeyGone
from collector.dataset.models import Consent, Receipt, Site
from collector.dataset.participants import find_participant
from collector.dataset.studies import StudyDetails, read_study


@dataclass(frozen=True)
class Certificate:
    """A receipt with all that it is about: answers in the order they were recorded, who gave them.

    The study's details are those of now, so that the contact is right; what a guardian agreed to
    is said by each answer's own document. `code` is None for a receipt that is void.
    """

    receipt: Receipt
    site: str
    study: StudyDetails
    answers: tuple[tuple[Consent, Guardian], ...]
    code: str | None


def open_certificate(dataset: Dataset, receipt_id: uuid.UUID, *, actor: str) -> Certificate:
    """The receipt, opened for `actor` and logged as such; raises NotFound, also once erased."""
    with dataset.database.write() as session:
        receipt = find_receipt(session, receipt_id)
        certificate = read_certificate(dataset, session, receipt)
        dataset.chain.record(
            session, actor, "receipt opened", receipt.participant_id, receipt=receipt.id.hex
        )
    return certificate


def read_certificate(dataset: Dataset, session: Session, receipt: Receipt) -> Certificate:
    """All that the receipt is about: answers recorded up to the moment it was given."""
    find_participant(session, receipt.participant_id)
    covered = [
        one
        for one in reversed(consents_of(session, receipt.participant_id))
        if one.recorded_at <= receipt.issued_at
    ]
    try:
        return Certificate(
            receipt=receipt,
            site=session.get_one(Site, receipt.site_id).name,
            study=read_study(session),
            answers=tuple((one, guardian_of(dataset, one)) for one in covered),
            code=None if receipt.void_at else read_code(dataset, receipt),
        )
    except KeyGone as error:
        raise NotFound("There is no such receipt.") from error
