"""Who is drawn: an invented child."""

from dataclasses import dataclass

import numpy as np

from collector.dataset.drawn.palette import Colour, mix

# From very dark to very light in even steps of lightness.
SKIN_TONES: tuple[Colour, ...] = (
    (80, 54, 43),
    (103, 70, 54),
    (127, 88, 67),
    (152, 109, 83),
    (177, 132, 102),
    (201, 157, 125),
    (223, 181, 149),
    (242, 207, 181),
)

_BLACK, _DARK, _BROWN, _CHESTNUT = (28, 24, 26), (48, 34, 28), (84, 56, 38), (120, 76, 46)
_FAIR, _BLOND, _GINGER = (146, 108, 68), (190, 152, 100), (150, 76, 38)
_HAIR_BY_TONE: tuple[tuple[Colour, ...], ...] = (
    (_BLACK,),
    (_BLACK, _DARK),
    (_BLACK, _DARK),
    (_BLACK, _DARK, _BROWN),
    (_BLACK, _DARK, _BROWN, _CHESTNUT),
    (_BLACK, _DARK, _BROWN, _CHESTNUT, _FAIR),
    (_BLACK, _BROWN, _CHESTNUT, _FAIR, _BLOND, _GINGER),
    (_DARK, _BROWN, _CHESTNUT, _FAIR, _BLOND, _GINGER),
)
_DARK_EYES: tuple[Colour, ...] = ((58, 36, 24), (82, 50, 30))
_LIGHT_EYES: tuple[Colour, ...] = ((112, 80, 42), (92, 112, 66), (84, 118, 150), (110, 124, 132))
_CLOTHES: tuple[Colour, ...] = (
    (196, 78, 70), (66, 118, 168), (92, 148, 98), (226, 178, 84), (142, 102, 160),
    (72, 84, 108), (222, 140, 112), (90, 160, 164), (228, 226, 220), (176, 88, 124),
)  # fmt: skip
_FRAMES: tuple[Colour, ...] = ((40, 40, 46), (120, 52, 46), (52, 84, 136), (112, 82, 58))

HAIR_STYLES = ("short", "fringe", "parted", "bob", "long", "pigtails", "curls", "bun")
GLASSES = ("none", "round", "square")
TOPS = ("plain", "stripes", "collar")


@dataclass(frozen=True)
class Character:
    """An invented child's looks; numbers around 1 stretch a feature, those around 0 shift it."""

    skin_tone: int  # 0 very dark to 7 very light, the places of SKIN_TONES
    undertone: float  # -1 cool to 1 warm
    hair_colour: Colour
    hair_style: str  # one of HAIR_STYLES
    eye_colour: Colour
    glasses: str  # one of GLASSES
    glasses_colour: Colour
    freckles: bool
    gap_tooth: bool
    clothes: Colour
    top: str  # one of TOPS
    face_width: float
    face_length: float
    jaw: float
    eye_size: float
    eye_spacing: float
    eye_tilt: float
    eye_crease: float  # 0 a single lid to 1 a deep crease
    brow_weight: float
    brow_height: float
    nose_width: float
    lip_fullness: float
    mouth_width: float
    resting_corner: float

    @property
    def skin(self) -> Colour:
        """The skin in white light."""
        base = SKIN_TONES[self.skin_tone]
        tint = (214, 140, 96) if self.undertone > 0 else (190, 112, 112)
        return mix(base, tint, 0.1 * abs(self.undertone))

    def own_dice(self) -> np.random.Generator:
        """Dice that fall the same in every frame: a child keeps its freckles and curls."""
        return np.random.default_rng(int(self.face_width * 1e6))


def invent_character(rng: np.random.Generator) -> Character:
    """A new child: skin tones evenly, hair and eyes as they are found beside that skin."""

    def one_of(choices: tuple[Colour, ...]) -> Colour:
        return choices[int(rng.integers(len(choices)))]

    tone = int(rng.integers(len(SKIN_TONES)))
    light_eyed = tone >= 5 and rng.random() < 0.5
    around = rng.uniform
    return Character(
        skin_tone=tone,
        undertone=float(around(-1, 1)),
        hair_colour=mix(one_of(_HAIR_BY_TONE[tone]), (90, 70, 60), float(around(0, 0.15))),
        hair_style=str(rng.choice(HAIR_STYLES)),
        eye_colour=one_of(_LIGHT_EYES if light_eyed else _DARK_EYES),
        glasses=str(rng.choice(GLASSES, p=(0.7, 0.15, 0.15))),
        glasses_colour=one_of(_FRAMES),
        freckles=bool(tone >= 4 and rng.random() < 0.3),
        gap_tooth=bool(rng.random() < 0.3),
        clothes=one_of(_CLOTHES),
        top=str(rng.choice(TOPS)),
        face_width=float(around(0.95, 1.05)),
        face_length=float(around(0.95, 1.06)),
        jaw=float(around(0.9, 1.08)),
        eye_size=float(around(0.92, 1.1)),
        eye_spacing=float(around(0.95, 1.05)),
        eye_tilt=float(around(-0.08, 0.12)),
        eye_crease=float(around(0.1, 1)),
        brow_weight=float(around(0.75, 1.25)),
        brow_height=float(around(-0.03, 0.03)),
        nose_width=float(around(0.88, 1.2)),
        lip_fullness=float(around(0.8, 1.25)),
        mouth_width=float(around(0.92, 1.1)),
        resting_corner=float(around(-0.015, 0.02)),
    )
