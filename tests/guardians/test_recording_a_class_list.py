"""Paper forms of a whole class, from a list pasted out of a spreadsheet."""

import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from collector.dataset import clock
from collector.dataset.consents.answers import consents_of, guardian_of
from collector.dataset.consents.class_batch import record_class_list
from collector.dataset.consents.class_list import read_class_list
from collector.dataset.consents.standing import standing_consent
from collector.dataset.consents.texts import register_text
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.errors import Unprocessable
from collector.dataset.participants import list_participants
from tests.cast import enrol
from tests.guardians.papers import text_of
from tests.web.visitors import csrf_of, post

pytestmark = pytest.mark.slow

LIST = "\n".join(
    (
        "Ребёнок\tРодитель\tКем приходится\tДата\tИсследование\tПубликация\tПередача",
        "Айгуль А.\tГульнара А.\tмать\t01.09.2025\tда\tнет\t",
        "\tOleg B.\tfather\t2025-09-02\t+\t+\t-",
        "",
        "Марія В.\tІрина В.\tопікун\t\tні\t\t",
    )
)


def look(olga: FlaskClient, pasted: str, **fields: str) -> TestResponse:
    return post(olga, "/class-list/look", list=pasted, language="ru", **fields)


def record(
    olga: FlaskClient, pasted: str = LIST, batch: uuid.UUID | None = None, **fields: str
) -> TestResponse:
    sent = {"list": pasted, "language": "ru", "day": "2025-09-03", "batch": str(batch)}
    return post(olga, "/class-list/", **{**sent, **fields})


def children(dataset: Dataset) -> list[uuid.UUID]:
    with dataset.database.read() as session:
        return [one.id for one in list_participants(session)]


def told(dataset: Dataset) -> dict[str | None, dict[str, tuple[str, str]]]:
    """By the child's real name: state and day of each purpose."""
    found = {}
    with dataset.database.read() as session:
        for child in children(dataset):
            found[dataset.keys.real_name(child)] = {
                one.purpose: (one.state, one.signed_at.astimezone().date().isoformat())
                for one in consents_of(session, child)
            }
    return found


def test_a_look_shows_what_was_read_and_records_nothing(
    olga: FlaskClient, dataset: Dataset
) -> None:
    page = look(olga, LIST, day="2025-09-03").get_data(as_text=True)
    assert "Record 3 children" in page
    assert "taken for the columns' names" in page
    assert "Айгуль А." in page
    assert re.search(r'name="batch" value="[0-9a-f-]{36}"', page)
    assert children(dataset) == []


def test_a_list_is_recorded_with_children_names_answers_and_days(
    olga: FlaskClient, dataset: Dataset
) -> None:
    found = record(olga, batch=uuid.uuid4())
    assert told(dataset) == {
        "Айгуль А.": {"research": ("given", "2025-09-01"),
                      "publication": ("refused", "2025-09-01")},
        None: {"research": ("given", "2025-09-02"), "publication": ("given", "2025-09-02"),
               "sharing": ("refused", "2025-09-02")},
        "Марія В.": {"research": ("refused", "2025-09-03")},
    }  # fmt: skip
    page = olga.get(found.location or "").get_data(as_text=True)
    with dataset.database.read() as session:
        for child in list_participants(session):
            assert child.pseudonym in page
            for consent in consents_of(session, child.id):
                assert (consent.method, consent.text.language) == ("paper", "ru")
                assert consent.recorded_at - consent.signed_at > timedelta(days=1)
                assert guardian_of(dataset, consent).name in {"Гульнара А.", "Oleg B.", "Ірина В."}
        assert dataset.chain.first_broken(session) is None
    assert dataset.keys.unconfirmed(dataset.site_id) == []


def test_a_consent_of_the_list_stands(olga: FlaskClient, dataset: Dataset) -> None:
    record(olga, "Aru;Gulnara;mother;01.09.2025;yes", uuid.uuid4())
    with dataset.database.read() as session:
        assert standing_consent(session, children(dataset)[0], "research", clock.now())


def test_an_empty_first_cell_of_the_first_line_stays_a_cell(
    olga: FlaskClient, dataset: Dataset
) -> None:
    record(olga, "\tOleg\tfather\t2025-09-01\t+", uuid.uuid4())
    assert told(dataset) == {None: {"research": ("given", "2025-09-01")}}


