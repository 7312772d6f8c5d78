"""A school in which every page has something to show, and an example for each route's arguments."""

import uuid
from typing import Any

from collector.dataset.consents.class_batch import record_class_list
from collector.dataset.consents.class_list import read_class_list
from collector.dataset.consents.destruction import list_erasures
from collector.dataset.consents.receipts import issue_receipt
from collector.dataset.consents.texts import consent_texts
from collector.dataset.consents.withdrawals import withdraw
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import EMOTIONS
from collector.dataset.passports.passport import make_passport
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.sessions import close_session
from collector.dataset.voices import keep_recording
from tests.capture.sounds import WEBM
from tests.cast import enrol, give, sit, snap
from tests.dataset.lessons.classes import PairedTablet, begin, send

ROWS = "Aru;Gulnara;mother;2025-09-01;yes\nTimur;Asel;mother;2025-09-02;yes"


def fill_school(dataset: Dataset, staff: dict[str, uuid.UUID]) -> dict[str, Any]:
    """Children of every kind; returns an example for each argument that a page's address has."""
    child = enrol(
        dataset, "research", "publication", birth_year=2018, birth_month=5, sex="girl",
        glasses=True, origin="Kazakh",
    )  # fmt: skip
    session = sit(dataset, child, staff["olga"])
    photos = [snap(dataset, session, emotion) for emotion in EMOTIONS[:4]]
    close_session(dataset, session.id, "finished", [])
    text, batch = _text(dataset), uuid.uuid4()
    record_class_list(
        dataset, batch, read_class_list(ROWS).forms, {"research": text}, actor="test"
    )  # fmt: skip
    _add_the_others(dataset, staff["olga"])
    with dataset.database.read() as db:
        protocol = current_protocols(db)[0].id
        erasure = list_erasures(db, dataset.site_id)[0].id
    return {
        "participant_id": child,
        "session_id": session.id,
        "photo_id": photos[0],
        "protocol_id": protocol,
        "consent_id": give(dataset, child, "sharing", given=False),
        "receipt_id": issue_receipt(dataset, child, actor="test").id,
        "erasure_id": erasure,
        "text_id": text,
        "batch_id": batch,
        "passport_id": _measure_the_light(dataset),
        "recording_id": keep_recording(dataset, "en", "Stop", WEBM, actor="test"),
        "lesson_id": _begin_a_lesson(dataset, child),
        "purpose": "research",
    }


def _text(dataset: Dataset) -> uuid.UUID:
    with dataset.database.read() as db:
        return consent_texts(db, "research")[0].id


def _measure_the_light(dataset: Dataset) -> uuid.UUID:
    return make_passport(
        dataset, room="14", light="natural", sheet="white", lux=400, actor="test", operator_id=None
    ).id


def _begin_a_lesson(dataset: Dataset, child: uuid.UUID) -> uuid.UUID:
    """A class of four at two tablets: one in its session, others waiting, one without consent."""
    pupils = [enrol(dataset, "research"), enrol(dataset, "research"), enrol(dataset)]
    lesson = begin(dataset, [child, *pupils])
    tablet, _another = PairedTablet(dataset, lesson.id), PairedTablet(dataset, lesson.id)
    send(dataset, lesson, pupils[0], tablet)
    return lesson.id


def _add_the_others(dataset: Dataset, olga: uuid.UUID) -> None:
    """A child without consent, one that stopped, one in its session, one that was withdrawn."""
    enrol(dataset)
    stopped = sit(dataset, enrol(dataset, "research"), olga)
    snap(dataset, stopped)
    close_session(dataset, stopped.id, "stopped", [])
    snap(dataset, sit(dataset, enrol(dataset, "research"), olga))
    gone = enrol(dataset, "research")
    snap(dataset, sit(dataset, gone, olga))
    withdraw(dataset, gone, ["research"], channel="operator", actor="test")
