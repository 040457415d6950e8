"""Measures models as the application runs them: through its own sessions, stages and compositing."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.imaging.face import Box
from app.inference.boxes import find_boxes
from app.inference.locate import locate
from app.inference.session import ModelSession
from app.inference.zoo import Model, Zoo
from training import metrics
from training.conditions import CONDITIONS, taken
from training.data.compact import WHOLE, check_framing
from training.data.faces import FacePack
from training.data.real import RealPhoto, read_real
from training.data.storage import read_index
from training.groups import groups_of
from training.reconstruct_figures import (
    Measured,
    ModelFiller,
    measure,
    measured_rows,
)
from training.sketch_figures import measure_sketch

Figures = dict[str, bool | int | float | str]

GROUP_FIGURES = ("psnr_hole", "ssim_hole", "mouth_error", "identity_cosine", "l1_hole")
"""What is told of each group of faces, where it was measured."""


FAINTEST = 0.01
"""Score of the faintest box that average precision hears of; COCO wants them all."""


Find = Callable[[NDArray[np.uint8]], list[tuple[Box, float]]]
"""Boxes in pixels and scores of the faces of a photo (H, W, 3)."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Located:
    """What a locator found on the hand-labelled photos.

    Attributes:
        hits, faces, extras: per photo (P,), faces found at an IoU of .4, labelled faces, and boxes that
            are neither a labelled face nor one of the blurred ones that count neither way.
        coco: AP at .50:.95, AP at .50 and AR@10.
        milliseconds: per photo (P,).
    """

    hits: NDArray[np.float64]
    faces: NDArray[np.float64]
    extras: NDArray[np.float64]
    coco: Figures
    milliseconds: NDArray[np.float64]


def whole_index(folder: Path) -> dict[str, Any]:
    """The index of a pack of faces whose figures are told as of LFW's 250 px frame.

    Raises:
        FileNotFoundError: there is no pack.
        ValueError: it is a compact one of crops.
    """
    index = read_index(folder)
    check_framing(index.get("framing", WHOLE), WHOLE, folder)
    return index


def zoo_locator(zoo: Zoo, model: Model | None = None) -> Find:
    """A locator of the zoo (the default for None) with the zoo's aligner, as the application runs it."""
    locator = ModelSession(model or zoo.default("locate"))
    aligner = ModelSession(zoo.default("align"))
    return lambda photo: [(face.box, face.score) for face in locate(photo, locator, aligner)]


def zoo_boxes(zoo: Zoo, model: Model | None = None) -> Find:
    """As :func:`zoo_locator`, also the boxes that are too faint to be shown."""
    locator = ModelSession(model or zoo.default("locate"))

    def find(photo: NDArray[np.uint8]) -> list[tuple[Box, float]]:
        seen = find_boxes(photo, locator, least_score=FAINTEST)
        boxes: list[Box] = [(float(a), float(b), float(c), float(d)) for a, b, c, d in seen.boxes]
        return list(zip(boxes, seen.scores.tolist(), strict=True))

    return find


def locate_real(find: Find, photos: Sequence[RealPhoto], *, every: Find | None = None) -> Located:
    """Let a locator loose on hand-labelled photos.

    Args:
        find: the locator as it is used.
        photos: the photos.
        every: finds what counts for average precision, boxes of any score; None takes what `find` finds.
    """
    rows: list[tuple[int, int, int]] = []
    detections: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    milliseconds = []
    for number, photo in enumerate(photos):
        began = time.perf_counter()
        found = find(photo.pixels)
        milliseconds.append(1000 * (time.perf_counter() - began))
        boxes = np.array([box for box, _ in found], float).reshape(-1, 4)
        matches = metrics.match_boxes(boxes, photo.boxes, threshold=0.4)
        matched = {first for first, _ in matches}
        free = [i for i in range(len(boxes)) if i not in matched]
        doubtful = {
            i for i in free if metrics.match_boxes(boxes[i : i + 1], photo.ignored, threshold=0.2)
        }
        rows.append((len(matches), len(photo.boxes), len(free) - len(doubtful)))
        for box, score in every(photo.pixels) if every else found:
            if not metrics.match_boxes(np.array([box]), photo.ignored, threshold=0.2):
                detections.append(_coco_box(number, box) | {"score": score})
        for box in photo.boxes:
            annotations.append(_coco_box(number, box) | {"id": len(annotations) + 1, "iscrowd": 0})
    hits, faces, extras = np.array(rows, float).reshape(-1, 3).T
    return Located(
        hits=hits,
        faces=faces,
        extras=extras,
        coco=coco_average_precision(annotations, detections, len(photos)),
        milliseconds=np.array(milliseconds),
    )


def evaluate_locate(zoo: Zoo, data: Path, *, model: Model | None = None) -> dict[str, Figures]:
    """Recall, precision and COCO average precision on the hand-labelled photos.

    Args:
        zoo: gives the aligner.
        data: the data folder.
        model: the locator to measure; None for the zoo's default.

    Raises:
        FileNotFoundError: the data folder has no such photos.
    """
    seen = locate_real(zoo_locator(zoo, model), read_real(data), every=zoo_boxes(zoo, model))
    return {
        "real": {
            **_found_and_extra(seen),
            **seen.coco,
            "milliseconds_median": round(float(np.median(seen.milliseconds)), 1),
        }
    }


