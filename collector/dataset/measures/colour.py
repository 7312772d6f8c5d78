"""From stored sRGB values to light: linear luminance, and the colour temperature of a patch."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from collector.dataset.pixels import RGB

Luminance = NDArray[np.float32]  # relative luminance of linear light, 0 to 1

REC_709 = np.array([0.2126, 0.7152, 0.0722], np.float32)  # luminance of R, G, B (ITU-R BT.709)

# Linear sRGB to CIE XYZ, 2 degree observer, white D65 (IEC 61966-2-1).
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])

CLIPPED_FROM = 254
COLDEST, HOTTEST = 1700.0, 15000.0
FARTHEST_FROM_WHITE = 0.05


def _linear_table() -> NDArray[np.float32]:
    """Linear light of the 256 values of an sRGB channel, 0 to 1 (IEC 61966-2-1)."""
    value = np.arange(256) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return linear.astype(np.float32)


_LINEAR = _linear_table()


def linear_light(pixels: RGB) -> NDArray[np.float32]:
    """Linear red, green and blue, 0 to 1, in the shape of the pixels (IEC 61966-2-1)."""
    return cast(NDArray[np.float32], cv2.LUT(pixels, _LINEAR))


def luminance_of(pixels: RGB) -> Luminance:
    """Relative luminance Y = 0.2126 R + 0.7152 G + 0.0722 B of linear light, 0 to 1.

    OFIQ 1.0.3 computes it alike (image_utils.cpp, GetLuminanceImageFromBGR).
    """
    return linear_light(pixels) @ REC_709


def measure_cct(neutral: RGB) -> float | None:
    """Correlated colour temperature in kelvin of a patch that is white or grey in fact.

    That of the patch's mean linear light, by `cct_of`: the light as the camera rendered it, which
    an automatic white balance draws to 6500 K.

    Clipped and black pixels are left out. None where nothing else is there; where the result is
    outside of 1700 to 15000 K; and where the colour lies farther than 0.05 in CIE 1960 u, v from
    the black body of that temperature, from where on CIE 15 defines no colour temperature.
    """
    pixels = neutral.reshape(-1, 1, 3)
    usable = (pixels.max(axis=2) < CLIPPED_FROM) & (pixels.max(axis=2) > 0)
    if not usable.any():
        return None
    xyz = TO_XYZ @ linear_light(pixels)[usable].mean(axis=0, dtype=np.float64)
    x, y = (float(value) for value in xyz[:2] / xyz.sum())
    kelvin = cct_of(x, y)
    if not COLDEST <= kelvin <= HOTTEST or _from_black_body(x, y, kelvin) > FARTHEST_FROM_WHITE:
        return None
    return kelvin


def cct_of(x: float, y: float) -> float:
    """Kelvin of CIE 1931 x, y: 449 n^3 + 3525 n^2 + 6823.3 n + 5520.33.

    n = (x - 0.3320) / (0.1858 - y) (McCamy, Color Research and Application 17, 1992).
    """
    n = (x - 0.3320) / (0.1858 - y)
    return 449 * n**3 + 3525 * n**2 + 6823.3 * n + 5520.33


def _from_black_body(x: float, y: float, kelvin: float) -> float:
    """Distance in CIE 1960 u, v from the Planckian locus (Krystek 1985, 1000 to 15000 K)."""
    u, v = 4 * x / (3 - 2 * x + 12 * y), 6 * y / (3 - 2 * x + 12 * y)
    locus_u = (0.860117757 + 1.54118254e-4 * kelvin + 1.28641212e-7 * kelvin**2) / (
        1 + 8.42420235e-4 * kelvin + 7.08145163e-7 * kelvin**2
    )
    locus_v = (0.317398726 + 4.22806245e-5 * kelvin + 4.20481691e-8 * kelvin**2) / (
        1 - 2.89741816e-5 * kelvin + 1.61456053e-7 * kelvin**2
    )
    return float(np.hypot(u - locus_u, v - locus_v))
