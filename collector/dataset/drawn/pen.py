"""A pen that draws head units onto a frame, antialiased, and knows how the head is held."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from collector.dataset.drawn.geometry import Points, ribbon
from collector.dataset.drawn.palette import Colour
from collector.dataset.pixels import RGB, Grey

_SUBPIXEL_BITS = 4
# The skull as the features feel it: wider and higher than the face, so that turning stays gentle.
_SKULL = np.array([1.2, 1.5])


@dataclass(frozen=True)
class Pose:
    """Where a head is in the frame: centre and unit in pixels, angles in radians."""

    x: float
    y: float
    unit: float
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0

    @property
    def matrix(self) -> NDArray[np.float64]:
        """2 x 3: head units to pixels."""
        c, s = self.unit * np.cos(self.roll), self.unit * np.sin(self.roll)
        return np.array([[c, -s, self.x], [s, c, self.y]])

    def place(self, points: Points) -> Points:
        """Pixels of points on the face: slid around the skull, then turned, scaled, moved."""
        turned = np.arcsin(np.clip(points / _SKULL, -1, 1)) + (self.yaw, self.pitch)
        # Beyond the skull (hair, shoulders) nothing slides.
        on_skull = np.where(np.abs(points) < _SKULL, _SKULL * np.sin(turned), points)
        moved: Points = on_skull @ self.matrix[:, :2].T + self.matrix[:, 2]
        return moved


@dataclass(frozen=True)
class Pen:
    """Draws into `pixels` and notes in `body` what belongs to the child rather than the room."""

    pixels: RGB
    body: Grey
    pose: Pose

    def flat(self) -> "Pen":
        """The same pen for outlines that do not slide when the head turns."""
        return replace(self, pose=replace(self.pose, yaw=0.0, pitch=0.0))

    def upright(self) -> "Pen":
        """The flat pen for shoulders, which follow a tilted head only a little."""
        return replace(self, pose=replace(self.pose, roll=0.2 * self.pose.roll, yaw=0.0, pitch=0.0))

    def mask(self, points: Points) -> Grey:
        """The whole frame, 255 inside the outline."""
        mask = np.zeros(self.body.shape, np.uint8)
        _fill(mask, self.pose.place(points), 255)
        return mask

    def solid(self, points: Points, colour: Colour) -> None:
        """Fill an outline of the child's own body, hair or clothes."""
        spots = self.pose.place(points)
        _fill(self.pixels, spots, colour)
        _fill(self.body, spots, 255)

    def fill(
        self,
        points: Points,
        colour: Colour,
        *,
        soft: float = 0.0,
        opacity: float = 1.0,
        inside: Grey | None = None,
    ) -> None:
        """Fill an outline; `soft` is the blur of its edge in head units, `inside` a mask."""
        spots = self.pose.place(points)
        if not soft and inside is None and opacity >= 1:
            _fill(self.pixels, spots, colour)
            return
        blur = 2 * round(2 * soft * self.pose.unit) + 1
        window = _window(spots, blur, self.body.shape)
        if window is None or opacity <= 0:
            return
        rows, columns = window
        mask = np.zeros((rows.stop - rows.start, columns.stop - columns.start), np.uint8)
        _fill(mask, spots - (columns.start, rows.start), 255)
        if blur > 1:
            mask = cv2.stackBlur(mask, (blur, blur)).astype(np.uint8, copy=False)
        if inside is not None:
            mask = cv2.multiply(mask, inside[window], scale=1 / 255).astype(np.uint8, copy=False)
        _blend(self.pixels[window], mask, colour, opacity)

    def line(
        self,
        points: Points,
        colour: Colour,
        width: float,
        *,
        taper: tuple[float, float] = (0.2, 0.2),
        soft: float = 0.0,
        opacity: float = 1.0,
        inside: Grey | None = None,
    ) -> None:
        """A brush stroke `width` head units wide."""
        outline = ribbon(points, width, taper)
        self.fill(outline, colour, soft=soft, opacity=opacity, inside=inside)


def _fill(target: NDArray[np.uint8], spots: Points, colour: Colour | int) -> None:
    fixed = np.round(spots * (1 << _SUBPIXEL_BITS)).astype(np.int32)
    cv2.fillPoly(target, [fixed], colour, cv2.LINE_AA, _SUBPIXEL_BITS)


def _window(spots: Points, margin: int, shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    low = np.floor(spots.min(axis=0)).astype(int) - margin - 1
    high = np.ceil(spots.max(axis=0)).astype(int) + margin + 2
    left, top = max(int(low[0]), 0), max(int(low[1]), 0)
    right, bottom = min(int(high[0]), shape[1]), min(int(high[1]), shape[0])
    if left >= right or top >= bottom:
        return None
    return slice(top, bottom), slice(left, right)


def _blend(region: RGB, mask: Grey, colour: Colour, opacity: float) -> None:
    # In bytes, several times faster than in floats; a grey level lost is far below the grain.
    if opacity < 1:
        mask = cv2.convertScaleAbs(mask, alpha=opacity).astype(np.uint8, copy=False)
    cover = cv2.merge([mask, mask, mask])
    paint = cv2.merge([cv2.convertScaleAbs(mask, alpha=part / 255) for part in colour])
    kept = cv2.multiply(region, cv2.bitwise_not(cover), scale=1 / 255)
    region[...] = cv2.add(kept, paint)
