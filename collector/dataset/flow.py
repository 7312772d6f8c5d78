"""What became of every child, answer, session and photo: the flow diagram of a paper.

After CONSORT's diagram (Schulz, Altman, Moher, "CONSORT 2010 Statement", BMJ 2010;340:c332):
numbers from top to bottom, and who or what was left out, and why, beside them. An erasure takes
rows away and no count: what is gone is counted from the audit log, what is there from its rows.
"""

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.dataset.consents.standing import standing
from collector.dataset.consents.terms import expired
from collector.dataset.doors import SECOND_FACE, usable_photos
from collector.dataset.erasure import BINNED, RETENTION_ENDED, SECOND_FACE_SEEN
from collector.dataset.labels import count_judged
from collector.dataset.models import (
    AuditEvent,
    CaptureSession,
    Consent,
    Participant,
    Photo,
    SnapshotItem,
)
from collector.dataset.sessions import is_over
from collector.dataset.vocabulary import PURPOSES


@dataclass(frozen=True)
class Flow:
    """All counts, each group adding up.

    `children`: invited = present + withdrawn + retention_ended + erased_otherwise.
    `answers`, by purpose: invited = consented + refused + unanswered, and consented = standing +
    withdrawn + refused_later + expired + erased.
    `sessions`: asked = yes + no + not_today + unanswered, and yes = finished + stopped + open +
    abandoned.
    `photos`: stored = present + binned + erased_second_face + withdrawn + retention_ended +
    erased_otherwise; present = active + quarantined + rejected; active = usable["research"] +
    uncovered; judged, in_snapshot and imported are parts of others.
    """

    children: dict[str, int]
    answers: dict[str, dict[str, int]]
    sessions: dict[str, int]
    photos: dict[str, int]
    usable: dict[str, int]
    wanted_votes: int


@dataclass
class Log:
    """What the audit log knows, by random ids."""

    registered: set[str] = field(default_factory=set)
    given: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    refused: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    withdrawn: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    erased: dict[str, tuple[str, int]] = field(default_factory=dict)
    photos_erased: Counter[str] = field(default_factory=Counter)
    asked: set[str] = field(default_factory=set)
    assents: dict[str, str] = field(default_factory=dict)
    closed: dict[str, str] = field(default_factory=dict)

    def read(self, event: AuditEvent) -> None:
        """Take one event in; they come in their order."""
        subject, details = event.subject or "", event.details
        match event.action:
            case "participant registered":
                self.registered.add(subject)
            case "consent given" | "consent refused":
                said = self.given if event.action == "consent given" else self.refused
                said[details["purpose"]].add(subject)
            case "consent withdrawn":
                self.withdrawn[details["purpose"]].add(subject)
            case "participant erased":
                self.erased[subject] = (details.get("reason", ""), details["photos"])
            case "photo erased":
                reason = details.get("reason") or (BINNED if event.actor == "child" else "")
                self.photos_erased[reason] += 1
            case "session started":
                self.asked.add(subject)
            case "assent":
                self.assents[subject] = details["answer"]
            case "session finished" | "session stopped":
                self.closed[subject] = event.action.removeprefix("session ")

    def cause(self, child: str) -> str:
        """Why an erased child was erased: withdrawn, retention_ended, erased_otherwise."""
        if child in self.withdrawn["research"]:
            return "withdrawn"
        ended = self.erased[child][0] == RETENTION_ENDED
        return "retention_ended" if ended else "erased_otherwise"


ACTIONS = (
    "participant registered", "participant erased", "consent given", "consent refused",
    "consent withdrawn", "photo erased", "session started", "assent", "session finished",
    "session stopped",
)  # fmt: skip


def read_flow(session: Session, at: datetime, *, wanted_votes: int) -> Flow:
    """The counts at the moment `at`; a photo counts as judged once it has `wanted_votes`."""
    log = Log()
    statement = (
        select(AuditEvent).where(AuditEvent.action.in_(ACTIONS)).order_by(AuditEvent.position)
    )
    for event in session.scalars(statement):
        log.read(event)
    usable = {
        one: _count(session, usable_photos(one, at).with_only_columns(Photo.id)) for one in PURPOSES
    }
    return Flow(
        children=_children(session, log),
        answers={one: _answers(session, log, one, at) for one in PURPOSES},
        sessions=_sessions(session, log, at),
        photos=_photos(session, log, at, usable["research"], wanted_votes),
        usable=usable,
        wanted_votes=wanted_votes,
    )


