"""Scenes with faces of every size for the locator: mosaics of masked faces, and real photos.

The real photos' boxes were found by another detector, which misses about a tenth of the faces in masks.
Where the boxes of an earlier locator are at hand (:mod:`training.data.taught`), what it is sure of is
taught as well, and what it doubts is left alone instead of being taught as background.
"""

from __future__ import annotations

import itertools
import logging
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from app.imaging.face import box_of_landmarks
from training.data.batches import Batches, Item
from training.data.faces import PHOTO_SIZE
from training.data.masked import MaskedPack
from training.data.side_files import GET_AGAIN, read_json
from training.data.unlabelled import find_unlabelled, read_boxes, read_taught_boxes
from training.degrade import degrade

log = logging.getLogger(__name__)

MOST_FACES = 40
"""Faces of one scene that are kept for training."""

LEAST_SIDE = 9.0
"""A face whose geometric mean side is smaller, in scene pixels, is neither taught nor punished."""

Labelled = tuple[NDArray[np.uint8], NDArray[np.float32]]
"""A photo (H, W, 3) and its faces (F, 5): x0, y0, x1, y1, masked (1 yes, 0 no, -1 unknown)."""


SURE = 0.62
"""An earlier locator's score above which a box that no other detector found is taught as a face."""

DOUBTED = 0.5
"""Its score above which a box is left alone. Most fainter ones are hands, ears and prints: they are
taught as background, for they are just what must be unlearned."""

SURE_MASKED = 0.9
"""Its probability above which a face is taught as masked, and below whose complement as bare."""


class RealPhotos:
    """The unlabelled photos with their faces; those with hand-drawn labels are never read here."""

    def __init__(
        self, data: Path, packs: Path | None = None, *, taught: Path | None = None
    ) -> None:
        """
        Args:
            data: the data folder.
            packs: the folder of the packs, one of which may hold the photos.
            taught: the folder of the taught pack, where its boxes shall count.
        """
        self.photos: list[Labelled] = []
        self.finder = ""
        source = find_unlabelled(data, packs)
        if source is None:
            return
        own = read_taught_boxes(taught) if taught is not None else {}
        finders = [source.finder or "another detector"] if source.found else []
        self.finder = " and ".join(finders + ["an earlier locator"] * bool(own))
        for name in sorted(source.found.keys() | own.keys()):
            faces = merged(
                source.found.get(name, np.zeros((0, 4), np.float32)),
                own.get(name, np.zeros((0, 6), np.float32)),
            )
            loaded = source.load(name) if (faces[:, 4] >= -1).any() else None
            if loaded is None:
                continue
            photo, scale = loaded
            faces[:, :4] *= scale
            self.photos.append((photo, faces))


def merged(boxes: NDArray[np.float32], own: NDArray[np.float32]) -> NDArray[np.float32]:
    """The faces of two detectors.

    Args:
        boxes: (F, 4), all taught.
        own: (G, 6) x0, y0, x1, y1, score, masked of an earlier locator.

    Returns:
        (H, 5) with masked 1, 0, -1 for unknown, or NaN for a box that is to be ignored.
    """
    faces = [np.append(box, -1.0) for box in boxes]
    for row in own[own[:, 4] >= DOUBTED]:
        masked = 1.0 if row[5] > SURE_MASKED else 0.0 if row[5] < 1 - SURE_MASKED else -1.0
        overlaps = [_iou(row, box) for box in boxes]
        if overlaps and max(overlaps) > 0.4:
            faces[int(np.argmax(overlaps))][4] = masked
        elif not overlaps or max(overlaps) < 0.2:
            faces.append(np.append(row[:4], masked if row[4] >= SURE else np.nan))
    return np.array(faces, np.float32).reshape(-1, 5)


class SceneBatches(Batches):
    """``photo`` (N, 3, S, S) float32 0..1 and ``faces`` (N, MOST_FACES, 5), padded with NaN.

    Too small faces have NaN in ``masked`` and are to be ignored.
    """

    def __init__(
        self,
        pack: MaskedPack,
        names: list[str],
        data: Path,
        *,
        size: int,
        batch: int,
        seed: int,
        steps: int,
        real_share: float,
        packs: Path | None = None,
        taught: Path | None = None,
    ) -> None:
        """
        Args:
            names: of the packed faces, for the table of all the faces in their photos.
            data, packs, taught: see :class:`RealPhotos`.
            real_share: see :class:`training.tasks.common.SceneRecipe`.
        """
        super().__init__(pack.splits, batch=batch, seed=seed, steps=steps)
        self.pack, self.size = pack, size
        real = RealPhotos(data, packs, taught=taught) if real_share else None
        self.real, self.finder = (real.photos, real.finder) if real is not None else ([], "")
        self.real_share = real_share
        if real_share and not self.real:
            log.info("There are no real photos in %s; all scenes are synthetic.", data)
        table = data / "lfw_faces_yunet.json"
        found = read_json(table, read_boxes, remedy=GET_AGAIN) if table.exists() else {}
        self.boxes = [found.get(name.removeprefix("lfw-deepfunneled/")) for name in names]

    @override
    def item(self, rng: np.random.Generator, row: int) -> Item:
        photo, boxes = self.scene(rng, row)
        faces = np.full((MOST_FACES, 5), np.nan, np.float32)
        faces[: len(boxes)] = boxes[:MOST_FACES]
        return {"photo": degrade(rng, photo, strength=0.7), "faces": faces}

    @property
    @override
    def further(self) -> str:
        if not self.real:
            return ""
        count = len(self.real)
        return (
            f"; boxes found by {self.finder} on {count} unlabelled real photos of people in masks"
        )

    def packed(self, row: int) -> Labelled:
        """One photo of the pack with all its faces.

        The main face's landmarks give its label; the others are bare.
        """
        landmarks = self.pack.landmarks[row]
        main = np.array(box_of_landmarks(landmarks), np.float32)
        boxes = self.boxes[row % len(self.boxes)]
        worn = float(self.pack.worn[row])
        rows = [np.append(main, worn)]
        for box in boxes if boxes is not None else []:
            if _iou(box, main) < 0.3:
                rows.append(np.append(box, 0.0))
            else:
                rows[0] = np.append(box, worn)
        return self.pack.photos[row], np.stack(rows).astype(np.float32)

    def scene(self, rng: np.random.Generator, row: int) -> Labelled:
        """One training scene: a photo at any zoom, or a mosaic of 4, 9 or 16, the first of `row`."""
        size = self.size
        cells = int(rng.choice([1, 2, 3, 4], p=[0.5, 0.28, 0.14, 0.08]))
        canvas = np.empty((size, size, 3), np.uint8)
        found: list[NDArray[np.float32]] = []
        edges = np.linspace(0, size, cells + 1).astype(int)
        for y0, y1 in itertools.pairwise(edges):
            for x0, x1 in itertools.pairwise(edges):
                photo, boxes = self._source(rng, int(rng.choice(self.rows)) if found else row)
                tile, seen = _framed(rng, photo, boxes, int(x1 - x0), int(y1 - y0))
                canvas[y0:y1, x0:x1] = tile
                seen[:, [0, 2]] += x0
                seen[:, [1, 3]] += y0
                found.append(seen)
        boxes = np.concatenate(found)
        if rng.random() < 0.5:
            canvas = np.ascontiguousarray(canvas[:, ::-1])
            boxes[:, [0, 2]] = size - boxes[:, [2, 0]]
        return canvas, boxes

    def _source(self, rng: np.random.Generator, row: int) -> Labelled:
        if self.real and rng.random() < self.real_share:
            return self.real[int(rng.integers(len(self.real)))]
        return self.packed(row)


