"""Cut-out photos of masks (MaskTheFace, Anwar & Raychowdhury 2020) warped onto landmarks."""

from __future__ import annotations

import configparser
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

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
    """Put a template on a face, its two halves by one perspective each, as MaskTheFace does.

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
    source = template.anchors
    picture = template.picture
    height, width = shape
    out = np.zeros((height, width, 4), np.uint8)
    for half in ((0, 1, 4, 3), (1, 2, 5, 4)):
        matrix = cv2.getPerspectiveTransform(
            source[list(half)].astype(np.float32), target[list(half)].astype(np.float32)
        )
        side = np.zeros(picture.shape[:2], np.uint8)
        middle = source[[1, 4]]
        edge = 0 if half[0] == 0 else picture.shape[1]
        polygon = np.array(
            [
                [edge, 0],
                [middle[0, 0], 0],
                middle[0],
                middle[1],
                [middle[1, 0], picture.shape[0]],
                [edge, picture.shape[0]],
            ]
        )
        cv2.fillPoly(side, [polygon.astype(np.int32)], 1)
        part = picture * side[..., None]
        warped = cv2.warpPerspective(part, matrix, (width, height), flags=cv2.INTER_LINEAR)
        out = np.maximum(out, warped)
    return out.astype(np.float32) / np.float32(255)


def side_of_face(landmarks: NDArray[np.floating]) -> str:
    """Which template side fits the head's turn: front, left or right (as MaskTheFace names them)."""
    to_left = float(np.abs(landmarks[30, 0] - landmarks[1, 0]))
    to_right = float(np.abs(landmarks[15, 0] - landmarks[30, 0]))
    ratio = to_left / max(to_right, 1e-3)
    return "left" if ratio < 0.5 else "right" if ratio > 2 else "front"
