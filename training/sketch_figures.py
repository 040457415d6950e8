"""Figures of sketches: how near they are to those of the uncovered faces, and whether in one hand.

The median of uncertain pencil lines is blank paper, and their mean is grey: who draws none errs little
in pixels. So it is measured as well how much is drawn at all (of the truth that is the error of blank
paper), and how far it is from pencil in the features of a network.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from app.imaging.face import Face, box_of_landmarks
from app.imaging.sketch import sketch
from app.inference.reconstruct import reconstruct
from app.inference.session import ModelSession
from training import metrics
from training.data.faces import FacePack
from training.diversity import differences
from training.instruments import SqueezeFeatures, present
from training.masks.shapes import evaluation_polygon
from training.reconstruct_figures import Measured, by_parts, squeeze_distance

Drawing = NDArray[np.float32]


def measure_sketch(
    session: ModelSession,
    pack: FacePack,
    rows: Sequence[int],
    instruments: Path,
    *,
    hypotheses: int = 4,
) -> Measured:
    """Error and hand of sketches inside the hole, in the model's own crop.

    The truth is the sketch of the uncovered face. SqueezeNet sees it around the hole, whoever draws
    inside: the application draws the visible part from the photo.

    Args:
        session: the model.
        pack: the photos.
        rows: which of them.
        instruments: folder of the measuring networks; figures whose network is missing are left out.
        hypotheses: how many are asked of a model that has several.
    """
    card = session.model.card
    size, several = card.input.size, hypotheses if card.output.latent else 1
    result = Measured(faces=len(rows), hypotheses=several)
    truths: list[Drawing] = []
    seen: list[list[Drawing]] = []
    for row in rows:
        photo, landmarks = np.array(pack.photos[row]), pack.landmarks[row]
        face = Face(box=box_of_landmarks(landmarks), landmarks=landmarks)
        hole = evaluation_polygon(landmarks, photo.shape[1])
        began = time.perf_counter()
        made = reconstruct(photo, hole, face, session, hypotheses=1, seed=0)
        result.note(milliseconds=1000 * (time.perf_counter() - began))
        if several > 1:
            made = reconstruct(photo, hole, face, session, hypotheses=several, seed=0)
        target = sketch(made.alignment.crop(photo, size), face_size=size)
        inside = made.alignment.crop(
            hole.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST
        ).astype(bool)
        drawn = [picture[:, :, 0] for picture in made.pictures]
        result.note(
            l1_hole=float(np.abs(drawn[0] - target)[inside].mean()),
            l1_hole_of_blank_paper=float(np.abs(1 - target)[inside].mean()),
            ssim_hole=metrics.ssim_hole(_grey(drawn[0]), _grey(target), inside),
            ink_hole=float((1 - drawn[0])[inside].mean()),
        )
        result.pictures.append((_grey(drawn[0]) * 255 + 0.5).astype(np.uint8))
        truths.append(target)
        seen.append([np.where(inside, each, target) for each in drawn])
    squeeze = present(SqueezeFeatures, instruments)
    if squeeze is None:
        return result
    distance = squeeze_distance(squeeze)
    truth = _planes(truths)
    each = [_planes(drawings) for drawings in zip(*seen, strict=True)]
    result.each["squeeze_distance"] = distance(each[0], truth).tolist()
    if len(each) > 2:
        # The first one is drawn near the centre of the latent values and is no sample.
        between, to_truth = differences(each[1:], truth, distance)
        result.each |= {"squeeze_difference": between, "squeeze_distance_further": to_truth}
    if len(rows) > 1:
        drawn_features, true_features = (
            by_parts(squeeze.pooled, torch.from_numpy(planes)) for planes in (each[0], truth)
        )
        result.whole["squeeze_frechet"] = metrics.frechet_distance(drawn_features, true_features)
        result.whole["squeeze_kernel"] = metrics.kernel_distance(drawn_features, true_features)
    return result


def _grey(drawing: Drawing) -> Drawing:
    """(H, W) to (H, W, 3)."""
    return np.repeat(drawing[:, :, None], 3, axis=2)


def _planes(drawings: Sequence[Drawing]) -> Drawing:
    """N of (S, S) to (N, 3, S, S)."""
    return np.repeat(np.stack(drawings)[:, None], 3, axis=1).astype(np.float32)