def _children(session: Session, log: Log) -> dict[str, int]:
    present = _ids(session, select(Participant.id))
    causes = Counter(log.cause(child) for child in log.erased)
    with_photos = _ids(
        session,
        select(CaptureSession.participant_id)
        .join(Photo, Photo.session_id == CaptureSession.id)
        .distinct(),
    )
    return {
        "invited": len(log.registered | present | set(log.erased)),
        "present": len(present),
        **{one: causes[one] for one in ("withdrawn", "retention_ended", "erased_otherwise")},
        "with_photos": len(with_photos),
        "erased_with_photos": sum(photos > 0 for _, photos in log.erased.values()),
    }


def _answers(session: Session, log: Log, purpose: str, at: datetime) -> dict[str, int]:
    everybody = log.registered | _ids(session, select(Participant.id)) | set(log.erased)
    stand = _ids(
        session, select(Consent.participant_id).where(standing(Consent, purpose, at)).distinct()
    )
    ended = {one.participant_id.hex for one in expired(session, at) if one.purpose == purpose}
    consented = log.given[purpose] | stand | ended
    refused = log.refused[purpose] - consented
    became = Counter(_fate(child, log, purpose, stand, ended) for child in consented)
    return {
        "consented": len(consented),
        "refused": len(refused),
        "unanswered": len(everybody - consented - refused),
        **{
            one: became[one]
            for one in ("standing", "withdrawn", "refused_later", "expired", "erased")
        },
    }


def _fate(child: str, log: Log, purpose: str, stand: set[str], ended: set[str]) -> str:
    """What became of a consent that was given once; what is true now goes before what was."""
    if child in stand:
        return "standing"
    if child in ended:
        return "expired"
    if child in log.withdrawn[purpose]:
        return "withdrawn"
    if child in log.erased:
        return "erased"
    return "refused_later"


def _sessions(session: Session, log: Log, at: datetime) -> dict[str, int]:
    answers = Counter(log.assents.values())
    ends = Counter(log.closed.values())
    running = select(CaptureSession).where(
        CaptureSession.state == "running", CaptureSession.origin == "captured"
    )
    still = sum(not is_over(one, at) for one in session.scalars(running))
    asked = len(log.asked | set(log.assents))
    return {
        "asked": asked,
        **{one: answers[one] for one in ("yes", "no", "not_today")},
        "unanswered": asked - len(log.assents),
        **{one: ends[one] for one in ("finished", "stopped")},
        "open": still,
        "abandoned": answers["yes"] - ends.total() - still,
    }


def _photos(
    session: Session, log: Log, at: datetime, usable: int, wanted_votes: int
) -> dict[str, int]:
    states = Counter(
        {
            (row[0], row[1]): row[2]
            for row in session.execute(
                select(Photo.state, Photo.state_reason, func.count()).group_by(
                    Photo.state, Photo.state_reason
                )
            )
        }
    )
    by_state: Counter[str] = Counter()
    for (state, _), count in states.items():
        by_state[state] += count
    erased: Counter[str] = Counter()
    for child, (_, count) in log.erased.items():
        erased[log.cause(child)] += count
    gone = {
        "binned": log.photos_erased[BINNED],
        "erased_second_face": log.photos_erased[SECOND_FACE_SEEN],
        "withdrawn": erased["withdrawn"],
        "retention_ended": erased["retention_ended"],
        "erased_otherwise": erased["erased_otherwise"]
        + log.photos_erased.total()
        - log.photos_erased[BINNED]
        - log.photos_erased[SECOND_FACE_SEEN],
    }
    ids = usable_photos("research", at).with_only_columns(Photo.id)
    return {
        "stored": by_state.total() + sum(gone.values()),
        **gone,
        "present": by_state.total(),
        "imported": _count(
            session,
            select(Photo.id)
            .join(CaptureSession, CaptureSession.id == Photo.session_id)
            .where(CaptureSession.origin == "imported"),
        ),
        "quarantined": by_state["quarantined"],
        "quarantined_second_face": states["quarantined", SECOND_FACE],
        "quarantined_stopped": states["quarantined", "stopped"],
        "rejected": by_state["rejected"],
        "active": by_state["active"],
        "uncovered": by_state["active"] - usable,
        "judged": count_judged(session, wanted_votes=wanted_votes, at=at),
        "in_snapshot": _count(
            session, select(SnapshotItem.photo_id).where(SnapshotItem.photo_id.in_(ids)).distinct()
        ),
    }


def _count(session: Session, statement: Any) -> int:
    return session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def _ids(session: Session, statement: Any) -> set[str]:
    found: Iterable[uuid.UUID] = session.scalars(statement)
    return {one.hex for one in found}
