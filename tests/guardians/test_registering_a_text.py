"""The institution's own forms beside the program's documents."""

import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from collector.dataset.consents.texts import all_texts, consent_texts, register_text
from collector.dataset.dataset import Dataset
from collector.dataset.models import AuditEvent, ConsentText
from collector.dataset.opening import open_dataset
from collector.dataset.studies import StudyDetails, describe_study
from collector.dataset.upkeep.consent_integrity import check_texts
from tests.cast import enrol, give
from tests.guardians.papers import text_of
from tests.web.visitors import post, signed_in

pytestmark = pytest.mark.slow

FORM = {
    "purpose": "research",
    "language": "ru",
    "title": "Согласие школы № 7",
    "body": "Я разрешаю фотографировать ребёнка.\r\n\r\n\r\n{controller}\r\n\r\nПодпись:",
}


def register(client: FlaskClient, **changed: str) -> TestResponse:
    return post(client, "/documents/", **{**FORM, **changed})


def own_texts(dataset: Dataset) -> list[ConsentText]:
    with dataset.database.read() as session:
        return [one for one in all_texts(session, "research") if one.origin == "own"]


def count(dataset: Dataset, table: type) -> int:
    with dataset.database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_an_own_form_is_kept_word_for_word_and_offered_after_the_program_s(
    olga: FlaskClient, dataset: Dataset
) -> None:
    page = olga.get(register(olga).location or "").get_data(as_text=True)
    (text,) = own_texts(dataset)
    assert text.body == "Я разрешаю фотографировать ребёнка.\n\n{controller}\n\nПодпись:"
    assert text.sha256 in page
    assert "{controller}" in page
    with dataset.database.read() as session:
        offered = [(one.language, one.origin) for one in consent_texts(session, "research")]
    assert offered == [
        ("en", "shipped"), ("kk", "shipped"), ("ru", "shipped"), ("ru", "own"), ("uk", "shipped"),
    ]  # fmt: skip
    assert list(check_texts(dataset)) == []


def test_registering_is_in_the_audit_log_with_the_text_s_hash(
    olga: FlaskClient, dataset: Dataset
) -> None:
    register(olga, covers_earlier_photos="yes")
    (text,) = own_texts(dataset)
    with dataset.database.read() as session:
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "consent text registered")
        ).one()
    assert (event.actor, event.subject) == ("olga", text.id.hex)
    assert event.details["sha256"] == text.sha256
    assert event.details["covers_earlier_photos"] is True


def test_the_same_form_once_more_changes_nothing(olga: FlaskClient, dataset: Dataset) -> None:
    first = register(olga).location
    events = count(dataset, AuditEvent)
    again = register(
        olga, body=FORM["body"].replace("\r\n", "\n") + "\n", title=" Согласие школы  № 7"
    )
    assert again.location == first
    assert len(own_texts(dataset)) == 1
    assert count(dataset, AuditEvent) == events


def test_another_text_of_the_same_title_is_a_new_version_and_the_old_one_stays(
    olga: FlaskClient, dataset: Dataset
) -> None:
    old = register(olga).location or ""
    register(olga, body="Новый текст.")
    assert [(one.version, one.title) for one in own_texts(dataset)] == [
        (3, FORM["title"]), (2, FORM["title"]),
    ]  # fmt: skip
    with dataset.database.read() as session:
        offered = [one.body for one in consent_texts(session, "research") if one.origin == "own"]
    assert offered == ["Новый текст."]
    assert "Я разрешаю" in olga.get(old).get_data(as_text=True)
    assert "A newer version" in olga.get(old).get_data(as_text=True)


def test_what_a_text_covers_is_a_version_of_its_own(olga: FlaskClient, dataset: Dataset) -> None:
    register(olga)
    register(olga, covers_earlier_photos="yes")
    assert [one.covers_earlier_photos for one in own_texts(dataset)] == [True, False]


def test_opening_again_brings_no_shipped_version_back(dataset: Dataset) -> None:
    register_text(dataset, **FORM, covers_earlier_photos=False, actor="test")  # type: ignore[arg-type]
    before = count(dataset, ConsentText)
    for _ in range(2):
        open_dataset(dataset.folder, dataset.keys.folder).close()
    assert count(dataset, ConsentText) == before


def test_a_changed_study_gives_the_program_s_text_the_next_free_version(dataset: Dataset) -> None:
    own = register_text(dataset, **FORM, covers_earlier_photos=False, actor="test")  # type: ignore[arg-type]
    describe_study(dataset, StudyDetails(controller="School 7"), actor="test")
    with dataset.database.read() as session:
        versions = [
            (one.version, one.origin)
            for one in all_texts(session, "research")
            if one.language == "ru"
        ]
        assert consent_texts(session, "research")[0].origin == "shipped"
    assert own.version == 2
    assert versions == [(3, "shipped"), (2, "own"), (1, "shipped")]


def test_what_no_page_shows_is_left_out_or_refused(olga: FlaskClient, dataset: Dataset) -> None:
    register(olga, body="be\u202efore\u200b \uf0b7 after")
    assert own_texts(dataset)[0].body == "before • after"
    assert register(olga, body="a\x07bell").status_code == 422


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"purpose": "advertising"}, "purpose and the language"),
        ({"language": "de"}, "purpose and the language"),
        ({"title": " "}, "at most 200"),
        ({"title": "T" * 201}, "at most 200"),
        ({"body": " \n "}, "text is missing"),
        ({"body": "B" * 100_001}, "100,000"),
    ],
)
def test_a_form_that_is_none_is_refused_in_a_sentence(
    olga: FlaskClient, dataset: Dataset, changed: dict[str, str], words: str
) -> None:
    found = register(olga, **changed)
    assert found.status_code == 422
    assert words in found.get_data(as_text=True)
    assert own_texts(dataset) == []


def test_the_overview_counts_the_answers_to_each_version(
    olga: FlaskClient, dataset: Dataset
) -> None:
    give(dataset, enrol(dataset, "research"), given=False)
    page = olga.get(f"/documents/{text_of(dataset)}").get_data(as_text=True)
    assert "Given 1 times, refused 1 times." in page
    assert page.count("<script") == page.count("</script>")


def test_an_administrator_registers_too_and_markup_stays_text(
    app: Flask, staff: dict[str, uuid.UUID]
) -> None:
    assert staff
    admin = signed_in(app, "admin")
    page = admin.get(register(admin, body="<script>alert(1)</script>").location or "")
    assert "&lt;script&gt;alert(1)" in page.get_data(as_text=True)


def test_the_consent_page_holds_every_document_so_that_changing_it_loses_nothing(
    olga: FlaskClient, dataset: Dataset
) -> None:
    register(olga)
    child = enrol(dataset)
    page = olga.get(f"/children/{child}/consent/research").get_data(as_text=True)
    with dataset.database.read() as session:
        for text in consent_texts(session, "research"):
            assert f'value="{text.id}"' in page
            assert f'data-text="{text.id}"' in page