def locate_under_conditions(
    zoo: Zoo, data: Path, *, model: Model | None = None
) -> dict[str, Figures]:
    """By condition of :mod:`training.conditions` recall and precision on the hand-labelled photos."""
    find, photos = zoo_locator(zoo, model), read_real(data)
    return {
        f"real, {condition}": _found_and_extra(locate_real(find, taken(photos, condition)))
        for condition in CONDITIONS
    }


def _found_and_extra(seen: Located) -> Figures:
    hits, faces = seen.hits.sum(), int(seen.faces.sum())
    recall: Figures = {"recall_iou40": round(float(hits / faces), 4)} if faces else {}
    precision = round(float(hits / max(1, hits + seen.extras.sum())), 4)
    return {"photos": len(seen.faces), "faces": faces, **recall, "precision_iou40": precision}


def coco_average_precision(
    annotations: list[dict[str, Any]], detections: list[dict[str, Any]], photos: int
) -> Figures:
    """COCO AP at .50:.95, AP at .50 and AR@10 of one class, by pycocotools."""
    from pycocotools.coco import COCO  # type: ignore[import-untyped]
    from pycocotools.cocoeval import COCOeval  # type: ignore[import-untyped]

    with redirect_stdout(io.StringIO()):
        truth = COCO()
        truth.dataset = {
            "images": [{"id": number} for number in range(photos)],
            "annotations": [dict(row, area=row["bbox"][2] * row["bbox"][3]) for row in annotations],
            "categories": [{"id": 1, "name": "face"}],
        }
        truth.createIndex()
        if not detections:
            return {"ap": 0.0, "ap50": 0.0, "ar10": 0.0}
        evaluation = COCOeval(truth, truth.loadRes(detections), "bbox")
        evaluation.evaluate()
        evaluation.accumulate()
        evaluation.summarize()
    stats = evaluation.stats
    return {"ap": short(stats[0]), "ap50": short(stats[1]), "ar10": short(stats[7])}


def evaluate_reconstruct(
    zoo: Zoo,
    name: str,
    pack: FacePack,
    data: Path,
    split: str,
    *,
    count: int = 200,
    hypotheses: int = 4,
    model: Model | None = None,
) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """All columns of the reconstruction table for one RGB model on one split, in LFW's 250 px frame.

    The model that is measured is `model`, or the zoo's of that name.

    Returns:
        The figures of the split, and those of its groups (see :mod:`training.groups`).
    """
    fill = ModelFiller(ModelSession(model or zoo.get(name)))
    rows = measured_rows(pack, split, count)
    seen = measure(fill, pack, rows, data / "instruments", hypotheses=hypotheses)
    return {split: card_figures(seen)}, by_group(seen, pack, rows, split)


def by_group(seen: Measured, pack: FacePack, rows: Sequence[int], split: str) -> dict[str, Figures]:
    """Means within each group of faces that a photo alone can tell.

    Args:
        seen: what was measured, face by face.
        pack, rows: of these photos, in the same order.
        split: names the groups.
    """
    of_group: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        for group in groups_of(np.array(pack.photos[row]), pack.landmarks[row]):
            of_group.setdefault(group, []).append(index)
    groups: dict[str, Figures] = {}
    for group, members in sorted(of_group.items()):
        groups[f"{split}, {group}"] = {
            "faces": len(members),
            **{
                name: short(np.mean(np.array(seen.each[name])[members]))
                for name in GROUP_FIGURES
                if name in seen.each
            },
        }
    return groups


def evaluate_sketch(
    zoo: Zoo, name: str, pack: FacePack, data: Path, split: str, *, count: int = 200
) -> tuple[dict[str, Figures], dict[str, Figures]]:
    """Error and hand of the sketch in the hole, in the model's own crop; of the split and its groups."""
    rows = measured_rows(pack, split, count)
    seen = measure_sketch(ModelSession(zoo.get(name)), pack, rows, data / "instruments")
    return {split: card_figures(seen)}, by_group(seen, pack, rows, split)


def card_figures(seen: Measured) -> Figures:
    """Means as a card gives them; with the standard deviation of the PSNR and the median time."""
    figures: Figures = {"faces": seen.faces}
    for name, values in seen.each.items():
        if name == "milliseconds":
            figures["milliseconds_median"] = short(np.median(values))
        else:
            figures[name] = short(np.mean(values))
        if name == "psnr_hole":
            figures["psnr_hole_sd"] = short(np.std(values))
    if seen.hypotheses > 1:
        figures["hypotheses"] = seen.hypotheses
    return figures | {name: short(value) for name, value in seen.whole.items()}


def _coco_box(photo: int, box: Any) -> dict[str, Any]:
    x0, y0, x1, y1 = (float(v) for v in box)
    return {"image_id": photo, "category_id": 1, "bbox": [x0, y0, x1 - x0, y1 - y0]}


def short(value: Any) -> float:
    """A figure with the four digits that a card gives it."""
    return float(f"{float(value):.4g}")
