"""The pages about consents that end and the children that are due; the flow diagram's page."""

import re
import uuid
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.dataset import clock
from collector.dataset.consents.terms import due_for_erasure
from collector.dataset.dataset import Dataset
from collector.dataset.participants import find_participant
from collector.dataset.studies import StudyDetails, describe_study
from tests.cast import enrol, give, let_no_text_cover_earlier_photos, sit, snap
from tests.web.visitors import post, signed_in

pytestmark = pytest.mark.slow

DAY = timedelta(days=1)
PAGE = "/guardians/ending/"


def pseudonym(dataset: Dataset, child: uuid.UUID) -> str:
    with dataset.database.read() as session:
        return find_participant(session, child).pseudonym


def due(dataset: Dataset) -> set[uuid.UUID]:
    with dataset.database.read() as session:
        return {one.participant_id for one in due_for_erasure(session, clock.now())}


def keep_until(dataset: Dataset, days: int) -> None:
    last = clock.now().date() + timedelta(days=days)
    describe_study(dataset, StudyDetails(keep_until=last), actor="test")


def text_of(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", answer.get_data(as_text=True)))


def test_an_empty_page_says_that_nothing_ends(olga: FlaskClient) -> None:
    assert "No consent ends within 60 days." in text_of(olga, PAGE)


def test_what_ends_soon_leads_to_a_new_answer(olga: FlaskClient, dataset: Dataset) -> None:
    let_no_text_cover_earlier_photos(dataset)
    child = enrol(dataset)
    give(dataset, child, valid_until=clock.now() + 9 * DAY)
    snap(dataset, sit(dataset, child))
    page = olga.get(PAGE).get_data(as_text=True)
    assert pseudonym(dataset, child) in page
    assert f"/children/{child}/consent/research" in page
    assert "1 photo is hidden from then on." in page
    assert "A renewal does not bring them back" in page


def test_what_has_ended_is_listed_until_it_is_renewed(olga: FlaskClient, dataset: Dataset) -> None:
    child, now = enrol(dataset), clock.now()
    give(dataset, child, signed_at=now - 9 * DAY, valid_until=now - DAY)
    assert "Ended, and not renewed" in text_of(olga, PAGE)
    give(dataset, child, signed_at=now)
    assert "Ended, and not renewed" not in text_of(olga, PAGE)


def test_the_home_page_warns_operators_of_children_that_are_due(
    olga: FlaskClient, app: Flask, dataset: Dataset
) -> None:
    enrol(dataset, "research")
    assert "due to be erased" not in text_of(olga, "/home")
    keep_until(dataset, -2)
    assert "1 child is due to be erased" in text_of(olga, "/home")
    assert "due to be erased" not in text_of(signed_in(app, "rita"), "/home")


def test_one_confirmed_button_erases_the_children_shown(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child = enrol(dataset, "research")
    keep_until(dataset, -2)
    assert post(olga, f"{PAGE}erase", child=str(child)).status_code == 422
    assert due(dataset) == {child}
    later = enrol(dataset, "research")
    found = post(olga, f"{PAGE}erase", child=str(child), sure="yes")
    assert "1 child was erased." in text_of(olga, found.location or "")
    assert due(dataset) == {later}


def test_a_child_that_is_not_due_is_not_erased(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    for named, status in ((str(child), 409), ("not a number", 422)):
        assert post(olga, f"{PAGE}erase", child=named, sure="yes").status_code == status
    assert dataset.keys.child(child)


def test_the_diagram_shows_each_stage_and_what_was_left_out(
    olga: FlaskClient, app: Flask, dataset: Dataset
) -> None:
    child = enrol(dataset, "research", "publication")
    snap(dataset, sit(dataset, child))
    give(dataset, enrol(dataset), given=False)
    for client in (olga, signed_in(app, "admin")):
        page = text_of(client, "/guardians/flow/")
        for words in ("Invited: registered under a pseudonym 2", "the guardian refused 1",
                      "Consent to research stands now 1", "The child said yes 1", "still open 1",
                      "Stored in all 1", "May be used for research now 1", "for publication: 1",
                      "Judged by at least 3 reviewers 0"):  # fmt: skip
            assert words in page, words
    assert signed_in(app, "rita").get("/guardians/flow/").status_code == 404
