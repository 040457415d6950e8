"""Real faces with maps that no hand drew: self-training on unlabelled photos, and pasted masks.

The unlabelled photos of ``real_masked`` are mapped by the application's own models (both ways round,
averaged, brought to the photo's edges), the pictures of ``maskedface_segmentation`` come with their
maps. The hand-labelled photos are never read here. A folder of ``crops.npy`` (N, 208, 208, 3) uint8,
aligned with room for jitter, ``maps.npy`` (N, 208, 208) uint8, 0..255 for the probability of mask, and
``faces.json``: per unlabelled photo the boxes that the locator finds, each
[x0, y0, x1, y1, score, masked].
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment, AlignmentSpec, align, align_eyes
from app.imaging.face import Face
from app.imaging.photo import read_photo
from app.inference.locate import locate
from app.inference.mapping import snap_to_edges
from app.inference.session import ModelSession
from app.inference.zoo import Zoo
from training.data.compact import is_compact, open_compact
from training.data.real import labelled_names
from training.data.storage import read_array

SIZE = 208
SPEC = AlignmentSpec(eye_distance=0.20, eye_y=0.36)
"""Wide enough that a jittered crop of the map model lies inside."""

LEAST_MASKED = 0.5
LEAST_BOX = 40.0
"""Faces that the locator holds for bare, and boxes lower than so many pixels, teach nothing."""

CROPS, MAPS, BOXES = "crops.npy", "maps.npy", "faces.json"

LEAST_CERTAIN = 0.93
"""Share of the crop's pixels on which the map model must be sure (below .1 or above .9)."""


@dataclass(frozen=True, eq=False)
class TaughtPack:
    """See the module's docstring."""

    crops: NDArray[np.uint8]
    maps: NDArray[np.uint8]

    def alignment(self, spec: AlignmentSpec) -> Alignment:
        """From the packed crop to a model's own crop."""
        eyes = np.array(
            [[0.5 - SPEC.eye_distance / 2, SPEC.eye_y], [0.5 + SPEC.eye_distance / 2, SPEC.eye_y]]
        )
        return align_eyes(eyes * SIZE, box_height=0.0, spec=spec)


def pack_taught(data: Path, zoo: Zoo, out: Path) -> int:
    """Write the pack with the zoo's default models; returns the number of faces.

    Raises:
        OSError, ValueError, app.imaging.errors.RevisageError: a model or the labels of the real photos
            are missing or damaged, a photo is, or not one face was certain.
    """
    sessions = [ModelSession(zoo.default(task)) for task in ("locate", "align", "map")]
    locator, aligner, mapper = sessions
    boxes: dict[str, list[list[float]]] = {}
    crops: list[NDArray[np.uint8]] = []
    maps: list[NDArray[np.uint8]] = []
    real = data / "real_masked"
    labelled = labelled_names(real)
    for path in sorted(real.glob("*.jpg")):
        if path.stem in labelled:
            continue
        photo = read_photo(path).rgb
        seen = locate(photo, locator, aligner)
        boxes[path.name] = [[*face.box, face.score, face.masked] for face in seen]
        for face in seen:
            if face.masked < LEAST_MASKED or face.box[3] - face.box[1] < LEAST_BOX:
                continue
            logit = _both_ways(photo, face, mapper)
            probability = 1 / (1 + np.exp(-logit))
            sure = float(((probability < 0.1) | (probability > 0.9)).mean())
            if sure < LEAST_CERTAIN or not 0.03 < float((probability > 0.5).mean()) < 0.6:
                continue
            crops.append(_cut(photo, face))
            alignment = align(face, mapper.model.card.input.alignment)
            snapped = np.clip(snap_to_edges(logit, photo, alignment) + 0.5, 0, 1)
            maps.append((_widened(snapped, face, mapper) * 255 + 0.5).astype(np.uint8))
    for path in sorted((data / "maskedface_segmentation" / "images").glob("*.jpg")):
        photo = read_photo(path).rgb
        truth = read_photo(path.parents[1] / "masks" / f"{path.stem}.png").rgb[:, :, 0]
        for face in locate(photo, locator, aligner)[:1]:
            crops.append(_cut(photo, face))
            border = cv2.BORDER_CONSTANT
            maps.append(align(face, SPEC).crop(np.ascontiguousarray(truth), SIZE, border=border))
    if not crops:
        raise ValueError(
            f"On none of the photos in {data} was a mask mapped with certainty; give --teach a zoo with "
            "better models, or go without the pack."
        )
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / CROPS, np.stack(crops))
    np.save(out / MAPS, np.stack(maps))
    (out / BOXES).write_text(json.dumps(boxes))
    return len(crops)


def open_taught(folder: Path) -> TaughtPack:
    """Open the pack; a compact one is decoded into memory.

    Raises:
        ValueError: it is missing or damaged.
    """
    if is_compact(folder):
        stored = open_compact(folder)
        return TaughtPack(stored.pictures, stored.maps)
    check_made(folder, CROPS)
    crops = read_array(folder / CROPS)
    return TaughtPack(crops, read_array(folder / MAPS, len(crops)))


def check_made(folder: Path, file: str) -> None:
    """Raise ValueError, which says how it is made, where the taught pack lacks a file."""
    if not (folder / file).exists():
        raise ValueError(
            f"The recipe learns from the taught pack, and {folder / file} is missing; make it with "
            "`revisage-train prepare --teach ZOO`, where ZOO is a folder of models such as model_zoo."
        )


def _cut(photo: NDArray[np.uint8], face: Face) -> NDArray[np.uint8]:
    return align(face, SPEC).crop(photo, SIZE)


def _both_ways(photo: NDArray[np.uint8], face: Face, mapper: ModelSession) -> NDArray[np.float32]:
    """(S, S) logit of mask in the map model's crop: the mean of the crop and its mirror image."""
    card = mapper.model.card.input
    crop = align(face, card.alignment).crop(photo, card.size).astype(np.float32) / 255
    batch = np.stack([crop, crop[:, ::-1]]).transpose(0, 3, 1, 2)
    logit = mapper.run({"face": np.ascontiguousarray(batch)})["logit"][:, 0]
    return np.ascontiguousarray((logit[0] + logit[1][:, ::-1]) / 2)


def _widened(
    probability: NDArray[np.float32], face: Face, mapper: ModelSession
) -> NDArray[np.float32]:
    """The probability brought into the packed crop; what lies beyond the model's crop is no mask."""
    source = align(face, mapper.model.card.input.alignment).pixel_matrix(probability.shape[0])
    target = align(face, SPEC).pixel_matrix(SIZE)
    square = np.eye(3)
    square[:2] = source
    matrix = (np.vstack([target, [0, 0, 1]]) @ np.linalg.inv(square))[:2]
    return np.asarray(cv2.warpAffine(probability, matrix, (SIZE, SIZE)), dtype=np.float32)
