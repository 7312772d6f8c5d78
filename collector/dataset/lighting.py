"""Light and sharpness of a photo as numbers; nothing here judges or refuses a photo."""

from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from collector.dataset.pixels import RGB, Box, Grey

UNDER_EXPOSED_TO = 25
OVER_EXPOSED_FROM = 247
SAMPLE_SIDE = 256
FACE_SIDE = 224
FRAME_SIDE = 640


def _linear_table() -> NDArray[np.float32]:
    """Linear light of the 256 values of an sRGB channel, 0 to 1 (IEC 61966-2-1)."""
    value = np.arange(256) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


_LINEAR = _linear_table()
_REC_709 = np.array([0.2126, 0.7152, 0.0722], np.float32)  # luminance of R, G, B (ITU-R BT.709)


@dataclass(frozen=True)
class Light:
    """Measures over the face, or over the whole frame where no face was found.

    luminance_mean: mean relative luminance of linear light, 0 to 1: "luminance mean" of
        ISO/IEC 29794-5 and OFIQ, over the face's box instead of its landmarks' outline.
    under_exposed, over_exposed: share of pixels whose luma is at most 25, at least 247.
        OFIQ's limits, but on luma as stored: OFIQ counts linear luminance, where 25 of 255 is an
        sRGB grey of 88 and takes well lit dark skin for shadow.
    contrast: RMS contrast, the standard deviation of luma / 255 (Peli 1990), 0 to 0.5.
    lr_asymmetry: (right - left) / (right + left) of the mean linear luminance of the face's
        halves, -1 to 1, as seen in the stored photo: 1 means that only the right half of the
        picture is lit. None without a face, and where both halves are black.
    laplacian_variance: sharpness, the variance of the Laplacian (Pech-Pacheco et al. 2000) of
        8-bit luma, the face's longest side brought to 224 px, a whole frame's to 640 px: values
        compare among faces, and among frames, not between the two.
    """

    luminance_mean: float
    under_exposed: float
    over_exposed: float
    contrast: float
    lr_asymmetry: float | None
    laplacian_variance: float


def measure_light(pixels: RGB, face: Box | None) -> Light:
    """Measure the face, or the whole frame where there is none; luma is BT.601, as in JPEG.

    Refused: a box that holds no pixel of the frame (ValueError).
    """
    region = pixels if face is None else _crop(pixels, face)
    sample = _sampled(region)
    luminance = _LINEAR[sample] @ _REC_709
    luma = cv2.cvtColor(sample, cv2.COLOR_RGB2GRAY)
    return Light(
        luminance_mean=float(luminance.mean(dtype=np.float64)),
        under_exposed=float((luma <= UNDER_EXPOSED_TO).mean()),
        over_exposed=float((luma >= OVER_EXPOSED_FROM).mean()),
        contrast=float(luma.std(dtype=np.float64) / 255),
        lr_asymmetry=None if face is None else _asymmetry(luminance),
        laplacian_variance=_sharpness(region, FRAME_SIDE if face is None else FACE_SIDE),
    )


def _crop(pixels: RGB, face: Box) -> RGB:
    rows = slice(max(0, face.y), max(0, face.y + face.height))
    columns = slice(max(0, face.x), max(0, face.x + face.width))
    if pixels[rows, columns].size == 0:
        raise ValueError(f"{face} lies outside the picture")
    return pixels[rows, columns]


def _sampled(region: RGB) -> RGB:
    """About 256 x 256 of the pixels; left out, not averaged, which would hide clipped ones."""
    height, width = region.shape[:2]
    down, across = -(-height // SAMPLE_SIDE), -(-width // SAMPLE_SIDE)
    return np.ascontiguousarray(region[::down, ::across])


def _asymmetry(luminance: NDArray[np.float32]) -> float | None:
    half = luminance.shape[1] // 2  # a middle column belongs to neither half
    if half == 0:
        return None
    left = float(luminance[:, :half].mean(dtype=np.float64))
    right = float(luminance[:, -half:].mean(dtype=np.float64))
    return None if left + right == 0 else (right - left) / (right + left)


def _sharpness(region: RGB, side: int) -> float:
    height, width = region.shape[:2]
    scale = side / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    grey = cast(
        Grey, cv2.resize(cv2.cvtColor(region, cv2.COLOR_RGB2GRAY), size, interpolation=method)
    )
    return float(cv2.Laplacian(grey, cv2.CV_32F).var(dtype=np.float64))
