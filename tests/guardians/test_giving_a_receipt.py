"""The receipt over the browser's routes: given, printed, saved, lost and replaced."""

import json
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from sqlalchemy import text

from collector.dataset import clock
from collector.dataset.consents.receipts import find_receipt, read_code, receipts_of
from collector.dataset.consents.texts import consent_texts
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.participants import find_participant
from collector.dataset.studies import StudyDetails, describe_study
from collector.settings import Settings
from collector.web.app import create_app
from collector.web.qr import qr_svg
from tests.cast import enrol, give
from tests.web.visitors import post, signed_in

pytestmark = pytest.mark.slow

SCHEMA = Path(__file__).parents[2] / "docs" / "receipt.schema.json"
PUBLIC = "https://faces.example.org"
CODE = re.compile(r"<span>(\d{4})</span>" * 4)
DUE = "Give the guardian a receipt"


@pytest.fixture
def abroad(dataset: Dataset, staff: dict[str, uuid.UUID]) -> FlaskClient:
    """The operator, where guardians reach the server from anywhere."""
    assert staff
    settings = Settings(dataset.folder, dataset.keys.folder, public_address=PUBLIC)
    return signed_in(create_app(dataset, settings), "olga")


def issue(olga: FlaskClient, child: uuid.UUID, how: str = "") -> str:
    """Give a receipt; returns the address of its page."""
    answer = post(olga, f"/children/{child}/receipts{how}")
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.location or ""


def read(olga: FlaskClient, path: str) -> str:
    answer = olga.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def stored_code(dataset: Dataset, page: str) -> str:
    with dataset.database.read() as session:
        return read_code(dataset, find_receipt(session, uuid.UUID(page.rpartition("/")[2])))


def codes(page: str) -> list[str]:
    """The codes that a page shows, in groups of four."""
    return [" ".join(groups) for groups in CODE.findall(page)]


def test_a_receipt_shows_its_code_the_answers_and_the_head_of_the_log(
    olga: FlaskClient, dataset: Dataset
) -> None:
    describe_study(dataset, StudyDetails("Faces", contact="call 117"), actor="test")
    child = enrol(dataset, "research")
    give(dataset, child, "publication", given=False)
    path = issue(olga, child)
    page = read(olga, path + "?language=en")
    assert codes(page) == [stored_code(dataset, path)]
    with dataset.database.read() as session:
        receipt = find_receipt(session, uuid.UUID(path.rpartition("/")[2]))
        pseudonym = find_participant(session, child).pseudonym
    paper = page[page.index('<article class="sheet"') :]
    for expected in ("Faces", "call 117", "Gulnara the guardian", receipt.chain_mac, str(child)):
        assert expected in paper
    assert re.findall(r"<strong>(given|refused)</strong>", paper) == ["given", "refused"]
    assert pseudonym not in paper


def test_without_a_public_address_no_square_and_no_address(
    olga: FlaskClient, dataset: Dataset
) -> None:
    page = read(olga, issue(olga, enrol(dataset, "research")))
    paper = page[page.index('<article class="sheet"') :]
    assert len(codes(paper)) == 1
    assert 'class="qr"' not in page
    assert "/withdraw" not in paper


def test_the_square_leads_to_the_page_for_withdrawing(
    abroad: FlaskClient, dataset: Dataset
) -> None:
    path = issue(abroad, enrol(dataset, "research"))
    page = read(abroad, path + "?language=en")
    digits = stored_code(dataset, path).replace(" ", "")
    assert qr_svg(f"{PUBLIC}/withdraw#{digits}", "Page for withdrawing") in page
    assert f"<strong>{PUBLIC}/withdraw</strong>" in page


