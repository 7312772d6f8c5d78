"""A play dataset through the same doors as a real one: invented children, drawn faces."""

import uuid
from datetime import timedelta

import cv2
import numpy as np
from rich.console import Console
from rich.progress import track

from collector.dataset import clock
from collector.dataset.consents.answers import Answer, Guardian, record_consent
from collector.dataset.consents.texts import consent_texts
from collector.dataset.dataset import Dataset
from collector.dataset.drawn import Character, draw_photo, encode_jpeg, invent_character
from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.errors import Conflict, NotFound
from collector.dataset.faces import FaceFinder
from collector.dataset.labels import Judgement, cast_vote
from collector.dataset.participants import Attributes, register_participant
from collector.dataset.photos import Shot, add_photo
from collector.dataset.protocols.plan import current_protocols
from collector.dataset.sessions import answer_assent, close_session, start_session
from collector.dataset.studies import StudyDetails, describe_study
from collector.dataset.users import add_user, has_users

PASSWORD = "drawn-faces"  # noqa: S105 - shown on the sign-in page of play datasets
PEOPLE = {
    "olga": ("admin", "operator"),
    "rita": ("reviewer",),
    "rustam": ("reviewer",),
    "samal": ("reviewer",),
}
LIGHTS = ("natural", "artificial")

# How often a reviewer sees another emotion than the prompted one, and which: the pairs that
# people take for each other.
MISTAKEN = 0.12
LOOKALIKES = {
    Emotion.SURPRISE: Emotion.FEAR,
    Emotion.FEAR: Emotion.SURPRISE,
    Emotion.DISGUST: Emotion.ANGRY,
    Emotion.ANGRY: Emotion.DISGUST,
    Emotion.SAD: Emotion.NEUTRAL,
    Emotion.NEUTRAL: Emotion.SAD,
    Emotion.CONTEMPT: Emotion.HAPPY,
    Emotion.HAPPY: Emotion.CONTEMPT,
}
UNSURE, UNUSABLE = 0.03, 0.01


def fill_play_dataset(dataset: Dataset, *, children: int, shots: int, seed: int) -> dict[str, int]:
    """Fill the empty dataset; returns how many children, photos and votes there are.

    Each child has `shots` photos of each emotion, spread over one session in each light. Raises
    Conflict where there is somebody's account already.
    """
    with dataset.database.read() as session:
        if not dataset.play or has_users(session):
            raise Conflict(f"{dataset.folder} holds a dataset already: choose an empty folder.")
    rng = np.random.default_rng(seed)
    people = {
        name: add_user(dataset, name, PASSWORD, roles, actor="demo").id
        for name, roles in PEOPLE.items()
    }
    describe_study(dataset, _study(), actor="demo")
    finder = FaceFinder()
    photos: list[tuple[uuid.UUID, Emotion]] = []
    console = Console(stderr=True)
    for number in track(range(children), "Drawing children", console=console, transient=True):
        photos += _add_child(dataset, finder, rng, number, shots, people["olga"])
    votes = _add_votes(dataset, rng, photos, [people[name] for name in ("rita", "rustam", "samal")])
    return {"children": children, "photos": len(photos), "votes": votes}


def _study() -> StudyDetails:
    today = clock.now().date()
    return StudyDetails(
        title="Drawn faces: a play study",
        controller="School of Drawn Children",
        contact="Olga, room 12",
        ethics_approval="PLAY-1",
        capture_until=today + timedelta(days=365),
        keep_until=today + timedelta(days=5 * 365),
    )


