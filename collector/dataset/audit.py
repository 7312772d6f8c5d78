"""The chain of events: what was done, by whom, to which random id."""

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.models import AuditEvent


@dataclass(frozen=True)
class Chain:
    """One site's chain and the secret that its events are authenticated with."""

    site_id: uuid.UUID
    secret: bytes

    def record(
        self,
        session: Session,
        actor: str,
        action: str,
        subject: uuid.UUID | None = None,
        **details: Any,
    ) -> AuditEvent:
        """Append an event in the caller's transaction; `details` hold no names, no attributes."""
        last = session.scalars(self._newest_first().limit(1)).first()
        event = AuditEvent(
            site_id=self.site_id,
            position=last.position + 1 if last else 1,
            at=clock.now(),
            actor=actor,
            action=action,
            subject=subject.hex if subject else None,
            details=details,
        )
        event.mac = self._mac(event, last.mac if last else "")
        session.add(event)
        session.flush()
        return event

    def first_broken(self, session: Session) -> int | None:
        """The position of the first event that was altered, moved or removed; None if whole."""
        previous = ""
        statement = (
            select(AuditEvent)
            .where(AuditEvent.site_id == self.site_id)
            .order_by(AuditEvent.position)
        )
        for expected, event in enumerate(session.scalars(statement), start=1):
            if event.position != expected or not hmac.compare_digest(
                event.mac, self._mac(event, previous)
            ):
                return expected
            previous = event.mac
        return None

    def _newest_first(self) -> Any:
        return (
            select(AuditEvent)
            .where(AuditEvent.site_id == self.site_id)
            .order_by(AuditEvent.position.desc())
        )

    def _mac(self, event: AuditEvent, previous: str) -> str:
        content = [
            previous,
            event.site_id.hex,
            event.position,
            event.at.isoformat(),
            event.actor,
            event.action,
            event.subject,
            event.details,
        ]
        message = json.dumps(content, sort_keys=True, ensure_ascii=False).encode()
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()
