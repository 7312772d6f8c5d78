"""A child's card: what its QR code says, reading it from a camera's picture, who came by one.

The code holds a random id and nothing else: "CE1 CARD " and 26 letters of base32 (RFC 4648), all of
them in the alphabet that QR codes store most densely. The marks on printed documents begin with
"CE1 " too and are told apart by their length and form.
"""

import base64
import uuid
from datetime import timedelta

import cv2
import numpy as np
from flask import session

from collector.dataset import clock
from collector.dataset.measuring import DECODING
from collector.dataset.picture import open_picture
from collector.dataset.pixels import Grey
from collector.web import forms

SIGN = "CE1 CARD "
LETTERS = 26  # 16 bytes are 128 bits, five to a letter

# A scanner that imitates a keyboard types on whatever layout is set: these keys' Cyrillic letters.
ON_THE_SAME_KEYS = str.maketrans("ЙЦУКЕНГШЩЗФЫВАПРОЛДЯЧСМИТЬІ", "QWERTYUIOPASDFGHJKLZXCVBNMS")

IN_THE_COOKIE = "card"
TERM = timedelta(minutes=15)  # between showing a card and starting the session


def write_card(participant_id: uuid.UUID) -> str:
    """What the QR code on the child's card says."""
    return SIGN + base64.b32encode(participant_id.bytes).decode().rstrip("=")


def read_card(said: str) -> uuid.UUID | None:
    """The child's id on a card, as a camera or a hand scanner reads it; None for anything else."""
    written = said.strip().upper().translate(ON_THE_SAME_KEYS)
    letters = written.removeprefix(SIGN)
    if letters == written or len(letters) != LETTERS:
        return None
    try:
        return uuid.UUID(bytes=base64.b32decode(letters + "======"))
    except ValueError:
        return None


def code_in(data: bytes) -> str:
    """What a QR code in a camera's picture says, or nothing; raises PictureRefused."""
    with DECODING:
        grey = cv2.cvtColor(open_picture(data).pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8)
        # Each finds some that the other one misses.
        return _detect(cv2.QRCodeDetectorAruco(), grey) or _detect(cv2.QRCodeDetector(), grey)


def remember_card(participant_id: uuid.UUID) -> None:
    """The child's card was shown: for a while this visitor may start its session by card."""
    session[IN_THE_COOKIE] = [participant_id.hex, (clock.now() + TERM).timestamp()]


def came_by_card(participant_id: uuid.UUID) -> bool:
    """Whether this visitor has just shown this child's card."""
    child, until = session.get(IN_THE_COOKIE, ("", 0))
    return bool(child == participant_id.hex and clock.now().timestamp() < until)


def how_confirmed(participant_id: uuid.UUID) -> str:
    """How the form says that the child was confirmed; empty where its box was not ticked."""
    if forms.text("confirmed") != "yes":
        return ""
    return "card" if came_by_card(participant_id) else "hand"


def forget_card() -> None:
    """The session was started: the next one asks anew."""
    session.pop(IN_THE_COOKIE, None)


def _detect(detector: cv2.QRCodeDetector | cv2.QRCodeDetectorAruco, grey: Grey) -> str:
    try:
        return detector.detectAndDecode(grey)[0]
    except cv2.error:  # some pictures trip the detector over its own arithmetic
        return ""
