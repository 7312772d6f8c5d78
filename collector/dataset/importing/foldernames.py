"""What the name of a folder says of the photos in it; what it does not say is not guessed."""

import unicodedata

from collector.dataset.emotions import DESCRIPTIONS, Emotion

# Beside the eight names in four languages: how public collections call their folders, and what
# people say for the same emotion. A word that could be two of the eight stands in none.
SYNONYMS: dict[Emotion, str] = {
    Emotion.SURPRISE: "surprised, удивлен, удивленный, подив, здивований, таңғалу, таңғалыс",
    Emotion.DISGUST: "disgusted, брезгливость, огида, жиіркеніш",
    Emotion.SAD: "sadness, печаль, грустный, печальный, смуток, сумний, қайғы",
    Emotion.ANGRY: "anger, гнев, злой, гнів, злий, ыза",
    Emotion.FEAR: "afraid, fearful, scared, испуг, переляк, қорқу",
    Emotion.HAPPY: "happiness, joy, joyful, радость, радостный, веселый, радість, веселий, бақыт",
    Emotion.CONTEMPT: "contemptuous, зневага",
    Emotion.NEUTRAL: "нейтральный, нейтральная, нейтральное, нейтрально, нейтральность, "
    "нейтральний, нейтральна, нейтральне, бейтарап",
}
UNKNOWN = "unknown"


def emotion_of(name: str) -> Emotion | None:
    """The emotion that a folder's name is a word for; None where it is none.

    Upper and lower case, numbers and signs around the word make no difference: "3_Happy" is happy.
    A part of a longer name is no word for an emotion: "happy birthday" says nothing.
    """
    return _WORDS.get(_bare(name))


def is_class_number(name: str) -> bool:
    """Whether the name is a number that may stand for a class, and nobody can tell for which.

    FER2013 counts from angry, AffectNet from neutral, this program's keys from surprise.
    """
    digits = name.strip()
    return digits.isascii() and digits.isdecimal() and int(digits) <= len(Emotion)


def same_name(text: str) -> str:
    """Names that differ in case or in how their letters are composed come out equal."""
    # macOS writes й as two characters, other systems as one.
    return unicodedata.normalize("NFC", text).casefold()


def _bare(name: str) -> str:
    words = "".join(letter if letter.isalpha() else " " for letter in same_name(name))
    return " ".join(words.split()).replace("ё", "е")


_WORDS: dict[str, Emotion] = {
    _bare(word): emotion
    for emotion, description in DESCRIPTIONS.items()
    for word in (*description.names.values(), *SYNONYMS[emotion].split(","))
}