def test_a_list_sent_twice_is_recorded_once(olga: FlaskClient, dataset: Dataset) -> None:
    batch = uuid.uuid4()
    first, again = record(olga, batch=batch), record(olga, batch=batch)
    assert first.location == again.location
    assert len(children(dataset)) == 3
    record(olga, batch=uuid.uuid4())
    assert len(children(dataset)) == 6


def test_two_clicks_at_once_are_one_list(app: Flask, olga: FlaskClient, dataset: Dataset) -> None:
    batch, token = str(uuid.uuid4()), csrf_of(olga)
    fields = {"csrf_token": token, "list": LIST, "language": "ru", "day": "2025-09-03"}
    cookies = olga.get_cookie(str(app.config["SESSION_COOKIE_NAME"]))
    assert cookies

    def click(_: int) -> int:
        other = app.test_client()
        other.set_cookie(cookies.key, cookies.value)
        return other.post("/class-list/", data={**fields, "batch": batch}).status_code

    with ThreadPoolExecutor(4) as clicks:
        assert list(clicks.map(click, range(4))) == [302] * 4
    assert len(children(dataset)) == 3


def test_a_replay_brings_no_erased_child_back(olga: FlaskClient, dataset: Dataset) -> None:
    batch = uuid.uuid4()
    found = record(olga, batch=batch)
    for child in children(dataset):
        erase_participant(dataset, child, actor="test")
    record(olga, batch=batch)
    assert children(dataset) == []
    assert "No child of this list" in olga.get(found.location or "").get_data(as_text=True)


def test_every_mistake_is_named_by_its_line(olga: FlaskClient, dataset: Dataset) -> None:
    tomorrow = (clock.now().astimezone().date() + timedelta(days=1)).isoformat()
    pasted = "\n".join(
        (
            "A;Gulnara;mother;01.09.2025;yes",
            "only one column",
            "B;;uncle;31.02.2025;maybe",
            "C;Oleg;father;;yes",
            f"D;Oleg;father;{tomorrow};yes",
            "E;Oleg;father;2025-09-01",
            "F;Oleg;father;2025-09-01;yes;no;no;more",
            "G;Oleg;;1.9.25;yes",
        )
    )
    found = read_class_list(pasted)
    assert [(one.number, str(one.mistake).split(":")[0]) for one in found.faults] == [
        (2, "There is one column only"),
        (3, "The guardian's name is missing."),
        (3, "The relation is mother, father or guardian, not “uncle”."),
        (3, "“31.02.2025” is no date"),
        (3, "“maybe” is no answer"),
        (4, "The date is missing"),
        (5, f"The date {tomorrow} lies in the future."),
        (6, "There is no answer in this line."),
        (7, "There are more than seven columns."),
        (8, "The relation is missing."),
        (8, "“1.9.25” is no date"),
    ]
    page = look(olga, pasted).get_data(as_text=True)
    assert page.count("<li>") >= len(found.faults)
    assert "Line 3:" in page
    assert "record-form" not in page


def test_with_one_mistake_nothing_is_recorded(olga: FlaskClient, dataset: Dataset) -> None:
    found = record(olga, LIST + "\nX;Y;uncle;2025-09-01;yes", uuid.uuid4())
    assert found.status_code == 422
    assert "nothing was recorded" in found.get_data(as_text=True)
    assert children(dataset) == []


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"research_text": str(uuid.uuid4())}, 404),
        ({"valid_until": "2025-01-01"}, 422),
        ({"language": "de"}, 422),
        ({"day": "yesterday"}, 422),
        ({"batch": "one"}, 404),
        ({"pasted": ""}, 422),
        ({"pasted": "\n".join(["A;B;mother;2025-09-01;yes"] * 201)}, 422),
    ],
)
def test_an_impossible_list_is_refused_whole(
    olga: FlaskClient, dataset: Dataset, fields: dict[str, str], status: int
) -> None:
    assert record(olga, **{"batch": uuid.uuid4(), **fields}).status_code == status  # type: ignore[arg-type]
    assert children(dataset) == []


