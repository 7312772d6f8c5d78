"""Versions of protocols: one that may be in use is never changed, only superseded.

An operator's protocol and the program's live side by side: a body's `origin` says whose it is.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, Unprocessable
from collector.dataset.models import CaptureSession, Protocol
from collector.dataset.protocols.checking import check_body
from collector.dataset.protocols.plan import current_protocols, find_protocol, modernise

MAX_NAME = 60
MAX_EXPORT = 400_000  # letters: 200 steps and 12 stories for all emotions fit


@dataclass(frozen=True)
class Listed:
    """A protocol, how many sessions rest on it, and whether a new one may."""

    protocol: Protocol
    sessions: int
    current: bool


def is_shipped(protocol: Protocol) -> bool:
    """Whether the program brought it; before operators could write any, it brought all."""
    return bool(protocol.body.get("origin", "shipped") == "shipped")


def versions_of(session: Session, site_id: uuid.UUID, name: str) -> Sequence[Protocol]:
    """All versions of a protocol, newest first."""
    statement = select(Protocol).where(Protocol.site_id == site_id, Protocol.name == name)
    return session.scalars(statement.order_by(Protocol.version.desc())).all()


def list_protocols(session: Session) -> list[Listed]:
    """Every version there ever was, by name, newest first."""
    current = {one.id for one in current_protocols(session)}
    uses = _count_uses(session)
    statement = select(Protocol).order_by(func.lower(Protocol.name), Protocol.version.desc())
    return [
        Listed(one, uses.get(one.id, 0), one.id in current) for one in session.scalars(statement)
    ]


def count_uses(session: Session, protocol_id: uuid.UUID) -> int:
    """How many sessions rest on this version."""
    return _count_uses(session).get(protocol_id, 0)


def copy_protocol(dataset: Dataset, name: str, body: object, *, actor: str) -> Protocol:
    """Keep a protocol under a name that is free; raises Unprocessable, or Conflict if it is not.

    The same sent twice is one protocol.
    """
    name, body = _check_name(name), check_body(body)
    with dataset.database.write() as session:
        known = versions_of(session, dataset.site_id, name)
        if known and _is_same(known[0], body):
            return known[0]
        if known:
            raise Conflict("A protocol of this name is there already: choose another name.")
        return _add(dataset, session, name, body, None, actor)


def supersede(dataset: Dataset, protocol_id: uuid.UUID, body: object, *, actor: str) -> Protocol:
    """Keep the body as a new version in place of a protocol; the same body changes nothing.

    Raises Unprocessable, NotFound, or Conflict if another version superseded it meanwhile.
    """
    body = check_body(body)
    with dataset.database.write() as session:
        before = find_protocol(session, protocol_id)
        after = session.scalars(select(Protocol).where(Protocol.supersedes_id == before.id)).first()
        for one in (before, after):
            if one is not None and _is_same(one, body):
                return one
        if after is not None:
            raise Conflict(
                "There is a newer version of this protocol already: begin with that one."
            )
        return _add(dataset, session, before.name, body, before, actor)


def import_protocol(dataset: Dataset, content: str, *, actor: str) -> Protocol:
    """Keep a protocol that was exported: a new name, or a new version of the newest of its name."""
    name, body = _read_export(content)
    with dataset.database.read() as session:
        current = [one for one in current_protocols(session) if one.name == name]
    if not current:
        return copy_protocol(dataset, name, body, actor=actor)
    return supersede(dataset, current[-1].id, body, actor=actor)


def export_protocol(protocol: Protocol) -> str:
    """The protocol as JSON text that another dataset can import."""
    body = {"name": protocol.name, "version": protocol.version, **modernise(protocol.body)}
    return json.dumps(body, ensure_ascii=False, indent=2) + "\n"


def _read_export(content: str) -> tuple[str, object]:
    if len(content) > MAX_EXPORT:
        raise Unprocessable("This text is too long to be a protocol.")
    try:
        body: Any = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Unprocessable("This is not a protocol: the text is no JSON.") from error
    return _check_name(body.get("name") if isinstance(body, dict) else None), body


def _check_name(name: object) -> str:
    name = " ".join(name.split()) if isinstance(name, str) else ""
    if not 0 < len(name) <= MAX_NAME or not name.isprintable():
        raise Unprocessable("A protocol's name is one line of at most 60 letters.")
    return name


def _is_same(protocol: Protocol, body: dict[str, Any]) -> bool:
    return {**modernise(protocol.body), "origin": ""} == {**body, "origin": ""}


def _count_uses(session: Session) -> dict[uuid.UUID | None, int]:
    uses = select(CaptureSession.protocol_id, func.count()).group_by(CaptureSession.protocol_id)
    return {row[0]: row[1] for row in session.execute(uses)}


def _add(
    dataset: Dataset,
    session: Session,
    name: str,
    body: dict[str, Any],
    before: Protocol | None,
    actor: str,
) -> Protocol:
    versions = versions_of(session, dataset.site_id, name)
    protocol = Protocol(
        id=uuid.uuid4(),
        site_id=dataset.site_id,
        name=name,
        version=versions[0].version + 1 if versions else 1,
        body={**body, "origin": "own"},
        supersedes_id=before.id if before else None,
        created_at=clock.now(),
    )
    session.add(protocol)
    session.flush()
    dataset.chain.record(
        session, actor, "protocol registered", protocol.id, version=protocol.version,
        **({"supersedes": before.id.hex} if before else {}),
    )  # fmt: skip
    return protocol
