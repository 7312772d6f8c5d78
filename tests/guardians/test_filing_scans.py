"""Scans and photos of signed papers: filed where their code says, refused if they are none."""

import io
import struct
import uuid
import zlib

import pypdfium2
import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from collector.dataset.consents.answers import consents_of, read_document
from collector.dataset.consents.scans import MAX_DOCUMENT_BYTES
from collector.dataset.dataset import Dataset
from collector.dataset.erasure import erase_participant
from collector.dataset.models import Consent
from tests.cast import SIGNATURE, enrol, give
from tests.guardians.papers import (
    as_file,
    codes_on,
    in_field,
    photographed,
    signed_page,
    text_of,
)
from tests.web.visitors import post

pytestmark = pytest.mark.slow

DAY = "2025-09-01"
BLANK = Image.new("L", (300, 400), 255)


def printed(olga: FlaskClient, child: uuid.UUID, text: uuid.UUID) -> Image.Image:
    page = olga.get(f"/documents/{text}/print/{child}").get_data(as_text=True)
    (code,) = codes_on(page)
    return signed_page(code)


def look(olga: FlaskClient, scan: bytes) -> TestResponse:
    return post(olga, "/scans/read", scan=in_field(scan))


def file(
    olga: FlaskClient, child: uuid.UUID, text: uuid.UUID, scan: bytes, **changed: str
) -> TestResponse:
    fields = {"participant": str(child), "text": str(text), "answer": "given",
              "guardian": "Gulnara", "relation": "mother", "signed_on": DAY}  # fmt: skip
    return post(olga, "/scans/", scan=in_field(scan), **{**fields, **changed})


def answers(dataset: Dataset, child: uuid.UUID) -> list[Consent]:
    with dataset.database.read() as session:
        return list(consents_of(session, child))


@pytest.mark.parametrize(
    "way", ["png", "upside down", "on its side", "askew", "blurred", "pdf", "second page"]
)
def test_the_code_is_read_however_the_paper_was_scanned(
    olga: FlaskClient, dataset: Dataset, way: str
) -> None:
    child, text = enrol(dataset), text_of(dataset)
    page = printed(olga, child, text)
    scan = {
        "png": lambda: as_file(page),
        "upside down": lambda: as_file(page.rotate(180), "JPEG"),
        "on its side": lambda: photographed(page, 90),
        "askew": lambda: photographed(page, 7),
        "blurred": lambda: photographed(page, -4, blur=1.6),
        "pdf": lambda: as_file(page, "PDF"),
        "second page": lambda: as_file(signed_page(None), "PDF", page),
    }[way]()
    told = look(olga, scan).json
    assert (told["participant"], told["text"]) == (str(child), str(text))
    assert ("picture" in told) == scan.startswith(b"%PDF")
    assert answers(dataset, child) == []


