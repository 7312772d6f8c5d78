"""What is measured of every photo, whichever way it came in."""

from dataclasses import asdict, dataclass
from threading import BoundedSemaphore
from typing import Any

import cv2
import numpy as np

from collector.dataset.faces import FaceFinder
from collector.dataset.measures import Measures, measure
from collector.dataset.picture import Picture, make_thumbnail
from collector.dataset.pixels import Box

# A small file may decode to hundreds of megabytes: few at a time, whoever sends them.
DECODING = BoundedSemaphore(2)


@dataclass(frozen=True)
class Measured:
    """A photo's size, faces (largest first), measures and thumbnail, without its pixels."""

    media_type: str
    width: int
    height: int
    faces: tuple[Box, ...]
    measures: Measures
    thumbnail: bytes

    @property
    def columns(self) -> dict[str, Any]:
        """The columns of the table of photos that hold the measures."""
        return {
            "media_type": self.media_type,
            "width": self.width,
            "height": self.height,
            **asdict(self.measures),
            "face_boxes": [[box.x, box.y, box.width, box.height] for box in self.faces],
        }

    @property
    def quarantine_reason(self) -> str | None:
        """Why the picture itself keeps the photo from being used."""
        return "second_face" if len(self.faces) > 1 else None


def measure_picture(finder: FaceFinder, picture: Picture) -> Measured:
    """Find the faces and the first one's eyes, measure light and quality, make the thumbnail."""
    grey = cv2.cvtColor(picture.pixels, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
    faces = finder.find(grey)
    eyes = finder.find_eyes(grey, faces[0]) if faces else None
    return Measured(
        picture.media_type,
        picture.width,
        picture.height,
        faces,
        measure(picture.pixels, faces, eyes),
        make_thumbnail(picture.pixels),
    )