def test_what_was_pasted_is_shown_as_text_and_never_as_markup(olga: FlaskClient) -> None:
    page = look(olga, "<b>A</b>;<i>B</i>;<u>uncle</u>;<s>;no\nA;<i>B</i>;mother;2025-09-01;yes")
    for tag in ("<b>A", "<i>B", "<u>uncle", "<s>"):
        assert tag not in page.get_data(as_text=True)
    assert "&lt;u&gt;uncle" in page.get_data(as_text=True)


def test_an_end_before_the_beginning_is_named_before_recording(olga: FlaskClient) -> None:
    page = look(olga, "A;B;mother;2025-09-01;yes", valid_until="2025-01-01").get_data(as_text=True)
    assert "Line 1:" in page
    assert "end before" in page


def test_a_refused_look_keeps_what_was_pasted(olga: FlaskClient) -> None:
    found = look(olga, "A;B;mother;2025-09-01;yes", day="soon")
    assert found.status_code == 422
    assert "A;B;mother" in found.get_data(as_text=True)


@pytest.mark.parametrize(
    ("word", "given"),
    [("yes", True), ("Да", True), ("ИӘ", True), ("так", True), ("+", True), ("given", True),
     ("no", False), ("нет", False), ("жоқ", False), ("Ні", False), ("-", False), ("−", False),
     ("refused", False), ("не согласна", False)],
)  # fmt: skip
def test_an_answer_may_stand_in_any_of_the_four_languages(word: str, given: bool) -> None:
    (form,) = read_class_list(f"A\tB\tmother\t2025-09-01\t{word}").forms
    assert form.answers == {"research": given}


@pytest.mark.parametrize(
    ("word", "relation"),
    [("Мать", "mother"), ("ана", "mother"), ("отец", "father"), ("ӘКЕ", "father"),
     ("батько", "father"), ("қамқоршы", "guardian"), ("законный представитель", "guardian")],
)  # fmt: skip
def test_a_relation_may_stand_in_any_of_the_four_languages(word: str, relation: str) -> None:
    assert read_class_list(f"A;B;{word};2025-09-01;+").forms[0].relation == relation


@pytest.mark.parametrize("written", ["2025-09-01", "01.09.2025", "1.9.2025", "01.09.2025 г."])
def test_a_day_may_be_written_in_several_ways(written: str) -> None:
    assert read_class_list(f"A;B;mother;{written};+").forms[0].signed_on == date(2025, 9, 1)


def test_a_first_line_with_answers_is_no_heading() -> None:
    assert read_class_list("A;B;mather;;yes", date(2025, 9, 1)).heading is None
    assert read_class_list("Child;Guardian;Relation\nA;B;mother;2025-09-01;+").heading


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(Unprocessable, match="empty"):
        read_class_list("Child;Guardian;Relation\n\n")


def test_namesakes_are_pointed_out_and_not_refused(olga: FlaskClient, dataset: Dataset) -> None:
    record(olga, "Aru;B;mother;2025-09-01;yes", uuid.uuid4())
    page = look(olga, "ARU;C;father;2025-09-01;yes\nTimur;D;mother;2025-09-01;+\n"
                      "timur;E;mother;2025-09-01;+").get_data(as_text=True)  # fmt: skip
    assert page.count("registered already") == 1
    assert page.count("stands in two lines") == 2
    assert "record-form" in page


def test_a_list_may_rest_on_the_institution_s_own_form(olga: FlaskClient, dataset: Dataset) -> None:
    own = register_text(dataset, "research", "kk", "Form", "Text", covers_earlier_photos=False,
                        actor="test")  # fmt: skip
    record(olga, batch=uuid.uuid4(), research_text=str(own.id))
    with dataset.database.read() as session:
        texts = {
            one.text_id
            for child in children(dataset)
            for one in consents_of(session, child)
            if one.purpose == "research"
        }
    assert texts == {own.id}


def test_a_failure_in_the_middle_leaves_no_child(dataset: Dataset) -> None:
    enrol(dataset)
    forms = read_class_list("A;B;mother;2025-09-01;+;+").forms
    texts = {"research": text_of(dataset), "publication": text_of(dataset)}
    with pytest.raises(Exception, match="no such consent document"):
        record_class_list(dataset, uuid.uuid4(), forms, texts, actor="test")
    assert len(children(dataset)) == 1
