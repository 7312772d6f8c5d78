"""Children's faces drawn by the program, so that demo, tests and docs need no real child's."""

from collector.dataset.drawn.character import SKIN_TONES, Character, invent_character
from collector.dataset.drawn.light import LIGHTS
from collector.dataset.drawn.photo import Drawing, draw_frame, draw_photo, encode_jpeg

__all__ = [
    "LIGHTS",
    "SKIN_TONES",
    "Character",
    "Drawing",
    "draw_frame",
    "draw_photo",
    "encode_jpeg",
    "invent_character",
]
