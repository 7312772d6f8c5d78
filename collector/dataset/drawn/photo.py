"""A whole frame of the front camera: one drawn child in a room."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from collector.dataset.drawn.character import Character
from collector.dataset.drawn.clothes import draw_shoulders
from collector.dataset.drawn.expression import Expression, show
from collector.dataset.drawn.eyes import draw_brows, draw_eyes, draw_glasses
from collector.dataset.drawn.hair import draw_back_hair, draw_front_hair
from collector.dataset.drawn.head import draw_ears, draw_nose, draw_skin
from collector.dataset.drawn.light import LIGHTS, arrange_light, expose, light_up
from collector.dataset.drawn.mouth import draw_mouth
from collector.dataset.drawn.pen import Pen, Pose
from collector.dataset.drawn.room import draw_room
from collector.dataset.emotions import Emotion
from collector.dataset.errors import UserMistake
from collector.dataset.pixels import RGB, Box


@dataclass(frozen=True)
class Drawing:
    """A drawn photo and where its face is: ear to ear, forehead to chin."""

    photo: RGB
    face: Box


def draw_photo(
    emotion: Emotion,
    character: Character,
    light: str,
    rng: np.random.Generator,
    *,
    size: tuple[int, int] = (1280, 720),
) -> RGB:
    """A front camera's frame of `size` (width, height) pixels; the same dice, the same frame."""
    return draw_frame(emotion, character, light, rng, size=size).photo


def draw_frame(
    emotion: Emotion,
    character: Character,
    light: str,
    rng: np.random.Generator,
    *,
    size: tuple[int, int] = (1280, 720),
) -> Drawing:
    """As `draw_photo`, with the face's true place.

    Refuses a light that is none of LIGHTS, and less than 64 pixels to a side.
    """
    if light not in LIGHTS:
        raise UserMistake(f"Light is one of {', '.join(LIGHTS)}, not {light!r}.")
    if min(size) < 64:
        raise UserMistake(f"A drawn photo has at least 64 pixels to a side, not {min(size)}.")
    side = int(rng.choice((-1, 1)))
    shown = show(emotion, float(rng.uniform(0.55, 1.0)), rng)
    shown = replace(shown, lop=float(rng.uniform(-1, 1)))
    pose = _hold_head(shown, size, side, rng)
    room = draw_room(size, light, side > 0, rng)
    pen = Pen(room, np.zeros(room.shape[:2], np.uint8), pose)
    _draw_child(pen, character, shown, int(rng.choice((-1, 1))))
    lighting = arrange_light(light, side, character.skin_tone, rng)
    lit = light_up(pen.pixels, pen.body, pose, lighting)
    photo = expose(lit, lighting.noise, pose.unit * rng.uniform(0.002, 0.009), rng)
    return Drawing(photo, _face_box(pose, size))


def encode_jpeg(photo: RGB, quality: int = 90) -> bytes:
    """The photo as a JPEG file's bytes; quality from 1 to 100."""
    bgr = cv2.cvtColor(photo, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes()


def _hold_head(
    shown: Expression, size: tuple[int, int], side: int, rng: np.random.Generator
) -> Pose:
    width, height = size
    short = min(width, height)
    turn = np.radians(rng.normal(0, 4)) + shown.tilt * rng.choice((-1, 1))
    return Pose(
        x=width * rng.uniform(0.42, 0.58),
        y=height * 0.47 + short * rng.uniform(-0.03, 0.03),
        unit=short * rng.uniform(0.17, 0.225),
        roll=float(np.clip(turn, -0.21, 0.21)),
        yaw=float(rng.uniform(-0.15, 0.15)),
        pitch=float(rng.uniform(-0.05, 0.05)) - shown.chin_up,
    )


def _draw_child(pen: Pen, who: Character, shown: Expression, side: int) -> None:
    """From back to front; `side` is where a smirk sits."""
    draw_back_hair(pen, who)
    draw_shoulders(pen.upright(), who, shown)
    draw_ears(pen, who)
    draw_skin(pen, who, shown)
    draw_nose(pen, who, shown)
    draw_eyes(pen, who, shown, side)
    draw_mouth(pen, who, shown, side)
    draw_front_hair(pen, who)
    draw_brows(pen, who, shown, side)
    draw_glasses(pen, who)


def _face_box(pose: Pose, size: tuple[int, int]) -> Box:
    centre = pose.place(np.array([[0.0, 0.25]]))[0]
    half = 1.0 * pose.unit
    left, top = max(int(centre[0] - half), 0), max(int(centre[1] - half), 0)
    right, bottom = min(int(centre[0] + half), size[0]), min(int(centre[1] + half), size[1])
    return Box(left, top, right - left, bottom - top)
