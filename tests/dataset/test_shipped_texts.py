"""The consent documents that come with the program, in four languages."""

import re
from pathlib import Path
from string import Formatter

import pytest

from collector.dataset import shipped
from collector.dataset.consents.texts import consent_texts
from collector.dataset.dataset import Dataset
from collector.dataset.emotions import LANGUAGES
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