def _add_child(
    dataset: Dataset,
    finder: FaceFinder,
    rng: np.random.Generator,
    number: int,
    shots: int,
    operator_id: uuid.UUID,
) -> list[tuple[uuid.UUID, Emotion]]:
    character = invent_character(rng)
    attributes = Attributes(
        birth_year=clock.now().year - int(rng.integers(6, 9)),
        birth_month=int(rng.integers(1, 13)),
        glasses=character.glasses is not None,
    )
    child = register_participant(dataset, attributes, actor="olga", created_by=operator_id)
    _add_consent(dataset, child.id, "research", rng, operator_id)
    if number % 3 != 2:  # every third child's guardian keeps the photos out of papers
        _add_consent(dataset, child.id, "publication", rng, operator_id)
    photos = []
    for light, share in zip(LIGHTS, (shots - shots // 2, shots // 2), strict=True):
        if share:
            photos += _add_session(
                dataset, finder, rng, child.id, character, light, share, operator_id
            )
    return photos


def _add_consent(
    dataset: Dataset,
    child: uuid.UUID,
    purpose: str,
    rng: np.random.Generator,
    operator_id: uuid.UUID,
) -> None:
    with dataset.database.read() as session:
        text = consent_texts(session, purpose)[0]
    answer = Answer(
        purpose=purpose,
        text_id=text.id,
        guardian=Guardian("An invented guardian"),
        relation="mother" if rng.random() < 0.5 else "father",
        method="screen",
        signed_at=clock.now(),
        document=_signature(rng),
    )
    record_consent(dataset, child, answer, actor="olga", recorded_by=operator_id)


def _add_session(
    dataset: Dataset,
    finder: FaceFinder,
    rng: np.random.Generator,
    child: uuid.UUID,
    character: Character,
    light: str,
    shots: int,
    operator_id: uuid.UUID,
) -> list[tuple[uuid.UUID, Emotion]]:
    with dataset.database.read() as db:
        protocol = current_protocols(db)[0]
    session, _token = start_session(
        dataset,
        child,
        protocol.id,
        light=light,
        language="en",
        actor="olga",
        operator_id=operator_id,
        confirmed="hand",
    )
    answer_assent(dataset, session.id, "yes", "drawn")
    photos = []
    for emotion in EMOTIONS:
        burst = _random_id(rng)
        for number in range(shots):
            picture = draw_photo(emotion, character, light, rng)
            shot = Shot(_random_id(rng), burst, number, emotion, clock.now(), "frontal")
            add_photo(dataset, finder, session.id, shot, encode_jpeg(picture))
            photos.append((shot.photo_id, emotion))
    close_session(dataset, session.id, "finished", [])
    return photos


def _add_votes(
    dataset: Dataset,
    rng: np.random.Generator,
    photos: list[tuple[uuid.UUID, Emotion]],
    reviewers: list[uuid.UUID],
) -> int:
    """Each reviewer judges nearly every photo, now and then in another way than the prompt."""
    votes = 0
    for photo_id, prompt in photos:
        for reviewer in reviewers:
            if rng.random() < 0.05:
                continue  # some photos are left for whoever looks around
            judgement = _judgement(rng, photo_id, prompt)
            try:
                cast_vote(dataset, reviewer, judgement)
            except NotFound:
                continue  # quarantined, as a real one would be
            votes += 1
    return votes


def _judgement(rng: np.random.Generator, photo_id: uuid.UUID, prompt: Emotion) -> Judgement:
    seen, milliseconds = rng.random(), int(rng.integers(700, 4000))
    if seen < UNUSABLE:
        return Judgement(
            _random_id(rng), photo_id, "not_usable", reason="blurred", milliseconds=milliseconds
        )
    if seen < UNUSABLE + UNSURE:
        return Judgement(_random_id(rng), photo_id, "unsure", milliseconds=milliseconds)
    mistaken = seen < UNUSABLE + UNSURE + MISTAKEN
    emotion = LOOKALIKES[prompt] if mistaken else prompt
    return Judgement(
        _random_id(rng), photo_id, "emotion", emotion=emotion, milliseconds=milliseconds
    )


def _signature(rng: np.random.Generator) -> bytes:
    """A scribble on white, as PNG."""
    paper = np.full((176, 544, 3), 255, np.uint8)
    x = np.linspace(40, 500, 12)
    y = rng.normal(88, 32, 12)
    line = np.stack([x, y], axis=1).astype(np.int32).reshape(-1, 1, 2)
    cv2.polylines(paper, [line], isClosed=False, color=(74, 38, 18), thickness=3, lineType=16)
    return cv2.imencode(".png", paper)[1].tobytes()


def _random_id(rng: np.random.Generator) -> uuid.UUID:
    return uuid.UUID(bytes=rng.bytes(16), version=4)
