"""Which lights the protocols ask for, and what there is of each."""

import uuid
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from collector.dataset.doors import usable_photos
from collector.dataset.models import CaptureSession, Photo, Protocol
from collector.dataset.protocols.plan import current_protocols, modernise
from collector.dataset.vocabulary import WANTED_LIGHTS


def lights_asked(protocol: Protocol) -> tuple[str, ...]:
    """The lights that parts of the protocol are wanted in; none where any light will do."""
    parts = modernise(protocol.body)["parts"]
    wanted = {light for part in parts for light in part["lights"]}
    return tuple(light for light in WANTED_LIGHTS if light in wanted)


def count_lights(session: Session, at: datetime) -> dict[str, int]:
    """Usable photos of each light that the protocols in use ask for, at the moment `at`."""
    wanted = {light for one in current_protocols(session) for light in lights_asked(one)}
    usable = usable_photos("research", at).order_by(None)
    counted = usable.with_only_columns(Photo.light, func.count(Photo.id)).group_by(Photo.light)
    there = {row[0]: row[1] for row in session.execute(counted)}
    return {light: there.get(light, 0) for light in WANTED_LIGHTS if light in wanted}


def lights_missing(session: Session, participant_id: uuid.UUID) -> dict[uuid.UUID, tuple[str, ...]]:
    """Of each protocol in use, the lights it asks for that the child had no sitting in so far.

    Protocols that miss none are left out; all versions of a protocol count.
    """
    sat = {
        (row[0], row[1])
        for row in session.execute(
            select(Protocol.name, CaptureSession.light)
            .join(Protocol, Protocol.id == CaptureSession.protocol_id)
            .where(CaptureSession.participant_id == participant_id, CaptureSession.assent == "yes")
        )
    }
    missing = {
        one.id: tuple(light for light in lights_asked(one) if (one.name, light) not in sat)
        for one in current_protocols(session)
    }
    return {protocol: lights for protocol, lights in missing.items() if lights}
