"""A school in which some photos must never be seen again, each marked by its child's hue.

Everything happens yesterday, so that consents which ended an hour later have ended by now.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.receipts import issue_receipt, read_code
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.drawn import draw_photo, encode_jpeg, invent_character
from collector.dataset.emotions import Emotion
from collector.dataset.faces import FaceFinder
from collector.dataset.labels import Judgement, cast_vote
from collector.dataset.photos import add_photo
from collector.dataset.pixels import RGB
from collector.dataset.sessions import close_session
from collector.dataset.snapshots import freeze_snapshot
from tests.cast import OpenSession, enrol, give, shot, sit
from tests.security.marks import dyed

# What each child's guardian and the child itself said.
CAST = {
    "arina": "research, publication and sharing, all of them standing; the session is open",
    "timur": "research alone; the session is finished",
    "pavel": "research and publication; publication was withdrawn",
    "polina": "research and publication; publication has expired",
    "rosa": "research, refused after the photos were taken",
    "egor": "research, which has expired since",
    "nina": "never asked: photos were smuggled in through SQL under Arina's consent",
    "sofia": "research; but a second face is in the photos",
    "vera": "research, refused after a second face was found in the photos",
    "stepan": "research; but the child stopped and was not asked yet what becomes of its photos",
    "maya": "research, withdrawn: erased",
}
FOR_RESEARCH = frozenset({"arina", "timur", "pavel", "polina"})
FOR_PUBLICATION = FOR_SHARING = frozenset({"arina"})
FORBIDDEN = frozenset(CAST) - FOR_RESEARCH
WITH_SECOND_FACE = frozenset({"sofia", "vera"})
IN_QUARANTINE = frozenset({"sofia", "stepan"})

SHOWN = (Emotion.HAPPY, Emotion.SAD, Emotion.ANGRY, Emotion.NEUTRAL)
SIZE = (480, 360)


@dataclass
class Poisoned:
    """Who is in the school: ids by the child's name, and the photos as they were taken."""

    staff: Mapping[str, uuid.UUID]
    children: dict[str, uuid.UUID] = field(default_factory=dict)
    sittings: dict[str, OpenSession] = field(default_factory=dict)
    photos: dict[str, list[uuid.UUID]] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    jpegs: dict[uuid.UUID, bytes] = field(default_factory=dict)

    def owner(self, photo_id: uuid.UUID) -> str:
        """Whose photo it is."""
        return next(child for child, photos in self.photos.items() if photo_id in photos)

    def photos_of(self, children: frozenset[str]) -> set[uuid.UUID]:
        """All photos of these children."""
        return {photo for child in children for photo in self.photos[child]}


def poison(dataset: Dataset, staff: Mapping[str, uuid.UUID]) -> Poisoned:
    """Fill the dataset; the snapshots "before" and "judged" are from when every consent stood."""
    school = Poisoned(staff)
    yesterday = timedelta(days=-1)
    real = clock.now
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: real() + yesterday)
        _enrol_all(dataset, school, soon=clock.now() + timedelta(hours=1))
        for child in CAST:
            _photograph(dataset, school, child)
        _judge_and_freeze(dataset, school)
        _turn(dataset, school)
    return school


def draw(child: str, number: int) -> RGB:
    """A drawn face in the child's hue; where there is a second face, two of them."""
    dice = np.random.default_rng([number, *child.encode()])
    emotion = SHOWN[number % len(SHOWN)]
    heads = 2 if child in WITH_SECOND_FACE else 1
    drawn = [
        draw_photo(emotion, invent_character(dice), "natural", dice, size=SIZE)
        for _ in range(heads)
    ]
    return dyed(np.hstack(drawn), child)


def _enrol_all(dataset: Dataset, school: Poisoned, soon: datetime) -> None:
    purposes = {
        "arina": ("research", "publication", "sharing"),
        "pavel": ("research", "publication"),
        "egor": (),
    }
    for child in CAST:
        school.children[child] = enrol(dataset, *purposes.get(child, ("research",)))
    give(dataset, school.children["polina"], "publication", valid_until=soon)
    give(dataset, school.children["egor"], "research", valid_until=soon)
    for child in CAST.keys() - {"nina"}:
        receipt = issue_receipt(dataset, school.children[child], actor="test")
        school.codes[child] = read_code(dataset, receipt)


def _photograph(dataset: Dataset, school: Poisoned, child: str) -> None:
    """Four photos of who is trained on, so that they may be divided; two of the others."""
    school.sittings[child] = sit(dataset, school.children[child], school.staff["olga"])
    school.photos[child] = []
    for number in range(4 if child in FOR_RESEARCH else 2):
        taken = shot(SHOWN[number])
        school.jpegs[taken.photo_id] = jpeg = encode_jpeg(draw(child, number))
        stored = add_photo(dataset, FaceFinder(), school.sittings[child].id, taken, jpeg)
        assert (stored.state == "quarantined") == (child in WITH_SECOND_FACE), child
        school.photos[child].append(taken.photo_id)


def _judge_and_freeze(dataset: Dataset, school: Poisoned) -> None:
    """With the photos in quarantine, as if the second faces were only found later."""
    two_faces = school.photos_of(WITH_SECOND_FACE)
    for photo in two_faces:
        _alter(dataset, "UPDATE photo SET state = 'active', state_reason = NULL WHERE id = :id",
               id=photo.hex)  # fmt: skip
    for photo in school.photos_of(frozenset(CAST)):
        for reviewer in ("rita", "rustam"):
            vote = Judgement(uuid.uuid4(), photo, "emotion", Emotion.HAPPY)
            cast_vote(dataset, school.staff[reviewer], vote)
    freeze_snapshot(dataset, "before", "prompted", actor="test")
    freeze_snapshot(dataset, "judged", "majority", actor="test")
    for photo in two_faces:
        _alter(dataset, "UPDATE photo SET state = 'quarantined', state_reason = 'second_face'"
                        " WHERE id = :id", id=photo.hex)  # fmt: skip


def _turn(dataset: Dataset, school: Poisoned) -> None:
    """What makes each child what the cast says."""
    close_session(dataset, school.sittings["timur"].id, "finished", [])
    close_session(dataset, school.sittings["stepan"].id, "stopped", [])
    for child in ("rosa", "vera"):
        give(dataset, school.children[child], given=False, signed_at=clock.now())
    for child, purpose in (("pavel", "publication"), ("maya", "research")):
        withdraw(dataset, school.children[child], [purpose], channel="operator", actor="test")
    _borrow_consent(dataset, school.children["nina"], school.children["arina"])


def _borrow_consent(dataset: Dataset, child: uuid.UUID, lender: uuid.UUID) -> None:
    """Leave the child's rows as if they had been smuggled in under another child's consent."""
    ids = {"child": child.hex, "lender": lender.hex}
    _alter(dataset, "UPDATE capture_session SET consent_id = (SELECT id FROM consent WHERE"
                    " participant_id = :lender AND purpose = 'research')"
                    " WHERE participant_id = :child", **ids)  # fmt: skip
    for statement in (
        "DELETE FROM consent_document WHERE consent_id IN"
        " (SELECT id FROM consent WHERE participant_id = :child)",
        "DELETE FROM consent WHERE participant_id = :child",
    ):
        _alter(dataset, statement, child=child.hex)


def _alter(dataset: Dataset, statement: str, **values: str) -> None:
    with dataset.database.write() as session:
        assert session.execute(text(statement), values).rowcount > 0
