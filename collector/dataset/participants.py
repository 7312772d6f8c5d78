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
from collector.dataset.sealing import Key
from collector.dataset.vocabulary import SEXES

# Letters that look the same in Latin and in Cyrillic: read aloud, a pseudonym is never misheard.
LETTERS = "ABEKMHPCTX"
CYRILLIC = str.maketrans("АВЕКМНРСТХ", LETTERS)


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


@dataclass(frozen=True)
class Newcomer:
    """A child to be registered; `real_name`, if wanted, is kept with the keys."""

    attributes: Attributes = Attributes()
    real_name: str | None = None


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
    newcomer = Newcomer(attributes, real_name)
    with dataset.database.write() as session:
        ((participant, _),) = add_participants(
            dataset, session, [newcomer], actor=actor, created_by=created_by
        )
    dataset.keys.confirm_child(participant.id)
    return participant


def add_participants(
    dataset: Dataset,
    session: Session,
    newcomers: Sequence[Newcomer],
    *,
    actor: str,
    created_by: uuid.UUID | None = None,
) -> list[tuple[Participant, Key]]:
    """Add checked children, in their order, within the caller's write transaction.

    Their keys are made here, under the write lock, so that another process's start-up never takes
    them for leftovers; the caller confirms them once its transaction is committed.
    """
    ids = [uuid.uuid4() for _ in newcomers]
    names = [one.real_name and one.real_name.strip()[:200] for one in newcomers]
    keys = dataset.keys.begin_children(dataset.site_id, dict(zip(ids, names, strict=True)))
    study_id = session.scalars(select(Study.id)).one()
    added = []
    for participant_id, newcomer in zip(ids, newcomers, strict=True):
        key = keys[participant_id]
        attributes = json.dumps(asdict(newcomer.attributes)).encode()
        participant = Participant(
            id=participant_id,
            site_id=dataset.site_id,
            study_id=study_id,
            pseudonym=_new_pseudonym(session),
            attributes=key.seal(attributes, "attributes", participant_id),
            created_by=created_by,
            created_at=clock.now(),
        )
        session.add(participant)
        dataset.chain.record(session, actor, "participant registered", participant_id)
        added.append((participant, key))
    return added


def find_participant(session: Session, participant_id: uuid.UUID) -> Participant:
    """The child of that id; raises NotFound."""
    participant = session.get(Participant, participant_id)
    if participant is None:
        raise NotFound("There is no such child.")
    return participant


def find_by_pseudonym(session: Session, written: str) -> Participant:
    """The child of a pseudonym as somebody types it, in either alphabet; raises NotFound."""
    letters = "".join(filter(str.isalnum, written.upper().translate(CYRILLIC)))
    wanted = (written.strip(), f"{letters[:2]}-{letters[2:]}")
    found = session.scalars(select(Participant).where(Participant.pseudonym.in_(wanted))).first()
    if found is None:
        raise NotFound("No child has this pseudonym.")
    return found


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
