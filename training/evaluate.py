"""Measures models as the application runs them: through its own sessions, stages and compositing."""

from __future__ import annotations

import io
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from app.imaging.alignment import AlignmentSpec
from app.imaging.composite import composite
from app.imaging.face import LEFT_EYE, MOUTH, RIGHT_EYE, Face, box_of_landmarks
from app.imaging.photo import photo_from_array
from app.imaging.sketch import sketch
from app.inference.locate import find_landmarks, locate
from app.inference.mapping import map_faces
from app.inference.reconstruct import reconstruct
from app.inference.session import ModelSession
from app.inference.zoo import Model, Zoo
from training import metrics
from training.data.faces import FacePack
from training.data.masked import MaskedPack
from training.data.real import RealPhoto, read_real
from training.instruments import FaceEmbedding, HaarFaces, LandmarkInstrument, SqueezeFeatures
from training.masks.shapes import evaluation_polygon

Figures = dict[str, bool | int | float | str]


def evaluate_locate(zoo: Zoo, data: Path, *, model: Model | None = None) -> dict[str, Figures]:
    """Recall, precision and COCO average precision on the hand-labelled photos.

    Args:
        zoo: gives the aligner.
        data: the data folder.
        model: the locator to measure; None for the zoo's default.
    """
    locator = ModelSession(model or zoo.default("locate"))
    aligner = ModelSession(zoo.default("align"))
    photos = read_real(data)
    hits = extras = total = 0
    detections: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    seconds = []
    for number, photo in enumerate(photos):
        began = time.perf_counter()
        faces = locate(photo.pixels, locator, aligner)
        seconds.append(time.perf_counter() - began)
        boxes = np.array([face.box for face in faces]).reshape(-1, 4)
        matches = metrics.match_boxes(boxes, photo.boxes, threshold=0.4)
        matched = {first for first, _ in matches}
        free = [i for i in range(len(boxes)) if i not in matched]
        doubtful = {
            i for i in free if metrics.match_boxes(boxes[i : i + 1], photo.ignored, threshold=0.2)
        }
        hits, total = hits + len(matches), total + len(photo.boxes)
        extras += len(free) - len(doubtful)
        for index, face in enumerate(faces):
            if index not in doubtful:
                detections.append(_coco_box(number, face.box) | {"score": face.score})
        for box in photo.boxes:
            annotations.append(_coco_box(number, box) | {"id": len(annotations) + 1, "iscrowd": 0})
    average = coco_average_precision(annotations, detections, len(photos))
    return {
        "real": {
            "photos": len(photos),
            "faces": total,
            "recall_iou40": round(hits / total, 4),
            "precision_iou40": round(hits / max(1, hits + extras), 4),
            **average,
            "milliseconds_median": round(1000 * float(np.median(seconds)), 1),
        }
    }


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
    return {"ap": _short(stats[0]), "ap50": _short(stats[1]), "ar10": _short(stats[7])}


def evaluate_align(
    zoo: Zoo,
    pack: MaskedPack,
    split: str = "val",
    count: int = 400,
    *,
    model: Model | None = None,
) -> dict[str, Figures]:
    """Landmark errors in inter-ocular distances on synthetic masks, from jittered boxes.

    The aligner that is measured is `model`, or the zoo's default.
    """
    session = ModelSession(model or zoo.default("align"))
    rows = pack.indices(split)[:count]
    rng = np.random.default_rng(0)
    found = []
    for row in rows:
        x0, y0, x1, y1 = box_of_landmarks(pack.landmarks[row])
        shift = rng.normal(0, 0.04, 4) * (x1 - x0)
        box = np.array([[x0, y0, x1, y1]]) + shift
        found.append(find_landmarks(np.array(pack.photos[row]), box, session)[0])
    truth = pack.landmarks[rows]
    unit = np.linalg.norm(truth[:, RIGHT_EYE].mean(1) - truth[:, LEFT_EYE].mean(1), axis=1)
    every = metrics.landmark_error(np.stack(found), truth, unit)
    places = np.stack(found)
    centres = np.stack([places[:, RIGHT_EYE].mean(1), places[:, LEFT_EYE].mean(1)], axis=1)
    true_centres = np.stack([truth[:, RIGHT_EYE].mean(1), truth[:, LEFT_EYE].mean(1)], axis=1)
    eyes = metrics.landmark_error(centres, true_centres, unit)
    return {
        split: {
            "faces": len(rows),
            "error": _short(every.mean()),
            "eye_error": _short(eyes.mean()),
            "eye_error_p90": _short(np.percentile(eyes, 90)),
        }
    }