def test_a_scan_is_filed_with_the_answer_that_a_person_read_from_it(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child, text = enrol(dataset), text_of(dataset, "publication", "kk")
    scan = photographed(printed(olga, child, text), 0)
    assert file(olga, child, text, scan, answer="refused").status_code == 200
    (consent,) = answers(dataset, child)
    assert (consent.purpose, consent.state, consent.method) == ("publication", "refused", "scan")
    assert consent.signed_at.astimezone().date().isoformat() == DAY
    assert read_document(dataset, consent) == ("image/jpeg", scan)
    told = look(olga, scan).json["known"]
    assert "recorded already" in told


def test_a_paper_is_filed_under_nobody_else_and_nothing_else(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child, other, text = enrol(dataset), enrol(dataset), text_of(dataset)
    scan = as_file(printed(olga, child, text))
    wrong_child = file(olga, other, text, scan)
    assert (wrong_child.status_code, "another child" in wrong_child.get_data(True)) == (422, True)
    wrong_text = file(olga, child, text_of(dataset, "sharing"), scan)
    assert (wrong_text.status_code, "another document" in wrong_text.get_data(True)) == (422, True)
    assert answers(dataset, child) == answers(dataset, other) == []


def test_the_consent_page_files_no_other_child_s_paper_either(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child, other, text = enrol(dataset), enrol(dataset), text_of(dataset)
    scan = in_field(as_file(printed(olga, child, text)))
    fields = {"text": str(text), "answer": "given", "guardian": "G", "relation": "mother",
              "method": "scan", "signed_on": DAY, "scan": scan}  # fmt: skip
    assert post(olga, f"/children/{other}/consent/research", **fields).status_code == 422
    assert post(olga, f"/children/{child}/consent/research", **fields).status_code == 302


def test_without_a_code_the_child_and_the_document_are_chosen(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child, scan = enrol(dataset), as_file(signed_page(None), "JPEG")
    assert look(olga, scan).json == {}
    assert file(olga, child, text_of(dataset), scan).status_code == 200
    assert answers(dataset, child)[0].method == "scan"


def test_a_code_of_another_kind_is_no_mark(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset)
    page = olga.get(f"/documents/{text_of(dataset)}/print/{child}").get_data(as_text=True)
    (code,) = codes_on(page)
    assert look(olga, as_file(signed_page(code.crop((0, 0, 150, 150))))).json == {}


def test_an_erased_child_s_paper_is_refused_in_a_sentence(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child, text = enrol(dataset), text_of(dataset)
    scan = as_file(printed(olga, child, text))
    erase_participant(dataset, child, actor="test")
    for found in (look(olga, scan), file(olga, child, text, scan)):
        assert found.status_code == 404
    assert "unknown here or was erased" in look(olga, scan).get_data(as_text=True)


def test_papers_of_two_children_in_one_file_are_refused(
    olga: FlaskClient, dataset: Dataset
) -> None:
    text = text_of(dataset)
    first, second = (printed(olga, enrol(dataset), text) for _ in range(2))
    found = look(olga, as_file(first, "PDF", second))
    assert (found.status_code, "several answers" in found.get_data(True)) == (422, True)


def test_a_scan_needs_the_date_on_the_paper(olga: FlaskClient, dataset: Dataset) -> None:
    child = enrol(dataset)
    found = file(olga, child, text_of(dataset), SIGNATURE, signed_on="")
    assert (found.status_code, "date on the paper" in found.get_data(True)) == (422, True)
    assert post(olga, "/scans/read").status_code == 422


def script_in_a_pdf() -> bytes:
    return as_file(BLANK, "PDF").replace(
        b"/Type /Catalog", b"/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"
    )


def escaped_script_in_a_pdf() -> bytes:
    return script_in_a_pdf().replace(b"/JavaScript", b"/J#61vaScript")


def packed_script_in_a_pdf() -> bytes:
    """The script in a compressed stream of objects (PDF 32000-1, 7.5.7), where no word shows."""
    catalog = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"
    objects = [catalog, b"<</Type/Pages/Count 1/Kids[3 0 R]>>"]
    objects.append(b"<</Type/Page/MediaBox[0 0 200 200]/Parent 2 0 R/Resources<<>>>>")
    places = [sum(len(one) + 1 for one in objects[:number]) for number in range(3)]
    head = b"".join(b"%d %d " % (number, place) for number, place in enumerate(places, start=1))
    packed = zlib.compress(head + b" ".join(objects))
    file = b"%PDF-1.7\n"
    stream = b"%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj\n"
    kind = b"/Type/ObjStm/N 3/Filter/FlateDecode/First %d" % len(head)
    table = file + stream % (4, kind, len(packed), packed)
    rows = [(0, 0, 65535), (2, 4, 0), (2, 4, 1), (2, 4, 2), (1, len(file), 0), (1, len(table), 0)]
    entries = b"".join(struct.pack(">BIH", *row) for row in rows)
    kind = b"/Type/XRef/Size 6/W[1 4 2]/Root 1 0 R"
    end = b"startxref\n%d\n%%%%EOF\n" % len(table)
    return table + stream % (5, kind, len(entries), entries) + end


def file_in_a_pdf() -> bytes:
    document = pypdfium2.PdfDocument(as_file(BLANK, "PDF"))
    document.new_attachment("page.html").set_data(b"<script>alert(1)</script>")
    saved = io.BytesIO()
    document.save(saved)
    document.close()
    return saved.getvalue()


def vast_png() -> bytes:
    """A header that announces 400 million pixels, behind it a sound but empty picture."""
    size = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    chunks = [(b"IHDR", size), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )


@pytest.mark.parametrize(
    ("scan", "words"),
    [
        (b"<html><script>alert(1)</script></html>", "JPEG, PNG or PDF"),
        (b"#!/bin/sh\nrm -rf /", "JPEG, PNG or PDF"),
        (b"\n%PDF-1.4 not at the beginning" + as_file(BLANK, "PDF"), "JPEG, PNG or PDF"),
        (b"%PDF-1.7\n<html><script>alert(1)</script></html>", "in truth"),
        (b"\xff\xd8\xff\xe0<html><script>alert(1)</script></html>", "in truth"),
        (b"\x89PNG\r\n\x1a\n<html></html>", "in truth"),
        (as_file(BLANK, "JPEG")[:-200], "in truth"),
        (SIGNATURE[:-13] + bytes([SIGNATURE[-13] ^ 1]) + SIGNATURE[-12:], "in truth"),
        (as_file(BLANK, "PDF")[:300], "in truth"),
        (vast_png(), "60 million"),
        (script_in_a_pdf(), "script or another file"),
        (escaped_script_in_a_pdf(), "script or another file"),
        (packed_script_in_a_pdf(), "script or another file"),
        (file_in_a_pdf(), "script or another file"),
        (b"%PDF-" + bytes(MAX_DOCUMENT_BYTES), "15 MB"),
    ],
    ids=["html", "shell", "late header", "html as pdf", "html as jpeg", "html as png",
         "cut jpeg", "wrong checksum", "cut pdf", "vast", "script", "escaped script",
         "packed script", "attachment", "large"],
)  # fmt: skip
def test_what_is_no_scan_is_refused_in_a_sentence_and_not_kept(
    olga: FlaskClient, dataset: Dataset, scan: bytes, words: str
) -> None:
    child = enrol(dataset)
    for found in (look(olga, scan), file(olga, child, text_of(dataset), scan)):
        assert found.status_code == 422
        assert words in found.get_data(as_text=True)
    assert answers(dataset, child) == []


def test_a_picture_is_served_as_what_it_is_and_never_guessed(
    olga: FlaskClient, dataset: Dataset
) -> None:
    child = enrol(dataset)
    consent = give(dataset, child)
    document = olga.get(f"/children/consents/{consent}/document")
    assert document.mimetype == "image/png"
    assert document.headers["X-Content-Type-Options"] == "nosniff"
