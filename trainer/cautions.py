"""What a reader must know before believing the figures, in plain words."""

from collections import Counter
from collections.abc import Sequence

from collector.dataset.emotions import EMOTIONS
from collector.dataset.snapshots import LoadedSnapshot
from trainer.data import Example
from trainer.split import Split

FEW_CHILDREN = 5
FEW_PHOTOS = 200
UNEVEN = 3  # times as many photos in the largest class as in the smallest


def find_cautions(snapshot: LoadedSnapshot, examples: Sequence[Example], split: Split) -> list[str]:
    """One sentence or two for each weakness of the data or of the split."""
    return [
        *_about_split(examples, split),
        *_about_classes(examples, split),
        *_about_labels(snapshot),
        *_about_photos(snapshot, examples),
    ]


def _about_split(examples: Sequence[Example], split: Split) -> list[str]:
    children = len({example.child for example in examples})
    found = []
    if split.group == "burst":
        shown = "one child" if children == 1 else f"the same {children} children"
        found.append(
            f"Split by burst: training and validation photos show {shown}, often minutes apart. "
            "The figures say how well the model knows these faces and little about a child it has "
            "never seen."
        )
    elif split.groups[1] < FEW_CHILDREN:
        held = "one child" if split.groups[1] == 1 else f"{split.groups[1]} children"
        found.append(
            f"The validation photos show {held} only: another choice of children may give quite "
            "different figures."
        )
    if len(split.validation) < FEW_PHOTOS:
        found.append(
            f"There are {len(split.validation)} validation photos: differences of a few percent "
            "are chance."
        )
    return found


def _about_classes(examples: Sequence[Example], split: Split) -> list[str]:
    everywhere = Counter(example.label for example in examples)
    trained = {examples[place].label for place in split.train}
    validated = {examples[place].label for place in split.validation}
    found = []
    for place, emotion in enumerate(EMOTIONS):
        if place not in everywhere:
            found.append(f"There is no photo of {emotion}: the model cannot learn it.")
        elif place not in trained:
            found.append(
                f"All photos of {emotion} are in the validation set: the model cannot learn it."
            )
        elif place not in validated:
            found.append(
                f"No photo of {emotion} is in the validation set: nothing is known about how well "
                "the model recognises it."
            )
    most, least = max(everywhere.values()), min(everywhere.values())
    if most >= UNEVEN * least:
        found.append(
            f"The classes are uneven ({least} to {most} photos): the averages over the classes say "
            "more than the accuracy."
        )
    return found


def _about_labels(snapshot: LoadedSnapshot) -> list[str]:
    if snapshot.rule != "prompted":
        return []
    return [
        "The labels are what the children were asked to show, not what reviewers saw: some photos "
        "will show another emotion than their label says."
    ]


def _about_photos(snapshot: LoadedSnapshot, examples: Sequence[Example]) -> list[str]:
    found = []
    if snapshot.missing:
        found.append(
            f"Of the frozen snapshot {_photos(snapshot.missing)} may no longer be used (withdrawn, "
            "expired or erased) and took no part: the figures cannot be compared exactly with "
            "those of an earlier training on it."
        )
    faceless = sum(not example.has_face for example in examples)
    if faceless:
        found.append(
            f"In {_photos(faceless)} of {len(examples)} no face was found: the middle of the photo "
            "was used."
        )
    return found


def _photos(count: int) -> str:
    return "1 photo" if count == 1 else f"{count} photos"
