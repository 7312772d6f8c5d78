"""What each photo of a folder is labelled with: by a map, else by the folder it lies in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from collector.dataset.emotions import Emotion
from collector.dataset.errors import CommandMistake
from collector.dataset.importing.foldernames import emotion_of, is_class_number, same_name
from collector.dataset.importing.mapping import FolderMap, Said

NOTHING_SAID = Said()


@dataclass(frozen=True)
class Label:
    """A photo's prompt (None where nobody said), light, and the head's pose."""

    emotion: Emotion | None
    light: str
    head_pose: str | None


@dataclass(frozen=True)
class Labels:
    """The label of each photo, and the folders whose names said nothing, with their photos."""

    of: Mapping[PurePosixPath, Label]
    unknown_folders: Mapping[str, int] = field(default_factory=dict)


def label_photos(
    root: str, photos: Sequence[PurePosixPath], folder_map: FolderMap | None = None
) -> Labels:
    """Label each photo, by the map's row for it, then by the map's and the names of its folders.

    Of folders in each other the innermost that says something counts, `root` (the name of the
    folder that is imported) last. Each of emotion, light and pose is looked for by itself, so that
    a map may add the light to what the folders say. A photo whose folders say nothing has no
    prompt. Raises CommandMistake for folders that are named by mere numbers and for rows of the map
    that name nothing in the folder.
    """
    folder_map = folder_map or FolderMap({}, {})
    folder_map.refuse_strangers(photos)
    found, unknown, numbers = {}, Counter[str](), set[str]()
    for photo in photos:
        said = list(_said_of(root, photo, folder_map))
        emotion = next((one.emotion for one in said if one.emotion or one.unknown), None)
        if not any(one.emotion or one.unknown for one in said):
            where = str(photo.parent) if photo.parent.parts else root
            unknown[where] += 1
            numbers.update(name for name in (root, *photo.parts[:-1]) if is_class_number(name))
        found[photo] = Label(
            emotion,
            next((one.light for one in said if one.light), "unknown"),
            next((one.head_pose for one in said if one.head_pose), None),
        )
    if numbers:
        raise CommandMistake(
            f"Folders named by numbers ({', '.join(sorted(numbers))}) do not say which emotion "
            "they mean: say it in a table, with --map."
        )
    return Labels(found, dict(unknown))


def _said_of(root: str, photo: PurePosixPath, folder_map: FolderMap) -> Iterator[Said]:
    """Everything that is said of the photo, what is nearest to it first."""
    yield folder_map.files.get(same_name(str(photo)), NOTHING_SAID)
    for folder in photo.parents:
        if folder.parts:
            yield folder_map.folders.get(same_name(str(folder)), NOTHING_SAID)
            yield folder_map.folders.get(same_name(folder.name), NOTHING_SAID)
        yield Said(emotion=emotion_of(folder.name or root))
