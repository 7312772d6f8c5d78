"""The class page: what an operator sees and does there."""

import re
import uuid

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from collector.dataset.dataset import Dataset
from collector.dataset.lessons.lessons import list_lessons
from collector.dataset.passports.passport import make_passport
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.sessions import answer_assent, close_session
from tests.cast import enrol
from tests.dataset.lessons.classes import PairedTablet, begin, send, states
from tests.web.visitors import post


def page_of(olga: FlaskClient, path: str) -> str:
    answer = olga.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def start(
    olga: FlaskClient, dataset: Dataset, *children: uuid.UUID, **changed: str
) -> TestResponse:
    with dataset.database.read() as session:
        protocol = current_protocols(session)[0].id
    fields = {
        "lesson": str(uuid.uuid4()), "title": "2b", "protocol": str(protocol), "language": "kk",
        "light": "natural", **changed,
    }  # fmt: skip
    return post(olga, "/lessons/new", **fields, children=[str(one) for one in children])


def test_a_lesson_begins_with_a_code_for_its_first_tablet(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    form = page_of(olga, "/lessons/new")
    assert re.search(rf'name="children" value="{child}" checked', form)
    page = page_of(olga, start(olga, dataset, child).location)
    assert re.search(r"http://localhost/capture/#pair\.[A-Z2-7]{16}", page)
    assert "<svg" in page
    with dataset.database.read() as session:
        (listed,) = list_lessons(session)
    assert (listed.lesson.title, listed.lesson.language) == ("2b", "kk")
    assert "2b" in page_of(olga, "/lessons/")


def test_a_start_sent_twice_is_one_lesson(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    lesson = str(uuid.uuid4())
    first, second = (start(olga, dataset, child, lesson=lesson) for _ in range(2))
    assert first.location == second.location
    with dataset.database.read() as session:
        assert len(list_lessons(session)) == 1


def test_what_is_missing_is_said(olga: FlaskClient, dataset: Dataset, child: uuid.UUID) -> None:
    assert start(olga, dataset).status_code == 422
    assert start(olga, dataset, child, title="").status_code == 422
    assert start(olga, dataset, child, light="").status_code == 422
    assert start(olga, dataset, child, protocol="x").status_code == 404


def test_a_passport_that_is_valid_may_be_chosen(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    passport = make_passport(
        dataset, room="room 12", light="mixed", sheet="grey", lux=None, actor="t", operator_id=None
    )
    assert "room 12" in page_of(olga, "/lessons/new")
    page = page_of(olga, start(olga, dataset, child, light=str(passport.id)).location)
    assert "mixed light" in page


def test_a_child_is_sent_from_the_page_and_taken_back(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    lesson = begin(dataset, [child])
    tablet = PairedTablet(dataset, lesson.id)
    where = f"/lessons/{lesson.id}/children/{child}"
    refused = post(olga, f"{where}/send", tablet=str(tablet.id))
    assert refused.status_code == 422
    answer = post(olga, f"{where}/send", tablet=str(tablet.id), confirmed="yes")
    assert answer.location == f"/lessons/{lesson.id}#child-{child}"
    assert tablet.next()[0] == "sit"
    assert "Take back" in page_of(olga, f"/lessons/{lesson.id}")
    post(olga, f"{where}/back")
    assert states(dataset, lesson)[child] == "waiting"


def test_whoever_is_not_here_is_marked(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    lesson = begin(dataset, [child])
    where = f"/lessons/{lesson.id}/children/{child}/absent"
    post(olga, where, absent="yes")
    assert states(dataset, lesson)[child] == "absent"
    assert "Is here" in page_of(olga, f"/lessons/{lesson.id}")
    post(olga, where, absent="no")
    assert states(dataset, lesson)[child] == "waiting"
    assert post(olga, where, absent="perhaps").status_code == 422


def test_a_child_without_consent_is_offered_a_rehearsal_and_no_session(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child = enrol(dataset)
    lesson = begin(dataset, [child])
    tablet = PairedTablet(dataset, lesson.id)
    page = page_of(olga, f"/lessons/{lesson.id}")
    assert f"children/{child}/rehearse" in page
    assert f"children/{child}/send" not in page
    post(olga, f"/lessons/{lesson.id}/children/{child}/rehearse", tablet=str(tablet.id))
    assert tablet.next()[0] == "rehearse"


def test_the_keys_tell_which_part_has_changed(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    other = enrol(dataset, "research")
    lesson = begin(dataset, [child, other])
    tablet = PairedTablet(dataset, lesson.id)

    def look() -> tuple[dict[str, str], list[str]]:
        told = olga.get(f"/lessons/{lesson.id}/board").json
        assert told
        return told["keys"], told["busy"]

    before, free = look()
    page = page_of(olga, f"/lessons/{lesson.id}")
    for part, key in before.items():
        assert re.search(rf'id="{part}"[^>]*data-key="{key}"', page), part
    assert (look(), free) == ((before, free), [])
    send(dataset, lesson, child, tablet)
    after, busy = look()
    changed = {part for part in before if before[part] != after[part]}
    assert changed == {f"child-{child}", "tablets", "standing", "closing"}
    assert busy == [str(tablet.id)]


def test_a_code_is_shown_for_each_tablet_when_it_is_asked_for(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    lesson = begin(dataset, [child])
    assert "#pair." not in page_of(olga, f"/lessons/{lesson.id}")
    for _ in range(2):
        post(olga, f"/lessons/{lesson.id}/code")
    codes = set(re.findall(r"#pair\.(\w+)", page_of(olga, f"/lessons/{lesson.id}")))
    assert len(codes) == 1
    assert codes == {PairedTablet(dataset, lesson.id).code}
    assert "#pair." not in page_of(olga, f"/lessons/{lesson.id}")


def test_it_is_closed_when_that_is_safe_or_an_adult_insists(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    lesson = begin(dataset, [child])
    sitting = send(dataset, lesson, child, PairedTablet(dataset, lesson.id))
    page = page_of(olga, f"/lessons/{lesson.id}")
    assert "Not safe to close yet" in page
    assert post(olga, f"/lessons/{lesson.id}/close").status_code == 409
    answer_assent(dataset, sitting.id, "yes", "")
    close_session(dataset, sitting.id, "finished", [uuid.uuid4()])
    assert "1 photo was announced" in page_of(olga, f"/lessons/{lesson.id}")
    post(olga, f"/lessons/{lesson.id}/close", anyway="yes")
    page = page_of(olga, f"/lessons/{lesson.id}")
    assert "Continue on another day" in page
    assert "/send" not in page


def test_another_day_begins_with_those_who_were_not_done(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    other = enrol(dataset, "research")
    lesson = begin(dataset, [child, other], title="Tuesday's class")
    sitting = send(dataset, lesson, child, PairedTablet(dataset, lesson.id))
    answer_assent(dataset, sitting.id, "yes", "")
    close_session(dataset, sitting.id, "finished", [])
    form = page_of(olga, f"/lessons/new?after={lesson.id}")
    assert "Tuesday&#39;s class" in form
    assert re.search(rf'value="{other}" checked', form)
    assert not re.search(rf'value="{child}" checked', form)


def test_an_unknown_lesson_child_or_tablet_is_not_found(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    lesson, nowhere = begin(dataset, [child]), uuid.uuid4()
    assert olga.get(f"/lessons/{nowhere}").status_code == 404
    assert olga.get(f"/lessons/new?after={nowhere}").status_code == 404
    for path in ("code", "close"):
        assert post(olga, f"/lessons/{nowhere}/{path}").status_code == 404
    path = f"/lessons/{lesson.id}/children/{child}/send"
    assert post(olga, path, tablet=str(nowhere), confirmed="yes").status_code == 404
