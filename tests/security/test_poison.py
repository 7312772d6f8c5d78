"""The poison test: photos that must not be seen bear a mark, and no answer may show it.

Every route is tried by everybody with the ids of every child; each picture in an answer is decoded
and searched, wherever it is wrapped. What is seen must be exactly what is listed here.
"""

import base64
import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.texts import register_text
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Unprocessable
from collector.dataset.snapshots import freeze_snapshot, load_snapshot
from tests.capture.tablet import send
from tests.cast import SIGNATURE
from tests.security.poison import (
    CAST,
    FOR_RESEARCH,
    FORBIDDEN,
    IN_QUARANTINE,
    WITH_SECOND_FACE,
    Poisoned,
)
from tests.security.sweep import Visitor, ids_of, somebody, tablet

pytestmark = pytest.mark.slow

Ids = Mapping[str, Sequence[object]]

# Every way on which a photo comes out of the app, and why it may. All other answers bear none.
WAYS_OUT = {
    "review.photo": "reviewers judge what the guardian's research consent covers",
    "tablet_api.thumbnail": "the child looks at its own photos while it has them in its hands",
    "quarantine.thumbnail": "an admin decides about photos that the research consent covers",
    "looking.photo": "the guardian looks at the child's photos, beside the operator",
    "looking.thumbnail": "the same, small",
    "looking.copy": "the guardian receives all that is held",
}

IN_HANDS = "tablet_api.thumbnail"
LOOKING = ("looking.photo", "looking.thumbnail", "looking.copy")

# What whoever is signed in, or is not, may see by these ways, before any guardian came to look.
MAY_SEE = {
    "": {},
    "olga": {},
    "rita": {"review.photo": set(FOR_RESEARCH)},
    "rustam": {"review.photo": set(FOR_RESEARCH)},
    "admin": {"quarantine.thumbnail": set(IN_QUARANTINE)},
}
# Sessions that are open and whose consent stands; each shows its own child and no other.
OWN_PHOTOS_IN_HANDS = {"arina", "pavel", "polina", "sofia", "stepan"}


@pytest.fixture
def dataset(poisoned: Dataset) -> Dataset:
    """The dataset that the app serves here."""
    return poisoned


@pytest.fixture
def ids(poisoned: Dataset, school: Poisoned) -> Ids:
    return ids_of(poisoned, school)


def photos_left(dataset: Dataset) -> set[uuid.UUID]:
    with dataset.database.read() as session:
        return {uuid.UUID(hex=one) for one in session.scalars(text("SELECT id FROM photo"))}


def lease(reviewer: Visitor) -> list[str]:
    found = reviewer.ask("GET", "/review/api/queue?count=10", "review.lease").json
    return list(found["photos"])


def judge(reviewer: Visitor, photo: object) -> int:
    ballot = {"vote_id": str(uuid.uuid4()), "photo_id": str(photo), "verdict": "unsure"}
    answer = reviewer.client.post("/review/api/votes", json=ballot, headers=reviewer.headers)
    return answer.status_code


def filled_form(school: Poisoned, document: uuid.UUID, answer: str) -> dict[str, object]:
    """All that forms ask for, filled in by somebody who wants to see photos; no guardian came."""
    yes = dict.fromkeys(("sure", "confirmed", "after_stop"), "yes")
    picture = base64.b64encode(SIGNATURE).decode()
    return yes | {
        "answer": answer, "decision": "release", "what": "sharing", "language": "en",
        "guardian": "Gulnara the guardian", "relation": "mother", "method": "paper",
        "purpose": "research", "light": "natural", "session": str(uuid.uuid4()),
        "text": str(document), "participant": str(school.children["rosa"]),
        "signed_on": clock.now().astimezone().date().isoformat(), "scan": picture,
        "to": str(school.children["nina"]), "child": str(school.children["egor"]),
    }  # fmt: skip


def test_every_way_out_is_listed_with_its_reason_and_tried_here() -> None:
    signed_in = {way for ways in MAY_SEE.values() for way in ways}
    assert signed_in | {IN_HANDS, *LOOKING} == set(WAYS_OUT)


@pytest.mark.parametrize("name", MAY_SEE)
def test_every_page_shows_exactly_what_this_visitor_may_see(
    name: str, app: Flask, ids: Ids
) -> None:
    visitor = somebody(app, ids, name)
    assert visitor.try_all("GET") == MAY_SEE[name]
    assert len(visitor.texts) > 50


@pytest.mark.parametrize("name", MAY_SEE)
def test_an_empty_form_is_answered_with_no_photo(
    name: str, app: Flask, ids: Ids, poisoned: Dataset
) -> None:
    before = photos_left(poisoned)
    visitor = somebody(app, ids, name)
    assert visitor.try_all("POST", "PUT", "DELETE") == {}
    assert photos_left(poisoned) == before


@pytest.mark.parametrize("child", [one for one in CAST if one != "maya"])
def test_a_token_shows_its_own_child_s_photos_alone(
    child: str, app: Flask, ids: Ids, school: Poisoned
) -> None:
    holder = tablet(app, ids, school.sittings[child].token)
    own = {IN_HANDS: {child}} if child in OWN_PHOTOS_IN_HANDS else {}
    assert holder.try_all("GET") == own
    others = school.photos_of(frozenset(CAST) - {child})
    answered = " ".join(holder.texts.values())
    assert not any(str(photo) in answered for photo in others)


