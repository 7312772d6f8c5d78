"""An operator records the child's sentences in his own voice, and tablets play them."""

import uuid

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from collector.dataset.dataset import Dataset
from collector.dataset.models import AuditEvent
from collector.dataset.voices import MAX_AUDIO, recordings_of
from tests.capture.sounds import MP4, WEBM, form_field
from tests.cast import enrol, sit
from tests.web.visitors import post

HELLO = "Hello! Shall we play with faces?"
STORY = "You look into your school bag, and there sits a kitten! What does your face do?"


def record(
    olga: FlaskClient, phrase: str = HELLO, audio: bytes = WEBM, language: str = "en"
) -> TestResponse:
    return post(olga, "/voices/", language=language, phrase=phrase, audio=form_field(audio))


def kept(dataset: Dataset, language: str = "en") -> dict[str, uuid.UUID]:
    with dataset.database.read() as session:
        return {one.phrase: one.id for one in recordings_of(session, language)}


def test_all_that_a_child_hears_is_listed_in_each_language(olga: FlaskClient) -> None:
    page = olga.get("/voices/?language=en").get_data(as_text=True)
    for phrase in (HELLO, STORY, "Turn your head a little to the left.", "Look at the camera!"):
        assert f'data-phrase="{phrase}"' in page
    for not_heard in ("{count}", "{sentence}", "your photos wait here", "For the adult:"):
        assert not_heard not in page
    russian = olga.get("/voices/?language=ru").get_data(as_text=True)
    assert "Ты заглядываешь в свой рюкзак" in russian
    assert olga.get("/voices/?language=fr").status_code == 404


def test_this_page_alone_may_use_the_microphone(olga: FlaskClient) -> None:
    assert "microphone=(self)" in olga.get("/voices/").headers["Permissions-Policy"]
    for path in ("/children/", "/capture/", "/voices/?language=fr"):
        assert "microphone=()" in olga.get(path).headers["Permissions-Policy"]


@pytest.mark.parametrize(("audio", "kind"), [(WEBM, "audio/webm"), (MP4, "audio/mp4")])
def test_a_recording_is_kept_and_heard(olga: FlaskClient, audio: bytes, kind: str) -> None:
    said = record(olga, STORY, audio).json
    sound = olga.get(said["sound"])
    assert (sound.data, sound.mimetype) == (audio, kind)


def test_a_new_recording_takes_the_place_of_the_old(olga: FlaskClient, dataset: Dataset) -> None:
    record(olga)
    (first,) = kept(dataset).values()
    record(olga, audio=MP4)
    (second,) = kept(dataset).values()
    assert first != second  # a tablet that has the old sound asks for the new one
    assert olga.get(f"/voices/{first}").status_code == 404


def test_a_deleted_recording_is_gone(olga: FlaskClient, dataset: Dataset) -> None:
    said = record(olga).json
    assert post(olga, said["delete"]).json == {"deleted": True}
    assert kept(dataset) == {}
    assert olga.get(said["sound"]).status_code == 404
    assert post(olga, said["delete"]).status_code == 404


def test_the_log_tells_of_recordings_without_their_words(
    olga: FlaskClient, dataset: Dataset
) -> None:
    post(olga, record(olga).json["delete"])
    with dataset.database.read() as session:
        events = select(AuditEvent).where(AuditEvent.action.like("voice %"))
        told = [(one.action, one.details) for one in session.scalars(events)]
    assert told == [("voice recorded", {"language": "en"}), ("voice deleted", {"language": "en"})]


@pytest.mark.parametrize(
    "audio",
    [
        b"",
        b"RIFF\x00\x00\x00\x00WAVEfmt ",
        WEBM[:4] + b"matroska A_OPUS",
        WEBM.replace(b"A_OPUS", b"A_FLAC"),
        WEBM + b"\x86\x85V_VP8",
        MP4 + b"hdlr\x00vide",
        MP4.replace(b"mp4a", b"text"),
        WEBM + bytes(MAX_AUDIO),
    ],
)
def test_what_is_no_short_recording_of_sound_alone_is_refused(
    olga: FlaskClient, dataset: Dataset, audio: bytes
) -> None:
    assert record(olga, audio=audio).status_code == 422
    assert kept(dataset) == {}


def test_only_the_child_s_own_sentences_are_recorded(olga: FlaskClient, dataset: Dataset) -> None:
    assert record(olga, "My name is Arina.").status_code == 422
    assert record(olga, HELLO, language="ru").status_code == 422
    assert record(olga, HELLO, language="fr").status_code == 404
    assert kept(dataset) == kept(dataset, "ru") == {}


def test_a_session_is_told_of_the_recordings_in_its_language(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset
) -> None:
    record(olga, STORY, MP4)
    token = {"Session-Token": sit(dataset, enrol(dataset, "research")).token}
    voices = nobody.get("/capture/api/session", headers=token).json["voices"]
    assert list(voices) == [STORY]
    path = f"/capture/api/{voices[STORY]}"
    sound = nobody.get(path, headers=token)
    assert (sound.data, sound.mimetype) == (MP4, "audio/mp4")
    assert nobody.get(path).status_code == 401


def test_what_no_protocol_tells_any_more_can_only_be_heard_and_deleted(
    olga: FlaskClient, dataset: Dataset
) -> None:
    record(olga)
    with dataset.database.write() as session:
        recordings_of(session, "en")[0].phrase = "An older story."
    page = olga.get("/voices/?language=en").get_data(as_text=True)
    assert 'data-phrase="An older story." data-unused' in " ".join(page.split())
