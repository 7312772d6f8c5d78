"""Documents printed to be signed by hand, with the code that files the scan."""

import uuid

import pytest
from flask.testing import FlaskClient

from collector.dataset.consents.marks import Mark, read_mark, write_mark
from collector.dataset.consents.texts import register_text
from collector.dataset.dataset import Dataset
from collector.dataset.participants import find_participant
from collector.guardians.printing import split_at_lines
from tests.cast import enrol, give
from tests.guardians.papers import as_file, codes_on, signed_page, text_of

pytestmark = pytest.mark.slow


def own_form(dataset: Dataset, body: str) -> uuid.UUID:
    return register_text(
        dataset, "research", "ru", "Согласие", body, covers_earlier_photos=False, actor="test"
    ).id


def pseudonym(dataset: Dataset, child: uuid.UUID) -> str:
    with dataset.database.read() as session:
        return find_participant(session, child).pseudonym


def test_a_paper_names_the_child_by_its_pseudonym_and_by_a_code_that_can_be_read(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child, text = enrol(dataset), text_of(dataset)
    page = olga.get(f"/documents/{text}/print/{child}").get_data(as_text=True)
    assert page.count(pseudonym(dataset, child)) >= 2
    (code,) = codes_on(page)
    assert read_mark(as_file(signed_page(code))) == Mark(child, text)


def test_the_code_holds_random_ids_alone() -> None:
    child, text = uuid.uuid4(), uuid.uuid4()
    assert len(write_mark(child, text)) == 56
    assert set(write_mark(child, text)) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")


def test_a_paper_speaks_the_document_s_language(olga: FlaskClient, dataset: Dataset) -> None:
    text = text_of(dataset, language="ru")
    page = olga.get(f"/documents/{text}/print/{enrol(dataset)}").get_data(as_text=True)
    assert '<article class="paper" lang="ru">' in page
    assert "Даю согласие" in page
    assert "To be signed on paper" in page


def test_a_document_with_lines_of_its_own_gets_no_second_ones(
    olga: FlaskClient, dataset: Dataset
) -> None:
    page = olga.get(f"/documents/{text_of(dataset)}/print/blank").get_data(as_text=True)
    assert page.count("Signature:") == 1
    assert '<p class="line">Child&#39;s name and date of birth:</p>' in page
    plain = own_form(dataset, "Я разрешаю.")
    page = olga.get(f"/documents/{plain}/print/blank").get_data(as_text=True)
    assert page.count('class="line') == 4
    assert '<p class="boxes">' in page


def test_every_word_of_the_document_is_on_the_paper(olga: FlaskClient, dataset: Dataset) -> None:
    body = "First.\n\n2. Second\n\nName:\n\nDate:\n\nSignature: ____\n\nThe end."
    page = olga.get(f"/documents/{own_form(dataset, body)}/print/blank").get_data(as_text=True)
    places = [page.index(f">{one}<") for one in
              ("First.", "2. Second", "Name:", "Date:", "Signature:", "The end.")]  # fmt: skip
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("Text\n\nName:\n\nDate:\n\nSignature:", ["Name:", "Date:", "Signature:"]),
        ("Text\n\nName: ____\n\nDate:\n\nSignature: _____", ["Name:", "Date:", "Signature:"]),
        ("A:\n\nB:\n\nC:\n\nText\n\nD:\n\nE:\n\nF:\n\nEnd", ["D:", "E:", "F:"]),
        ("A:\n\nB:\n\nC:\n\nText\n\nWe list:", ["A:", "B:", "C:"]),
        ("Text\n\nDate:\n\nSignature:", []),
        ("Text", []),
    ],
)
def test_lines_to_fill_in_are_found(body: str, lines: list[str]) -> None:
    before, found, after = split_at_lines(body)
    assert found == lines
    assert len(before) + len(found) + len(after) == len(body.split("\n\n"))


def test_papers_are_printed_for_all_who_have_not_answered(
    olga: FlaskClient, dataset: Dataset
) -> None:
    waiting = {enrol(dataset), enrol(dataset, "publication")}
    enrol(dataset, "research")
    give(dataset, enrol(dataset), given=False)
    text = text_of(dataset)
    page = olga.get(f"/documents/{text}/print").get_data(as_text=True)
    marks = [read_mark(as_file(signed_page(code))) for code in codes_on(page)]
    assert {mark.participant_id for mark in marks if mark} == waiting
    assert len(marks) == 2


def test_with_every_answer_given_there_is_nothing_to_print(
    olga: FlaskClient, dataset: Dataset
) -> None:
    enrol(dataset, "research")
    page = olga.get(f"/documents/{text_of(dataset)}/print").get_data(as_text=True)
    assert "nothing to print" in page
    assert codes_on(page) == []


def test_a_blank_paper_bears_no_code(olga: FlaskClient, dataset: Dataset) -> None:
    enrol(dataset)
    page = olga.get(f"/documents/{text_of(dataset)}/print/blank").get_data(as_text=True)
    assert page.count('<article class="paper"') == 1
    assert codes_on(page) == []


def test_an_unknown_child_or_document_is_not_found(olga: FlaskClient, dataset: Dataset) -> None:
    child, text, other = enrol(dataset), text_of(dataset), uuid.uuid4()
    assert olga.get(f"/documents/{text}/print/{other}").status_code == 404
    assert olga.get(f"/documents/{other}/print/{child}").status_code == 404
    assert olga.get(f"/documents/{other}").status_code == 404
