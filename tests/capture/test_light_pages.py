"""The operator's pages of light passports, the tablet that measures one, and the start page."""

import html
import json
import re
import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.models import CaptureSession, LightPassport
from collector.dataset.passports.passport import VALID_FOR, list_passports
from tests.capture.test_starting_a_session import start
from tests.cast import drawn_jpeg, enrol
from tests.sheets import sheet_jpeg
from tests.web.visitors import csrf_of, post

pytestmark = pytest.mark.slow

API = "/capture/api/light"


def make(olga: FlaskClient, **changed: object) -> str:
    """The address of a new passport's page."""
    said = {"room": "14", "light": "natural", "sheet": "white", "lux": "450", **changed}
    answer = post(olga, "/light/new", **said)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return answer.location


def token_for(olga: FlaskClient, address: str) -> str:
    page = post(olga, f"{address}/link").get_data(as_text=True)
    found = re.search(r"/capture/light/\?language=en#([\w-]{43})", page)
    assert found, page
    return found[1]


def send(
    client: FlaskClient, token: str, frame: bytes | None = None, language: str = "en"
) -> TestResponse:
    """PUT a frame as the tablet's page does."""
    headers = {
        "Light-Token": token,
        "Accept-Language": language,
        "Photo-Details": json.dumps({"settings": {"colorTemperature": 4600, "iso": 100}}),
    }
    return client.put(API, data=sheet_jpeg() if frame is None else frame, headers=headers)


def known(dataset: Dataset) -> LightPassport:
    with dataset.database.read() as db:
        return list_passports(db)[0]


