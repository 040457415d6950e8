"""Fits the interval that a model states around its hypotheses, so that it holds what it says.

A network learns how large its errors are relative to each other; how wide the interval has to be is
measured on validation faces (split conformal prediction, Lei et al. 2018, over pixels of many faces).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from app.inference.card import COVERAGE, write_card
from app.inference.session import ModelSession
from app.inference.zoo import Model
from training.data.faces import FacePack
from training.masks.shapes import evaluation_polygon
from training.reconstruct_figures import Filler, ModelFiller, measured_rows

HYPOTHESES = 4
"""How many the interval's middle is the mean of, where a model has several."""


def interval_factor(fill: Filler, pack: FacePack, rows: Sequence[int]) -> float:
    """What the stated half widths must be multiplied with to hold COVERAGE of the true values.

    Raises:
        ValueError: the system states no interval.
    """
    ratios = []
    for row in rows:
        photo, landmarks = np.array(pack.photos[row]), pack.landmarks[row]
        hole = evaluation_polygon(landmarks, len(photo))
        filled = fill(photo, hole, landmarks, hypotheses=HYPOTHESES if fill.latent else 1)
        if filled.half_width is None:
            raise ValueError("The system states no interval that could be fitted.")
        mean = np.mean([picture[hole] for picture in filled.pictures], axis=0) / 255
        error = np.abs(mean - photo[hole] / 255.0)
        ratios.append(error / np.maximum(filled.half_width[hole], 1e-6)[:, None])
    return float(np.quantile(np.concatenate(ratios), COVERAGE))


def fitted(model: Model, pack: FacePack, *, count: int = 100) -> Model:
    """The model with the factor of its interval fitted on validation faces; its card is not written.

    A model without an ``error`` output is returned as it is.
    """
    card = model.card
    if not card.output.error:
        return model
    fill = ModelFiller(ModelSession(model))
    factor = interval_factor(fill, pack, measured_rows(pack, "val", count))
    # The card's own bounds; a network that learned nothing must not break its card.
    error = float(np.clip(card.output.error * factor, 1e-3, 100.0))
    output = card.output.model_copy(update={"error": float(f"{error:.4g}")})
    return Model(card.model_copy(update={"output": output}), model.folder)


def write_fitted(model: Model, pack: FacePack) -> Model:
    """As :func:`fitted`, and the card is written."""
    result = fitted(model, pack)
    if result is not model:
        write_card(result.card, result.folder)
    return result
