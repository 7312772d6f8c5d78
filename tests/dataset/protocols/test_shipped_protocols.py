"""The protocols and stories that come with the program."""

import json
import re
import shutil
import uuid
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import select

from collector.dataset import shipped
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import DESCRIPTIONS, EMOTIONS, LANGUAGES, Emotion
from collector.dataset.models import Protocol
from collector.dataset.protocols.asking import longest_sitting
from collector.dataset.protocols.checking import check_body
from collector.dataset.protocols.goals import fills_gaps, goal_of
from collector.dataset.protocols.plan import Plan, current_protocols, read_plan, title_of
from collector.dataset.protocols.sequences import estimate_minutes, steps_of_part
from collector.dataset.protocols.stories import NAMED, names_an_emotion, shipped_stories
from collector.dataset.protocols.versions import supersede
from collector.dataset.shipped import install
from collector.dataset.vocabulary import HEAD_POSES, WANTED_LIGHTS
from tests.dataset.protocols.bodies import body_of, first_body, new_body

NAMES = ("lesson", "many-children", "short", "study")
FOLDER = Path(shipped.__file__).parent / "protocols" / "shipped"
STORIES = [
    (emotion, language, story)
    for emotion, languages in shipped_stories().items()
    for language, stories in languages.items()
    for story in stories
]


def plan_of(dataset: Dataset, name: str) -> Plan:
    return read_plan(body_of(dataset, name), "en")


def rows_of(dataset: Dataset, name: str) -> list[Protocol]:
    with dataset.database.read() as session:
        statement = select(Protocol).where(Protocol.name == name).order_by(Protocol.version)
        return list(session.scalars(statement))


def test_a_new_dataset_holds_every_protocol_in_its_first_version(dataset: Dataset) -> None:
    with dataset.database.read() as session:
        found = [(one.name, one.version) for one in current_protocols(session)]
    assert found == [(name, 1) for name in NAMES]


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_protocol_is_one_that_an_operator_may_keep(dataset: Dataset, name: str) -> None:
    body = rows_of(dataset, name)[0].body
    assert {**check_body(body), "origin": "shipped"} == body
    assert all(title_of(body, language) == body["titles"][language] for language in LANGUAGES)
    assert title_of(body, "tlh") == body["titles"]["en"]


@pytest.mark.parametrize("name", NAMES)
def test_every_part_asks_for_the_eight_emotions_within_its_time(
    dataset: Dataset, name: str
) -> None:
    plan = plan_of(dataset, name)
    for part in range(1, len(plan.parts) + 1):
        steps = steps_of_part(plan, part)
        if name == "study":
            steps = longest_sitting(plan, goal_of(body_of(dataset, name)), uuid.UUID(int=part))
        assert {step.emotion for step in steps} == set(EMOTIONS)
        assert 0 < estimate_minutes(plan, steps) <= plan.minutes
    assert plan.shuffled


def photos(plan: Plan) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for step in plan.steps:
        counts[step.emotion] += step.shots
    return counts


def test_each_protocol_takes_what_its_name_promises(dataset: Dataset) -> None:
    plans = {name: plan_of(dataset, name) for name in NAMES}
    assert {name: plan.minutes for name, plan in plans.items()} == {
        "lesson": 3, "many-children": 10, "short": 10, "study": 10,
    }  # fmt: skip
    assert set(photos(plans["many-children"]).values()) == {12}
    for name in ("lesson", "short", "study"):
        assert {step.shots for step in plans[name].steps} == {5}
        assert 4 * plans[name].shot_interval_ms == 2000  # five shots in two seconds
    assert {plan.break_after for plan in plans.values()} == {2}
    assert all(plan.practice for plan in plans.values())


def test_the_study_asks_for_five_positions_of_the_head_in_two_lights(dataset: Dataset) -> None:
    plan = plan_of(dataset, "study")
    assert set(plan.parts) == {WANTED_LIGHTS}
    for emotion in EMOTIONS:
        asked = [step.head_pose for step in plan.steps if step.emotion == emotion]
        assert sorted(asked) == sorted(HEAD_POSES)
    body = body_of(dataset, "study")
    goal = goal_of(body)
    assert [name for name in NAMES if fills_gaps(body_of(dataset, name))] == ["study"]
    assert (goal.target, goal.most, goal.lights) == (200, 230, WANTED_LIGHTS)
    # Seven children fill a class; in each light a child gives three bursts of five to it.
    assert 6 * goal.cap < goal.target <= 7 * goal.cap
    assert goal.cap == len(WANTED_LIGHTS) * 3 * 5


