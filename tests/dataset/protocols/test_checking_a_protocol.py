"""What a protocol may hold: each mistake has a sentence of its own."""

from copy import deepcopy
from typing import Any

import pytest

from collector.dataset.emotions import LANGUAGES
from collector.dataset.errors import Unprocessable
from collector.dataset.protocols.checking import check_body
from tests.dataset.protocols.bodies import first_body, new_body, step


def refusal(body: object) -> str:
    with pytest.raises(Unprocessable) as refused:
        check_body(body)
    return str(refused.value)


def changed(place: str, value: object) -> dict[str, Any]:
    """A good body with one value put elsewhere: `place` is names and numbers between dots."""
    body: Any = deepcopy(new_body(step("happy"), step("sad"), plan="fill gaps"))
    *way, last = [int(one) if one.isdigit() else one for one in place.split(".")]
    inner = body
    for one in way:
        inner = inner[one]
    inner[last] = value
    return body  # type: ignore[no-any-return]


def test_a_good_protocol_is_taken_as_it_is() -> None:
    body = new_body(step("happy"), step("sad", "left", part=2))
    assert check_body(body) == body


def test_a_protocol_that_fills_gaps_is_taken_as_it_is() -> None:
    goal = {"plan": "fill gaps", "target": 40, "per_child": 9, "steps_a_session": 12,
            "lights": ["natural"]}  # fmt: skip
    body = new_body({**step("happy"), "required": True}, step("sad"), **goal)
    assert check_body(body) == body


def test_what_says_nothing_of_a_goal_is_left_out() -> None:
    bare = new_body(step("happy"))
    assert check_body({**bare, "target": 40, "lights": ["natural"]}) == bare
    assert check_body({**bare, "plan": ""}) == bare
    filling = check_body({**bare, "plan": "fill gaps", "lights": []})
    assert filling == {**bare, "plan": "fill gaps", "target": 200}
    twisted = {**bare, "plan": "fill gaps", "lights": ["artificial", "natural", "natural"]}
    assert check_body(twisted)["lights"] == ["natural", "artificial"]
    assert check_body({**bare, "steps": [{**step("happy"), "required": False}]}) == bare


@pytest.mark.parametrize(("place", "value", "said"), [
    ("titles.kk", "", "title of at most 80 letters in each language"),
    ("titles.en", "x" * 81, "title of at most 80 letters in each language"),
    ("titles.en", 5, "title of at most 80 letters in each language"),
    ("countdown_seconds", 0, "countdown is 1 to 10"),
    ("countdown_seconds", "3", "countdown is 1 to 10"),
    ("shot_interval_ms", 50, "100 to 5000 milliseconds"),
    ("break_after_emotions", 9, "A break comes after"),
    ("time_limit_minutes", 61, "at most 1 to 60 minutes"),
    ("time_limit_minutes", True, "at most 1 to 60 minutes"),
    ("plan", "by heart", "asks first for what is short"),
    ("plan", 1, "asks first for what is short"),
    ("target", 0, "target is 1 to 2000 usable photos"),
    ("target", 2001, "target is 1 to 2000 usable photos"),
    ("target", "200", "target is 1 to 2000 usable photos"),
    ("per_child", 0, "One child gives 1 to 2000 photos"),
    ("per_child", None, "One child gives 1 to 2000 photos"),
    ("steps_a_session", 201, "A sitting asks for 1 to 200 steps"),
    ("lights", ["mixed"], "between natural and artificial light alone"),
    ("lights", 3, "one of its fields is missing"),
    ("parts", [], "1 to 4 parts"),
    ("parts.0.lights", ["candle"], "wanted in natural light"),
    ("parts", [{"lights": []}] * 2, "Part 2 has no step"),
    ("steps", [], "1 to 200 steps"),
    ("steps", [step("sad")] * 201, "1 to 200 steps"),
    ("steps.0.emotion", "bored", "one of the eight emotions"),
    ("steps.0.head_pose", "back", "front, left, right, up or down"),
    ("steps.0.shots", 31, "1 to 30 photos"),
    ("steps.1.part", 2, "a part that the protocol does not have"),
    ("stories.sad.kk", [], "1 to 12 stories in each of the four languages"),
    ("stories.sad", {}, "1 to 12 stories in each of the four languages"),
    ("stories.sad.en.0", "Too short.", "20 to 110 letters long"),
    ("stories.sad.en.0", "A long story. " * 9, "20 to 110 letters long"),
    ("stories.sad.en.0", "You are very sad and sit in a corner.", "names no emotion"),
    ("stories.sad.ru.0", "Тебе грустно, и ты сидишь в углу.", "names no emotion"),
    ("stories.sad.kk.0", "Сен МҰҢАЙЫП бұрышта отырсың.", "names no emotion"),
    ("stories.sad.uk.0", "Тобі сумно, і ти сидиш у кутку.", "names no emotion"),
    ("steps", "sad", "1 to 200 steps"),
    ("steps.0", {"emotion": "sad"}, "one of its fields is missing"),
    ("titles", None, "one of its fields is missing"),
])  # fmt: skip
def test_each_mistake_is_named(place: str, value: object, said: str) -> None:
    assert said in refusal(changed(place, value))


def test_a_story_is_told_once_among_all_emotions() -> None:
    body = new_body(step("happy"), step("sad"))
    body["stories"]["sad"]["uk"][1] = body["stories"]["happy"]["uk"][0].upper()
    assert "told twice" in refusal(body)


@pytest.mark.parametrize("body", [None, [], "text", {}, {"steps": []}, {"stories": {}}])
def test_what_is_no_protocol_is_refused(body: object) -> None:
    assert "not a protocol" in refusal(body)


def test_unknown_fields_and_stories_of_other_emotions_are_left_out() -> None:
    body = new_body(step("happy"))
    more = {**body, "origin": "shipped", "name": "x", "stories": {**body["stories"], "sad": {}}}
    assert check_body(more) == body


def test_blanks_and_line_ends_are_made_one_kind() -> None:
    body = changed("stories.sad.en.0", "  Somebody\n tells   a quiet tale.\u202e ")
    assert check_body(body)["stories"]["sad"]["en"][0] == "Somebody tells a quiet tale."


def test_a_protocol_of_the_first_form_is_taken_over_into_today_s() -> None:
    body = check_body(first_body("neutral", "happy"))
    assert [one["shots"] for one in body["steps"]] == [4, 4]
    assert body["shuffle"] is False
    assert set(body["stories"]["happy"]) == set(LANGUAGES)
    assert check_body(body) == body