@pytest.mark.parametrize("name", ["rita", "rustam"])
def test_a_reviewer_is_handed_every_allowed_photo_and_no_other(
    name: str, app: Flask, ids: Ids, school: Poisoned, poisoned: Dataset
) -> None:
    with poisoned.database.write() as session:  # votes on what is forbidden now stay
        for one in school.photos_of(FOR_RESEARCH):
            session.execute(text("DELETE FROM vote WHERE photo_id = :id"), {"id": one.hex})
    reviewer, handed = somebody(app, ids, name), set()
    reviewer.try_all("GET", only="review")
    while photos := lease(reviewer):
        handed |= {uuid.UUID(one) for one in photos}
        assert {judge(reviewer, one) for one in photos} == {201}
    assert handed == school.photos_of(FOR_RESEARCH)
    assert {judge(reviewer, one) for one in school.photos_of(FORBIDDEN)} == {404}
    answered = " ".join(reviewer.texts.values())
    assert not any(str(photo) in answered for photo in school.photos_of(FORBIDDEN))


@pytest.mark.parametrize("child", CAST)
def test_a_granted_look_shows_that_child_and_no_other(
    child: str, app: Flask, ids: Ids, school: Poisoned
) -> None:
    other = "timur" if child == "arina" else "arina"
    pair = [school.children[child], school.children[other]]
    operator = somebody(app, {**ids, "participant_id": pair}, "olga")
    begin = f"/children/{school.children[child]}/look"
    granted = operator.ask("POST", begin, "looking.begin", {"known": "yes"})
    assert granted.status_code == (404 if child == "maya" else 302)
    operator.try_all("GET", only="" if child == "arina" else "looking")
    operator.try_all("POST", only="looking.copy")
    # A second face has guardians of its own; of Maya nothing is left.
    nothing = child in WITH_SECOND_FACE | {"maya"}
    assert operator.seen == ({} if nothing else {way: {child} for way in LOOKING})


@pytest.mark.parametrize("child", sorted(CAST.keys() - {"nina"}))  # nobody has a code for her
def test_the_guardian_s_own_page_shows_no_photo(
    child: str, app: Flask, ids: Ids, school: Poisoned
) -> None:
    guardian = somebody(app, ids)
    for tap in ({}, {"what": "publication"}, {"what": "everything"}):
        form = {"code": school.codes[child], **tap}
        assert guardian.ask("POST", "/withdraw", "withdrawals.answer", form).status_code == 200
    assert guardian.seen == {}


@pytest.mark.parametrize("covers", [False, True])
def test_no_form_but_a_consent_that_says_so_brings_a_forbidden_photo_back(
    covers: bool, app: Flask, ids: Ids, school: Poisoned, poisoned: Dataset
) -> None:
    """Consents given today, released, kept, moved to another child: for the photos of before none
    of it is a consent, unless its text covers them. What waited in quarantine is out of question:
    it is the child's, or an admin's, to let out.
    """
    document = register_text(
        poisoned, "research", "en", "Form", "Words", covers_earlier_photos=covers, actor="test"
    )
    for answer in ("given", "keep"):
        form = filled_form(school, document.id, answer)
        for name in ("olga", "admin", "rita"):
            assert somebody(app, ids, name).try_all("POST", form=form) == {}, (name, answer)
    shown = somebody(app, ids, "rita").try_all("GET", only="review")["review.photo"]
    renewed = {"rosa", "vera", "egor", "nina"} if covers else set()
    assert shown - IN_QUARANTINE - FOR_RESEARCH == renewed
    freeze_snapshot(poisoned, "after", "prompted", actor="test")
    loaded = load_snapshot(poisoned, "after").photos
    assert {school.owner(one.photo_id) for one in loaded} == shown


@pytest.mark.parametrize("child", CAST)
def test_a_photo_is_stored_only_where_a_child_may_be_photographed(
    child: str, app: Flask, school: Poisoned, poisoned: Dataset
) -> None:
    before = photos_left(poisoned)
    photo = uuid.uuid4()
    sent = send(app.test_client(), school.sittings[child].token, photo=photo)
    allowed = child in OWN_PHOTOS_IN_HANDS - {"stepan"}
    assert sent.status_code == (201 if allowed else 409), sent.json
    assert photos_left(poisoned) - before == ({photo} if allowed else set())


def test_once_the_study_may_keep_nothing_nobody_who_works_here_sees_anything(
    app: Flask, ids: Ids, school: Poisoned, poisoned: Dataset
) -> None:
    yesterday = (clock.now() - timedelta(days=1)).date().isoformat()
    with poisoned.database.write() as session:
        session.execute(text("UPDATE study SET keep_until = :day"), {"day": yesterday})
    for name in ("rita", "rustam", "admin", "olga"):
        visitor = somebody(app, ids, name)
        for room in ("review", "quarantine", "looking", "children"):
            visitor.try_all("GET", only=room)
        assert visitor.seen == {}, name
    assert load_snapshot(poisoned, "before").photos == ()
    with pytest.raises(Unprocessable, match="no usable photos"):
        freeze_snapshot(poisoned, "late", "prompted", actor="test")
    sent = send(app.test_client(), school.sittings["arina"].token)
    assert sent.status_code == 409
