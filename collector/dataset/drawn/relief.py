"""The form of a head, and how much light falls on each part of it."""

import numpy as np
from numpy.typing import NDArray

from collector.dataset.drawn.pen import Pose

Field = NDArray[np.float64]

REACH = 1.6  # head units from the head's middle to the relief's border
_GRAIN = 128  # samples across the relief
_RX, _RY = 1.12, 1.35  # the skull, as an ellipsoid

# Bumps of the face: middle x and y, width x and y, height.
# Nose tip, bridge, lips, chin; then cheek and eye of the right side.
_MIDDLE_BUMPS = (
    (0.0, 0.37, 0.14, 0.15, 0.13), (0.0, 0.1, 0.14, 0.32, 0.06),
    (0.0, 0.78, 0.3, 0.16, 0.05), (0.0, 1.02, 0.25, 0.12, 0.05),
)  # fmt: skip
_SIDE_BUMPS = ((0.55, 0.42, 0.25, 0.2, 0.05), (0.42, 0.08, 0.22, 0.15, -0.07))


def light_on_head(pose: Pose, direction: tuple[float, float, float]) -> Field:
    """How much light each place receives, 0 to 1, over REACH head units to every side.

    Half Lambert (light wraps around the form and leaves no hard edge), raised to 1.5.
    `direction` points to the light: x right, y down, z to the camera.
    """
    axis = np.linspace(-REACH, REACH, _GRAIN)
    u, v = np.meshgrid(axis, axis)
    slope_x, slope_y = _slopes(u, v, pose)
    x, y, z = _as_seen_by_head(direction, pose.roll)
    facing = (z - slope_x * x - slope_y * y) / np.sqrt(slope_x**2 + slope_y**2 + 1)
    return np.asarray((0.5 + 0.5 * facing) ** 1.5)


def relief_to_pixels(pose: Pose) -> Field:
    """2 x 3: from a sample of `light_on_head` to the frame's pixels."""
    step = 2 * REACH / _GRAIN
    samples = np.array([[step, 0, -REACH], [0, step, -REACH], [0, 0, 1]])
    return np.asarray(pose.matrix @ samples)


def _slopes(u: Field, v: Field, pose: Pose) -> tuple[Field, Field]:
    bumps = _MIDDLE_BUMPS + _SIDE_BUMPS + tuple((-x, *rest) for x, *rest in _SIDE_BUMPS)
    x, y = u - 1.1 * pose.yaw, v - 1.4 * pose.pitch
    form = np.zeros_like(u)
    for cx, cy, sx, sy, height in bumps:
        form += height * np.exp(-(((x - cx) / sx) ** 2) - ((y - cy) / sy) ** 2)
    slope_y, slope_x = np.gradient(form, 2 * REACH / (_GRAIN - 1))
    away = np.hypot(u / _RX, v / _RY)
    # Near the skull's edge the slope would grow without end: it stays as it is at 0.9.
    keep = np.minimum(1, 0.9 / np.maximum(away, 1e-6))
    depth = np.sqrt(1 - (away * keep) ** 2)
    # Under the chin the relief gives way to shoulders, which face the camera.
    shoulders = ((1.5 - v) / 0.3).clip(0, 1)
    return slope_x - u * keep / (_RX**2 * depth), (
        slope_y - v * keep / (_RY**2 * depth)
    ) * shoulders


def _as_seen_by_head(direction: tuple[float, float, float], roll: float) -> Field:
    x, y, z = direction
    c, s = np.cos(roll), np.sin(roll)
    light = np.array([c * x + s * y, c * y - s * x, z])
    return np.asarray(light / np.linalg.norm(light))
