"""The table that says what folders and files mean, where their names do not."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from collector.dataset.emotions import EMOTIONS, Emotion
from collector.dataset.errors import CommandMistake
from collector.dataset.importing.foldernames import UNKNOWN, emotion_of, same_name
from collector.dataset.vocabulary import LIGHTS

COLUMNS = ("folder", "file", "emotion", "light", "head_pose")
LONGEST_POSE = 40


@dataclass(frozen=True)
class Said:
    """What one row says; `unknown` where it says that the emotion is not known."""

    emotion: Emotion | None = None
    unknown: bool = False
    light: str | None = None
    head_pose: str | None = None


@dataclass(frozen=True)
class FolderMap:
    """What is said of folders and of files, by their names as `same_name` writes them."""

    folders: dict[str, Said]
    files: dict[str, Said]

    def refuse_strangers(self, photos: Sequence[PurePosixPath]) -> None:
        """Raises CommandMistake for rows that name nothing there: most often a slip of the pen."""
        files = {same_name(str(photo)) for photo in photos}
        around = {folder for photo in photos for folder in photo.parents if folder.parts}
        folders = {same_name(name) for one in around for name in (str(one), one.name)}
        strangers = [*(self.folders.keys() - folders), *(self.files.keys() - files)]
        if strangers:
            listed = ", ".join(sorted(strangers)[:3])
            more = f" and {len(strangers) - 3} more" if len(strangers) > 3 else ""
            raise CommandMistake(f"The map names what is not in the folder: {listed}{more}.")


def read_map(path: Path) -> FolderMap:
    """Read a table in UTF-8, with commas or semicolons, its first line naming the columns.

    `folder` or `file` (a path inside the imported folder, or a folder's mere name) and `emotion`
    (a name of one of the eight in any of the four languages, "unknown", or empty: as the folder's
    name says); `light` and `head_pose` may follow. Raises CommandMistake, naming the line.
    """
    rows = csv.DictReader(io.StringIO(text := _read(path)), delimiter=_separator(text), strict=True)
    _check_columns([name.strip() for name in rows.fieldnames or ()])
    folders: dict[str, Said] = {}
    files: dict[str, Said] = {}
    for line, cells in _rows(rows):
        said = _said(line, cells)
        for names, name in ((folders, cells.get("folder", "")), (files, cells.get("file", ""))):
            key = same_name(name.replace("\\", "/").strip("/").removeprefix("./"))
            if key and names.setdefault(key, said) != said:
                raise CommandMistake(f"Line {line} of the map says something else of {name} again.")
    return FolderMap(folders, files)


def _rows(rows: "csv.DictReader[str]") -> Iterator[tuple[int, dict[str, str]]]:
    try:
        for row in rows:
            cells = {
                name.strip(): (value or "").strip()
                for name, value in row.items()
                if isinstance(name, str) and not isinstance(value, list)
            }
            if None in row:
                raise CommandMistake(f"Line {rows.line_num} of the map has too many cells.")
            if not any(cells.values()):
                continue
            if bool(cells.get("folder")) == bool(cells.get("file")):
                raise CommandMistake(f"Line {rows.line_num} of the map names no folder or file.")
            yield rows.line_num, cells
    except csv.Error as error:
        raise CommandMistake(f"Line {rows.line_num} of the map is broken: {error}.") from error


def _said(line: int, cells: dict[str, str]) -> Said:
    word, light = cells.get("emotion", ""), cells.get("light", "").casefold() or None
    unknown = word.casefold() == UNKNOWN
    emotion = emotion_of(word)
    if word and not emotion and not unknown:
        raise CommandMistake(
            f"Line {line} of the map: {word} is none of {', '.join(EMOTIONS)} or {UNKNOWN}."
        )
    if light is not None and light not in LIGHTS:
        raise CommandMistake(f"Line {line} of the map: {light} is none of {', '.join(LIGHTS)}.")
    pose = unicodedata.normalize("NFC", cells.get("head_pose", ""))
    if len(pose) > LONGEST_POSE or not pose.isprintable():
        raise CommandMistake(f"Line {line} of the map: a head's pose has at most 40 letters.")
    return Said(emotion, unknown, light, pose or None)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise CommandMistake(f"{path} is not in UTF-8: save it as CSV UTF-8.") from error


def _separator(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if ";" in first else ","


def _check_columns(names: list[str]) -> None:
    strange = [name for name in names if name not in COLUMNS]
    if strange or "emotion" not in names or not {"folder", "file"} & set(names):
        raise CommandMistake(
            "The map's first line names its columns: folder or file, emotion, and perhaps light "
            "and head_pose."
        )
