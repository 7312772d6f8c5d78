"""The operator reads protocols and edits them: every save is a version of its own."""

import json
import uuid
from html.parser import HTMLParser
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from collector.dataset.dataset import Dataset
from collector.dataset.models import Protocol
from collector.dataset.protocols.plan import current_protocols, find_protocol
from tests.cast import enrol, sit
from tests.dataset.protocols.bodies import first_body, keep, new_body, step
from tests.web.visitors import csrf_of

pytestmark = pytest.mark.slow

Fields = dict[str, list[str]]


class Form(HTMLParser):
    """The fields of the editor as a browser would send them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: Fields = {}
        self._name, self._chosen, self._text = "", "", ""
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        values = dict(found)
        if tag == "form":
            self._inside = "editor" in (values.get("class") or "")
        name = values.get("name") or ""
        if tag in ("select", "textarea"):
            self._name, self._chosen, self._text = name, "", ""
        if tag == "option" and "selected" in values:
            self._chosen = values["value"] or ""
        ticked = values.get("type") != "checkbox" or "checked" in values
        if tag == "input" and ticked:
            self._add(name, values.get("value") or "")

    def handle_data(self, data: str) -> None:
        self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._add(self._name, self._chosen)
        if tag == "textarea":
            self._add(self._name, self._text)

    def _add(self, name: str, value: str) -> None:
        if self._inside:
            self.fields.setdefault(name, []).append(value)


def current(dataset: Dataset, name: str) -> Protocol:
    with dataset.database.read() as session:
        (found,) = [one for one in current_protocols(session) if one.name == name]
    return found


def fields_of(olga: FlaskClient, protocol: Protocol, purpose: str) -> Fields:
    page = olga.get(f"/protocols/{protocol.id}/{purpose}")
    assert page.status_code == 200
    return Form(page.get_data(as_text=True)).fields


def save(olga: FlaskClient, protocol: Protocol, purpose: str, fields: Fields) -> TestResponse:
    data: dict[str, Any] = {**fields, "csrf_token": csrf_of(olga)}
    return olga.post(f"/protocols/{protocol.id}/{purpose}", data=data)


@pytest.mark.parametrize("name", ["lesson", "study"])
def test_saving_without_a_change_adds_no_version(
    olga: FlaskClient, dataset: Dataset, name: str
) -> None:
    before = current(dataset, name)
    answer = save(olga, before, "version", fields_of(olga, before, "version"))
    assert (answer.status_code, answer.location) == (302, f"/protocols/{before.id}")
    assert current(dataset, name).id == before.id


def test_every_field_of_the_form_is_kept_in_a_new_version(
    olga: FlaskClient, dataset: Dataset
) -> None:
    before = current(dataset, "study")
    fields = fields_of(olga, before, "version")
    fields["title-kk"] = ["Жаңа атау"]
    fields["countdown_seconds"], fields["shot_interval_ms"] = ["4"], ["250"]
    fields["break_after_emotions"], fields["time_limit_minutes"] = ["3"], ["7"]
    del fields["practice"], fields["shuffle"]
    fields["target"], fields["per_child"], fields["steps_a_session"] = ["40"], ["9"], [""]
    fields["goal-lights"] = ["artificial"]
    fields["lights-1"] = ["artificial"]
    fields["shots"][0], fields["head_pose"][0], fields["asked"][0] = "9", "down", "always"
    fields["stories-happy-en"] = [
        "You find a shiny coin on the path.\r\n\r\nYour team wins a cup!!!"
    ]
    place = fields["emotion"].index("")  # an empty row becomes a step of part 2
    fields["emotion"][place], fields["part"][place], fields["shots"][place] = "fear", "2", "6"
    answer = save(olga, before, "version", fields)
    after = current(dataset, "study")
    assert answer.location == f"/protocols/{after.id}"
    body, old = after.body, before.body
    assert body["titles"] == {**old["titles"], "kk": "Жаңа атау"}
    assert (body["countdown_seconds"], body["shot_interval_ms"]) == (4, 250)
    assert (body["break_after_emotions"], body["time_limit_minutes"]) == (3, 7)
    assert (body["practice"], body["shuffle"]) == (False, False)
    assert (body["plan"], body["target"], body["per_child"]) == ("fill gaps", 40, 9)
    assert "steps_a_session" not in body
    assert body["lights"] == ["artificial"]
    assert body["parts"] == [{"lights": ["artificial"]}, {"lights": []}]
    first = {**old["steps"][0], "shots": 9, "head_pose": "down", "required": True}
    assert body["steps"][0] == first
    added = {"emotion": "fear", "head_pose": "frontal", "shots": 6, "part": 2}
    assert body["steps"][1:] == [*old["steps"][1:], added]
    happy = ["You find a shiny coin on the path.", "Your team wins a cup!!!"]
    assert body["stories"]["happy"] == {**old["stories"]["happy"], "en": happy}
    assert {one: told for one, told in body["stories"].items() if one != "happy"} == {
        one: told for one, told in old["stories"].items() if one != "happy"
    }


def test_a_protocol_in_use_stays_and_its_sessions_keep_it(
    olga: FlaskClient, nobody: FlaskClient, dataset: Dataset
) -> None:
    before = current(dataset, "lesson")
    session = sit(dataset, enrol(dataset, "research"))
    header = {"Session-Token": session.token}
    told = nobody.get("/capture/api/session", headers=header).json
    fields = fields_of(olga, before, "version")
    fields["countdown_seconds"] = ["9"]
    save(olga, before, "version", fields)
    assert nobody.get("/capture/api/session", headers=header).json == told
    with dataset.database.read() as db:
        assert find_protocol(db, before.id).body == before.body
    page = olga.get("/protocols/").get_data(as_text=True)
    assert "1 version that was replaced" in page
    assert "1 session was taken with it" in olga.get(f"/protocols/{before.id}").get_data(
        as_text=True
    )
    assert "newer version" in olga.get(f"/protocols/{before.id}").get_data(as_text=True)


def test_steps_of_no_emotion_are_left_out_and_empty_parts_with_them(
    olga: FlaskClient, dataset: Dataset
) -> None:
    parts = [{"lights": ["natural"]}, {"lights": ["artificial"]}]
    steps = step("sad"), step("fear", "up", part=2), step("angry", "down", part=2)
    keep(dataset, new_body(*steps, parts=parts), "two halves")
    before = current(dataset, "two halves")
    fields = fields_of(olga, before, "copy")
    fields["name"] = ["half"]
    rows = zip(fields["emotion"], fields["part"], strict=True)
    fields["emotion"] = ["" if part == "1" else emotion for emotion, part in rows]
    save(olga, before, "copy", fields)
    body = current(dataset, "half").body
    assert body["parts"] == before.body["parts"][1:]
    assert {step["part"] for step in body["steps"]} == {1}
    assert {step["head_pose"] for step in body["steps"]} == {"up", "down"}


def test_a_protocol_that_no_longer_fills_gaps_keeps_no_goal(
    olga: FlaskClient, dataset: Dataset
) -> None:
    before = current(dataset, "study")
    fields = fields_of(olga, before, "version")
    del fields["plan"]
    save(olga, before, "version", fields)
    body = current(dataset, "study").body
    assert set(before.body) - set(body) == {
        "plan", "target", "per_child", "steps_a_session", "lights",
    }  # fmt: skip
    assert body["steps"] == before.body["steps"]


def test_a_protocol_s_page_says_what_is_wanted_and_how_long_a_sitting_takes(
    olga: FlaskClient, dataset: Dataset
) -> None:
    def page(name: str) -> str:
        answer = olga.get(f"/protocols/{current(dataset, name).id}")
        return " ".join(answer.get_data(as_text=True).split())

    study = page("study")
    assert "200 to 230 usable photos of each emotion are wanted, at most 30" in study
    assert "shared evenly between natural and artificial light" in study
    assert "A sitting asks for at most 24 steps; about 7 minutes." in study
    assert "about 11 minutes" not in study  # all of its steps, which no sitting asks for
    assert "usable photos" not in page("lesson")
    keep(dataset, new_body({**step("sad"), "required": True}, plan="fill gaps"))
    assert "front 2 (always)" in page("tests")


def test_a_copy_stands_beside_what_it_began_as(olga: FlaskClient, dataset: Dataset) -> None:
    before = current(dataset, "short")
    fields = {**fields_of(olga, before, "copy"), "name": ["ours"]}
    save(olga, before, "copy", fields)
    copied = current(dataset, "ours")
    assert (copied.version, copied.supersedes_id) == (1, None)
    assert copied.body == {**before.body, "origin": "own"}
    assert current(dataset, "short").id == before.id


@pytest.mark.parametrize(("field", "value", "said"), [
    ("countdown_seconds", "0", "The countdown is 1 to 10 seconds long."),
    ("countdown_seconds", "", "The countdown is 1 to 10 seconds long."),
    ("countdown_seconds", "three", "The countdown is 1 to 10 seconds long."),
    ("title-uk", " ", "A protocol has a title of at most 80 letters in each language."),
    ("stories-sad-kk", "", "Each emotion has 1 to 12 stories in each of the four languages."),
    ("stories-sad-en", "You are so sad today, are you?", "names no emotion"),
])  # fmt: skip
def test_a_mistake_is_said_in_a_sentence_and_nothing_is_kept(
    olga: FlaskClient, dataset: Dataset, field: str, value: str, said: str
) -> None:
    before = current(dataset, "lesson")
    answer = save(olga, before, "version", {**fields_of(olga, before, "version"), field: [value]})
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert current(dataset, "lesson").id == before.id


def test_a_form_whose_rows_are_not_whole_is_refused(olga: FlaskClient, dataset: Dataset) -> None:
    before = current(dataset, "lesson")
    fields = fields_of(olga, before, "version")
    fields["shots"].pop()
    assert save(olga, before, "version", fields).status_code == 400


def test_an_unknown_protocol_is_not_found(olga: FlaskClient) -> None:
    token = csrf_of(olga)
    for path in ("", "/file", "/copy", "/version"):
        assert olga.get(f"/protocols/{uuid.uuid4()}{path}").status_code == 404
    for path in ("/copy", "/version"):
        answer = olga.post(
            f"/protocols/{uuid.uuid4()}{path}",
            data={
                "csrf_token": token,
                "emotion": "sad",
                "head_pose": "left",
                "shots": "3",
                "part": "1",
                "asked": "short",
            },
        )
        assert answer.status_code == 404


def test_a_downloaded_protocol_is_pasted_and_registered(
    olga: FlaskClient, dataset: Dataset
) -> None:
    before = current(dataset, "study")
    file = olga.get(f"/protocols/{before.id}/file")
    assert file.mimetype == "application/json"
    assert "attachment" in file.headers["Content-Disposition"]
    exported = file.get_data(as_text=True)
    assert json.loads(exported)["name"] == "study"
    content = exported.replace('"study"', '"elsewhere"')
    answer = olga.post("/protocols/", data={"csrf_token": csrf_of(olga), "content": content})
    after = current(dataset, "elsewhere")
    assert (answer.status_code, answer.location) == (302, f"/protocols/{after.id}")
    assert after.body == {**before.body, "origin": "own"}
    broken = olga.post("/protocols/", data={"csrf_token": csrf_of(olga), "content": content[:-9]})
    assert broken.status_code == 422


def test_a_protocol_of_the_first_form_is_shown_and_edited(
    olga: FlaskClient, dataset: Dataset
) -> None:
    keep(dataset, first_body("neutral", "happy"))
    before = current(dataset, "tests")
    assert olga.get(f"/protocols/{before.id}").status_code == 200
    fields = {**fields_of(olga, before, "version"), "time_limit_minutes": ["5"]}
    save(olga, before, "version", fields)
    after = current(dataset, "tests")
    assert (after.version, after.body["time_limit_minutes"]) == (2, 5)
    assert [step["emotion"] for step in after.body["steps"]] == ["neutral", "happy"]