def test_stories_are_told_in_one_place_alone() -> None:
    for path in FOLDER.glob("*.json"):
        assert "stories" not in json.loads(path.read_text("utf-8"))


def test_each_emotion_has_three_stories_or_more_in_four_languages() -> None:
    counts = Counter((emotion, language) for emotion, language, _ in STORIES)
    assert set(counts) == {(emotion, language) for emotion in EMOTIONS for language in LANGUAGES}
    assert min(counts.values()) >= 3
    for emotion in EMOTIONS:
        assert len({counts[emotion, language] for language in LANGUAGES}) == 1


def test_no_story_repeats_another() -> None:
    bare = [re.sub(r"\W+", " ", story).casefold() for _, _, story in STORIES]
    assert len(bare) == len(set(bare))


@pytest.mark.parametrize(("emotion", "language", "story"), STORIES)
def test_a_story_is_short_speaks_to_the_child_and_names_no_emotion(
    emotion: str, language: str, story: str
) -> None:
    assert emotion in set(EMOTIONS)
    assert 20 <= len(story) <= 110
    assert len(re.findall(r"[.!?]+", story)) <= 4  # its sentences, and the question after them
    asked = {"ru": "Какое у тебя лицо?|Как ты на него посмотришь?",
             "kk": "Жүзің қандай болады?|Оған қалай қарайсың?",
             "uk": "Яке в тебе обличчя?|Як ти на нього подивишся?",
             "en": "What does your face do?|How do you look at him?"}[language]  # fmt: skip
    assert story.endswith(tuple(asked.split("|")))
    assert not names_an_emotion(story, language)
    alphabet = "a-z" if language == "en" else "а-яёіїєґәғқңөұүһ"
    assert re.fullmatch(rf"[{alphabet}\s\W]+", story.casefold())


@pytest.mark.parametrize("emotion", EMOTIONS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_of_an_emotion_would_be_noticed(emotion: Emotion, language: str) -> None:
    name = DESCRIPTIONS[emotion].names[language]
    assert re.match(NAMED[emotion][language], name)
    assert names_an_emotion(f"… {name.upper()}!", language)


def install_again(dataset: Dataset) -> None:
    install(dataset.database, dataset.site_id)


def change(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, **changed: object) -> None:
    """The program's next version brings this protocol changed."""
    for kind in ("texts", "protocols/shipped"):
        shutil.copytree(Path(shipped.__file__).parent / kind, folder / kind)
    path = folder / "protocols" / "shipped" / f"{name}.json"
    body = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**body, **changed}), "utf-8")
    monkeypatch.setattr(shipped, "HERE", folder)


def test_opening_again_adds_nothing(dataset: Dataset) -> None:
    install_again(dataset)
    assert [len(rows_of(dataset, name)) for name in NAMES] == [1, 1, 1, 1]


def test_a_changed_file_becomes_a_new_version_and_the_row_in_use_stays(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (before,) = rows_of(dataset, "short")
    folder = tmp_path / "next"
    folder.mkdir()
    change(monkeypatch, folder, "short", countdown_seconds=5)
    install_again(dataset)
    install_again(dataset)
    first, second = rows_of(dataset, "short")
    assert (first.id, first.body) == (before.id, before.body)
    assert (second.version, second.supersedes_id) == (2, before.id)
    assert second.body == {**before.body, "countdown_seconds": 5}
    assert len(rows_of(dataset, "study")) == 1


def test_a_row_of_the_program_s_first_version_is_superseded(dataset: Dataset) -> None:
    with dataset.database.write() as session:
        row = session.scalars(select(Protocol).where(Protocol.name == "lesson")).one()
        row.body = first_body("neutral", "happy")
    install_again(dataset)
    first, second = rows_of(dataset, "lesson")
    assert first.body == first_body("neutral", "happy")
    assert second.supersedes_id == first.id
    assert len(read_plan(second.body, "kk").steps) == 8


def test_an_operator_s_version_is_not_superseded_by_the_program_s_next(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (before,) = rows_of(dataset, "short")
    own = supersede(dataset, before.id, new_body(), actor="test")
    install_again(dataset)
    assert len(rows_of(dataset, "short")) == 2
    folder = tmp_path / "next"
    folder.mkdir()
    change(monkeypatch, folder, "short", countdown_seconds=5)
    install_again(dataset)
    newest = rows_of(dataset, "short")[-1]
    assert (newest.version, newest.supersedes_id) == (3, before.id)
    with dataset.database.read() as session:
        current = {one.id for one in current_protocols(session) if one.name == "short"}
    assert current == {own.id, newest.id}
