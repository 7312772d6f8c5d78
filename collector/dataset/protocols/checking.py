"""What a protocol may be: one function, one sentence for each mistake."""

from typing import Any

from collector.dataset.emotions import EMOTIONS, LANGUAGES
from collector.dataset.errors import Unprocessable
from collector.dataset.protocols.goals import FILL_GAPS, TARGET
from collector.dataset.protocols.plan import modernise
from collector.dataset.protocols.stories import LONGEST, SHORTEST, Stories, names_an_emotion
from collector.dataset.vocabulary import HEAD_POSES, WANTED_LIGHTS

MAX_TITLE, MAX_STEPS, MAX_PARTS, MAX_STORIES = 80, 200, 4, 12
MAX_TARGET = 2000


def check_body(body: object) -> dict[str, Any]:
    """The body in today's form with its known fields alone; raises Unprocessable.

    One of the first form is taken over into today's. What the fields may hold: docs/PROTOCOLS.md.
    """
    if not isinstance(body, dict):
        raise Unprocessable("This is not a protocol.")
    try:
        body = modernise(body)
        parts = _check_parts(body["parts"])
        steps = _check_steps(body["steps"], len(parts))
        return {
            "titles": _check_titles(body["titles"]),
            **_check_pace(body),
            "practice": body["practice"] is True,
            "shuffle": body["shuffle"] is True,
            **_check_goal(body),
            "parts": parts,
            "steps": steps,
            "stories": _check_stories(body["stories"], {step["emotion"] for step in steps}),
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise Unprocessable("This is not a protocol: one of its fields is missing.") from error


def _check_titles(titles: dict[str, Any]) -> dict[str, str]:
    checked = {language: _one_line(titles.get(language)) for language in LANGUAGES}
    if not all(0 < len(title) <= MAX_TITLE for title in checked.values()):
        raise Unprocessable("A protocol has a title of at most 80 letters in each language.")
    return checked


def _check_pace(body: dict[str, Any]) -> dict[str, int]:
    if not _within(body["countdown_seconds"], 1, 10):
        raise Unprocessable("The countdown is 1 to 10 seconds long.")
    if not _within(body["shot_interval_ms"], 100, 5000):
        raise Unprocessable("From one shot to the next it takes 100 to 5000 milliseconds.")
    if not _within(body["break_after_emotions"], 0, len(EMOTIONS)):
        raise Unprocessable("A break comes after 1 to 8 emotions; 0 is no break.")
    if not _within(body["time_limit_minutes"], 0, 60):
        raise Unprocessable("A sitting is at most 1 to 60 minutes long; 0 is no limit.")
    fields = "countdown_seconds", "shot_interval_ms", "break_after_emotions", "time_limit_minutes"
    return {field: body[field] for field in fields}


def _check_goal(body: dict[str, Any]) -> dict[str, Any]:
    """The fields of a goal, without those that say nothing; none where nothing fills gaps."""
    plan, lights = body.get("plan"), body.get("lights") or []
    if not plan:
        return {}
    if plan != FILL_GAPS:
        raise Unprocessable("A protocol is asked as it stands, or asks first for what is short.")
    if not _within(body.get("target", TARGET), 1, MAX_TARGET):
        raise Unprocessable("The target is 1 to 2000 usable photos of each emotion.")
    if not _within(body.get("per_child", 1), 1, MAX_TARGET):
        raise Unprocessable("One child gives 1 to 2000 photos of each emotion.")
    if not _within(body.get("steps_a_session", 1), 1, MAX_STEPS):
        raise Unprocessable("A sitting asks for 1 to 200 steps.")
    if any(light not in WANTED_LIGHTS for light in lights):
        raise Unprocessable("The target is divided between natural and artificial light alone.")
    goal: dict[str, Any] = {"plan": plan, "target": body.get("target", TARGET)}
    goal.update((field, body[field]) for field in ("per_child", "steps_a_session") if field in body)
    ordered = [light for light in WANTED_LIGHTS if light in lights]
    return {**goal, "lights": ordered} if ordered else goal


def _check_parts(parts: list[dict[str, Any]]) -> list[dict[str, list[str]]]:
    if not isinstance(parts, list) or not 1 <= len(parts) <= MAX_PARTS:
        raise Unprocessable("A protocol has 1 to 4 parts.")
    if any(light not in WANTED_LIGHTS for part in parts for light in part["lights"]):
        raise Unprocessable("A part is wanted in natural light, in artificial light, or in any.")
    return [
        {"lights": [light for light in WANTED_LIGHTS if light in part["lights"]]} for part in parts
    ]


def _check_steps(steps: list[dict[str, Any]], parts: int) -> list[dict[str, Any]]:
    if not isinstance(steps, list) or not 1 <= len(steps) <= MAX_STEPS:
        raise Unprocessable("A protocol has 1 to 200 steps.")
    checked = [_check_step(step, parts) for step in steps]
    for part in range(1, parts + 1):
        if part not in {step["part"] for step in checked}:
            raise Unprocessable("Part %(part)s has no step.", part=part)
    return checked


def _check_step(step: dict[str, Any], parts: int) -> dict[str, Any]:
    if step["emotion"] not in list(EMOTIONS):
        raise Unprocessable("Each step asks for one of the eight emotions.")
    if step["head_pose"] not in HEAD_POSES:
        raise Unprocessable("The head looks to the front, left, right, up or down.")
    if not _within(step["shots"], 1, 30):
        raise Unprocessable("A step takes 1 to 30 photos.")
    if not _within(step["part"], 1, parts):
        raise Unprocessable("A step belongs to a part that the protocol does not have.")
    checked = {name: step[name] for name in ("emotion", "head_pose", "shots", "part")}
    return {**checked, **({"required": True} if step.get("required") is True else {})}


def _check_stories(stories: dict[str, Any], wanted: set[str]) -> Stories:
    told: dict[str, set[str]] = {language: set() for language in LANGUAGES}
    return {
        emotion: {
            language: _check_told(stories.get(emotion, {}).get(language), language, told[language])
            for language in LANGUAGES
        }
        for emotion in map(str, EMOTIONS)
        if emotion in wanted
    }


def _check_told(stories: object, language: str, told: set[str]) -> list[str]:
    lines = [_one_line(one) for one in stories] if isinstance(stories, list) else []
    if not 1 <= len(lines) <= MAX_STORIES:
        raise Unprocessable("Each emotion has 1 to 12 stories in each of the four languages.")
    for story in lines:
        if not SHORTEST <= len(story) <= LONGEST:
            raise Unprocessable(
                "A story is 20 to 110 letters long, and this one is not: “%(story)s”",
                story=story[:LONGEST],
            )
        if names_an_emotion(story, language):
            raise Unprocessable(
                "A story tells what happens and names no emotion; this one does: “%(story)s”",
                story=story,
            )
        if story.casefold() in told:
            raise Unprocessable("This story is told twice: “%(story)s”", story=story)
        told.add(story.casefold())
    return lines


def _one_line(text: object) -> str:
    """The text without line ends, double blanks and signs that are no letters."""
    words = " ".join(text.split()) if isinstance(text, str) else ""
    return "".join(letter for letter in words if letter.isprintable())


def _within(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