def page_of(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return html.unescape(answer.get_data(as_text=True))


def test_an_operator_makes_a_passport(olga: FlaskClient, dataset: Dataset) -> None:
    assert "no light passport yet" in page_of(olga, "/light/")
    page = page_of(olga, make(olga, room="Room 14"))
    assert "natural light, not measured" in page
    assert "450 lx" in page
    made = known(dataset)
    assert (made.room, made.light, made.lux, made.sheet) == ("Room 14", "natural", 450, "white")
    assert made.operator_id is not None
    assert "Room 14" in page_of(olga, "/light/")


def test_lux_is_optional_and_what_is_wrong_is_said(olga: FlaskClient, dataset: Dataset) -> None:
    make(olga, lux="")
    assert known(dataset).lux is None
    for wrong in ({"room": ""}, {"light": "unknown"}, {"sheet": "x"}, {"lux": "dark"}):
        said = {"room": "14", "light": "natural", "sheet": "white", **wrong}
        assert post(olga, "/light/new", **said).status_code == 422, wrong


def test_a_passport_is_renewed_by_another_of_the_same_room(
    olga: FlaskClient, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    address, made = make(olga, room="Room 14", light="mixed"), clock.now()
    monkeypatch.setattr(clock, "now", lambda: made + VALID_FOR + timedelta(minutes=1))
    page = page_of(olga, address)
    assert "no longer valid" in page
    assert "Measure with a tablet" not in page
    (form,) = set(re.findall(r"/light/new\?renew=[\w-]+", page))
    again = page_of(olga, form)
    assert 'value="Room 14"' in again
    assert re.search(r'value="mixed"\s+required\s+checked', again)


def test_the_page_s_own_camera_measures(olga: FlaskClient, dataset: Dataset) -> None:
    address = make(olga)
    headers = {"X-CSRFToken": csrf_of(olga), "Accept": "application/json"}
    refused = olga.post(f"{address}/frame", data=drawn_jpeg(), headers=headers)
    assert refused.status_code == 422
    assert refused.json["error"].startswith("No white or grey sheet")
    answer = olga.post(f"{address}/frame", data=sheet_jpeg(), headers=headers)
    assert answer.status_code == 200
    assert answer.json == {
        "sentence": "natural light, about 5500 K, the same from both sides",
        "proposal": "",
    }
    assert answer.json["sentence"] in page_of(olga, address)
    assert "Measure with a tablet" not in page_of(olga, address)


def test_a_tablet_measures_with_its_link(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset
) -> None:
    token = token_for(olga, make(olga))
    told = nobody.get(API, headers={"Light-Token": token}).json
    assert (told["room"], told["done"]) == ("14", False)
    assert told["words"]["measure"] == "Measure"
    answer = send(nobody, token)
    assert (answer.status_code, answer.json["done"]) == (200, True)
    assert known(dataset).camera_settings == {"colorTemperature": 4600, "iso": 100}
    assert send(nobody, token).status_code == 409
    assert nobody.get(API, headers={"Light-Token": token}).json["done"]  # after a reload


def test_a_dark_side_is_answered_with_a_proposal(olga: FlaskClient, nobody: FlaskClient) -> None:
    address = make(olga)
    token = token_for(olga, address)
    dark = send(nobody, token, sheet_jpeg(left=1, right=0.5, is_folded=True)).json
    assert not dark["done"]
    assert dark["sentence"].endswith("more from the child's right")
    assert dark["proposal"].startswith("The left side is dark")
    assert dark["proposal"] in page_of(olga, address)
    assert send(nobody, token).json["proposal"] == ""


def test_a_link_opens_nothing_else(olga: FlaskClient, nobody: FlaskClient) -> None:
    token = token_for(olga, make(olga))
    assert nobody.get("/capture/api/session", headers={"Light-Token": token}).status_code == 401
    assert nobody.get(API, headers={"Session-Token": token}).status_code == 401
    ended = send(nobody, "x" * 43)
    assert (ended.status_code, ended.json["error"]) == (401, "This link has ended.")
    assert nobody.get("/light/").status_code == 401


def test_a_frame_that_is_too_large_or_no_picture_is_refused(
    olga: FlaskClient, nobody: FlaskClient
) -> None:
    token = token_for(olga, make(olga))
    assert send(nobody, token, b"\xff\xd8\xff" + bytes(2 * 1024 * 1024)).status_code == 413
    assert send(nobody, token, b"<script>").status_code == 415
    assert send(nobody, token, b"").status_code == 400


def test_the_tablet_s_page_knows_nothing_by_itself(nobody: FlaskClient) -> None:
    page = page_of(nobody, "/capture/light/")
    assert page.count("<p lang=") == 4
    assert nobody.get_cookie("session") is None


def test_a_session_begins_in_the_newest_passport_s_light(
    olga: FlaskClient, dataset: Dataset
) -> None:
    make(olga, room="Hall")
    make(olga, room="Room 14", light="artificial")
    child, newest = enrol(dataset, "research"), known(dataset)
    page = page_of(olga, f"/children/{child}")
    checked = re.findall(r'name="light"\s+value="([\w-]+)"\s+required\s+checked', page)
    assert checked == [str(newest.id)]
    assert start(olga, dataset, child, light=str(newest.id)).status_code == 200
    with dataset.database.read() as db:
        (session,) = db.query(CaptureSession).all()
    assert (session.light, session.light_passport_id) == ("artificial", newest.id)


def test_a_session_s_light_may_still_be_declared_by_hand(
    olga: FlaskClient, dataset: Dataset
) -> None:
    make(olga)
    start(olga, dataset, enrol(dataset, "research"), light="mixed")
    with dataset.database.read() as db:
        (session,) = db.query(CaptureSession).all()
    assert (session.light, session.light_passport_id) == ("mixed", None)


def test_a_passport_that_is_over_or_unknown_starts_nothing(
    olga: FlaskClient, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(olga)
    child, old, made = enrol(dataset, "research"), known(dataset), clock.now()
    monkeypatch.setattr(clock, "now", lambda: made + VALID_FOR + timedelta(minutes=1))
    assert start(olga, dataset, child, light=str(old.id)).status_code == 409
    assert start(olga, dataset, child, light=str(uuid.uuid4())).status_code == 404
    assert "14: natural light" not in page_of(olga, f"/children/{child}")
