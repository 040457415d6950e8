"""Sketches to show: of one face or of the whole photo, as grey pixels or as outlines."""

from __future__ import annotations

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from app.export.exporter import Run
from app.export.views import FACE_VIEW, as_rgb, face_alignment, face_size, face_view
from app.imaging.alignment import AlignmentSpec, align
from app.imaging.sketch import sketch

Grey = NDArray[np.uint8]

TONES = (246, 236, 222, 208, 192, 166, 136, 104, 70, 38)
"""Brightness below which each layer of an outlined sketch begins, lightest first."""

FINENESS = 2
"""Outlines are traced on a sketch enlarged by this, so that curves are no stairs."""

LEAST_AREA = 5.0
"""Specks below this many pixels of the enlarged sketch are left out of outlines."""


def face_sketch(run: Run, number: int, face: int) -> Grey:
    """A hypothesis of one face as a sketch, upright, with hair and chin.

    Args:
        run: the run; a model that does not draw has its composite drawn here.
        number: the hypothesis, counted from 1.
        face: index of the face.

    Returns:
        (S, S) uint8, 0 black .. 255 paper.
    """
    alignment = face_alignment(run, face)
    size = face_size(alignment)
    view = face_view(run.composites[number - 1], alignment, size)
    if run.sketch:
        return _eight(view)
    # As heavy as a line that a model draws in its own, narrower crop of the face.
    weight = size * FACE_VIEW.eye_distance / AlignmentSpec().eye_distance
    return _paper(sketch(as_rgb(view), face_size=weight))


def photo_sketch(run: Run, number: int) -> Grey:
    """A hypothesis in the whole photo as a sketch: (H, W) uint8; arguments as :func:`face_sketch`."""
    pixels = run.composites[number - 1]
    if run.sketch:
        return _eight(pixels)
    side = align(run.faces[0].face(), AlignmentSpec()).crop_size_in_photo
    return _paper(sketch(as_rgb(pixels), face_size=side))


def _eight(pixels: NDArray[np.unsignedinteger[Any]]) -> Grey:
    grey = pixels[..., 0] if pixels.ndim == 3 else pixels
    return np.asarray(grey >> 8 if grey.dtype == np.uint16 else grey, np.uint8)


def _paper(drawn: NDArray[np.float32]) -> Grey:
    return np.asarray(np.rint(drawn * 255), np.uint8)


def outlines(grey: Grey) -> list[tuple[int, str]]:
    """A sketch as filled outlines in layers of tone.

    Args:
        grey: (H, W) uint8.

    Returns:
        Brightness 0..255 and SVG path data of each layer, from light to dark; paths are closed, hold
        their holes (fill rule evenodd), and count in pixels of the sketch.
    """
    height, width = grey.shape
    large = cv2.resize(grey, (width * FINENESS, height * FINENESS), interpolation=cv2.INTER_CUBIC)
    smooth = cast(Grey, cv2.GaussianBlur(large, (0, 0), 1.0))
    layers: list[tuple[int, str]] = []
    for number, tone in enumerate(TONES):
        darker = TONES[number + 1] if number + 1 < len(TONES) else 0
        inside = (smooth < tone).astype(np.uint8)
        contours, _ = cv2.findContours(inside, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
        parts = []
        for contour in contours:
            if cv2.contourArea(contour) < LEAST_AREA:
                continue
            points = cv2.approxPolyDP(contour, 0.7, True)[:, 0].astype(np.float64)
            if len(points) > 2:
                # Pixel centres of the enlarged sketch, in pixels of the sketch.
                parts.append(_path((points + 0.5) / FINENESS))
        if parts:
            layers.append(((tone + darker) // 2, "".join(parts)))
    return layers


def _path(points: NDArray[np.float64]) -> str:
    """A closed curve through the middles of a polygon's sides (quadratic, corners as handles)."""
    middles = (points + np.roll(points, -1, axis=0)) / 2
    start = middles[-1]
    curve = "".join(
        f"Q{_number(x)} {_number(y)} {_number(u)} {_number(v)}"
        for (x, y), (u, v) in zip(points, middles, strict=True)
    )
    return f"M{_number(start[0])} {_number(start[1])}{curve}Z"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
