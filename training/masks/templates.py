"""Cut-out photos of masks (MaskTheFace, Anwar & Raychowdhury 2020) warped onto landmarks."""

from __future__ import annotations

import configparser
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import RBFInterpolator

Points = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Template:
    """One cut-out mask.

    Attributes:
        picture: (h, w, 4) uint8 RGBA.
        anchors: (6, 2) float64: three along the upper edge, three along the lower, each left to right.
        side: front, left or right.
        name: the template's name.
    """

    picture: NDArray[np.uint8]
    anchors: Points
    side: str
    name: str


def read_templates(folder: Path) -> list[Template]:
    """Read every template whose picture is there.

    Args:
        folder: has ``masks.cfg`` and the pictures.
    """
    config = configparser.ConfigParser()
    config.read(folder / "masks.cfg")
    templates = []
    for name in config.sections():
        section = config[name]
        if "template" not in section:
            continue
        picture = cv2.imread(str(folder / Path(section["template"]).name), cv2.IMREAD_UNCHANGED)
        if picture is None or picture.ndim != 3 or picture.shape[2] != 4:
            continue
        anchors = np.array(
            [[float(v) for v in section[f"mask_{letter}"].split(",")] for letter in "abcdef"]
        )
        side = "left" if name.endswith("_left") else "right" if name.endswith("_right") else "front"
        reduction = max(1, max(picture.shape[:2]) // 300)
        picture = cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA)
        small = cv2.resize(
            picture, None, fx=1 / reduction, fy=1 / reduction, interpolation=cv2.INTER_AREA
        )
        templates.append(Template(picture=small, anchors=anchors / reduction, side=side, name=name))  # type: ignore[arg-type]
    return templates


def warp_template(
    rng: np.random.Generator,
    template: Template,
    landmarks: NDArray[np.floating],
    shape: tuple[int, int],
) -> NDArray[np.float32]:
    """Put a template on a face: its six anchors go to the nose bridge, the cheeks and the jaw.

    Args:
        rng: the sample's generator; the fit is jittered.
        template: the cut-out.
        landmarks: (68, 2) in photo pixels.
        shape: height and width of the photo.

    Returns:
        (H, W, 4) float32 RGBA 0..1 in the photo's frame.
    """
    points = landmarks.astype(np.float64)
    unit = float(np.hypot(*(points[42:48].mean(axis=0) - points[36:42].mean(axis=0))))
    high = rng.uniform(0.3, 1.9)
    bridge = points[27] + (points[29] - points[27]) * high / 2
    centre = points[30]
    wide = rng.uniform(0.92, 1.06)
    upper = [centre + (points[i] - centre) * wide for i in (1, 15)]
    lower = [centre + (points[i] - centre) * wide for i in (5, 11)]
    chin = points[8] + (points[8] - points[27]) * rng.uniform(0.0, 0.1)
    target = np.array([upper[0], bridge, upper[1], lower[0], chin, lower[1]])
    target = target + rng.normal(0, 0.02 * unit, target.shape)
    return thin_plate(template.picture, template.anchors, target, shape)


def thin_plate(
    picture: NDArray[np.uint8], source: Points, target: Points, shape: tuple[int, int]
) -> NDArray[np.float32]:
    """Bend a picture by the thin-plate spline that brings points to points (Bookstein 1989).

    It bends as little as possible between the points and is smooth across the middle of the face, where
    two perspectives would meet in a crease.

    Args:
        picture: (h, w, 4) uint8 RGBA.
        source: (P, 2) in the picture's pixels.
        target: (P, 2) where they go, in pixels of the result, pairwise different and not on one line.
        shape: height and width of the result.

    Returns:
        (H, W, 4) float32 RGBA 0..1, transparent where the picture does not reach.
    """
    height, width = shape
    # Backwards: for every pixel of the result, where in the picture it comes from.
    bent = RBFInterpolator(target, source, kernel="thin_plate_spline", degree=1)
    # A spline so smooth needs no value per pixel: every fourth, and linear between.
    xs, ys = (np.arange(-2, side + 6, 4, dtype=np.float64) for side in (width, height))
    grid = np.stack(np.meshgrid(xs, ys), axis=-1)
    coarse = bent(grid.reshape(-1, 2)).reshape(grid.shape).astype(np.float32)
    columns, rows = np.meshgrid(
        (np.arange(width, dtype=np.float32) + 0.5 + 2) / 4,
        (np.arange(height, dtype=np.float32) + 0.5 + 2) / 4,
    )
    places = cv2.remap(coarse, columns, rows, cv2.INTER_LINEAR)
    # Points are continuous coordinates; OpenCV counts from pixel centres.
    return cv2.remap(
        picture.astype(np.float32) / np.float32(255),
        places[..., 0] - np.float32(0.5),
        places[..., 1] - np.float32(0.5),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(0, 0, 0, 0),
    ).astype(np.float32)


def side_of_face(landmarks: NDArray[np.floating]) -> str:
    """Which template side fits the head's turn: front, left or right (as MaskTheFace names them)."""
    to_left = float(np.abs(landmarks[30, 0] - landmarks[1, 0]))
    to_right = float(np.abs(landmarks[15, 0] - landmarks[30, 0]))
    ratio = to_left / max(to_right, 1e-3)
    return "left" if ratio < 0.5 else "right" if ratio > 2 else "front"
