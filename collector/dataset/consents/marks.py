"""The mark on a printed document: a QR code that says to which child and document a scan belongs.

It holds two random ids and nothing else: "CE1 " and 52 letters of base32 (RFC 4648), all of them
in the alphabet that QR codes store most densely.
"""

import base64
import binascii
import uuid
from dataclasses import dataclass

import cv2
import numpy as np
from sqlalchemy.orm import Session

from collector.dataset.consents.scans import check_document, pages_of
from collector.dataset.errors import NotFound, Unprocessable
from collector.dataset.models import ConsentText, Participant
from collector.dataset.pixels import Grey

SIGN = "CE1 "

# What is tried, one after the other, measured on blurred, dim and turned photos of a printed page:
# which of OpenCV's two detectors looks, at what scale, whether sharpened first, how far turned.
WAYS = (
    (cv2.QRCodeDetectorAruco, 1.0, False, 0),
    (cv2.QRCodeDetector, 1.0, False, 0),
    (cv2.QRCodeDetectorAruco, 1.0, True, 0),
    (cv2.QRCodeDetector, 1.6, True, 0),
    (cv2.QRCodeDetectorAruco, 0.6, True, 0),
    (cv2.QRCodeDetectorAruco, 2.0, True, 0),
    (cv2.QRCodeDetector, 1.0, False, 45),
)


@dataclass(frozen=True)
class Mark:
    """The child and the document that a paper was printed for; `page` counts from 0."""

    participant_id: uuid.UUID
    text_id: uuid.UUID
    page: int = 0


def write_mark(participant_id: uuid.UUID, text_id: uuid.UUID) -> str:
    """What the QR code says."""
    return SIGN + base64.b32encode(participant_id.bytes + text_id.bytes).decode().rstrip("=")


def read_mark(content: bytes) -> Mark | None:
    """The mark that can be read on a scan, or None.

    Raises Unprocessable for what is no scan, and for papers of several children or documents in
    one file: under one child's key there must be nobody else's signature.
    """
    media_type = check_document(content)
    found: dict[tuple[uuid.UUID, uuid.UUID], Mark] = {}
    for number, page in enumerate(pages_of(content, media_type)):
        for said in _codes(page):
            mark = _parse(said, number)
            if mark:
                found.setdefault((mark.participant_id, mark.text_id), mark)
    if len(found) > 1:
        raise Unprocessable("The file holds papers of several answers: scan each paper by itself.")
    return next(iter(found.values()), None)


def marked(session: Session, mark: Mark) -> tuple[Participant, ConsentText]:
    """The child and the document that a mark names; raises NotFound."""
    child = session.get(Participant, mark.participant_id)
    text = session.get(ConsentText, mark.text_id)
    if child is None or text is None:
        raise NotFound("The child on this paper is unknown here or was erased: nothing was filed.")
    return child, text


def _codes(page: Grey) -> list[str]:
    """What the codes on the page say; the first way of looking that finds any of ours is enough."""
    for detector, scale, sharpened, degrees in WAYS:
        picture = _prepare(page, scale, sharpened, degrees)
        try:
            _, words, _, _ = detector().detectAndDecodeMulti(picture)
        except cv2.error:  # some pictures trip the detectors over their own arithmetic
            continue
        ours = [word for word in words if word.startswith(SIGN)]
        if ours:
            return ours
    return []


def _prepare(page: Grey, scale: float, sharpened: bool, degrees: int) -> Grey:
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture = cv2.resize(_turn(page, degrees), None, fx=scale, fy=scale, interpolation=way)
    if sharpened:
        picture = cv2.addWeighted(picture, 2.5, cv2.GaussianBlur(picture, (0, 0), 3), -1.5, 0)
    return np.asarray(picture)


def _turn(page: Grey, degrees: int) -> Grey:
    if not degrees:
        return page
    height, width = page.shape
    side = int(np.hypot(height, width))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    turn[:, 2] += (side - width) / 2, (side - height) / 2
    return np.asarray(cv2.warpAffine(page, turn, (side, side), borderValue=255))


def _parse(said: str, page: int) -> Mark | None:
    try:
        ids = base64.b32decode(said.removeprefix(SIGN) + "====")
    except (binascii.Error, ValueError):
        return None
    if len(ids) != 32:
        return None
    return Mark(uuid.UUID(bytes=ids[:16]), uuid.UUID(bytes=ids[16:]), page)
