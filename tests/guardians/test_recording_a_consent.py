"""The operator's pages: registering a child, recording consents."""

import base64
import io
import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from collector.dataset import clock
from collector.dataset.consents.answers import consents_of
from collector.dataset.consents.standing import standing_consent
from collector.dataset.consents.texts import consent_texts
from collector.dataset.dataset import Dataset
from collector.dataset.participants import list_participants, read_attributes
from collector.dataset.studies import StudyDetails, describe_study
from tests.cast import SIGNATURE, enrol
from tests.web.visitors import csrf_of, post

pytestmark = pytest.mark.slow


def scanned(picture: bytes, kind: str) -> bytes:
    """The picture as a scanner would hand it over."""
    file = io.BytesIO()
    Image.open(io.BytesIO(picture)).save(file, kind)
    return file.getvalue()


PNG = "data:image/png;base64," + base64.b64encode(SIGNATURE).decode()
PDF = "data:application/pdf;base64," + base64.b64encode(scanned(SIGNATURE, "PDF")).decode()


def answer(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID, purpose: str = "research", **changed: str
) -> TestResponse:
    with dataset.database.read() as session:
        text = consent_texts(session, purpose)[0]
    fields = {
        "text": str(text.id),
        "answer": "given",
        "guardian": "Gulnara",
        "relation": "mother",
        "method": "screen",
        "signature": PNG,
    }
    return post(olga, f"/children/{child}/consent/{purpose}", **{**fields, **changed})


def test_a_child_is_registered_under_a_generated_pseudonym(
    olga: FlaskClient, dataset: Dataset
) -> None:
    year = str(clock.now().year - 7)
    found = post(olga, "/children/new", birth_year=year, birth_month="5", sex="girl",
                 glasses="yes", origin="from Kostanay", real_name="Aruzhan")  # fmt: skip
    page = olga.get(found.location or "").get_data(as_text=True)
    with dataset.database.read() as session:
        (child,) = list_participants(session)
    assert re.fullmatch(r"[ABEKMHPCTX]{2}-\d{3}", child.pseudonym)
    assert child.pseudonym in page
    assert "Aruzhan" in page
    attributes = read_attributes(dataset, child)
    assert (attributes.birth_month, attributes.sex, attributes.glasses) == (5, "girl", True)


@pytest.mark.parametrize(
    "fields", [{"birth_year": "1950"}, {"birth_month": "13"}, {"birth_year": "seven"}]
)
def test_an_impossible_child_is_refused(
    olga: FlaskClient, dataset: Dataset, fields: dict[str, str]
) -> None:
    assert post(olga, "/children/new", **fields).status_code == 422
    with dataset.database.read() as session:
        assert list_participants(session) == []


def test_research_and_publication_are_recorded_apart(olga: FlaskClient, dataset: Dataset) -> None:
    child, now = enrol(dataset), clock.now
    answer(olga, dataset, child, "research")
    with dataset.database.read() as session:
        assert standing_consent(session, child, "research", now())
        assert not standing_consent(session, child, "publication", now())
    answer(olga, dataset, child, "publication")
    with dataset.database.read() as session:
        assert standing_consent(session, child, "publication", now())


def test_a_refusal_is_an_answer_too(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset)
    answer(olga, dataset, child, answer="refused")
    with dataset.database.read() as session:
        (consent,) = consents_of(session, child)
    assert consent.state == "refused"
    page = olga.get(f"/children/{child}").get_data(as_text=True)
    assert str(consent.recorded_at.astimezone().year)[2:] in page


def test_paper_bears_its_own_date(olga: FlaskClient, dataset: Dataset) -> None:
    child, day = enrol(dataset), clock.now().astimezone().date() - timedelta(days=9)
    answer(olga, dataset, child, method="paper", signature="", signed_on=day.isoformat())
    with dataset.database.read() as session:
        (consent,) = consents_of(session, child)
    assert consent.signed_at.astimezone().date() == day
    assert consent.recorded_at - consent.signed_at > timedelta(days=8)


