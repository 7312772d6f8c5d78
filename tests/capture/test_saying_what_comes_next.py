"""Where a session is started, a line says which part the child comes to next, in which light."""

import uuid

from flask import Flask
from sqlalchemy import select

from collector.dataset import clock
from collector.dataset.dataset import Dataset
from collector.dataset.models import CaptureSession, Protocol
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.protocols.turns import next_turns
from collector.dataset.sessions import answer_assent, start_session
from tests.cast import enrol
from tests.web.visitors import signed_in

NAME = "two lights"


def make_protocol(dataset: Dataset) -> uuid.UUID:
    """Two parts; the second is wanted in artificial light alone."""
    with dataset.database.write() as session:
        known = next(one for one in current_protocols(session) if one.name == "short")
        body = {
            **known.body,
            "titles": {"en": NAME},
            "parts": [{"lights": ["natural", "artificial"]}, {"lights": ["artificial"]}],
            "steps": [*known.body["steps"], {**known.body["steps"][0], "part": 2}],
        }
        protocol = Protocol(
            site_id=dataset.site_id, name=NAME, version=1, body=body, created_at=clock.now()
        )
        session.add(protocol)
        session.flush()
        return protocol.id


def sit_in(dataset: Dataset, child: uuid.UUID, protocol: uuid.UUID, light: str) -> None:
    capture, _ = start_session(
        dataset, child, protocol, light=light, language="en", actor="test", operator_id=None,
        confirmed="hand",
    )  # fmt: skip
    answer_assent(dataset, capture.id, "yes", "test tablet")


def turn(dataset: Dataset, child: uuid.UUID) -> tuple[str, int]:
    with dataset.database.read() as session:
        (found,) = [one for one in next_turns(session, child) if one.protocol.name == NAME]
        return found.light, found.part


def test_the_lights_take_turns_and_the_parts_within_them(dataset: Dataset) -> None:
    protocol, child = make_protocol(dataset), enrol(dataset, "research")
    expected = [("natural", 1), ("artificial", 1), ("natural", 1), ("artificial", 2)]
    for wanted in expected:
        assert turn(dataset, child) == wanted
        sit_in(dataset, child, protocol, wanted[0])


def test_another_child_s_sittings_and_unanswered_ones_do_not_count(dataset: Dataset) -> None:
    protocol, child = make_protocol(dataset), enrol(dataset, "research")
    sit_in(dataset, enrol(dataset, "research"), protocol, "natural")
    start_session(
        dataset, child, protocol, light="natural", language="en", actor="test", operator_id=None,
        confirmed="hand",
    )  # fmt: skip
    assert turn(dataset, child) == ("natural", 1)


def test_a_protocol_without_wishes_for_light_has_no_turns(dataset: Dataset) -> None:
    with dataset.database.read() as session:
        assert "short" not in {one.protocol.name for one in next_turns(session, uuid.uuid4())}
        assert session.scalars(select(CaptureSession)).all() == []


def test_a_protocol_that_fills_gaps_takes_turns_in_the_lights_of_its_target(
    dataset: Dataset,
) -> None:
    child = enrol(dataset, "research")
    with dataset.database.read() as session:
        study = next(one.id for one in current_protocols(session) if one.name == "study")
    for wanted in ("natural", "artificial", "natural"):
        with dataset.database.read() as session:
            (found,) = [one for one in next_turns(session, child) if one.protocol.id == study]
        assert (found.light, found.part) == (wanted, 0)
        sit_in(dataset, child, study, wanted)


def test_the_child_s_page_says_so(
    app: Flask, dataset: Dataset, staff: dict[str, uuid.UUID]
) -> None:
    assert staff
    make_protocol(dataset)
    page = signed_in(app, "olga").get(f"/children/{enrol(dataset)}").get_data(as_text=True)
    assert f"by the protocol “{NAME}”: part 1, in natural light" in " ".join(page.split())