def evaluate_map(
    zoo: Zoo,
    pack: MaskedPack,
    data: Path | None,
    count: int = 400,
    *,
    model: Model | None = None,
) -> dict[str, Figures]:
    """IoU on synthetic masks (true landmarks) and on real ones (located by the application).

    The map model that is measured is `model`, or the zoo's default.
    """
    session = ModelSession(model or zoo.default("map"))
    scores, false_area = [], []
    for row in pack.indices("val")[:count]:
        landmarks = pack.landmarks[row]
        face = Face(box=box_of_landmarks(landmarks), landmarks=landmarks)
        seen = map_faces(np.array(pack.photos[row]), [face], session)
        if pack.worn[row]:
            scores.append(metrics.intersection_over_union(seen, pack.map(row) > 0))
        else:
            false_area.append(float(seen.mean()))
    figures: dict[str, Figures] = {
        "val": {
            "faces": len(scores),
            "iou_mean": _short(np.mean(scores)),
            "iou_p10": _short(np.percentile(scores, 10)),
            "bare_faces": len(false_area),
            "bare_false_area": _short(np.mean(false_area)),
        }
    }
    if data is not None:
        ious = [score for _, score, _ in real_maps(zoo, data, model=model)]
        figures["real"] = {
            "faces": len(ious),
            "iou_mean": _short(np.mean(ious)),
            "iou_p10": _short(np.percentile(ious, 10)),
        }
    return figures


def real_maps(
    zoo: Zoo, data: Path, *, model: Model | None = None
) -> list[tuple[RealPhoto, float, NDArray[np.bool_]]]:
    """For every labelled real face its photo, the IoU of the automatic map, and that map.

    A missed face scores 0.
    """
    locator, aligner = ModelSession(zoo.default("locate")), ModelSession(zoo.default("align"))
    session = ModelSession(model or zoo.default("map"))
    rows = []
    for photo in read_real(data):
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


def evaluate_reconstruct(
    zoo: Zoo,
    name: str,
    pack: FacePack,
    data: Path,
    split: str,
    *,
    count: int = 200,
    hypotheses: int = 4,
) -> dict[str, Figures]:
    """All columns of the reconstruction table for one RGB model on one split, in LFW's 250 px frame."""
    model = zoo.get(name)
    session = ModelSession(model)
    rows = [row for row in pack.indices(split) if pack.names[row].startswith("lfw")][:count]
    instruments = data / "instruments"
    if not instruments.is_dir():
        raise FileNotFoundError(f"There is no folder {instruments}; the figures need its networks.")
    outputs: list[NDArray[np.uint8]] = []
    targets: list[NDArray[np.uint8]] = []
    means: list[float] = []
    spreads: list[float] = []
    table: dict[str, list[float]] = {
        key: [] for key in ("psnr_hole", "ssim_hole", "l1", "l2", "ms")
    }
    for row in rows:
        photo = photo_from_array(np.array(pack.photos[row]))
        landmarks = pack.landmarks[row]
        face = Face(box=box_of_landmarks(landmarks), landmarks=landmarks)
        hole = evaluation_polygon(landmarks, photo.width)
        began = time.perf_counter()
        result = reconstruct(photo.rgb, hole, face, session, hypotheses=1, seed=0)
        table["ms"].append(1000 * (time.perf_counter() - began))
        several = result
        if model.card.output.latent and hypotheses > 1:
            several = reconstruct(photo.rgb, hole, face, session, hypotheses=hypotheses, seed=0)
        alignment = several.alignment
        target = _scaled(photo.rgb)
        pictures = [
            composite(photo, hole, picture, alignment).pixels for picture in several.pictures
        ]
        first = _scaled(pictures[0])
        mean = np.mean([_scaled(picture) for picture in pictures], axis=0)
        table["psnr_hole"].append(metrics.psnr_hole(first, target, hole))
        table["ssim_hole"].append(metrics.ssim_hole(first, target, hole))
        table["l1"].append(float(np.abs(first - target).mean()))
        table["l2"].append(float(((first - target) ** 2).mean()))
        means.append(metrics.psnr_hole(mean.astype(np.float32), target, hole))
        if len(pictures) > 1:
            spreads.append(float(np.std([p[hole] for p in pictures], axis=0).mean() / 255))
        outputs.append(pictures[0])
        targets.append(photo.rgb)
    figures: Figures = {"faces": len(rows)}
    figures |= {key: _short(np.mean(values)) for key, values in table.items() if key != "ms"}
    figures["psnr_hole_sd"] = _short(np.std(table["psnr_hole"]))
    if spreads:
        figures["psnr_hole_of_mean"] = _short(np.mean(means))
        figures["hypotheses"] = hypotheses
        figures["spread"] = _short(np.mean(spreads))
    figures["milliseconds_median"] = _short(np.median(table["ms"]))
    figures |= perceptual_figures(
        outputs, targets, [pack.landmarks[row] for row in rows], instruments
    )
    return {split: figures}


