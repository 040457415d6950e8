"""What a photo offers for each face: measured, with a plain-word meaning beside each figure."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from app.export.report.content import FaceSuitability, Measure
from app.imaging.face import Face

POINTS = (17, 21, 22, 26, 36, 39, 42, 45, 31, 35, 48, 54, 57, 8)
"""The landmarks that :data:`HEAD` has places for, iBUG-68."""

HEAD = np.array(
    [
        (-6.825897, -6.760612, -4.402142),
        (-1.330353, -7.122144, -6.903745),
        (1.330353, -7.122144, -6.903745),
        (6.825897, -6.760612, -4.402142),
        (-5.311432, -5.485328, -3.987654),
        (-1.789930, -5.393625, -4.413414),
        (1.789930, -5.393625, -4.413414),
        (5.311432, -5.485328, -3.987654),
        (-2.005628, -1.409845, -6.165652),
        (2.005628, -1.409845, -6.165652),
        (-2.774015, 2.080775, -5.048531),
        (2.774015, 2.080775, -5.048531),
        (0.0, 3.116408, -6.097667),
        (0.0, 7.415691, -4.070434),
    ]
)
"""(14, 3): an average head, x to the viewer's right, y down, z away from the viewer; from the
anthropometric model of Martins and Batista (2008), in its units."""

ENOUGH_PX = 90
"""Pixels between the eye centres that ISO/IEC 19794-5 asks of a frontal portrait."""

BLUR_BANDS = (0.50, 0.60, 0.70)
"""Measured on a sharp portrait 100 px wide: it has 0.45; a Gaussian blur of 0.5, 1, 2 and 3 px makes
that 0.48, 0.56, 0.67 and 0.76."""

LEAST_BAND = 12
"""Pixels of height below which blur cannot be measured."""


def suitability(
    rgb: NDArray[np.uint8], faces: Sequence[Face], map: NDArray[np.bool_] | None
) -> tuple[FaceSuitability, ...]:
    """Measure every face of a photo.

    Args:
        rgb: (H, W, 3) the photo.
        faces: largest first.
        map: (H, W) bool, or None when there is none.
    """
    return tuple(
        FaceSuitability(
            face=number,
            box=face.box,
            score=round(face.score, 4),
            measures=(*_resolution(face), *_pose(face), _hidden(face, map), _blur(rgb, face)),
        )
        for number, face in enumerate(faces, start=1)
    )


def _resolution(face: Face) -> tuple[Measure, Measure]:
    x0, y0, x1, y1 = face.box
    first, second = face.eyes
    eyes = float(np.hypot(*(second - first)))
    if eyes >= ENOUGH_PX:
        words = "At or above the 90 px that ISO/IEC 19794-5 asks of a frontal portrait."
    elif eyes >= 45:
        words = "Moderate: fine detail of the skin is not resolved."
    elif eyes >= 20:
        words = "Low: only the larger forms of the face are resolved."
    else:
        words = "Very low: hardly more than the outline of the face is resolved."
    size = Measure(
        name="Face box",
        value=round(x1 - x0, 1),
        unit="px wide",
        shown=f"{x1 - x0:.0f} x {y1 - y0:.0f} px",
        words="Forehead to chin, as located.",
    )
    between = Measure(
        name="Between the eyes",
        value=round(eyes, 1),
        unit="px",
        shown=f"{eyes:.0f} px",
        words=words,
    )
    return size, between


def head_angles(landmarks: NDArray[np.floating]) -> tuple[float, float, float]:
    """Yaw, pitch and roll of a head in degrees, from 68 landmarks.

    An average head is fitted by scaled orthography (DeMenthon and Davis 1995, one step): affine least
    squares, then the nearest rotation.

    Args:
        landmarks: (68, 2) in pixels.

    Returns:
        Yaw (positive: turned to the viewer's right), pitch (positive: looking down), roll (positive:
        tilted clockwise for the viewer); all zero when the landmarks span no plane.
    """
    model = HEAD - HEAD.mean(axis=0)
    seen = landmarks[list(POINTS)].astype(np.float64)
    affine, *_ = np.linalg.lstsq(model, seen - seen.mean(axis=0), rcond=None)
    rows = affine.T
    if not np.isfinite(rows).all() or np.linalg.matrix_rank(rows) < 2:
        return 0.0, 0.0, 0.0
    left, _, right = np.linalg.svd(rows, full_matrices=False)
    first, second = left @ right
    third = np.cross(first, second)
    # The rotation as yaw, then pitch, then roll; its last row holds no roll.
    yaw = np.degrees(np.arctan2(third[0], third[2]))
    pitch = np.degrees(np.arcsin(np.clip(third[1], -1, 1)))
    roll = np.degrees(np.arctan2(-first[1], second[1]))
    return float(yaw), float(pitch), float(roll)


def _pose(face: Face) -> tuple[Measure, ...]:
    if np.ptp(face.landmarks, axis=0).min() <= 0:
        nothing = "The landmarks do not lie like a face; it cannot be measured."
        return (
            Measure(name="Pose", value=None, unit="degrees", shown="not measured", words=nothing),
        )
    yaw, pitch, roll = head_angles(face.landmarks)
    return (
        _angle("Turned sideways", yaw, ("to the viewer's right", "to the viewer's left"), 10, 30),
        _angle("Raised or lowered", pitch, ("downwards", "upwards"), 12, 25),
        _angle("Tilted", roll, ("clockwise", "anticlockwise"), 10, 30),
    )


def _angle(name: str, value: float, ways: tuple[str, str], small: int, large: int) -> Measure:
    way = ways[0] if value > 0 else ways[1]
    if abs(value) < small:
        words = "About frontal."
    elif name == "Tilted":
        words = "The alignment makes up for it."
    elif abs(value) < large:
        words = f"Somewhat turned {way}."
    else:
        words = f"Strongly turned {way}: hypotheses are less apt there."
    shown = f"{abs(value):.0f}° {way}" if round(abs(value)) else "0°"
    return Measure(name=name, value=round(value, 1), unit="degrees", shown=shown, words=words)


def _hidden(face: Face, map: NDArray[np.bool_] | None) -> Measure:
    """The share of the face, brow to chin, that the map hides."""
    name, unit = "Hidden share", "of the face, brow to chin"
    if map is None:
        words = "There is no map of this photo."
        return Measure(name=name, value=None, unit=unit, shown="not measured", words=words)
    hull = cv2.convexHull(face.landmarks.astype(np.float32)).reshape(-1, 2)
    height, width = map.shape
    x0, y0 = np.clip(np.floor(hull.min(axis=0)), 0, [width, height]).astype(int)
    x1, y1 = np.clip(np.ceil(hull.max(axis=0)), 0, [width, height]).astype(int)
    inside = np.zeros((max(0, y1 - y0), max(0, x1 - x0)), np.uint8)
    if inside.size:
        cv2.fillConvexPoly(inside, np.rint(hull - [x0, y0]).astype(np.int32), 1)
    area = int(inside.sum())
    if not area:
        words = "The landmarks span no area inside the photo."
        return Measure(name=name, value=None, unit=unit, shown="not measured", words=words)
    share = float(np.count_nonzero(inside.astype(bool) & map[y0:y1, x0:x1])) / area
    if share < 0.02:
        words = "Nothing or hardly anything is hidden."
    elif share < 0.4:
        words = "Less than half is hidden."
    elif share < 0.7:
        words = "About half or more is hidden; a mask over nose and mouth usually hides this much."
    else:
        words = "Most of the face is hidden: little is left for a hypothesis to rest on."
    return Measure(
        name=name, value=round(share, 4), unit=unit, shown=f"{100 * share:.0f} %", words=words
    )


def _blur(rgb: NDArray[np.uint8], face: Face) -> Measure:
    """The perceptual blur of the eye region (Crete et al. 2007): 0 sharp, 1 blurred."""
    name, unit = "Blur around the eyes", "0 sharp .. 1 blurred"
    points = face.landmarks[17:48]
    low, high = points.min(axis=0), points.max(axis=0)
    # The nose bridge ends the band, so that no mask is part of it.
    high[1] = max(face.landmarks[36:48, 1].max(), face.landmarks[28, 1])
    margin = 0.1 * float(high[0] - low[0])
    height, width = rgb.shape[:2]
    x0, y0 = np.clip(np.floor(low - margin), 0, [width, height]).astype(int)
    x1, y1 = np.clip(np.ceil(high + np.array([margin, 0.0])), 0, [width, height]).astype(int)
    if y1 - y0 < LEAST_BAND or x1 - x0 < LEAST_BAND:
        words = "The region has too few pixels to measure."
        return Measure(name=name, value=None, unit=unit, shown="not measured", words=words)
    from skimage.measure import blur_effect

    band = cv2.cvtColor(np.ascontiguousarray(rgb[y0:y1, x0:x1]), cv2.COLOR_RGB2GRAY)
    if np.ptp(band) == 0:
        words = "The region is of one colour; there is nothing to measure."
        return Measure(name=name, value=None, unit=unit, shown="not measured", words=words)
    value = float(blur_effect(band))
    sharp, soft, blurred = BLUR_BANDS
    if value < sharp:
        words = "Sharp at this resolution."
    elif value < soft:
        words = "Slightly soft, as from about one pixel of blur or some enlargement."
    elif value < blurred:
        words = "Soft, as from about two pixels of blur."
    else:
        words = "Strongly blurred, as from three pixels of blur or more."
    return Measure(name=name, value=round(value, 3), unit=unit, shown=f"{value:.2f}", words=words)
