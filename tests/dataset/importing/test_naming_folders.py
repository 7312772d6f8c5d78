"""What folders and a map say of the photos in them; what they do not say is never guessed."""

import unicodedata
from pathlib import Path, PurePosixPath

import pytest

from collector.dataset.emotions import DESCRIPTIONS, EMOTIONS, LANGUAGES, Emotion
from collector.dataset.errors import CommandMistake
from collector.dataset.importing.foldernames import SYNONYMS, emotion_of
from collector.dataset.importing.labelling import Label, Labels, label_photos
from collector.dataset.importing.mapping import FolderMap, read_map


def label(*paths: str, root: str = "photos", says: FolderMap | None = None) -> Labels:
    return label_photos(root, [PurePosixPath(path) for path in paths], says)


def emotions(*paths: str, root: str = "photos") -> list[Emotion | None]:
    return [one.emotion for one in label(*paths, root=root).of.values()]


def write(tmp_path: Path, text: str, encoding: str = "utf-8") -> FolderMap:
    path = tmp_path / "map.csv"
    path.write_bytes(text.encode(encoding))
    return read_map(path)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("emotion", EMOTIONS)
def test_each_of_the_eight_is_known_in_each_language(emotion: Emotion, language: str) -> None:
    name = DESCRIPTIONS[emotion].names[language]
    for written in (name, name.upper(), name.title(), unicodedata.normalize("NFD", name)):
        assert emotion_of(written) is emotion


@pytest.mark.parametrize(
    ("name", "emotion"),
    [
        ("anger", Emotion.ANGRY),
        ("Sadness", Emotion.SAD),
        ("joy", Emotion.HAPPY),
        ("happiness", Emotion.HAPPY),
        ("Радость", Emotion.HAPPY),
        ("удивлённый", Emotion.SURPRISE),
        ("гнів", Emotion.ANGRY),
        ("3_Happy", Emotion.HAPPY),
        ("01 - contempt", Emotion.CONTEMPT),
        ("neutral (2)", Emotion.NEUTRAL),
        ("нейтральное_состояние", Emotion.NEUTRAL),
        ("happy birthday", None),
        ("unhappy", None),
        ("not sad", None),
        ("happy sad", None),
        ("calm", None),
        ("", None),
        ("2019", None),
    ],
)
def test_a_name_is_an_emotion_s_word_or_says_nothing(name: str, emotion: Emotion | None) -> None:
    assert emotion_of(name) is emotion


def test_no_word_stands_for_two_emotions() -> None:
    words = [
        (word.strip(), emotion)
        for emotion in EMOTIONS
        for word in {*DESCRIPTIONS[emotion].names.values(), *SYNONYMS[emotion].split(",")}
    ]
    assert len({word for word, _ in words}) == len(words)
    assert all(emotion_of(word) is emotion for word, emotion in words)


def test_the_innermost_folder_that_says_something_counts() -> None:
    assert emotions("happy/2019/a.jpg", "sad/a.jpg", "x/fear/y/z/a.jpg") == ["happy", "sad", "fear"]
    assert emotions("happy/sad/a.jpg") == ["sad"]


def test_the_imported_folder_s_own_name_counts_last() -> None:
    assert emotions("a.jpg", "sad/a.jpg", "2019/a.jpg", root="Happy") == ["happy", "sad", "happy"]


def test_a_folder_that_says_nothing_gives_no_prompt_and_is_counted() -> None:
    found = label("holidays/a.jpg", "holidays/b.jpg", "sad/c.jpg", "d.jpg")
    assert [one.emotion for one in found.of.values()] == [None, None, "sad", None]
    assert found.unknown_folders == {"holidays": 2, "photos": 1}


@pytest.mark.parametrize("name", ["0", "3", "8", "07"])
def test_a_class_that_is_a_mere_number_is_refused(name: str) -> None:
    with pytest.raises(CommandMistake, match=rf"named by numbers \({name}\)"):
        label("sad/a.jpg", f"{name}/a.jpg")


