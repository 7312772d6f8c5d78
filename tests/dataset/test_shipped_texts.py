"""The consent documents and protocols that come with the program, in four languages."""

import json
import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from collector.dataset import shipped
from collector.dataset.consents.texts import consent_texts
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import EMOTIONS, LANGUAGES, Emotion
from collector.dataset.protocols import current_protocols, read_plan, title_of
from collector.dataset.vocabulary import PURPOSES

HERE = Path(shipped.__file__).parent
PLACEHOLDERS = {
    "controller",
    "contact",
    "study",
    "ethics_approval",
    "capture_until",
    "keep_until",
}
WORDS = {"research": (450, 830), "publication": (300, 530), "sharing": (300, 530)}
PROTOCOLS = {"lesson": 3, "short": 5}
ORDER = ["neutral", "surprise", "sad", "disgust", "angry", "contempt", "fear", "happy"]
DOCUMENTS = [(purpose, language) for purpose in PURPOSES for language in LANGUAGES]

# What every document must name: beginnings of words, for the sake of their endings.
FIELDS = {
    "en": {
        "controller": "controller:",
        "subject": "the data are about your child",
        "representative": "legal representative",
        "authority": "authority",
        "identity papers": "identity papers",
        "purpose": "purpose",
        "list of data": "list of data",
        "automated processing": "no machine|automatically",
        "computer model": "model",
        "recipients": "recipients",
        "place": "institution's own machine",
        "legal basis": "article 6(1)(a)",
        "access": "receive",
        "rectification": "corrected",
        "erasure": "erased",
        "restriction": "restricted",
        "objection": "object",
        "supervisory authority": "supervisory authority",
        "withdrawal": "withdrawal",
        "by code": "the code on your receipt",
        "by the operator": "through the operator",
        "by letter": "by letter",
        "as easily": "as easily as",
        "signature": "signature:",
        "law": "gdpr",
    },
    "ru": {
        "controller": "оператор (наименование и адрес)",
        "subject": "субъект персональных данных",
        "representative": "законный представитель",
        "authority": "полномочия",
        "identity papers": "удостоверяющих личность, мы не делаем",
        "purpose": "цель",
        "list of data": "перечень данных",
        "automated processing": "машина|автоматически",
        "computer model": "модел",
        "recipients": "получатели",
        "place": "собственном компьютере учреждения|собственный компьютер учреждения",
        "legal basis": "правовое основание",
        "access": "копию",
        "rectification": "уточнения",
        "restriction": "ограничения",
        "erasure": "уничтожения",
        "objection": "возражать",
        "supervisory authority": "роскомнадзор",
        "withdrawal": "отзыв согласия",
        "by code": "по коду из",
        "by the operator": "через сотрудника, который ведёт съёмку",
        "by letter": "письмом",
        "as easily": "так же просто",
        "signature": "подпись:",
        "law": "152-фз",
        "where it applies": "gdpr",
    },
    "kk": {
        "controller": "оператор (атауы, бсн)",
        "subject": "дербес деректер субъектісі",
        "representative": "заңды өкіл",
        "authority": "өкілеттігі",
        "identity papers": "сканерленбейді",
        "purpose": "мақсаты",
        "list of data": "деректер тізбесі",
        "automated processing": "автоматты түрде",
        "computer model": "модел",
        "recipients": "алушылар",
        "place": "мекеменің өз компьютерін",
        "third parties": "үшінші тұлғаларға беру:",
        "cross-border": "трансшекаралық беру:",
        "dissemination": "жалпыға бірдей қолжетімді көздерде тарату:",
        "legal basis": "құқықтық негіз",
        "access": "көшірмесін алуға",
        "rectification": "өзгертуді",
        "restriction": "бұғаттауды",
        "erasure": "жоюды",
        "objection": "қарсылық білдіруге",
        "supervisory authority": "уәкілетті орган",
        "withdrawal": "кері қайтарып алу",
        "by code": "код арқылы",
        "by the operator": "қызметкер арқылы",
        "by letter": "хатпен",
        "as easily": "бергендей оңай",
        "signature": "қолы:",
        "law": "№ 94-v",
        "where it applies": "gdpr",
    },
    "uk": {
        "controller": "володілець персональних даних:",
        "subject": "суб’єкт персональних даних",
        "representative": "законний представник",
        "authority": "повноваження",
        "identity papers": "посвідчують особу, ми не робимо",
        "purpose": "мета",
        "list of data": "перелік даних",
        "automated processing": "машина|автоматично",
        "computer model": "модел",
        "recipients": "одержувачі",
        "place": "власному комп’ютері установи|власний комп’ютер установи",
        "legal basis": "правова підстава",
        "access": "копію",
        "rectification": "зміни",
        "erasure": "знищення",
        "restriction": "обмеження обробки",
        "objection": "заперечувати",
        "supervisory authority": "уповноваженому верховної ради україни з прав людини",
        "withdrawal": "відкликання згоди",
        "by code": "за кодом із",
        "by the operator": "через працівника, який проводить зйомку",
        "by letter": "листом",
        "as easily": "так само просто",
        "signature": "підпис:",
        "law": "№ 2297-vi",
        "where it applies": "gdpr",
    },
}

