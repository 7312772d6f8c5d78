"""The cast of the tests: who works here, which children there are, what guardians said."""

import io
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import numpy as np
from PIL import Image, ImageDraw
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.answers import Answer, Guardian, record_consent
from collector.dataset.consents.texts import consent_texts
from collector.dataset.dataset import Dataset
from collector.dataset.drawn import draw_photo, encode_jpeg, invent_character
from collector.dataset.emotions import Emotion
from collector.dataset.faces import FaceFinder
from collector.dataset.participants import Attributes, register_participant
from collector.dataset.photos import Shot, add_photo
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.sessions import answer_assent, start_session
from collector.dataset.users import add_user

PASSWORD = "correct horse"
PEOPLE = {
    "admin": ("admin",),
    "olga": ("operator",),
    "rita": ("reviewer",),
    "rustam": ("reviewer",),
}


def _draw_signature() -> bytes:
    picture, file = Image.new("L", (60, 24), 255), io.BytesIO()
    ImageDraw.Draw(picture).line([(4, 18), (15, 5), (24, 19), (38, 7), (55, 14)], fill=0, width=2)
    picture.save(file, "PNG")
    return file.getvalue()


SIGNATURE = _draw_signature()


@dataclass(frozen=True)
class OpenSession:
    """A session that the child agreed to, and its token."""

    id: uuid.UUID
    token: str
    child: uuid.UUID


def hire(dataset: Dataset) -> dict[str, uuid.UUID]:
    """Accounts for everybody who works here, by name."""
    return {
        name: add_user(dataset, name, PASSWORD, roles, actor="test").id
        for name, roles in PEOPLE.items()
    }


def give(
    dataset: Dataset,
    child: uuid.UUID,
    purpose: str = "research",
    *,
    given: bool = True,
    signed_at: datetime | None = None,
    valid_until: datetime | None = None,
) -> uuid.UUID:
    """Record a guardian's answer, signed an hour ago unless told otherwise."""
    with dataset.database.read() as session:
        text = consent_texts(session, purpose)[0]
    answer = Answer(
        purpose=purpose,
        text_id=text.id,
        guardian=Guardian("Gulnara the guardian"),
        relation="mother",
        method="screen",
        signed_at=signed_at or clock.now() - timedelta(hours=1),
        given=given,
        valid_until=valid_until,
        document=SIGNATURE,
    )
    return record_consent(dataset, child, answer, actor="test").id


def let_no_text_cover_earlier_photos(dataset: Dataset) -> None:
    """As a study whose own documents speak of photos taken after the signature alone."""
    with dataset.database.write() as session:
        session.execute(text("UPDATE consent_text SET covers_earlier_photos = 0"))


def enrol(dataset: Dataset, *purposes: str, **attributes: object) -> uuid.UUID:
    """A child whose guardian consented to the purposes."""
    child = register_participant(dataset, Attributes(**attributes), actor="test").id
    for purpose in purposes:
        give(dataset, child, purpose)
    return child


def sit(
    dataset: Dataset,
    child: uuid.UUID,
    operator: uuid.UUID | None = None,
    *,
    light: str = "natural",
    assent: str | None = "yes",
) -> OpenSession:
    """A session of the child, begun unless `assent` is None."""
    with dataset.database.read() as session:
        protocol = current_protocols(session)[0].id
    capture, token = start_session(
        dataset, child, protocol, light=light, language="en", actor="test", operator_id=operator,
        confirmed="hand", after_stop_confirmed=True,
    )  # fmt: skip
    if assent:
        answer_assent(dataset, capture.id, assent, "test tablet")
    return OpenSession(capture.id, token, child)


def shot(
    emotion: Emotion | None = Emotion.HAPPY,
    *,
    photo_id: uuid.UUID | None = None,
    burst: uuid.UUID | None = None,
    number: int = 0,
    taken_at: datetime | None = None,
) -> Shot:
    """What a tablet says of a photo."""
    return Shot(
        photo_id=photo_id or uuid.uuid4(),
        burst_id=burst or uuid.uuid4(),
        shot=number,
        prompted_emotion=emotion,
        taken_at=taken_at or clock.now(),
    )


def snap(
    dataset: Dataset,
    session: OpenSession,
    emotion: Emotion = Emotion.HAPPY,
    *,
    burst: uuid.UUID | None = None,
    number: int = 0,
) -> uuid.UUID:
    """Store a drawn face in the session; returns the photo's id."""
    taken = shot(emotion, burst=burst, number=number)
    add_photo(dataset, finder(), session.id, taken, drawn_jpeg(emotion))
    return taken.photo_id


@cache
def finder() -> FaceFinder:
    """One for all: reading the cascades takes as long as using them."""
    return FaceFinder()


@cache
def drawn_jpeg(emotion: Emotion = Emotion.HAPPY, seed: int = 1) -> bytes:
    """A drawn child's photo of that emotion, 1280 x 720."""
    rng = np.random.default_rng(seed)
    return encode_jpeg(draw_photo(emotion, invent_character(rng), "natural", rng))
