"""A small data folder in the public layout, made of the astronaut and of drawn faces.

Nothing is downloaded: scikit-image ships the astronaut, and the landmarks are a drawn standard face
fitted to it by hand, so they are about right and exactly known.
"""

from __future__ import annotations

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.face import box_of_landmarks
from app.sample import FACE_BOX, OUTLINE, sample_photo, unmasked_photo

Landmarks = NDArray[np.float32]
Picture = NDArray[np.uint8]

TRAIN, VAL, TEST = 10, 4, 2
"""People in each split of the small LFW; every one has one photo."""

DIVERSE = 2
ASTRONAUT = (177.0, 70.0, 273.0, 182.0)
"""Where the standard face fits the astronaut best: eyes on eyes, chin on chin."""

NO_FACE = "No_Face/No_Face_0001.jpg"
"""A photo of the table in which no landmarks were found."""


def standard_face() -> Landmarks:
    """(68, 2) landmarks of a drawn, perfectly symmetric frontal face that fills the unit square."""
    turn = np.pi * np.arange(17) / 16
    jaw = np.column_stack([0.5 - 0.5 * np.cos(turn), 0.28 + 0.72 * np.sin(turn)])
    arc = 0.06 - 0.06 * np.sin(np.pi * np.arange(5) / 4)
    brow = np.column_stack([np.linspace(0.08, 0.42, 5), arc])
    bridge = np.column_stack([np.full(4, 0.5), [0.22, 0.34, 0.46, 0.56]])
    nostrils = np.column_stack([np.linspace(0.4, 0.6, 5), [0.62, 0.64, 0.65, 0.64, 0.62]])
    lid = np.array(
        [[-0.09, 0], [-0.04, -0.03], [0.04, -0.03], [0.09, 0], [0.04, 0.03], [-0.04, 0.03]]
    )
    outer = _lips(0.18, 0.06, (5, 5))
    inner = _lips(0.12, 0.02, (3, 3))
    points = [
        jaw,
        brow,
        (brow * [-1, 1] + [1, 0])[::-1],
        bridge,
        nostrils,
        np.add(lid, [0.28, 0.25]),
        np.add(lid, [0.72, 0.25]),
        np.add(outer, [0.5, 0.75]),
        np.add(inner, [0.5, 0.75]),
    ]
    return np.concatenate(points).astype(np.float32)


def _lips(width: float, height: float, between: tuple[int, int]) -> NDArray[np.float64]:
    """Corner, upper lip, corner, lower lip, clockwise from the viewer's left."""
    upper = np.pi * (1 - np.arange(between[0] + 2) / (between[0] + 1))
    lower = -np.pi * np.arange(1, between[1] + 1) / (between[1] + 1)
    turn = np.concatenate([upper, lower])
    return np.column_stack([width * np.cos(turn), -height * np.sin(turn)])


def placed_face(box: tuple[float, float, float, float]) -> Landmarks:
    """The standard face stretched to a box."""
    x0, y0, x1, y1 = box
    return (standard_face() * [x1 - x0, y1 - y0] + [x0, y0]).astype(np.float32)


@cache
def _astronaut() -> Picture:
    return np.array(unmasked_photo().rgb)


def astronaut_face(seed: int, size: int = 250) -> tuple[Picture, Landmarks]:
    """The astronaut framed as in LFW: moved, turned, scaled and tinted by a seed; and her landmarks."""
    rng = np.random.default_rng([1, seed])
    landmarks = placed_face(ASTRONAUT)
    middle = landmarks.mean(axis=0)
    scale = size / 250 * rng.uniform(0.9, 1.15)
    angle = rng.uniform(-0.2, 0.2)
    turn = scale * np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    target = size * (np.array([0.5, 0.56]) + rng.uniform(-0.03, 0.03, 2))
    offset = target - turn @ middle
    # Landmarks are continuous coordinates; OpenCV counts from pixel centres.
    half = np.array([0.5, 0.5])
    matrix = np.column_stack([turn, offset + turn @ half - half])
    photo = cv2.warpAffine(_astronaut(), matrix, (size, size), borderMode=cv2.BORDER_REPLICATE)
    tinted = np.clip(photo * rng.uniform(0.8, 1.1, 3), 0, 255).astype(np.uint8)
    return tinted, (landmarks @ turn.T + offset).astype(np.float32)


