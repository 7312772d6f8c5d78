"""The stories that invite an emotion: told to every child, in one place for all protocols."""

import json
import re
from collections.abc import Mapping, Sequence
from importlib.resources import files

from collector.dataset.emotions import EMOTIONS, Emotion

Stories = dict[str, dict[str, list[str]]]

SHORTEST, LONGEST = 20, 110  # letters: one or two sentences that a child can keep in mind

# How the words for an emotion begin, in each language: a story that says one asks for a grimace.
NAMED: Mapping[Emotion, Mapping[str, str]] = {
    Emotion.SURPRISE: {
        "en": "surpris|amaz|astonish",
        "ru": "удив|изумл",
        "kk": "таңдан|таңғал|таң қал",
        "uk": "здив",
    },
    Emotion.DISGUST: {
        "en": "disgust",
        "ru": "отвра|брезг|омерз",
        "kk": "жиір|жирен",
        "uk": "відраз|огид|бридк",
    },
    Emotion.SAD: {
        "en": r"sad\b|sadl|sadn|sorrow",
        "ru": "груст|печал",
        "kk": "мұң|қайғы",
        "uk": r"сум\b|сумн|сумув|сумує|смутк",
    },
    Emotion.ANGRY: {
        "en": "angr|anger",
        "ru": "злос|злиш|злит|злой|зла|сердит|сердиш",
        "kk": r"ашу\b|ашулан|ашуың",
        "uk": "зліс|злиш|злит|злий|сердит|сердиш",
    },
    Emotion.FEAR: {
        "en": r"fear|afraid|scare|scary",
        "ru": "страх|страш|боиш|боит|испуг|пуга",
        "kk": "қорқ|үрей",
        "uk": "страх|страш|боїш|боїт|ляка|переляк",
    },
    Emotion.HAPPY: {
        "en": r"happy|happi|joy|glad",
        "ru": r"счаст|радо|рад\b|рада\b|радуе",
        "kk": "қуан|бақыт",
        "uk": r"щаст|раді|радо|рад\b|рада\b",
    },
    Emotion.CONTEMPT: {
        "en": "contempt|despis|scorn",
        "ru": "презр|презир",
        "kk": "менсін",
        "uk": "презир|зневаж|зневаг",
    },
    Emotion.NEUTRAL: {"en": "neutral", "ru": "нейтрал", "kk": "бейтарап", "uk": "нейтрал"},
}


def shipped_stories(emotions: Sequence[str] = EMOTIONS) -> Stories:
    """The program's own stories of the given emotions, by emotion and language."""
    text = (files("collector.dataset.protocols") / "stories.json").read_text("utf-8")
    told: Stories = json.loads(text)
    return {emotion: told[emotion] for emotion in emotions}


def names_an_emotion(story: str, language: str) -> bool:
    """Whether a word of the story begins as the name of any emotion does in that language."""
    beginnings = "|".join(words[language] for words in NAMED.values())
    return re.search(rf"\b(?:{beginnings})", story.casefold()) is not None
