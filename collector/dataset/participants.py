"""Children under pseudonyms, and the attributes that a study wants varied."""

import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.errors import NotFound, Unprocessable
from collector.dataset.models import Participant, Study
from collector.dataset.vocabulary import SEXES

# Letters that look the same in Latin and in Cyrillic: read aloud, a pseudonym is never misheard.
LETTERS = "ABEKMHPCTX"


@dataclass(frozen=True)
class Attributes:
    """All optional. Birth as year and month, never the day; `origin` in the guardian's words."""

    birth_year: int | None = None
    birth_month: int | None = None
    sex: str | None = None
    glasses: bool | None = None
    origin: str | None = None

    def check(self, today: date) -> None:
        """Raises Unprocessable for what cannot be a child's attribute."""
        if self.birth_year is not None and not today.year - 18 <= self.birth_year <= today.year:
            raise Unprocessable("The year of birth is not that of a child.")
        if self.birth_month is not None and not 1 <= self.birth_month <= 12:
            raise Unprocessable("The month of birth is a number from 1 to 12.")
        if self.sex is not None and self.sex not in SEXES:
            raise Unprocessable("Sex is girl, boy, or left out.")
        if self.origin is not None and len(self.origin) > 200:
            raise Unprocessable("The origin is at most 200 characters long.")


def register_participant(
    dataset: Dataset,
    attributes: Attributes,
    *,
    actor: str,
    created_by: uuid.UUID | None = None,
    real_name: str | None = None,
) -> Participant:
    """Register a child under a new pseudonym: first its key, then its row.

    An interruption in between leaves an unconfirmed key, which the next opening settles.
    """
    attributes.check(clock.now().date())
    participant_id = uuid.uuid4()
    with dataset.database.write() as session:
        # Under the write lock, so that another process's start-up never takes this key for a
        # leftover.
        key = dataset.keys.begin_child(dataset.site_id, participant_id)
        if real_name and real_name.strip():
            dataset.keys.set_real_name(participant_id, real_name.strip()[:200])
        participant = Participant(
            id=participant_id,
            site_id=dataset.site_id,
            study_id=session.scalars(select(Study.id)).one(),
            pseudonym=_new_pseudonym(session),
            attributes=key.seal(
                json.dumps(asdict(attributes)).encode(), "attributes", participant_id
            ),
            created_by=created_by,
            created_at=clock.now(),
        )
        session.add(participant)
        dataset.chain.record(session, actor, "participant registered", participant_id)
    dataset.keys.confirm_child(participant_id)
    return participant


def find_participant(session: Session, participant_id: uuid.UUID) -> Participant:
    """The child of that id; raises NotFound."""
    participant = session.get(Participant, participant_id)
    if participant is None:
        raise NotFound("There is no such child.")
    return participant


def list_participants(session: Session) -> Sequence[Participant]:
    """All children, by pseudonym."""
    return session.scalars(select(Participant).order_by(Participant.pseudonym)).all()


def read_attributes(dataset: Dataset, participant: Participant) -> Attributes:
    """The child's attributes, opened with its key."""
    if participant.attributes is None:
        return Attributes()
    key = dataset.keys.child(participant.id)
    return Attributes(**json.loads(key.open(participant.attributes, "attributes", participant.id)))


def _new_pseudonym(session: Session) -> str:
    while True:
        letters = "".join(secrets.choice(LETTERS) for _ in range(2))
        pseudonym = f"{letters}-{secrets.randbelow(900) + 100}"
        taken = select(Participant.id).where(Participant.pseudonym == pseudonym)
        if session.scalars(taken).first() is None:
            return pseudonym
