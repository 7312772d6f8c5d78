"""A certificate for every child that took part: stars, a day, and no photo."""

import re
import uuid

from flask.testing import FlaskClient

from collector.dataset.dataset import Dataset
from collector.dataset.participants import find_participant
from collector.dataset.sessions import close_session
from tests.cast import enrol, sit, snap


def certificate(olga: FlaskClient, child: uuid.UUID, query: str = "") -> str:
    page = olga.get(f"/children/{child}/certificate{query}").get_data(as_text=True)
    found = re.search(r'<section class="certificate".*?</section>', page, re.DOTALL)
    assert found
    return found[0]


def test_a_child_that_stopped_gets_the_same_as_one_that_finished(
    olga: FlaskClient, dataset: Dataset
) -> None:
    pages = []
    for how in ("finished", "stopped"):
        session = sit(dataset, enrol(dataset, "research"))
        snap(dataset, session)
        close_session(dataset, session.id, how, [])
        pages.append(certificate(olga, session.child))
    assert pages[0] == pages[1]
    assert pages[0].count("<svg") == 8


def test_there_is_no_photo_and_the_pseudonym_only_where_it_is_wanted(
    olga: FlaskClient, dataset: Dataset
) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    snap(dataset, session)
    with dataset.database.read() as db:
        pseudonym = find_participant(db, session.child).pseudonym
    plain = certificate(olga, session.child)
    assert "<img" not in plain
    assert pseudonym not in plain
    assert pseudonym in certificate(olga, session.child, "?name=yes")


def test_it_speaks_the_language_of_the_child_s_session_unless_another_is_chosen(
    olga: FlaskClient, dataset: Dataset
) -> None:
    session = sit(dataset, enrol(dataset, "research"))
    assert 'lang="en"' in certificate(olga, session.child)
    assert 'lang="kk"' in certificate(olga, session.child, "?language=kk")
    assert olga.get(f"/children/{uuid.uuid4()}/certificate").status_code == 404
