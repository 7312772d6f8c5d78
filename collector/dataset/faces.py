"""Where the faces are: one box to crop by, and whether somebody else is in the picture."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import cast

import cv2

from collector.dataset.cascades import load_cascade
from collector.dataset.eyes import EyeFinder
from collector.dataset.pixels import Box, Eyes, Grey

# Chosen on one half of 117 real faces, pasted 200 to 450 px high on 1280 x 720 scenes, plain and
# busy, and tried on the other half: exactly one box for 99 % of single faces; both of two for
# 98 % where the second is 0.6 of the first or larger, 96 % at 0.5, 75 % at 0.35. A smaller copy is
# faster and takes fewer textures for faces; below this area half-size second faces are missed.
SEARCHED_PIXELS = 224 * 126
STEP = 1.1
SURE_VOTES = 4
SMALLEST_SECOND = 0.35  # of the first face's width; smaller ones were mostly textures

# The closer look: the head at a fixed width, so that the cascade's 20 px window has room.
CLOSER_WIDTH = 48
CLOSER_MARGIN = 0.3
CLOSER_VOTES = 3

# Upright windows find 99 % of upright faces, but 75 % of those that lean by 15 degrees and 26 %
# at 25; with two turned frames it is 99 % up to 20 degrees, 95 % at 25, 85 % at 30, 66 % at 35.
TILTS = (20.0, -20.0)
TILTED_SIDE = 640


@dataclass(frozen=True)
class Candidate:
    """A square that may hold a face, and how many neighbouring windows agreed on it."""

    box: Box
    votes: int

    def covers(self, other: "Candidate") -> bool:
        """Whether the other's middle lies inside this square: then both are one head."""
        x = other.box.x + other.box.width / 2 - self.box.x
        y = other.box.y + other.box.height / 2 - self.box.y
        return 0 <= x <= self.box.width and 0 <= y <= self.box.height


def one_a_head(candidates: list[Candidate]) -> list[Candidate]:
    """Of the candidates that cover each other's middles the strongest alone, strongest first."""
    kept: list[Candidate] = []
    for new in sorted(candidates, key=lambda candidate: candidate.votes, reverse=True):
        if not any(old.covers(new) or new.covers(old) for old in kept):
            kept.append(new)
    return kept


class FaceFinder:
    """Finds frontal faces with OpenCV's Haar cascades (Viola and Jones 2001); any thread may ask.

    Two independently trained cascades have to agree on every face but the strongest: a second
    face hides a photo, so a texture taken for one is as costly as a bystander overlooked.
    """

    def __init__(self) -> None:
        self._cascades = _Cascades()
        self._eyes = EyeFinder()

    def find(self, grey: Grey) -> tuple[Box, ...]:
        """Faces in pixels of the given frame, largest first; empty where there is none.

        A second face counts from about a third of the first one's width. Heads leaning by 15 to
        30 degrees are looked for only where no upright one was found.
        """
        upright = self._find_upright(grey)
        if upright:
            return upright
        frame = _scaled(grey, min(1.0, TILTED_SIDE / max(grey.shape)))
        for angle in TILTS:
            leaning = self._find_upright(_turned(frame, angle))
            faces = [_turned_back(box, angle, frame, grey) for box in leaning]
            if seen := _largest_first(box for box in faces if box.area):
                return seen
        return ()

    def find_eyes(self, grey: Grey, face: Box) -> Eyes | None:
        """Both eyes of a face that was found, as `EyeFinder.find`."""
        return self._eyes.find(grey, face)

    def _find_upright(self, grey: Grey) -> tuple[Box, ...]:
        candidates = self._candidates(grey)
        lead = next((c for c in candidates if self._leads(grey, c)), None)
        if lead is None:
            return ()
        least = SMALLEST_SECOND * lead.box.width
        others = [c.box for c in candidates if c is not lead and c.box.width >= least]
        return _largest_first([lead.box, *(box for box in others if self._confirms(grey, box))])

    def _candidates(self, grey: Grey) -> list[Candidate]:
        """Everything that at least one window and its neighbour take for a face, strongest first.

        The copy has a fixed area, so that portrait, landscape and square cost the same.
        """
        scale = min(1.0, (SEARCHED_PIXELS / grey.size) ** 0.5)
        squares, votes = self._cascades.search.detectMultiScale2(_scaled(grey, scale), STEP, 1)
        found = [
            Candidate(_full_size(square, scale, grey), int(count))
            for square, count in zip(squares, votes, strict=True)
        ]
        return one_a_head(found)

    def _leads(self, grey: Grey, candidate: Candidate) -> bool:
        return candidate.votes >= SURE_VOTES or self._confirms(grey, candidate.box)

    def _confirms(self, grey: Grey, box: Box) -> bool:
        """Whether the other cascade, at a finer scale, sees a face of about the same size."""
        margin = int(box.width * CLOSER_MARGIN)
        rows = slice(max(0, box.y - margin), box.y + box.height + margin)
        columns = slice(max(0, box.x - margin), box.x + box.width + margin)
        least, most = int(CLOSER_WIDTH * 0.65), int(CLOSER_WIDTH * 1.4)
        found = self._cascades.confirm.detectMultiScale(
            _scaled(grey[rows, columns], CLOSER_WIDTH / box.width),
            STEP,
            CLOSER_VOTES,
            minSize=(least, least),
            maxSize=(most, most),
        )
        return len(found) > 0


class _Cascades(threading.local):
    """A pair for each thread: a cascade keeps the scaled copies of the frame it works on.

    OpenCV lets go of the interpreter lock meanwhile, and threads that share a cascade overwrite
    each other's copies: eight of them got 59 wrong answers of 60. A lock would make uploads queue;
    a pair costs 25 ms once in a thread.
    """

    def __init__(self) -> None:
        self.search = load_cascade("haarcascade_frontalface_alt2.xml")
        self.confirm = load_cascade("haarcascade_frontalface_alt.xml")


def _largest_first(boxes: Iterable[Box]) -> tuple[Box, ...]:
    return tuple(sorted(boxes, key=lambda box: box.area, reverse=True))


def _scaled(grey: Grey, scale: float) -> Grey:
    height, width = grey.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    # Averaging keeps fine texture from turning into coarse texture that looks like a face.
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    return cast(Grey, cv2.resize(grey, size, interpolation=method))


def _full_size(square: Sequence[int], scale: float, grey: Grey) -> Box:
    x, y, side = (int(value) for value in square[:3])
    return _clipped((x / scale, y / scale), side / scale, grey)


def _turned(frame: Grey, angle: float) -> Grey:
    height, width = frame.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(frame, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    return cast(Grey, turned)


def _turned_back(box: Box, angle: float, frame: Grey, grey: Grey) -> Box:
    """An upright square of the same size around the face's middle, in the full frame."""
    height, width = frame.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -angle, 1.0)
    x, y = matrix @ (box.x + box.width / 2, box.y + box.height / 2, 1.0)
    scale = width / grey.shape[1]
    corner = ((x - box.width / 2) / scale, (y - box.height / 2) / scale)
    return _clipped(corner, box.width / scale, grey)


def _clipped(corner: tuple[float, float], side: float, grey: Grey) -> Box:
    """The part of a square that lies inside the frame; its area is 0 where no part does."""
    height, width = grey.shape
    left, right = (min(max(0, round(x)), width) for x in (corner[0], corner[0] + side))
    top, bottom = (min(max(0, round(y)), height) for y in (corner[1], corner[1] + side))
    return Box(left, top, right - left, bottom - top)
