"""Measures the map model: on synthetic masks, and on hand-drawn maps of real ones."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.imaging.face import Face, box_of_landmarks
from app.inference.locate import locate
from app.inference.mapping import map_faces
from app.inference.session import ModelSession
from app.inference.zoo import Model, Zoo
from training import metrics
from training.conditions import CONDITIONS, taken
from training.data.masked import MaskedPack
from training.data.real import RealPhoto, read_real
from training.evaluate import Figures, short
from training.groups import wearing

log = logging.getLogger(__name__)


def split_rows(pack: MaskedPack, split: str, count: int) -> list[int]:
    """The first rows of a split, at most `count`.

    Raises:
        ValueError: there is none.
    """
    rows: list[int] = pack.indices(split)[:count].tolist()
    if not rows:
        raise ValueError(
            f"The pack of masked faces has no face of the split {split}; give --split another one, or "
            "prepare the data again with people in it."
        )
    return rows


def labelled_photos(data: Path) -> list[RealPhoto]:
    """The hand-labelled photos; none, and that is said, where the data folder lacks them."""
    labels = data / "real_masked" / "labels.json"
    if not labels.exists():
        log.warning("%s is not there; nothing is measured on real masks.", labels)
        return []
    return read_real(data)


def synthetic_maps(
    session: ModelSession, pack: MaskedPack, rows: Sequence[int]
) -> tuple[list[float], list[float]]:
    """IoU of every masked face of the rows, and the mapped part of the photo of every bare one."""
    scores, false_area = [], []
    for row in rows:
        landmarks = pack.landmarks[row]
        face = Face(box=box_of_landmarks(landmarks), landmarks=landmarks)
        seen = map_faces(np.array(pack.photos[row]), [face], session)
        if pack.worn[row]:
            scores.append(metrics.intersection_over_union(seen, pack.map(row) > 0))
        else:
            false_area.append(float(seen.mean()))
    return scores, false_area


def evaluate_map(
    zoo: Zoo,
    pack: MaskedPack,
    split: str = "val",
    count: int = 400,
    *,
    model: Model | None = None,
) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """IoU on synthetic masks, with true landmarks, and the area that is wrongly mapped on bare faces.

    The map model that is measured is `model`, or the zoo's default. Figures of masked or of bare faces
    are left out where the split has none.

    Returns:
        The figures, and those by how the masks are worn.

    Raises:
        ValueError: the pack has no face of the split.
    """
    session = ModelSession(model or zoo.default("map"))
    rows = split_rows(pack, split, count)
    scores, false_area = synthetic_maps(session, pack, rows)
    figures = _overlap(scores) | {"bare_faces": len(false_area)}
    if false_area:
        figures["bare_false_area"] = short(np.mean(false_area))
    of_group = _by_wearing(pack, [row for row in rows if pack.worn[row]], scores)
    groups = {f"{split}, {group}": _overlap(of_group[group]) for group in sorted(of_group)}
    return {split: figures}, groups


def evaluate_real_maps(
    zoo: Zoo, data: Path, *, model: Model | None = None
) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """IoU on the hand-drawn maps of real masks, whose faces the application locates.

    Returns:
        The figures, and those by condition (see :mod:`training.conditions`); nothing where the data
        folder has no such maps.
    """
    photos = labelled_photos(data)
    if not any(photo.maps for photo in photos):
        return {}, {}
    groups = {}
    for condition in CONDITIONS:
        found = real_maps(zoo, taken(photos, condition), model=model)
        groups[f"real, {condition}"] = _overlap([score for _, score, _ in found])
    found = real_maps(zoo, photos, model=model)
    return {"real": _overlap([score for _, score, _ in found])}, groups


def _by_wearing(
    pack: MaskedPack, rows: Sequence[int], scores: Sequence[float]
) -> dict[str, list[float]]:
    of_group: dict[str, list[float]] = {}
    for row, score in zip(rows, scores, strict=True):
        of_group.setdefault(wearing(pack.map(row) > 0, pack.landmarks[row]), []).append(score)
    return of_group


def _overlap(ious: Sequence[float]) -> Figures:
    if not ious:
        return {"faces": 0}
    return {
        "faces": len(ious),
        "iou_mean": short(np.mean(ious)),
        "iou_p10": short(np.percentile(ious, 10)),
    }


def real_maps(
    zoo: Zoo, photos: Sequence[RealPhoto], *, model: Model | None = None
) -> list[tuple[RealPhoto, float, NDArray[np.bool_]]]:
    """For every labelled real face its photo, the IoU of the automatic map, and that map.

    A missed face scores 0.
    """
    locator, aligner = ModelSession(zoo.default("locate")), ModelSession(zoo.default("align"))
    session = ModelSession(model or zoo.default("map"))
    rows = []
    for photo in photos:
        faces = locate(photo.pixels, locator, aligner)
        boxes = np.array([face.box for face in faces]).reshape(-1, 4)
        matched = {
            second: first
            for first, second in metrics.match_boxes(boxes, photo.boxes, threshold=0.2)
        }
        for index, truth in enumerate(photo.maps):
            if index in matched:
                seen = map_faces(photo.pixels, [faces[matched[index]]], session)
            else:
                seen = np.zeros_like(truth)
            rows.append((photo, metrics.intersection_over_union(seen, truth), seen))
    return rows