def test_a_paper_refusal_of_today_ends_this_morning_s_consent(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child, today = enrol(dataset), clock.now().astimezone().date().isoformat()
    answer(olga, dataset, child)
    answer(olga, dataset, child, answer="refused", method="paper", signed_on=today)
    with dataset.database.read() as session:
        assert not standing_consent(session, child, "research", clock.now())
    answer(olga, dataset, child, method="paper", signed_on=today)
    with dataset.database.read() as session:
        assert standing_consent(session, child, "research", clock.now())


def test_of_two_papers_of_one_day_the_refusal_stands(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset)
    day = (clock.now().astimezone().date() - timedelta(days=3)).isoformat()
    answer(olga, dataset, child, answer="refused", method="paper", signed_on=day)
    answer(olga, dataset, child, method="paper", signed_on=day)
    with dataset.database.read() as session:
        assert not standing_consent(session, child, "research", clock.now())


def test_what_was_signed_is_shown_as_it_was_signed(olga: FlaskClient, dataset: Dataset) -> None:
    describe_study(dataset, StudyDetails(controller="Old School"), actor="test")
    child = enrol(dataset)
    answer(olga, dataset, child)
    describe_study(dataset, StudyDetails(controller="New School"), actor="test")
    with dataset.database.read() as session:
        (consent,) = consents_of(session, child)
    page = olga.get(f"/children/consents/{consent.id}").get_data(as_text=True)
    assert "Old School" in page
    assert "New School" not in page
    assert f"<code>{consent.id.hex[:8]}</code>" in page  # the number that an import asks for
    document = olga.get(f"/children/consents/{consent.id}/document")
    assert (document.mimetype, document.data) == ("image/png", SIGNATURE)


def test_a_scan_may_be_a_pdf_and_is_handed_out_as_a_file(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child = enrol(dataset)
    answer(olga, dataset, child, method="scan", scan=PDF)
    with dataset.database.read() as session:
        (consent,) = consents_of(session, child)
    document = olga.get(f"/children/consents/{consent.id}/document")
    assert document.mimetype == "application/pdf"
    assert document.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"signature": ""}, "signature or the scan is missing"),
        ({"guardian": " "}, "name is missing"),
        ({"relation": "neighbour"}, "relation"),
        ({"method": "scan", "scan": base64.b64encode(b"<html>").decode()}, "JPEG, PNG or PDF"),
        ({"signature": "%%%"}, "did not arrive whole"),
        ({"method": "paper", "signed_on": "2099-01-01"}, "in the future"),
        ({"method": "paper", "signed_on": "0001-01-01"}, "enter a date"),
        ({"method": "scan", "scan": "Ж"}, "did not arrive whole"),
        ({"answer": ""}, "choose an answer"),
        ({"answer": "GIVEN"}, "choose an answer"),
        ({"guardian": "G" * 201}, "at most 200"),
        ({"guardian": "G\0"}, "at most 200"),
        ({"valid_until": "2001-01-01"}, "end before"),
        ({"valid_until": "soon"}, "enter a date"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_in_a_sentence(
    olga: FlaskClient, dataset: Dataset, changed: dict[str, str], words: str
) -> None:
    child = enrol(dataset)
    found = answer(olga, dataset, child, **changed)
    assert found.status_code == 422
    assert words in found.get_data(as_text=True)
    with dataset.database.read() as session:
        assert consents_of(session, child) == []


def test_a_document_for_another_purpose_is_no_answer(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset)
    with dataset.database.read() as session:
        other = consent_texts(session, "publication")[0]
    assert answer(olga, dataset, child, "research", text=str(other.id)).status_code == 404
    assert answer(olga, dataset, uuid.uuid4()).status_code == 404


def test_a_refused_form_tells_a_script_the_sentence_alone(olga: FlaskClient) -> None:
    answer = olga.post(
        "/children/new",
        data={"csrf_token": csrf_of(olga), "birth_month": "13"},
        headers={"Accept": "application/json"},
    )
    assert (answer.status_code, "month" in answer.json["error"]) == (422, True)


def test_a_refused_consent_is_shown_as_refused(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    answer(olga, dataset, child, "publication", answer="refused")
    for path in ("/children/", f"/children/{child}"):
        assert '<span class="refused">refused</span>' in olga.get(path).get_data(as_text=True)


def test_an_unknown_purpose_has_no_document(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    assert olga.get(f"/children/{child}/consent/advertising").status_code == 404
