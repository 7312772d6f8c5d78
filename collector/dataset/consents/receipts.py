"""What the guardian takes home: a receipt, whose code withdraws without a sign-in or a name.

A code is sixteen random digits (53 bits): digits are the same in every alphabet and on the
telephone. The dataset keeps its HMAC under a secret of the site, so that a copy of the tables
leads to no code, and the code itself sealed under the child's key, to be printed again.
"""

import hashlib
import hmac
import secrets
import uuid
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.answers import consents_of
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, NotFound
from collector.dataset.keys import KeyGone
from collector.dataset.models import Participant, Receipt

DIGITS = 16


def issue_receipt(
    dataset: Dataset,
    participant_id: uuid.UUID,
    *,
    actor: str,
    issued_by: uuid.UUID | None = None,
    lost: bool = False,
) -> Receipt:
    """A receipt with a code of its own over all answers so far; raises Conflict without any.

    With `lost` the codes given before open nothing from now on. Raises NotFound without the child.
    """
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    try:
        key = dataset.keys.child(participant_id)
    except KeyGone as error:
        raise NotFound("There is no such child.") from error
    with dataset.database.write() as session:
        if session.get(Participant, participant_id) is None:
            raise NotFound("There is no such child.")
        if not consents_of(session, participant_id):
            raise Conflict("No answer is recorded yet: there is nothing to give a receipt for.")
        voided = [one for one in receipts_of(session, participant_id) if lost and not one.void_at]
        for one in voided:
            one.void_at = clock.now()
        receipt_id = uuid.uuid4()
        # The event first: the receipt carries the head of a chain that contains it.
        head = dataset.chain.record(
            session, actor, "receipt issued", participant_id, receipt=receipt_id.hex,
            voided=[one.id.hex for one in voided],
        )  # fmt: skip
        receipt = Receipt(
            id=receipt_id,
            site_id=dataset.site_id,
            participant_id=participant_id,
            code_mac=_mac(dataset, code),
            sealed_code=key.seal(code.encode(), "receipt code", receipt_id),
            chain_position=head.position,
            chain_mac=head.mac,
            issued_by=issued_by,
            issued_at=clock.now(),
        )
        session.add(receipt)
    dataset.keep_head()
    return receipt


def receipts_of(session: Session, participant_id: uuid.UUID) -> Sequence[Receipt]:
    """All receipts given for the child, newest first."""
    given = select(Receipt).where(Receipt.participant_id == participant_id)
    return session.scalars(given.order_by(Receipt.issued_at.desc())).all()


def is_receipt_due(session: Session, participant_id: uuid.UUID) -> bool:
    """Whether an answer was recorded that no receipt shows yet; the newest is never void."""
    given, answers = receipts_of(session, participant_id), consents_of(session, participant_id)
    return bool(answers) and (not given or answers[0].recorded_at > given[0].issued_at)


def find_receipt(session: Session, receipt_id: uuid.UUID) -> Receipt:
    """The receipt of that id; raises NotFound."""
    receipt = session.get(Receipt, receipt_id)
    if receipt is None:
        raise NotFound("There is no such receipt.")
    return receipt


def receipt_of_code(dataset: Dataset, session: Session, code: str) -> Receipt:
    """The receipt whose code this is, spaces and dashes aside; raises NotFound.

    Right and wrong codes take the same path: one HMAC, one look at an index.
    """
    digits = "".join(one for one in code if one in "0123456789")
    receipt = session.scalars(
        select(Receipt).where(Receipt.code_mac == _mac(dataset, digits), Receipt.void_at.is_(None))
    ).first()
    if receipt is None:
        raise NotFound("This code is not known. Please compare it with the receipt.")
    return receipt


def read_code(dataset: Dataset, receipt: Receipt) -> str:
    """The code in groups of four; raises NotFound for a void one or where the child was erased."""
    if receipt.sealed_code is None or receipt.void_at:
        raise NotFound("There is no such receipt.")
    key = dataset.keys.child(receipt.participant_id)
    code = key.open(receipt.sealed_code, "receipt code", receipt.id).decode()
    return " ".join(code[start : start + 4] for start in range(0, DIGITS, 4))


def _mac(dataset: Dataset, digits: str) -> str:
    secret = dataset.keys.secret(dataset.site_id, "receipt codes", create=True)
    return hmac.new(secret, digits.encode(), hashlib.sha256).hexdigest()