def test_a_number_inside_an_emotion_s_folder_is_no_class() -> None:
    assert emotions("sad/3/a.jpg", "2019/a.jpg") == ["sad", None]


def test_the_map_says_what_names_do_not(tmp_path: Path) -> None:
    says = write(
        tmp_path,
        "folder,file,emotion,light,head_pose\n"
        "3,,Радость,natural,left\n"
        "happy,,sadness,,\n"
        ",happy/b.jpg,unknown,Mixed,\n"
        "deep/7,,fear,,\n",
    )
    found = label("3/a.jpg", "happy/a.jpg", "happy/b.jpg", "deep/7/x/a.jpg", says=says)
    assert list(found.of.values()) == [
        Label(Emotion.HAPPY, "natural", "left"),
        Label(Emotion.SAD, "unknown", None),
        Label(None, "mixed", None),
        Label(Emotion.FEAR, "unknown", None),
    ]
    assert found.unknown_folders == {}


def test_a_row_without_an_emotion_leaves_it_to_the_folder_s_name(tmp_path: Path) -> None:
    says = write(tmp_path, "file,emotion,light\nhappy/a.jpg,,artificial\n")
    assert list(label("happy/a.jpg", says=says).of.values()) == [
        Label(Emotion.HAPPY, "artificial", None)
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_map_of_any_spreadsheet_is_read(
    tmp_path: Path, encoding: str, separator: str, end: str
) -> None:
    lines = [separator.join(cells) for cells in (("folder", "emotion"), ("Папка Й", "страх"))]
    says = write(tmp_path, end.join(lines) + end, encoding)
    there = unicodedata.normalize("NFD", "папка й/a.jpg")
    assert [one.emotion for one in label(there, says=says).of.values()] == ["fear"]


def test_a_path_may_be_written_as_windows_does(tmp_path: Path) -> None:
    says = write(tmp_path, "file,emotion\nclass a\\one.jpg,happy\n")
    assert [one.emotion for one in label("class a/one.jpg", says=says).of.values()] == ["happy"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "first line"),
        ("folder\nx\n", "first line"),
        ("emotion\nhappy\n", "first line"),
        ("folder,emotion,colour\nx,happy,red\n", "first line"),
        ("folder,emotion\nx,merry\n", "Line 2 of the map: merry is none of"),
        ("folder,emotion\nx,3\n", "Line 2 of the map: 3 is none of"),
        ("folder,emotion,light\nx,happy,dark\n", "Line 2 of the map: dark is none of"),
        ("folder,emotion\nx,happy\nX,sad\n", "Line 3 of the map says something else of X"),
        ("folder,emotion\n,happy\n", "Line 2 of the map names no folder or file"),
        ("folder,file,emotion\nx,y,happy\n", "Line 2 of the map names no folder or file"),
        ("folder,emotion\nx,happy,more\n", "Line 2 of the map has too many cells"),
        ('folder,emotion\n"x,happy\n', "of the map is broken"),
        ("folder,emotion,head_pose\nx,happy," + "l" * 41 + "\n", "at most 40 letters"),
    ],
)
def test_a_map_that_cannot_be_understood_is_refused(
    tmp_path: Path, text: str, sentence: str
) -> None:
    with pytest.raises(CommandMistake, match=sentence):
        write(tmp_path, text)


def test_a_map_in_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandMistake, match="not in UTF-8"):
        write(tmp_path, "folder,emotion\nпапка,страх\n", "cp1251")


def test_a_map_that_names_what_is_not_there_is_refused(tmp_path: Path) -> None:
    says = write(tmp_path, "folder,file,emotion\nhapy,,happy\n,sad/9.jpg,sad\nhappy,,happy\n")
    with pytest.raises(CommandMistake, match=r"not in the folder: hapy, sad/9\.jpg\."):
        label("happy/a.jpg", "sad/a.jpg", says=says)
