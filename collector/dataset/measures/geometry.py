"""Measures of where the head is; those with OFIQ's names are computed as in OFIQ 1.0.3.

OFIQ's eyes are the middles of landmarks at the eyes' corners, ours the detector's. Its T, from the
point between the eyes to the chin, is a landmark's distance; ours is estimated from that of the
eyes, right within 5 % where these are, on adults.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from collector.dataset.measures.axes import EYE_TO_CHIN
from collector.dataset.pixels import Box, Eyes


@dataclass(frozen=True)
class Crop:
    """Room around the face, 0 and more; 7.4.10.1 to 7.4.10.4, CropOfTheFaceImage.cpp.

    leftward, rightward: from the eye that is nearest to that edge of the photo, in distances of the
    eyes. above, below: from the point between the eyes, in T. Left and right as seen.
    """

    leftward: float
    rightward: float
    above: float
    below: float


def measure_crop(width: int, height: int, eyes: Eyes) -> Crop:
    """The four margins of a photo of `width` times `height` pixels."""
    chin = EYE_TO_CHIN * eyes.distance
    return Crop(
        leftward=eyes.left[0] / eyes.distance,
        rightward=(width - eyes.right[0]) / eyes.distance,
        above=eyes.middle[1] / chin,
        below=(height - eyes.middle[1]) / chin,
    )


def inter_eye_distance(eyes: Eyes) -> float:
    """InterEyeDistance in pixels (7.4.8; InterEyeDistance.cpp).

    OFIQ divides it by the cosine of the yaw, which is not measured here: a head turned by 20
    degrees has 6 % less.
    """
    return eyes.distance


def head_size(height: int, eyes: Eyes) -> float:
    """HeadSize, 0 and more: T over the photo's height (7.4.9; HeadSize.cpp); 0.45 the best."""
    return EYE_TO_CHIN * eyes.distance / height


def single_face_present(faces: Sequence[Box]) -> float | None:
    """SingleFacePresent's native value, 0 to 1: 0 for one face, 1 for a second one as large.

    The square root of the second largest box's area over the largest's (7.4.2;
    SingleFacePresent.cpp). None without a face.
    """
    if not faces:
        return None
    areas = sorted((face.area for face in faces), reverse=True)
    return float((areas[1] / areas[0]) ** 0.5) if len(areas) > 1 else 0.0
