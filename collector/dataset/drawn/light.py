"""Light over the head, and what a tablet's camera makes of it."""

from dataclasses import dataclass
from statistics import NormalDist

import cv2
import numpy as np

from collector.dataset.drawn.pen import Pose
from collector.dataset.drawn.relief import light_on_head, relief_to_pixels
from collector.dataset.pixels import RGB, Grey

LIGHTS = ("natural", "artificial", "mixed")


@dataclass(frozen=True)
class Lighting:
    """Where the light comes from (x right, y down, z to the camera) and how it looks."""

    direction: tuple[float, float, float]
    ambient: float
    strength: float
    tint: tuple[float, float, float]
    exposure: float
    noise: float  # standard deviation in grey levels


_FULL = 180  # the byte that stands for a factor of one
# Skin in shadow keeps its red, which travels in it from the lit side: red falls slower than blue.
_SOFTNESS = (0.85, 1.0, 1.08)
# A camera meters on the face: the whole frame becomes lighter with a dark skin before it.
_GAIN = (1.16, 1.13, 1.1, 1.06, 1.03, 1.0, 0.98, 0.95)


def arrange_light(light: str, side: int, skin_tone: int, rng: np.random.Generator) -> Lighting:
    """Daylight from `side`, lamps from above, or both, a little different each time."""
    around, gain = rng.uniform, _GAIN[skin_tone]
    if light == "natural":
        beside = (side * around(0.65, 1.0), around(-0.5, -0.2), around(0.5, 0.75))
        exposure = gain * around(0.98, 1.14)
        return Lighting(beside, 0.42, 0.66, (0.99, 1.0, 1.01), exposure, around(1.5, 3.5))
    if light == "artificial":
        above = (side * around(0, 0.2), around(-1.0, -0.75), around(0.6, 0.8))
        exposure = gain * around(0.76, 0.92)
        return Lighting(above, 0.54, 0.6, (1.06, 0.99, 0.86), exposure, around(5, 9))
    both = (side * around(0.35, 0.6), around(-0.8, -0.5), around(0.6, 0.8))
    return Lighting(both, 0.56, 0.58, (1.02, 1.0, 0.95), gain * around(0.85, 1.0), around(3, 6))


def light_up(pixels: RGB, body: Grey, pose: Pose, lighting: Lighting) -> RGB:
    """Multiply the child by the light that falls on its form, and the room by exposure and tint."""
    relief = lighting.strength * light_on_head(pose, lighting.direction)
    level = ((lighting.ambient + relief) * lighting.exposure * _FULL).round().clip(0, 255)
    fall = cv2.warpAffine(
        level.astype(np.uint8), relief_to_pixels(pose), body.shape[::-1],
        flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    factor = np.full(body.shape, round(lighting.exposure * _FULL), np.uint8)
    cv2.copyTo(fall, body, factor)
    curves = (_curve(power, tint) for power, tint in zip(_SOFTNESS, lighting.tint, strict=True))
    factors = cv2.merge([cv2.LUT(factor, curve) for curve in curves])
    return np.asarray(cv2.multiply(pixels, factors, scale=1 / _FULL), np.uint8)


def _curve(power: float, tint: float) -> Grey:
    steps = np.arange(256) / _FULL
    return (steps**power * tint * _FULL).clip(0, 255).astype(np.uint8)


def expose(photo: RGB, noise: float, blur: float, rng: np.random.Generator) -> RGB:
    """The camera's softness and grain; both are standard deviations, in grey levels and pixels."""
    soft = cv2.GaussianBlur(photo, (0, 0), blur) if blur > 0.2 else photo
    # Drawing a byte and looking its quantile up is ten times faster than drawing a normal number.
    dice = np.frombuffer(rng.bytes(photo.size), np.uint8).reshape(photo.shape)
    quantiles = [NormalDist(0, noise).inv_cdf((k + 0.5) / 256) for k in range(256)]
    grain = cv2.LUT(dice, np.round(quantiles).astype(np.int8))
    return np.asarray(cv2.add(soft, grain, dtype=cv2.CV_8U), np.uint8)