# Only what one purpose must say, in the order ru, kk, uk, en.
SENTENCES = {
    "research": [
        (
            "могут использоваться и за пределами исследования. это значит",
            "зерттеуден тыс та пайдаланылуы мүмкін. бұл мынаны білдіреді",
            "можуть використовуватися й поза межами дослідження. це означає",
            "may be used beyond this study. this means",
        ),
        (
            "пока ребёнка снимают, никакая машина его эмоции не оценивает",
            "бала суретке түсіп жатқанда ешқандай машина оның эмоциясын бағаламайды",
            "поки дитину фотографують, жодна машина не оцінює її емоцій",
            "no machine judges your child's emotion while your child is being photographed",
        ),
        ("можно пропустить", "өткізіп жіберуге", "можна пропустити", "may skip"),
        ("в корзину", "себетке", "в кошик", "in the bin"),
    ],
    "publication": [
        ("журналах", "журналдар", "журналах", "journals"),
        ("докладов", "баяндамалардың", "доповідей", "talks"),
        (
            "напечатанную статью отозвать нельзя",
            "басылып шыққан мақаланы қайтарып алу мүмкін емес",
            "надруковану статтю відкликати не можна",
            "a printed paper cannot be called back",
        ),
    ],
    "sharing": [
        ("реестр выгрузок", "экспорт тізілімі", "реєстр вивантажень", "register of exports"),
        ("университеты", "университеттер", "університети", "universities"),
    ],
}
ENDINGS = {
    "ru": ("шаблон", "юрист"),
    "kk": ("үлгі", "заңгер"),
    "uk": ("шаблон", "юрист"),
    "en": ("template", "lawyer"),
}


def read_document(purpose: str, language: str) -> str:
    return (HERE / "texts" / f"{purpose}.{language}.txt").read_text(encoding="utf-8")


def read_protocol(name: str) -> dict[str, Any]:
    path = HERE / "protocols" / f"{name}.json"
    body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return body


def stories_of(name: str) -> list[tuple[str, str, list[str]]]:
    return [
        (step["emotion"], language, stories)
        for step in read_protocol(name)["steps"]
        for language, stories in step["stories"].items()
    ]


def test_every_purpose_has_a_document_in_every_language_and_no_other_file_lies_there() -> None:
    assert {path.name for path in (HERE / "texts").iterdir()} == {
        f"{purpose}.{language}.txt" for purpose, language in DOCUMENTS
    }


@pytest.mark.parametrize(("purpose", "language"), DOCUMENTS)
def test_a_document_has_exactly_the_known_placeholders(purpose: str, language: str) -> None:
    found = {name for _, name, _, _ in Formatter().parse(read_document(purpose, language))}
    assert found - {None} == PLACEHOLDERS


@pytest.mark.parametrize(("purpose", "language"), DOCUMENTS)
def test_a_document_carries_every_field(purpose: str, language: str) -> None:
    text = read_document(purpose, language).casefold()
    missing = [
        field
        for field, words in FIELDS[language].items()
        if not any(word in text for word in words.split("|"))
    ]
    assert not missing


@pytest.mark.parametrize(("purpose", "language"), DOCUMENTS)
def test_a_document_says_what_its_purpose_alone_must_say(purpose: str, language: str) -> None:
    text = read_document(purpose, language).casefold()
    position = LANGUAGES.index(language)
    assert [
        sentence[position] for sentence in SENTENCES[purpose] if sentence[position] not in text
    ] == []


