"""All measures of a photo from one call; docs/MEASURES.md lists them for readers of the data."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from collector.dataset.measures.axes import Axes, align_face
from collector.dataset.measures.background import backlight
from collector.dataset.measures.colour import luminance_of, measure_cct
from collector.dataset.measures.exposure import (
    contrast,
    dynamic_range,
    highlight_share,
    histogram_of,
    illumination_uniformity,
    lr_asymmetry,
    luma_of,
    luminance_mean,
    luminance_variance,
    over_exposure_prevention,
    shadow_share,
    under_exposure_prevention,
)
from collector.dataset.measures.geometry import (
    head_size,
    inter_eye_distance,
    measure_crop,
    single_face_present,
)
from collector.dataset.measures.sharpness import box_laplacian_variance, laplacian_variance
from collector.dataset.pixels import RGB, Box, Eyes


@dataclass(frozen=True)
class Measures:
    """What is measured of a photo, under the names of its columns; None where it does not apply.

    Units, ranges and sources: at the function of the same name, and in docs/MEASURES.md. All but
    `cct` need a face; from `inter_eye_distance` to `roll` both eyes.
    """

    luminance_mean: float | None = None
    luminance_variance: float | None = None
    under_exposure_prevention: float | None = None
    over_exposure_prevention: float | None = None
    dynamic_range: float | None = None
    illumination_uniformity: float | None = None
    single_face_present: float | None = None
    contrast: float | None = None
    shadow_share: float | None = None
    highlight_share: float | None = None
    lr_asymmetry: float | None = None
    backlight: float | None = None
    box_laplacian_variance: float | None = None
    inter_eye_distance: float | None = None
    head_size: float | None = None
    leftward_crop_of_the_face_image: float | None = None
    rightward_crop_of_the_face_image: float | None = None
    margin_above_of_the_face_image: float | None = None
    margin_below_of_the_face_image: float | None = None
    laplacian_variance: float | None = None
    roll: float | None = None
    cct: float | None = None


def measure(
    pixels: RGB, faces: Sequence[Box], eyes: Eyes | None, neutral: RGB | None = None
) -> Measures:
    """Measure a photo: its faces, largest first, the first one's eyes, a patch known to be grey.

    Refused: a first face that holds no pixel of the photo (ValueError).
    """
    measured = Measures(cct=None if neutral is None else measure_cct(neutral))
    if not faces:
        return measured
    _require_inside(pixels, faces[0])
    measured = _measure_light(measured, pixels, faces, Axes.of(faces[0], eyes))
    return _measure_position(measured, pixels, eyes) if eyes else measured


def _measure_light(measured: Measures, pixels: RGB, faces: Sequence[Box], axes: Axes) -> Measures:
    face = align_face(pixels, axes)
    luminance = luminance_of(face.pixels)
    histogram = histogram_of(luminance[face.inside])
    luma = luma_of(face.pixels)[face.inside]
    measured = replace(
        measured,
        single_face_present=single_face_present(faces),
        lr_asymmetry=lr_asymmetry(luminance, face),
        backlight=backlight(pixels, faces, luminance, face),
        box_laplacian_variance=box_laplacian_variance(pixels, faces[0]),
    )
    if histogram is None:  # of a leaning box at the edge, no part of the face may be in the photo
        return measured
    return replace(
        measured,
        luminance_mean=luminance_mean(histogram),
        luminance_variance=luminance_variance(histogram),
        under_exposure_prevention=under_exposure_prevention(histogram),
        over_exposure_prevention=over_exposure_prevention(histogram),
        dynamic_range=dynamic_range(histogram),
        illumination_uniformity=illumination_uniformity(luminance, face),
        contrast=contrast(luma),
        shadow_share=shadow_share(luma),
        highlight_share=highlight_share(luma),
    )


def _measure_position(measured: Measures, pixels: RGB, eyes: Eyes) -> Measures:
    height, width = pixels.shape[:2]
    crop = measure_crop(width, height, eyes)
    return replace(
        measured,
        inter_eye_distance=inter_eye_distance(eyes),
        head_size=head_size(height, eyes),
        leftward_crop_of_the_face_image=crop.leftward,
        rightward_crop_of_the_face_image=crop.rightward,
        margin_above_of_the_face_image=crop.above,
        margin_below_of_the_face_image=crop.below,
        laplacian_variance=laplacian_variance(pixels, eyes),
        roll=eyes.roll,
    )


def _require_inside(pixels: RGB, face: Box) -> None:
    height, width = pixels.shape[:2]
    right, bottom = min(width, face.x + face.width), min(height, face.y + face.height)
    if right <= max(0, face.x) or bottom <= max(0, face.y):
        raise ValueError(f"{face} lies outside the picture")