def _framed(
    rng: np.random.Generator,
    photo: NDArray[np.uint8],
    boxes: NDArray[np.float32],
    width: int,
    height: int,
) -> Labelled:
    """Zoom, turn and shift a photo into a tile of the given size, one face usually inside it."""
    main = boxes[int(rng.integers(len(boxes)))]
    side = float(np.sqrt(max(1.0, (main[2] - main[0]) * (main[3] - main[1]))))
    if rng.random() < 0.55:
        wanted = min(width, height) * np.exp(rng.uniform(np.log(0.08), np.log(0.95)))
    else:
        wanted = side * min(width, height) / PHOTO_SIZE * np.exp(rng.normal(0, 0.4))
    zoom = np.clip(wanted / side, 0.04, 6.0)
    angle = np.deg2rad(rng.normal(0, 9))
    stretch = np.exp(rng.normal(0, 0.06))
    linear = zoom * np.array(
        [[np.cos(angle) * stretch, np.sin(angle)], [-np.sin(angle) * stretch, np.cos(angle)]]
    )
    middle = np.array([(main[0] + main[2]) / 2, (main[1] + main[3]) / 2])
    target = rng.uniform(0.15, 0.85, 2) * [width, height]
    if rng.random() < 0.1:
        target = rng.uniform(-0.6, 1.6, 2) * [width, height]
    offset = target - linear @ middle
    if zoom < 0.5:
        factor = int(1 / zoom)
        rows, columns = photo.shape[0] // factor, photo.shape[1] // factor
        photo = cv2.resize(  # type: ignore[assignment]
            photo[: rows * factor, : columns * factor],
            (columns, rows),
            interpolation=cv2.INTER_AREA,
        )
        warp = np.column_stack([linear * factor, offset])
    else:
        warp = np.column_stack([linear, offset])
    # Boxes count from a pixel's edge, OpenCV's warp from its centre.
    warp[:, 2] += warp[:, :2] @ [0.5, 0.5] - 0.5
    border = [cv2.BORDER_REPLICATE, cv2.BORDER_CONSTANT][int(rng.integers(2))]
    tone = rng.integers(0, 255, 3).tolist()
    tile = cv2.warpAffine(photo, warp, (width, height), borderMode=border, borderValue=tone)
    # Shrink the rotated box's hull a little: a turned face is smaller than the hull of its turned box.
    corners = boxes[:, [0, 1, 2, 1, 2, 3, 0, 3]].reshape(-1, 4, 2) @ linear.T + offset
    low, high = corners.min(axis=1), corners.max(axis=1)
    shrink = 0.5 * abs(np.sin(angle)) * 0.6
    extent = high - low
    low, high = low + extent * shrink / 2, high - extent * shrink / 2
    clipped_low = np.clip(low, 0, [width, height])
    clipped_high = np.clip(high, 0, [width, height])
    area = np.prod(np.maximum(high - low, 1e-3), axis=1)
    visible = np.prod(np.maximum(clipped_high - clipped_low, 0), axis=1)
    keep = visible > 0
    seen = np.column_stack([clipped_low, clipped_high, boxes[:, 4]])[keep].astype(np.float32)
    doubtful = (visible[keep] < 0.4 * area[keep]) | (np.sqrt(visible[keep]) < LEAST_SIDE)
    seen[doubtful, 4] = np.nan
    return tile, seen  # type: ignore[return-value]


def _iou(a: NDArray[np.floating], b: NDArray[np.floating]) -> float:
    low, high = np.maximum(a[:2], b[:2]), np.minimum(a[2:4], b[2:4])
    inside = float(np.prod(np.maximum(high - low, 0)))
    total = float(np.prod(a[2:4] - a[:2]) + np.prod(b[2:4] - b[:2])) - inside
    return inside / max(total, 1e-6)