@pytest.mark.parametrize(("purpose", "language"), DOCUMENTS)
def test_a_document_is_short_enough_to_be_read(purpose: str, language: str) -> None:
    shortest, longest = WORDS[purpose]
    assert shortest <= len(read_document(purpose, language).split()) <= longest


@pytest.mark.parametrize(("purpose", "language"), DOCUMENTS)
def test_a_document_is_plain_text_with_headings_numbered_from_one(
    purpose: str, language: str
) -> None:
    text = read_document(purpose, language)
    title, blank, *_ = text.split("\n")
    assert 10 <= len(title) <= 200
    assert blank == ""
    assert not re.search(r"[<>#*\t]|  |\n\n\n", text)
    numbers = [int(one) for one in re.findall(r"^(\d+)\. ", text, re.MULTILINE)]
    assert numbers == list(range(1, {"research": 13}.get(purpose, 11) + 1))


@pytest.mark.parametrize(("purpose", "language"), DOCUMENTS)
def test_a_document_ends_with_the_advice_to_let_a_lawyer_read_it(
    purpose: str, language: str
) -> None:
    ending = read_document(purpose, language).strip().rsplit("\n\n", 1)[1]
    assert all(word in ending for word in ENDINGS[language])


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_new_dataset_holds_every_document_filled_in(dataset: Dataset, purpose: str) -> None:
    with dataset.database.read() as session:
        texts = consent_texts(session, purpose)
    assert {text.language for text in texts} == set(LANGUAGES)
    assert not [text.language for text in texts if "{" in text.title + text.body]


def test_a_new_dataset_holds_every_protocol(dataset: Dataset) -> None:
    with dataset.database.read() as session:
        plans = {one.name: read_plan(one.body, "en") for one in current_protocols(session)}
    assert {name: {step.shots for step in plan.steps} for name, plan in plans.items()} == {
        name: {shots} for name, shots in PROTOCOLS.items()
    }


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_protocol_asks_for_the_eight_emotions_neutral_first_happy_last(name: str) -> None:
    asked = [step["emotion"] for step in read_protocol(name)["steps"]]
    assert asked == ORDER
    assert {Emotion(one) for one in asked} == set(EMOTIONS)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_protocol_tells_three_different_stories_in_every_language(name: str) -> None:
    told = stories_of(name)
    assert len(told) == len(EMOTIONS) * len(LANGUAGES)
    assert {language for _, language, _ in told} == set(LANGUAGES)
    assert all(len(stories) == len(set(stories)) == 3 for _, _, stories in told)


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_story_is_short_and_never_names_an_emotion(name: str) -> None:
    named = {
        "ru": "удив|отвра|груст|злос|злишь|страх|страш|боиш|счаст|рад|презр",
        "kk": "таңда|жиір|мұң|ашулан|қорқ|қуан|менсін",
        "uk": "здив|відра|сум|зліс|злиш|страх|страш|боїш|щаст|раді|презир",
        "en": "surpris|disgust|sad|angr|anger|fear|afraid|scar|happ[yi]|contempt",
    }
    for emotion, language, stories in stories_of(name):
        for story in stories:
            assert 20 <= len(story) <= 110, (emotion, language, story)
            found = re.search(rf"\b({named[language]})", story.casefold())
            assert not found, (emotion, language, story)


def test_the_two_protocols_begin_each_emotion_with_different_stories() -> None:
    pairs = zip(stories_of("lesson"), stories_of("short"), strict=True)
    assert not [told for told, other in pairs if told[2][0] == other[2][0]]


@pytest.mark.parametrize("name", PROTOCOLS)
def test_a_plan_speaks_each_language_and_english_where_the_language_is_unknown(name: str) -> None:
    body = read_protocol(name)
    for language in LANGUAGES:
        plan = read_plan(body, language)
        assert [step.stories for step in plan.steps] == [
            tuple(step["stories"][language]) for step in body["steps"]
        ]
        assert plan.emotions == set(EMOTIONS)
        assert title_of(body, language) == body["titles"][language]
    assert read_plan(body, "tlh") == read_plan(body, "en")
    assert title_of(body, "tlh") == body["titles"]["en"]
    assert (plan.countdown_seconds, plan.shot_interval_ms) == (3, 400)
