"""Advice to a child that sees itself: where to sit, and where light is missing.

It advises and never blocks, and it never speaks of the expression. A frame is looked at and
forgotten. Light is judged by comparing parts of one frame with each other, for what is dark by
itself may be skin.
"""

import io
from dataclasses import dataclass
from threading import BoundedSemaphore

import cv2
import numpy as np
from PIL.JpegImagePlugin import JpegImageFile

from collector.dataset import clock
from collector.dataset.consents.standing import require_consent
from collector.dataset.dataset import Dataset
from collector.dataset.errors import Conflict, Unprocessable
from collector.dataset.faces import FaceFinder
from collector.dataset.measures import Measures, measure
from collector.dataset.models import CaptureSession
from collector.dataset.picture import Picture, decode, refusing_damage
from collector.dataset.pixels import RGB, Box
from collector.dataset.sessions import is_over

MAX_SIDE = 480

# Lengths are shares of the frame's shorter side, which is the diameter of the round mirror.
# 0.28 of 720 px is 202 px: the face finder was tried from 200 px on, and training reads 224.
FAR = 0.28
# The box ends at brow, chin and ears: hair and neck of a face at 0.8 are outside of the mirror.
NEAR = 0.8
# A face of a usual size, 0.4, moved by 0.22 still lies in the mirror whole, hair and chin too.
ASIDE = 0.22

# The better lit half has (1 + 0.45) / (1 - 0.45) = 2.6 times the other's light. Of 117 photographs
# of adults in every kind of light 3 % have more.
ONE_SIDED = 0.45
# Before a window three things come together: the background has four times the face's light, a
# tenth of what is above the chin is burnt out, and the face is below an sRGB grey of 100. A dark
# face before an evenly lit white wall has the first alone, or, where the camera exposes for the
# face, not the third.
BACKLIT = 0.25
BURNT_OUT = 0.1
DIM = 0.13
# Skin of any tone lies above a luma of 25 in good light (docs/MEASURES.md): half a face below it
# is a dark room.
IN_SHADOW = 0.5

# A frame that would have to wait is not looked at: the next one comes in a third of a second.
LOOKING = BoundedSemaphore(2)


@dataclass(frozen=True)
class Advice:
    """One of GUIDANCE, "fine", or None where nothing is known.

    `arrow`: left, right, up or down, as the child itself has them; the stored picture's right is
    the child's left.
    """

    word: str | None
    arrow: str | None = None


FINE, UNKNOWN = Advice("fine"), Advice(None)


def guide(
    dataset: Dataset, finder: FaceFinder, capture: CaptureSession, frame: bytes, head_pose: str
) -> Advice:
    """What the child should change before it is photographed; nothing of the frame is kept.

    Raises Conflict for a session that is not running or has no consent, PictureRefused for what
    is no JPEG, Unprocessable above 480 px. UNKNOWN at once where two frames are looked at already.
    """
    if capture.state != "running" or is_over(capture, clock.now()):
        raise Conflict("This session is not running.")
    with dataset.database.read() as session:
        require_consent(session, capture.participant_id, "research", clock.now())
    if not LOOKING.acquire(blocking=False):
        return UNKNOWN
    try:
        return advise(finder, open_frame(frame).pixels, head_pose)
    finally:
        LOOKING.release()


def open_frame(data: bytes) -> Picture:
    """Decode a small JPEG; its size is read before any memory is taken for pixels."""
    with refusing_damage():
        image = JpegImageFile(io.BytesIO(data))
    if max(image.size) > MAX_SIDE:
        raise Unprocessable("A preview frame has at most 480 pixels to a side.")
    return decode(image, "image/jpeg")


def advise(finder: FaceFinder, pixels: RGB, head_pose: str = "frontal") -> Advice:
    """The one thing that matters most: who is seen, then where, then in which light.

    A head that is asked to turn away (`head_pose`) may not be found, and its sides are lit
    unequally: neither is remarked then.
    """
    grey = np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)
    faces = finder.find(grey)
    if not faces:
        return Advice("no_face") if head_pose == "frontal" else UNKNOWN
    if len(faces) > 1:
        return Advice("somebody_else")
    face = faces[0]
    eyes = finder.find_eyes(grey, face)
    light = measure(pixels, faces, eyes)
    height, width = grey.shape
    return (
        _advise_on_place(face, width, height)
        or _advise_on_window_behind(light, grey, face)
        or (_advise_on_side(light) if head_pose == "frontal" else None)
        or FINE
    )


def _advise_on_place(face: Box, width: int, height: int) -> Advice | None:
    short = min(width, height)
    size = max(face.width, face.height) / short
    if size < FAR:
        return Advice("closer")
    if size > NEAR:
        return Advice("back")
    across = (face.x + face.width / 2 - width / 2) / short
    down = (face.y + face.height / 2 - height / 2) / short
    if max(abs(across), abs(down)) <= ASIDE:
        return None
    if abs(across) >= abs(down):
        # Seen on the picture's right the child sits too far to its own left.
        return Advice("face_here", "right" if across > 0 else "left")
    return Advice("face_here", "up" if down > 0 else "down")


def _advise_on_window_behind(light: Measures, grey: RGB, face: Box) -> Advice | None:
    if light.shadow_share is not None and light.shadow_share > IN_SHADOW:
        return Advice("light_from_front")
    if light.backlight is None or light.backlight >= BACKLIT or (light.luminance_mean or 0) > DIM:
        return None
    above_chin = grey[: face.y + face.height]
    burnt_out = float((above_chin >= 247).mean())
    return Advice("light_from_front") if burnt_out > BURNT_OUT else None


def _advise_on_side(light: Measures) -> Advice | None:
    if light.lr_asymmetry is None or abs(light.lr_asymmetry) <= ONE_SIDED:
        return None
    return Advice("turn_to_window", "left" if light.lr_asymmetry > 0 else "right")
