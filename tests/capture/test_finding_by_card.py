"""A pupil's card: printed without a name, read by camera or hand scanner, trusted for a while."""

import io
import re
import uuid
from datetime import timedelta
from pathlib import Path

import cv2
import numpy as np
import pytest
import segno
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from werkzeug.test import TestResponse

from collector.capture import cards
from collector.dataset import clock
from collector.dataset.consents.marks import write_mark
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.models import AuditEvent
from collector.dataset.participants import Attributes, find_participant, register_participant
from collector.dataset.protocols.plan import current_protocols
from tests.cast import drawn_jpeg, enrol, give
from tests.web.visitors import csrf_of, post

pytestmark = pytest.mark.slow


def pseudonym(dataset: Dataset, child: uuid.UUID) -> str:
    with dataset.database.read() as db:
        return find_participant(db, child).pseudonym


def photographed(text: str, *, turned: float = 0, module: int = 6) -> bytes:
    """A camera's picture of a QR code: on a grey ground, tilted, a little blurred, as JPEG."""
    drawn = io.BytesIO()
    segno.make(text, micro=False, error="m").save(drawn, kind="png", scale=module, border=4)
    code = (
        Image.open(drawn)
        .convert("L")
        .rotate(turned, Image.Resampling.BICUBIC, True, None, None, 120)
    )
    picture = Image.new("L", (1280, 720), 120)
    picture.paste(code, ((1280 - code.width) // 2, (720 - code.height) // 2))
    corners = np.array([[0, 0], [1280, 0], [1280, 720], [0, 720]], np.float32)
    tilted = np.array([[60, 40], [1230, 0], [1280, 720], [0, 690]], np.float32)
    seen = cv2.warpPerspective(
        np.asarray(picture), cv2.getPerspectiveTransform(corners, tilted), (1280, 720)
    )
    return cv2.imencode(".jpg", cv2.GaussianBlur(seen, (0, 0), 0.9))[1].tobytes()


def show(client: FlaskClient, body: bytes) -> TestResponse:
    """Send a camera's picture as the page does."""
    return client.post(
        "/children/find/frame",
        data=body,
        headers={
            "X-CSRFToken": csrf_of(client),
            "Content-Type": "image/jpeg",
            "Accept": "application/json",
        },
    )


def start(client: FlaskClient, dataset: Dataset, child: uuid.UUID) -> None:
    with dataset.database.read() as db:
        protocol = current_protocols(db)[0].id
    answer = post(
        client, f"/children/{child}/sessions", protocol=protocol, light="natural", language="en",
        session=uuid.uuid4(), confirmed="yes", after_stop="yes",
    )  # fmt: skip
    assert answer.status_code == 200


def confirmations(dataset: Dataset) -> list[str]:
    with dataset.database.read() as db:
        found = select(AuditEvent).where(AuditEvent.action == "session started")
        return [one.details["confirmed"] for one in db.scalars(found.order_by(AuditEvent.position))]


def is_ticked(client: FlaskClient, child: uuid.UUID) -> bool:
    page = client.get(f"/children/{child}").get_data(as_text=True)
    box = re.search(r'<input[^>]*name="confirmed"[^>]*>', page)
    assert box
    return "checked" in box[0]


def test_a_card_says_a_random_id_alone() -> None:
    child = uuid.uuid4()
    said = cards.write_card(child)
    assert re.fullmatch(r"CE1 CARD [A-Z2-7]{26}", said)
    assert segno.make(said, micro=False, error="m").version == 2
    assert cards.read_card(said) == child


@pytest.mark.parametrize(
    "said",
    ["", "KT-482", "CE1 CARD ", "CE1 CARD AAAA", "CE1 CARD " + "1" * 26, "https://example.org",
     "A" * 26, "CE1 CARD " + "A" * 27, "ТЫ " * 12],
)  # fmt: skip
def test_whatever_else_is_said_is_no_card(said: str) -> None:
    assert cards.read_card(said) is None


def test_a_paper_s_mark_is_no_card_and_a_card_no_mark() -> None:
    assert cards.read_card(write_mark(uuid.uuid4(), uuid.uuid4())) is None


def test_the_sheet_has_a_card_for_each_child_and_no_name(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    named = register_participant(dataset, Attributes(), actor="test", real_name="Aru").id
    page = olga.get("/children/cards").get_data(as_text=True)
    sheet = page.partition('class="pupil-cards"')[2]
    assert sheet.count("<svg") == 2
    assert pseudonym(dataset, child) in sheet
    assert pseudonym(dataset, named) in sheet
    assert "Aru" not in page
    chosen = olga.get(f"/children/cards?child={named}").get_data(as_text=True)
    sheet = chosen.partition('class="pupil-cards"')[2]
    assert sheet.count("<svg") == 1
    assert pseudonym(dataset, child) not in sheet


@pytest.mark.parametrize("turned", [0, 12, 90, 173])
def test_the_camera_finds_the_child(olga: FlaskClient, child: uuid.UUID, turned: float) -> None:
    answer = show(olga, photographed(cards.write_card(child), turned=turned))
    assert answer.status_code == 200
    assert answer.json == {"page": f"/children/{child}#start"}


def test_a_picture_without_a_card_leads_nowhere(olga: FlaskClient) -> None:
    answer = show(olga, drawn_jpeg())
    assert (answer.status_code, answer.json) == (200, {"page": None})


def test_pictures_are_kept_nowhere(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID, tmp_path: Path
) -> None:
    picture = photographed(cards.write_card(child))
    show(olga, picture)
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or picture[2000:2040] not in path.read_bytes(), path


def test_what_is_no_picture_is_refused(olga: FlaskClient) -> None:
    assert show(olga, b"").status_code == 400
    assert show(olga, b"<script>").status_code == 415
    assert show(olga, drawn_jpeg()[:20_000]).status_code == 422
    assert show(olga, b"\xff\xd8\xff" + bytes(2 * 1024 * 1024)).status_code == 413


def test_a_code_that_is_no_card_is_refused_in_a_sentence(olga: FlaskClient) -> None:
    answer = show(olga, photographed("https://example.org"))
    assert answer.status_code == 422
    assert answer.json["error"] == "This code is not on a child's card."


def test_an_unknown_and_an_erased_child_s_card_get_one_answer(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    erase_participant(dataset, child, actor="test")
    for stranger in (child, uuid.uuid4()):
        shown = show(olga, photographed(cards.write_card(stranger)))
        typed = post(olga, "/children/find", card=cards.write_card(stranger))
        assert shown.status_code == typed.status_code == 404
        assert "unknown here" in shown.json["error"]
        assert "unknown here" in typed.get_data(as_text=True)


def on_a_cyrillic_keyboard(said: str) -> str:
    keys = {latin: cyrillic for cyrillic, latin in cards.ON_THE_SAME_KEYS.items()}
    return "".join(chr(keys.get(letter, ord(letter))) for letter in said)


@pytest.mark.parametrize("typed", [str, str.lower, on_a_cyrillic_keyboard])
def test_a_hand_scanner_types_the_card(olga: FlaskClient, child: uuid.UUID, typed: object) -> None:
    assert callable(typed)
    answer = post(olga, "/children/find", card=typed(cards.write_card(child)))
    assert answer.status_code == 302
    assert answer.location == f"/children/{child}#start"
    assert is_ticked(olga, child)


def test_a_pseudonym_is_typed_in_either_alphabet(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    written = pseudonym(dataset, child)
    cyrillic = written.translate(str.maketrans("ABEKMHPCTX", "АВЕКМНРСТХ"))
    for typed in (written, written.lower(), written.replace("-", " "), cyrillic, cyrillic.lower()):
        answer = post(olga, "/children/find", card=typed)
        assert answer.location == f"/children/{child}#start", typed
    assert not is_ticked(olga, child)  # nobody has shown a card
    assert post(olga, "/children/find", card="ZZ-000").status_code == 404
    assert post(olga, "/children/find", card=" ").status_code == 422


def test_who_comes_by_card_is_confirmed_by_card(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    assert not is_ticked(olga, child)
    show(olga, photographed(cards.write_card(child)))
    assert is_ticked(olga, child)
    start(olga, dataset, child)
    start(olga, dataset, child)  # the card served once
    assert confirmations(dataset) == ["by card", "by hand"]


def test_a_card_confirms_its_own_child_alone(
    olga: FlaskClient, dataset: Dataset, child: uuid.UUID
) -> None:
    other = enrol(dataset)
    give(dataset, other)
    show(olga, photographed(cards.write_card(child)))
    assert not is_ticked(olga, other)
    start(olga, dataset, other)
    assert confirmations(dataset) == ["by hand"]


def test_a_card_confirms_for_a_while(
    olga: FlaskClient, child: uuid.UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(olga, photographed(cards.write_card(child)))
    shown = clock.now()
    monkeypatch.setattr(clock, "now", lambda: shown + timedelta(minutes=14))
    assert is_ticked(olga, child)
    monkeypatch.setattr(clock, "now", lambda: shown + timedelta(minutes=16))
    assert not is_ticked(olga, child)
