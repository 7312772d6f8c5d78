"""The page that says what is still missing, its command, and the plan that a tablet gets."""

import json
import re
import uuid

import pytest
from flask import Flask
from flask.testing import FlaskClient

from collector.cli import collector
from collector.dataset import clock
from collector.dataset.commands import run_command
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.models import CaptureSession, Protocol
from collector.dataset.participants import find_participant
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.spreads import EDGES
from tests.cast import OpenSession, enrol, sit, snap
from tests.web.visitors import signed_in

pytestmark = pytest.mark.slow

PAGE = "/coverage/"


@pytest.fixture
def children(dataset: Dataset) -> list[uuid.UUID]:
    """One child with two sad photos by day, one with a single fearful one by lamp."""
    arina, timur = enrol(dataset, "research"), enrol(dataset, "research")
    session = sit(dataset, arina)
    for _ in range(2):
        snap(dataset, session, Emotion.SAD)
    snap(dataset, sit(dataset, timur, light="artificial"), Emotion.FEAR)
    return [arina, timur]


def pseudonym(dataset: Dataset, child: uuid.UUID) -> str:
    with dataset.database.read() as session:
        return find_participant(session, child).pseudonym


def html(client: FlaskClient, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", page))


def order(dataset: Dataset, page: str, children: list[uuid.UUID]) -> list[uuid.UUID]:
    table = page[page.index('id="children"') :]
    return sorted(children, key=lambda one: table.index(pseudonym(dataset, one)))


def use(dataset: Dataset, **changed: object) -> uuid.UUID:
    """A newer version of the first protocol, changed."""
    with dataset.database.write() as db:
        known = current_protocols(db)[0]
        newer = Protocol(
            id=uuid.uuid4(), site_id=dataset.site_id, name=known.name, version=2,
            body={**known.body, **changed, "origin": "own"}, supersedes_id=known.id,
            created_at=clock.now(),
        )  # fmt: skip
        db.add(newer)
    return newer.id


def test_an_empty_page_says_what_to_do(olga: FlaskClient, app: Flask) -> None:
    page = html(olga)
    assert "There is no photo yet. Register a child" in page
    assert 'class="button" href="/children/"' in page
    assert 'class="button" href="/children/"' not in html(signed_in(app, "admin"))


def test_the_tables_count_by_light_position_and_child(
    olga: FlaskClient, children: list[uuid.UUID]
) -> None:
    assert children
    page = words(html(olga))
    assert "sad 2 / 2 / 0 0 2 / 2 / 0" in page
    assert "fear 0 1 / 1 / 0 1 / 1 / 0" in page
    assert "together 2 / 2 / 0 1 / 1 / 0 3 / 3 / 0" in page
    assert "sad 2 usable, 0 agreed, of 200 2 / 200 198 missing" in page


def test_each_bar_has_its_class_s_colour_and_its_word(
    olga: FlaskClient, children: list[uuid.UUID]
) -> None:
    assert children
    page = html(olga)
    for emotion in EMOTIONS:
        assert re.search(rf'<svg class="progress emotion-{emotion}".*?<title>\d+ usable', page)
    assert page.count('<svg class="histogram"') == len(EDGES)
    assert "style=" not in page


def test_the_target_is_the_page_s_the_protocol_s_or_the_study_s(
    olga: FlaskClient, dataset: Dataset, children: list[uuid.UUID]
) -> None:
    assert children
    assert "of 200 to 230 wanted" in html(olga)
    assert "of 2 to 2 wanted" in html(olga, f"{PAGE}?target=2")
    assert "2 / 2 enough" in words(html(olga, f"{PAGE}?target=2"))
    assert "One child gives at most 1 to an emotion" in html(olga, f"{PAGE}?target=2")
    for nonsense in ("-1", "0", "many", "9" * 40):
        assert "of 200 to 230 wanted" in html(olga, f"{PAGE}?target={nonsense}")
    use(dataset, plan="fill gaps", target=40, per_child=11)
    page = html(olga)
    assert "of 40 to 46 wanted" in page
    assert "One child gives at most 11 to an emotion" in page


def test_children_stand_in_the_order_that_is_asked_for(
    olga: FlaskClient, dataset: Dataset, children: list[uuid.UUID]
) -> None:
    arina, timur = children
    by_name = sorted(children, key=lambda one: pseudonym(dataset, one))
    assert order(dataset, html(olga), children) == by_name
    assert order(dataset, html(olga, f"{PAGE}?sort=nonsense"), children) == by_name
    assert order(dataset, html(olga, f"{PAGE}?sort=usable"), children) == [arina, timur]
    assert order(dataset, html(olga, f"{PAGE}?sort=fear"), children) == [timur, arina]
    page = html(olga, f"{PAGE}?sort=fear")
    assert page.count('aria-sort="descending"') == 1


def test_a_child_that_gave_more_than_its_share_is_marked(
    olga: FlaskClient, children: list[uuid.UUID]
) -> None:
    assert children
    assert words(html(olga, f"{PAGE}?target=8")).count("2 &gt; 1") == 1
    assert "&gt;" not in words(html(olga, f"{PAGE}?target=16"))


def test_one_child_s_page_counts_its_photos_alone(
    olga: FlaskClient, dataset: Dataset, children: list[uuid.UUID]
) -> None:
    arina, timur = children
    page = html(olga, f"{PAGE}?child={timur}")
    assert "fear 0 1 / 1 / 0 1 / 1 / 0" in words(page)
    assert "together 0 1 / 1 / 0 1 / 1 / 0" in words(page)
    assert pseudonym(dataset, timur) in page
    assert pseudonym(dataset, arina) not in page
    assert olga.get(f"{PAGE}?child={uuid.uuid4()}").status_code == 404
    assert olga.get(f"{PAGE}?child=nobody").status_code == 404
    newcomer = enrol(dataset, "research")
    assert "There is no photo of this child yet" in html(olga, f"{PAGE}?child={newcomer}")


def test_one_light_s_page_counts_its_photos_against_its_share(
    olga: FlaskClient, dataset: Dataset, children: list[uuid.UUID]
) -> None:
    page = html(olga, f"{PAGE}?light=artificial")
    assert "What is still missing · artificial light" in words(page)
    assert "of 100 to 115 wanted" in page
    assert "One child gives at most 15 to an emotion" in page
    assert "fear 0 0 0 0 0 1 / 1 / 0 1 / 1 / 0" in words(page)
    assert "sad 0 0 0 0 0 0 0" in words(page)
    assert "Emotion and light" not in page
    assert "highest bar 1" in page
    assert "highest bar 3" in html(olga)
    assert "of 20 to 23 wanted" in html(olga, f"{PAGE}?light=artificial&target=40")
    assert "There is no photo in this light yet" in html(olga, f"{PAGE}?light=mixed")
    child = f"{PAGE}?child={children[1]}"
    assert "of at most 15 of each emotion" in html(olga, f"{child}&light=artificial")
    assert f'href="{child}&amp;target=200"' in html(olga, f"{child}&light=natural")
    assert html(olga, f"{PAGE}?light=candle").count("Emotion and light, 100 usable") == 1


def test_positions_that_protocols_ask_for_are_shown_as_missing(
    olga: FlaskClient, dataset: Dataset, children: list[uuid.UUID]
) -> None:
    assert children
    with dataset.database.read() as db:
        steps = current_protocols(db)[0].body["steps"]
    use(dataset, steps=[*steps, {**steps[0], "head_pose": "left"}])
    assert "turned to the left" in words(html(olga))


def test_reviewers_do_not_learn_prompts_from_it(app: Flask, staff: dict[str, uuid.UUID]) -> None:
    assert staff
    rita = signed_in(app, "rita")
    assert rita.get(PAGE).status_code == 404
    assert "Coverage" not in rita.get("/home").get_data(as_text=True)
    for name in ("olga", "admin"):
        assert "Coverage" in signed_in(app, name).get("/home").get_data(as_text=True)


def test_the_command_prints_the_counts(
    dataset: Dataset, children: list[uuid.UUID], capsys: pytest.CaptureFixture[str]
) -> None:
    places = ["--data", str(dataset.folder), "--keys", str(dataset.keys.folder)]
    assert run_command(collector, ["coverage", "--json", "--target", "80", *places]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["target"], found["most"], found["per_child"]) == (80, 92, 10)
    assert found["total"] == {"taken": 3, "usable": 3, "agreed": 0}
    assert {
        "emotion": "fear", "light": "artificial", "head_pose": None,
        "child": pseudonym(dataset, children[1]), "taken": 1, "usable": 1, "agreed": 0,
    } in found["places"]  # fmt: skip
    assert run_command(collector, ["coverage", *places]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "sad: taken 2, usable 2, agreed 0, missing 198" in lines
    assert [line.partition(":")[0] for line in lines[:8]] == list(EMOTIONS)
    assert lines[8:] == [
        "natural light: taken 2, usable 2, agreed 0",
        "artificial light: taken 1, usable 1, agreed 0",
        "head not said: taken 3, usable 3, agreed 0",
        "2 children with photos",
    ]
    use(dataset, plan="fill gaps", target=40, per_child=11)
    assert run_command(collector, ["coverage", "--json", *places]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["target"], found["most"], found["per_child"]) == (40, 46, 11)


def plan(client: FlaskClient, session: OpenSession) -> list[str]:
    told = client.get("/capture/api/session", headers={"Session-Token": session.token}).json
    assert told
    return [step["emotion"] for step in told["plan"]["steps"]]


def test_a_tablet_gets_the_plan_that_fills_gaps(
    nobody: FlaskClient, dataset: Dataset, children: list[uuid.UUID]
) -> None:
    session = sit(dataset, children[0])
    with dataset.database.read() as db:
        steps = current_protocols(db)[0].body["steps"]
    own = plan(nobody, session)
    assert sorted(own) == sorted(step["emotion"] for step in steps)
    protocol = use(dataset, plan="fill gaps", target=16)
    with dataset.database.write() as db:
        capture = db.get(CaptureSession, session.id)
        assert capture
        capture.protocol_id = protocol
    asked = plan(nobody, session)
    assert (asked[0], asked[-1]) == (own[0], own[-1])
    assert set(own) - set(asked) == {"sad"}  # it gave two of sixteen, its share
    snap(dataset, session, Emotion.FEAR)
    assert plan(nobody, session) == asked
