"""The doctor's checks of what guardians were promised: withdrawals, erasures, duties, receipts."""

import sys
from collections import Counter
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.consents.duties import overdue
from collector.dataset.consents.receipts import read_code, receipt_of_code
from collector.dataset.consents.terms import due_for_erasure
from collector.dataset.consents.withdrawals import list_withdrawals
from collector.dataset.dataset import Dataset
from collector.dataset.errors import NotFound
from collector.dataset.heads import Head, is_in_log
from collector.dataset.keys import KeyGone
from collector.dataset.models import AuditEvent, Participant, Receipt, Withdrawal
from collector.dataset.sealing import Unreadable
from collector.dataset.upkeep.findings import Finding, is_erased
from collector.dataset.upkeep.old_logs import RESTORED

DUTIES_SHOWN = 5


def check_withdrawals(dataset: Dataset) -> Iterator[Finding]:
    """Each withdrawal is the one that the audit log knows, and none is missing."""
    with dataset.database.read() as session:
        events = session.scalars(select(AuditEvent).where(AuditEvent.action == "consent withdrawn"))
        logged = {
            (str(one.subject), *(str(one.details.get(name)) for name in ("purpose", "channel")),
             str(one.details.get("withdrawn_at")))
            for one in events
        }  # fmt: skip
        rows = {_words(one): one for one in list_withdrawals(session)}
    for words in sorted(logged - rows.keys()):
        yield Finding(
            "withdrawals",
            True,
            f"A withdrawal of {words[1]} that the audit log knows is missing or was altered.",
            "Stop and start the program, which brings it back from the folder of keys; "
            "find out who changed the file by other means than this program.",
            words[0],
        )
    for words in sorted(rows.keys() - logged):
        yield Finding(
            "withdrawals",
            True,
            f"There is a withdrawal of {words[1]} that the audit log does not know.",
            "Compare it with the guardian's word: "
            "the file was changed by other means than this program.",
            rows[words].id.hex,
        )


def check_erasures(dataset: Dataset) -> Iterator[Finding]:
    """Nobody is here whose research consent was withdrawn, or of whom a tombstone stands."""
    with dataset.database.read() as session:
        withdrawn = set(
            session.scalars(
                select(Withdrawal.participant_id).where(Withdrawal.purpose == "research")
            )
        )
        children = session.scalars(select(Participant)).all()
    for child in children:
        if child.id in withdrawn or is_erased(dataset, child.id):
            yield Finding(
                "erasures",
                True,
                f"{child.pseudonym} was withdrawn and is still here: the erasure is under way, "
                "or was interrupted.",
                "Run the doctor again; if it says so again, stop and start the program, "
                "which finishes the erasure.",
                child.id.hex,
            )


def check_retention(dataset: Dataset) -> Iterator[Finding]:
    """Nobody is kept for longer than the guardians were told."""
    with dataset.database.read() as session:
        due = due_for_erasure(session, clock.now())
    for one in due:
        yield Finding(
            "retention",
            True,
            f"{one.pseudonym} was to be erased by {one.since.date().isoformat()}: "
            "what the guardian was promised to be kept until then is still here.",
            "Renew the consent where that is possible, or erase: collector consent erase-expired.",
            one.participant_id.hex,
        )


def check_duties(dataset: Dataset) -> Iterator[Finding]:
    """What people had to destroy after a withdrawal is destroyed in time."""
    with dataset.database.read() as session:
        late = overdue(session, clock.now())
    for (kind, subject), count in Counter((one.kind, one.subject) for one in late).items():
        one = next(each for each in late if (each.kind, each.subject) == (kind, subject))
        to_do = (
            f"Destroy it, then: collector keys destroyed {subject}."
            if kind == "key_backup"
            else "Deal with it and note it on the page Withdrawals."
        )
        yield Finding(
            "duties",
            True,
            f"A duty of {count} withdrawals is overdue since {one.due_on.isoformat()}: "
            f"{kind.replace('_', ' ')} {one.place}.",
            to_do,
            subject,
        )


def check_receipts(dataset: Dataset) -> Iterator[Finding]:
    """Each receipt's code opens and leads to it, and the log still holds what it was given over."""
    with dataset.database.read() as session:
        gone_back = _gone_back(session)
        for receipt in session.scalars(select(Receipt)):
            fault = _fault_of_code(dataset, receipt)
            if fault:
                yield Finding(
                    "receipts",
                    True,
                    f"A receipt's code {fault}.",
                    "Issue the guardian a new receipt in the place of a lost one.",
                    receipt.id.hex,
                )
            head = Head(receipt.chain_position, receipt.chain_mac)
            left_behind = any(head.position in span for span in gone_back)
            if not left_behind and not is_in_log(session, dataset.site_id, head):
                yield Finding(
                    "receipts",
                    True,
                    "A receipt was given over events that the audit log does not hold any more.",
                    "Compare it with the guardian's paper, and the log with a backup's.",
                    receipt.id.hex,
                )


def _words(one: Withdrawal) -> tuple[str, str, str, str]:
    return (one.participant_id.hex, one.purpose, one.channel, one.withdrawn_at.isoformat())


def _fault_of_code(dataset: Dataset, receipt: Receipt) -> str | None:
    try:
        code = read_code(dataset, receipt)
    except (KeyGone, NotFound):
        return None  # void, of an erased child, or said of the key itself
    except Unreadable:
        return "cannot be opened: it was altered or damaged"
    try:
        with dataset.database.read() as session:
            found = receipt_of_code(dataset, session, code)
    except NotFound:
        return "opens nothing any more: what it is found by was altered"
    return None if found.id == receipt.id else "opens another receipt"


def _gone_back(session: Session) -> list[range]:
    """Positions of events that restores left behind: receipts given over them were taken over."""
    restores = session.scalars(select(AuditEvent).where(AuditEvent.action == RESTORED))
    return [
        range(one.details["log_back_to"] + 1, (one.details["log_left"] or sys.maxsize - 1) + 1)
        for one in restores
        if "log_back_to" in one.details
    ]