def drawn_face(seed: int, size: int = 250) -> tuple[Picture, Landmarks]:
    """A painted face with skin, hair, eyes, nose and mouth in the colours of a seed; its landmarks."""
    rng = np.random.default_rng([2, seed])
    unit = size / 250
    width, height = rng.uniform(95, 120) * unit, rng.uniform(110, 130) * unit
    x, y = size * (0.5 + rng.uniform(-0.03, 0.03)), size * 0.56
    landmarks = placed_face((x - width / 2, y - height / 2, x + width / 2, y + height / 2))
    photo = np.empty((size, size, 3), np.uint8)
    photo[:] = rng.integers(40, 220, 3)
    skin = (np.array([225, 180, 150]) * rng.uniform(0.4, 1.05)).tolist()
    head = (int(x), int(y - 0.15 * height))
    cv2.ellipse(photo, head, (int(0.6 * width), int(0.8 * height)), 0, 0, 360, (50, 35, 25), -1)
    whole = np.concatenate([landmarks[:17], landmarks[26:16:-1] - [0, 0.2 * height]])
    _paint(photo, whole, skin)
    for eye in (landmarks[36:42], landmarks[42:48]):
        _paint(photo, eye, (245, 245, 245))
        cv2.circle(photo, _whole(eye.mean(axis=0)), max(1, int(3 * unit)), (40, 60, 90), -1)
    for line in (landmarks[17:22], landmarks[22:27], landmarks[27:36]):
        points = np.round(line).astype(np.int32)
        cv2.polylines(photo, [points], False, (70, 45, 35), max(1, int(2 * unit)))
    _paint(photo, landmarks[48:60], (170, 60, 70))
    noise = rng.normal(0, 3, photo.shape)
    return np.clip(photo + noise, 0, 255).astype(np.uint8), landmarks


def _paint(photo: Picture, outline: NDArray[Any], colour: Any) -> None:
    cv2.fillPoly(photo, [np.round(outline).astype(np.int32)], colour)


def _whole(point: NDArray[Any]) -> tuple[int, int]:
    return int(point[0]), int(point[1])


def write_picture(path: Path, photo: Picture) -> None:
    """Write a JPEG file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    done, data = cv2.imencode(".jpg", photo[:, :, ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
    assert done
    path.write_bytes(data.tobytes())


def read_picture(path: Path) -> Picture:
    """Read a picture file as (H, W, 3) RGB."""
    photo = cv2.imread(str(path), cv2.IMREAD_COLOR_RGB)
    assert photo is not None, path
    return np.asarray(photo, np.uint8)


def write_data(folder: Path) -> Path:
    """Write the data folder: LFW, diverse faces and real masked photos; no templates, no textures."""
    _write_lfw(folder)
    names, landmarks = [], []
    for number in range(DIVERSE):
        # One about as large as LFW's, and one so large that it has to be reduced first.
        photo, points = astronaut_face(100 + number, size=300 + 500 * number)
        names.append(f"{number:03d}.jpg")
        landmarks.append(points)
        write_picture(folder / "diverse" / names[-1], photo)
    np.savez(folder / "diverse_landmarks68.npz", files=names, landmarks=np.stack(landmarks))
    _write_real(folder / "real_masked")
    return folder


def _write_lfw(folder: Path) -> None:
    splits = ["train"] * TRAIN + ["val"] * VAL + ["test"] * TEST
    rows, names, landmarks, boxes = [], [], [], {}
    for number, split in enumerate(splits):
        make = astronaut_face if number % 2 else drawn_face
        photo, points = make(number)
        identity = f"Person_{number:02d}"
        name = f"{identity}/{identity}_0001.jpg"
        write_picture(folder / "lfw-deepfunneled" / name, photo)
        rows.append({"file": name, "identity": identity, "split": split})
        names.append(name)
        landmarks.append(points)
        main = [*box_of_landmarks(points), 0.9]
        boxes[name] = [main, [5.0, 5.0, 40.0, 45.0, 0.6]] if number == 1 else [main]
    rows.append({"file": NO_FACE, "identity": "No_Face", "split": "train"})
    names.append(NO_FACE)
    landmarks.append(np.full((68, 2), np.nan, np.float32))
    write_picture(folder / "lfw-deepfunneled" / NO_FACE, np.zeros((250, 250, 3), np.uint8))
    with (folder / "lfw_split.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["file", "identity", "split"])
        writer.writeheader()
        writer.writerows(rows)
    np.savez(folder / "lfw_landmarks68.npz", files=names, landmarks=np.stack(landmarks))
    found = {"source": "drawn", "photos": boxes}
    (folder / "lfw_faces_yunet.json").write_text(json.dumps(found))


def _write_real(folder: Path) -> None:
    """Two masked photos: one with a hand-drawn label, one for training the locator."""
    masked = np.array(sample_photo().rgb)
    write_picture(folder / "000.jpg", masked)
    write_picture(folder / "001.jpg", np.ascontiguousarray(masked[:, ::-1]))
    face = {"mask": OUTLINE.tolist(), "face_box": list(FACE_BOX)}
    label = {"id": "000", "size": [512, 512], "faces": [face], "ignore": []}
    (folder / "labels.json").write_text(json.dumps({"format": 1, "images": [label]}))
    x0, y0, x1, y1 = FACE_BOX
    found = {
        "000.jpg": [{"box": [x0, y0, x1, y1], "score": 0.9}],
        "001.jpg": [{"box": [512 - x1, y0, 512 - x0, y1], "score": 0.9}],
    }
    (folder / "faces_yunet.json").write_text(json.dumps({"source": "drawn", "photos": found}))
