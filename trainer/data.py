"""From a snapshot's photos to square crops of faces, kept in memory and never written down."""

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from collector.dataset.emotions import EMOTIONS
from collector.dataset.errors import UserMistake
from collector.dataset.picture import open_picture
from collector.dataset.pixels import RGB, Box
from collector.dataset.snapshots import SnapshotPhoto
from trainer.augment import resized
from trainer.errors import TrainingFailed

FACE_MARGIN = 1.3  # the face's box plus 30 %
# Crops are kept an eighth larger than the network's input, so that turning and bending them has
# pixels to draw on; 256 for 224, the pair that ImageNet's own recipes use.
SPARE = 8 / 7


@dataclass(frozen=True)
class Example:
    """One photo as the trainer needs it: its crop, its label's place among the classes, whose."""

    photo_id: uuid.UUID
    child: uuid.UUID
    burst: uuid.UUID
    label: int
    crop: RGB  # kept_side x kept_side x 3
    has_face: bool


def kept_side(image_size: int) -> int:
    """The side of the crops kept in memory for a network's input of `image_size` pixels."""
    return round(image_size * SPARE)


def load_examples(
    photos: Sequence[SnapshotPhoto], image_size: int, workers: int
) -> tuple[Example, ...]:
    """Every photo decoded once and cropped; raises TrainingFailed for a photo that cannot be."""
    side = kept_side(image_size)
    with ThreadPoolExecutor(max(1, workers)) as pool:
        crops = list(pool.map(lambda photo: crop_photo(photo, side), photos))
    return tuple(
        Example(
            photo_id=photo.photo_id,
            child=photo.participant_id,
            burst=photo.burst_id,
            label=EMOTIONS.index(photo.label),
            crop=crop,
            has_face=photo.face is not None,
        )
        for photo, crop in zip(photos, crops, strict=True)
    )


def crop_photo(photo: SnapshotPhoto, side: int) -> RGB:
    """The photo's face, or its centre where no face was found, at side x side pixels."""
    try:
        picture = open_picture(photo.jpeg).pixels
    except UserMistake as error:  # of whoever sent the photo, long ago; not of who trains
        raise TrainingFailed(f"Photo {photo.photo_id} cannot be decoded: {error}") from error
    height, width = picture.shape[:2]
    box = face_square(width, height, photo.face)
    return resized(picture[box.y : box.y + box.height, box.x : box.x + box.width], side)


def face_square(width: int, height: int, face: Box | None) -> Box:
    """The square to cut out of a photo of width x height pixels.

    With a face: its longer side times 1.3 about its centre, moved into the photo where it would
    reach beyond, and no larger than the photo. Without one: the largest square at the centre.
    """
    largest = min(width, height)
    if face is None:
        return Box((width - largest) // 2, (height - largest) // 2, largest, largest)
    side = min(round(max(face.width, face.height) * FACE_MARGIN), largest)
    left = round(face.x + face.width / 2 - side / 2)
    top = round(face.y + face.height / 2 - side / 2)
    return Box(
        min(max(left, 0), width - side), min(max(top, 0), height - side), max(side, 1), max(side, 1)
    )