def test_the_sheet_speaks_the_language_of_the_document_or_another(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child = enrol(dataset, "research")
    path = issue(olga, child)
    with dataset.database.read() as session:
        language = session.execute(
            text("SELECT t.language FROM consent c JOIN consent_text t ON t.id = c.text_id")
        ).scalar_one()
    assert f'<article class="sheet" lang="{language}">' in read(olga, path)
    russian = read(olga, path + "?language=ru")
    assert '<article class="sheet" lang="ru">' in russian
    assert "мать" in russian
    assert "<html lang=" in russian
    assert '<html lang="ru"' not in russian
    assert olga.get(path + "?language=tlh").status_code == 200


def test_the_file_is_valid_under_the_schema_and_holds_no_code(
    olga: FlaskClient, dataset: Dataset
) -> None:
    path = issue(olga, enrol(dataset, "research"))
    answer = olga.get(path + "/receipt.json")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(answer.json)
    assert stored_code(dataset, path) not in answer.get_data(as_text=True)


def test_after_an_answer_the_child_s_page_asks_for_a_receipt_until_it_is_given(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child = enrol(dataset)
    child_page = f"/children/{child}"
    assert DUE not in read(olga, child_page)
    give(dataset, child)
    assert DUE in read(olga, child_page)
    path = issue(olga, child)
    assert DUE not in read(olga, child_page)
    assert path in read(olga, child_page)
    give(dataset, child, "sharing", given=False)
    assert DUE in read(olga, child_page)


def test_recording_an_answer_leads_to_the_receipt(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset)
    with dataset.database.read() as session:
        document = consent_texts(session, "research")[0].id
    answer = post(olga, f"/children/{child}/consent/research", text=document, answer="given",
                  guardian="Gulnara", relation="mother", method="paper")  # fmt: skip
    page = read(olga, answer.location or "")
    assert page.index(DUE) < page.index("<h2>Consents</h2>")


def test_a_lost_receipt_becomes_void_and_a_new_one_takes_its_place(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child = enrol(dataset, "research")
    old = issue(olga, child)
    old_code = stored_code(dataset, old)
    new = issue(olga, child, "/lost")
    assert codes(read(olga, new)) == [stored_code(dataset, new)]
    assert stored_code(dataset, new) != old_code
    void = read(olga, old)
    assert codes(void) == []
    assert "void" in void
    assert '<span class="refused">void</span>' in read(olga, f"/children/{child}")


def test_giving_looking_and_replacing_are_in_the_log(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    first = issue(olga, child)
    read(olga, first)
    issue(olga, child, "/lost")
    query = "SELECT actor, action, details FROM audit_event WHERE action LIKE 'receipt%'"
    with dataset.database.read() as session:
        rows = session.execute(text(query + " ORDER BY position")).all()
        ids = [one.id.hex for one in reversed(receipts_of(session, child))]
    assert [(actor, action) for actor, action, _ in rows] == [
        ("olga", "receipt issued"), ("olga", "receipt opened"), ("olga", "receipt issued"),
    ]  # fmt: skip
    assert json.loads(rows[-1][2]) == {"receipt": ids[1], "voided": [ids[0]]}


def test_nothing_answered_is_nothing_to_certify(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset)
    for how in ("", "/lost"):
        assert post(olga, f"/children/{child}/receipts{how}").status_code == 409
        assert post(olga, f"/children/{uuid.uuid4()}/receipts{how}").status_code == 404
    assert olga.get(f"/children/receipts/{uuid.uuid4()}").status_code == 404


def test_an_erased_child_s_receipt_is_not_found(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    path = issue(olga, child)
    erase_participant(dataset, child, actor="test")
    for page in (path, path + "/receipt.json"):
        assert olga.get(page).status_code == 404
    assert post(olga, f"/children/{child}/receipts/lost").status_code == 404


def test_a_name_that_is_markup_is_shown_as_letters(olga: FlaskClient, dataset: Dataset) -> None:
    describe_study(dataset, StudyDetails("<b>Faces</b>", contact="<i>me</i>"), actor="test")
    page = read(olga, issue(olga, enrol(dataset, "research")))
    assert "<b>Faces" not in page
    assert "&lt;b&gt;Faces" in page
    assert "<i>me" not in page


def test_cards_name_the_state_of_all_three_purposes(olga: FlaskClient, dataset: Dataset) -> None:
    child, now = enrol(dataset, "publication"), clock.now()
    withdraw(dataset, child, ["publication"], channel="operator", actor="test")
    day = timedelta(days=1)
    give(dataset, child, "sharing", signed_at=now - 2 * day, valid_until=now - day)
    for path in (f"/children/{child}", "/children/"):
        page = read(olga, path)
        assert '<span class="missing">missing</span>' in page
        assert '<span class="refused">withdrawn</span>' in page
        assert '<span class="missing">expired</span>' in page


def test_the_history_says_which_answer_was_replaced(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset, "research")
    assert "replaced by a later answer" not in read(olga, f"/children/{child}")
    give(dataset, child, signed_at=clock.now())
    assert read(olga, f"/children/{child}").count("replaced by a later answer") == 1