def perceptual_figures(
    outputs: list[NDArray[np.uint8]],
    targets: list[NDArray[np.uint8]],
    landmarks: list[NDArray[np.floating]],
    instruments: Path,
) -> Figures:
    """The columns that need an instrument.

    Mouth error, identity cosine, SqueezeNet distances, and the share of detectable faces.
    """
    truth = np.stack(landmarks)
    unit = np.linalg.norm(truth[:, RIGHT_EYE].mean(1) - truth[:, LEFT_EYE].mean(1), axis=1)
    finder = LandmarkInstrument(instruments)
    mouth = metrics.landmark_error(
        finder(outputs, landmarks)[:, MOUTH], finder(targets, landmarks)[:, MOUTH], unit
    )
    embed = FaceEmbedding(instruments)
    cosine = (embed(outputs, landmarks) * embed(targets, landmarks)).sum(axis=1)
    squeeze = SqueezeFeatures(instruments)
    crops = [_face_crops(pictures, landmarks) for pictures in (outputs, targets)]
    distance = torch.cat(
        [
            squeeze.distance(crops[0][i : i + 32], crops[1][i : i + 32])
            for i in range(0, len(outputs), 32)
        ]
    )
    pooled = [
        np.concatenate([squeeze.pooled(crop[i : i + 32]) for i in range(0, len(crop), 32)])
        for crop in crops
    ]
    haar = HaarFaces()
    return {
        "mouth_error": _short(mouth.mean()),
        "identity_cosine": _short(cosine.mean()),
        "squeeze_distance": _short(float(distance.mean())),
        "squeeze_frechet": _short(metrics.frechet_distance(pooled[0], pooled[1])),
        "squeeze_kernel": _short(metrics.kernel_distance(pooled[0], pooled[1])),
        "face_found": _short(np.mean([haar(output) for output in outputs])),
        "face_found_in_originals": _short(np.mean([haar(target) for target in targets])),
    }


def evaluate_sketch(
    zoo: Zoo, name: str, pack: FacePack, split: str, *, count: int = 200
) -> dict[str, Figures]:
    """Error of the sketch inside the hole, in the model's own crop.

    The truth is the sketch of the uncovered face.
    """
    model = zoo.get(name)
    session = ModelSession(model)
    size = model.card.input.size
    rows = [row for row in pack.indices(split) if pack.names[row].startswith("lfw")][:count]
    errors, blank, similar = [], [], []
    for row in rows:
        photo = np.array(pack.photos[row])
        landmarks = pack.landmarks[row]
        face = Face(box=box_of_landmarks(landmarks), landmarks=landmarks)
        hole = evaluation_polygon(landmarks, photo.shape[1])
        result = reconstruct(photo, hole, face, session, hypotheses=1, seed=0)
        alignment = result.alignment
        target = sketch(alignment.crop(photo, size), face_size=size)
        inside = alignment.crop(hole.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0
        drawn = result.pictures[0, :, :, 0]
        errors.append(float(np.abs(drawn - target)[inside].mean()))
        blank.append(float(np.abs(1 - target)[inside].mean()))
        grey = [np.repeat(picture[:, :, None], 3, axis=2) for picture in (drawn, target)]
        similar.append(metrics.ssim_hole(grey[0], grey[1], inside))
    return {
        split: {
            "faces": len(rows),
            "l1_hole": _short(np.mean(errors)),
            "l1_hole_of_blank_paper": _short(np.mean(blank)),
            "ssim_hole": _short(np.mean(similar)),
        }
    }


def _face_crops(
    pictures: list[NDArray[np.uint8]], landmarks: list[NDArray[np.floating]]
) -> torch.Tensor:
    """(N, 3, 160, 160) crops that hold the face and little else."""
    from training.data.crops import aligned

    spec = AlignmentSpec(eye_distance=0.36, eye_y=0.36)
    crops = [
        aligned(points, spec).crop(picture, 160)
        for picture, points in zip(pictures, landmarks, strict=True)
    ]
    return torch.from_numpy(np.stack(crops)).permute(0, 3, 1, 2).float() / 255


def _scaled(pixels: NDArray[np.integer]) -> NDArray[np.float32]:
    """8-bit pixels as float32 in 0..1."""
    return pixels.astype(np.float32) / np.float32(255)


def _coco_box(photo: int, box: Any) -> dict[str, Any]:
    x0, y0, x1, y1 = (float(v) for v in box)
    return {"image_id": photo, "category_id": 1, "bbox": [x0, y0, x1 - x0, y1 - y0]}


def _short(value: Any) -> float:
    return float(f"{float(value):.4g}")
