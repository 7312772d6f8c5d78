"""Measures of light over the aligned face; those with OFIQ's names are computed as in OFIQ 1.0.3.

OFIQ's luminance is linear light in 256 steps, and its measures are of that histogram. What differs:
the region is drawn around the eyes and not by landmarks, and no network leaves out what hides the
face (hands, glasses, hair).
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from collector.dataset.measures.axes import (
    ABOVE,
    EYE_DISTANCE,
    EYE_TO_MOUTH,
    HALF_WIDTH,
    AlignedFace,
)
from collector.dataset.measures.colour import Luminance
from collector.dataset.pixels import RGB

Histogram = NDArray[np.float64]  # shares of the 256 levels, their sum is 1

DARK = slice(0, 26)
BRIGHT = slice(247, 256)
ZONE = int(0.3 * EYE_DISTANCE)


def histogram_of(luminance: Luminance) -> Histogram | None:
    """Shares of the levels floor(255 Y + 0.5), as OFIQ rounds; None of no pixels."""
    levels = np.floor(luminance * 255 + 0.5).astype(np.uint8)
    return np.bincount(levels, minlength=256) / levels.size if levels.size else None


def luminance_mean(histogram: Histogram) -> float:
    """LuminanceMean, 0 to 1: sum of h(i) i / 255 (ISO/IEC 29794-5, 7.3.4.2; Luminance.cpp)."""
    return float(histogram @ np.arange(256) / 255)


def luminance_variance(histogram: Histogram) -> float:
    """LuminanceVariance, 0 to 0.25: sum of h(i) (i / 255 - mean)^2 (7.3.4.3; Luminance.cpp)."""
    return float(histogram @ (np.arange(256) / 255 - luminance_mean(histogram)) ** 2)


def under_exposure_prevention(histogram: Histogram) -> float:
    """UnderExposurePrevention's native value: share of levels 0 to 25, 0 to 1, 0 the best.

    7.3.5; UnderExposurePrevention.cpp. Level 25 is an sRGB grey of 88, which dark skin in good
    light falls below; `shadow_share` has a limit that it does not.
    """
    return float(histogram[DARK].sum())


def over_exposure_prevention(histogram: Histogram) -> float:
    """OverExposurePrevention's native value: share of levels 247 to 255, 0 to 1, 0 the best.

    7.3.6; OverExposurePrevention.cpp.
    """
    return float(histogram[BRIGHT].sum())


def dynamic_range(histogram: Histogram) -> float:
    """DynamicRange in bits, 0 to 8: the entropy -sum h(i) log2 h(i) (7.3.7; DynamicRange.cpp)."""
    shares = histogram[histogram > 0]
    return float(abs(shares @ np.log2(shares)))


def illumination_uniformity(luminance: Luminance, face: AlignedFace) -> float | None:
    """IlluminationUniformity, 0 to 1: what the histograms of both cheeks have in common.

    Sum of min(left(i), right(i)) over two squares, 0.3 of the eyes' distance to a side, that begin
    below each eye's middle, half-way down to the mouth, and reach outwards (7.3.3;
    IlluminationUniformity.cpp, image_utils.cpp). The mouth is where OFIQ's template has it. None
    where a cheek is not in the photo.
    """
    top = ABOVE + int(EYE_TO_MOUTH * EYE_DISTANCE / 2)
    rows = slice(top, top + ZONE)
    outer, inner = HALF_WIDTH - EYE_DISTANCE // 2 - ZONE, HALF_WIDTH - EYE_DISTANCE // 2
    left = (rows, slice(outer, inner))
    right = (rows, slice(2 * HALF_WIDTH - inner, 2 * HALF_WIDTH - outer))
    shares = [histogram_of(luminance[zone][face.inside[zone]]) for zone in (left, right)]
    if shares[0] is None or shares[1] is None:
        return None
    return float(np.minimum(shares[0], shares[1]).sum())


def lr_asymmetry(luminance: Luminance, face: AlignedFace) -> float | None:
    """(right - left) / (right + left) of the mean linear luminance of the face's halves, -1 to 1.

    As seen in the stored photo: 1 means that only the right half of the picture is lit. Our own.
    None where both halves are black, or one is not in the photo.
    """
    halves = (slice(0, HALF_WIDTH), slice(HALF_WIDTH, None))
    parts = [luminance[:, half][face.inside[:, half]] for half in halves]
    if not all(part.size for part in parts):
        return None
    left, right = (float(part.mean(dtype=np.float64)) for part in parts)
    return asymmetry(left, right)


def asymmetry(left: float, right: float) -> float | None:
    """(right - left) / (right + left), -1 to 1; None where there is nothing on either side."""
    return None if left + right == 0 else (right - left) / (right + left)


def luma_of(pixels: RGB) -> NDArray[np.uint8]:
    """Luma as in JPEG (ITU-R BT.601), 0 to 255."""
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), np.uint8)


def contrast(luma: NDArray[np.uint8]) -> float:
    """RMS contrast, the standard deviation of luma / 255 (Peli 1990), 0 to 0.5. Our own."""
    return float(luma.std(dtype=np.float64) / 255)


def shadow_share(luma: NDArray[np.uint8]) -> float:
    """Share of the face whose luma is at most 25 of 255, 0 to 1. Our own.

    OFIQ's limit on luma as stored, a tenth of its light: skin of any tone lies above it in good
    light.
    """
    return float((luma < DARK.stop).mean())


def highlight_share(luma: NDArray[np.uint8]) -> float:
    """Share of the face whose luma is at least 247 of 255, 0 to 1. Our own."""
    return float((luma >= BRIGHT.start).mean())
