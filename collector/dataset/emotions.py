"""The eight classes, everywhere in this order: names, keys, colours, circumplex."""

from dataclasses import dataclass
from enum import StrEnum


class Emotion(StrEnum):
    """The study's eight classes, in the order of the keys 1 to 8 and of a model's output."""

    SURPRISE = "surprise"
    DISGUST = "disgust"
    SAD = "sad"
    ANGRY = "angry"
    FEAR = "fear"
    HAPPY = "happy"
    CONTEMPT = "contempt"
    NEUTRAL = "neutral"


EMOTIONS: tuple[Emotion, ...] = tuple(Emotion)
EMOTION_NAMES = tuple(emotion.value for emotion in EMOTIONS)

LANGUAGES = ("ru", "kk", "uk", "en")


@dataclass(frozen=True)
class Description:
    """How one emotion is called, coloured and placed.

    `valence` and `arousal` run from -1 to 1: rough places on Russell's circumplex (J. A. Russell,
    "A circumplex model of affect", 1980); contempt and neutral are not part of his circle and
    stand where FER datasets that annotate both numbers put them.
    """

    names: dict[str, str]
    colour: str
    valence: float
    arousal: float


# Colours: Okabe and Ito's eight, told apart with any of the common colour blindnesses.
DESCRIPTIONS: dict[Emotion, Description] = {
    Emotion.SURPRISE: Description(
        {"en": "surprise", "ru": "удивление", "kk": "таңдану", "uk": "здивування"},
        "#E69F00", 0.2, 0.85,
    ),
    Emotion.DISGUST: Description(
        {"en": "disgust", "ru": "отвращение", "kk": "жиіркену", "uk": "відраза"},
        "#009E73", -0.65, 0.35,
    ),
    Emotion.SAD: Description(
        {"en": "sad", "ru": "грусть", "kk": "мұң", "uk": "сум"},
        "#0072B2", -0.8, -0.4,
    ),
    Emotion.ANGRY: Description(
        {"en": "angry", "ru": "злость", "kk": "ашу", "uk": "злість"},
        "#D55E00", -0.55, 0.75,
    ),
    Emotion.FEAR: Description(
        {"en": "fear", "ru": "страх", "kk": "қорқыныш", "uk": "страх"},
        "#CC79A7", -0.6, 0.8,
    ),
    Emotion.HAPPY: Description(
        {"en": "happy", "ru": "счастье", "kk": "қуаныш", "uk": "щастя"},
        "#F0E442", 0.9, 0.4,
    ),
    Emotion.CONTEMPT: Description(
        {"en": "contempt", "ru": "презрение", "kk": "менсінбеу", "uk": "презирство"},
        "#56B4E9", -0.55, 0.1,
    ),
    Emotion.NEUTRAL: Description(
        {"en": "neutral", "ru": "нейтральное состояние", "kk": "бейтарап күй",
         "uk": "нейтральний стан"},
        "#999999", 0.0, 0.0,
    ),
}  # fmt: skip


def name_of(emotion: Emotion | str, language: str) -> str:
    """The word for an emotion; English where the language is not one of the four."""
    names = DESCRIPTIONS[Emotion(emotion)].names
    return names.get(language, names["en"])


def key_of(emotion: Emotion | str) -> int:
    """The reviewer's key, 1 to 8, fixed for ever."""
    return EMOTIONS.index(Emotion(emotion)) + 1
