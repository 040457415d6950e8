"""The figures of a model's card in words: what each is called, its unit, and how many digits it has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QCoreApplication

from app.inference.card import Scalar
from app.ui.language import number
from app.ui.menus.spec import QT_TRANSLATE_NOOP


@dataclass(frozen=True)
class FigureName:
    """How a figure is shown.

    Attributes:
        text: in English, with its unit.
        digits: behind the decimal point, the same everywhere, so that points stand below each other.
    """

    text: str
    digits: int = 3


FIGURES: Final[dict[str, FigureName]] = {
    "photos": FigureName(QT_TRANSLATE_NOOP("Figures", "Photos"), 0),
    "faces": FigureName(QT_TRANSLATE_NOOP("Figures", "Faces"), 0),
    "bare_faces": FigureName(QT_TRANSLATE_NOOP("Figures", "Faces without a mask"), 0),
    "hypotheses": FigureName(QT_TRANSLATE_NOOP("Figures", "Hypotheses per face"), 0),
    "iou_mean": FigureName(QT_TRANSLATE_NOOP("Figures", "IoU, mean")),
    "iou_p10": FigureName(QT_TRANSLATE_NOOP("Figures", "IoU, 10th percentile")),
    "bare_false_area": FigureName(
        QT_TRANSLATE_NOOP("Figures", "Share mapped where there is no mask"), 4
    ),
    "recall_iou40": FigureName(QT_TRANSLATE_NOOP("Figures", "Recall, IoU 0.4")),
    "precision_iou40": FigureName(QT_TRANSLATE_NOOP("Figures", "Precision, IoU 0.4")),
    "ap": FigureName(QT_TRANSLATE_NOOP("Figures", "AP (COCO)")),
    "ap50": FigureName(QT_TRANSLATE_NOOP("Figures", "AP, IoU 0.5")),
    "ar10": FigureName(QT_TRANSLATE_NOOP("Figures", "AR, 10 boxes a photo")),
    "error": FigureName(QT_TRANSLATE_NOOP("Figures", "Landmarks, error in eye distances")),
    "eye_error": FigureName(QT_TRANSLATE_NOOP("Figures", "Eyes, error in eye distances")),
    "eye_error_p90": FigureName(
        QT_TRANSLATE_NOOP("Figures", "Eyes, 90th percentile of the error")
    ),
    "psnr_hole": FigureName(QT_TRANSLATE_NOOP("Figures", "PSNR under the mask, dB"), 2),
    "psnr_hole_sd": FigureName(
        QT_TRANSLATE_NOOP("Figures", "PSNR under the mask, standard deviation, dB"), 2
    ),
    "psnr_hole_of_mean": FigureName(
        QT_TRANSLATE_NOOP("Figures", "PSNR of the hypotheses' mean, dB"), 2
    ),
    "ssim_hole": FigureName(QT_TRANSLATE_NOOP("Figures", "SSIM under the mask")),
    "l1": FigureName(QT_TRANSLATE_NOOP("Figures", "L1"), 5),
    "l2": FigureName(QT_TRANSLATE_NOOP("Figures", "L2"), 5),
    "l1_hole": FigureName(QT_TRANSLATE_NOOP("Figures", "L1 under the mask"), 4),
    "l1_hole_of_blank_paper": FigureName(
        QT_TRANSLATE_NOOP("Figures", "L1 under the mask, of blank paper"), 4
    ),
    "ink_hole": FigureName(QT_TRANSLATE_NOOP("Figures", "Blackness under the mask"), 4),
    "spread": FigureName(QT_TRANSLATE_NOOP("Figures", "Spread of the hypotheses"), 4),
    "coverage": FigureName(QT_TRANSLATE_NOOP("Figures", "Share within the stated interval")),
    "error_correlation": FigureName(
        QT_TRANSLATE_NOOP("Figures", "Correlation of stated and true error")
    ),
    "error_correlation_squares": FigureName(
        QT_TRANSLATE_NOOP("Figures", "Correlation of stated and true error, 8 px squares")
    ),
    "mouth_error": FigureName(QT_TRANSLATE_NOOP("Figures", "Mouth, error in eye distances")),
    "mouth_error_further": FigureName(
        QT_TRANSLATE_NOOP("Figures", "Mouth, error of further hypotheses")
    ),
    "mouth_difference": FigureName(
        QT_TRANSLATE_NOOP("Figures", "Mouths of two hypotheses, difference")
    ),
    "identity_cosine": FigureName(QT_TRANSLATE_NOOP("Figures", "Cosine of face embeddings")),
    "squeeze_distance": FigureName(QT_TRANSLATE_NOOP("Figures", "SqueezeNet distance")),
    "squeeze_distance_further": FigureName(
        QT_TRANSLATE_NOOP("Figures", "SqueezeNet distance, further hypotheses")
    ),
    "squeeze_difference": FigureName(
        QT_TRANSLATE_NOOP("Figures", "SqueezeNet distance of two hypotheses")
    ),
    "squeeze_frechet": FigureName(QT_TRANSLATE_NOOP("Figures", "SqueezeNet Fréchet distance"), 0),
    "squeeze_kernel": FigureName(QT_TRANSLATE_NOOP("Figures", "SqueezeNet kernel distance"), 0),
    "face_found": FigureName(QT_TRANSLATE_NOOP("Figures", "Share in which a face is found")),
    "face_found_in_originals": FigureName(
        QT_TRANSLATE_NOOP("Figures", "The same in the originals")
    ),
    "milliseconds_median": FigureName(QT_TRANSLATE_NOOP("Figures", "Median time, ms"), 1),
}

SETS: Final[dict[str, str]] = {
    "val": QT_TRANSLATE_NOOP("Figures", "Validation"),
    "test": QT_TRANSLATE_NOOP("Figures", "Test"),
    "real": QT_TRANSLATE_NOOP("Figures", "Real masks"),
}

GROUPS: Final[dict[str, str]] = {
    text: text
    for text in (
        QT_TRANSLATE_NOOP("Figures", "dark"),
        QT_TRANSLATE_NOOP("Figures", "blurred"),
        QT_TRANSLATE_NOOP("Figures", "noisy"),
        QT_TRANSLATE_NOOP("Figures", "grey"),
        QT_TRANSLATE_NOOP("Figures", "JPEG quality 8"),
        QT_TRANSLATE_NOOP("Figures", "faces of 48 px"),
        QT_TRANSLATE_NOOP("Figures", "faces of 24 px"),
        QT_TRANSLATE_NOOP("Figures", "mask to the chin"),
        QT_TRANSLATE_NOOP("Figures", "mask to the neck"),
        QT_TRANSLATE_NOOP("Figures", "nose free"),
        QT_TRANSLATE_NOOP("Figures", "nose and mouth free"),
        QT_TRANSLATE_NOOP("Figures", "head frontal"),
        QT_TRANSLATE_NOOP("Figures", "head turned"),
        QT_TRANSLATE_NOOP("Figures", "head turned further"),
        QT_TRANSLATE_NOOP("Figures", "skin light"),
        QT_TRANSLATE_NOOP("Figures", "skin intermediate"),
        QT_TRANSLATE_NOOP("Figures", "skin tan"),
        QT_TRANSLATE_NOOP("Figures", "skin brown or dark"),
    )
}
"""Groups and conditions of our own measurements; another model's stay in the words of its card."""


def figure_name(key: str) -> str:
    """What a figure is called; a model from elsewhere may have figures of its own."""
    known = FIGURES.get(key)
    return _said(known.text) if known is not None else key.replace("_", " ")


def set_name(key: str) -> str:
    """What a data set is called."""
    return _said(SETS[key]) if key in SETS else key.replace("_", " ")


def group_name(key: str) -> tuple[str, str]:
    """The data set and the name of a group; a group that names no set has an empty one."""
    head, _, rest = key.partition(", ")
    if head not in SETS or not rest:
        return "", key.replace("_", " ")
    return set_name(head), _said(GROUPS[rest]) if rest in GROUPS else rest.replace("_", " ")


def figure_text(key: str, value: Scalar) -> str:
    """A figure's value with its digits, as the window's language writes it."""
    if isinstance(value, (bool, str)):
        return str(value)
    known = FIGURES.get(key)
    if known is not None:
        return number(value, known.digits)
    if isinstance(value, int):
        return str(value)
    return f"{value:.4g}".replace(".", number(0.5, 1)[1])


def _said(text: str) -> str:
    return QCoreApplication.translate("Figures", text)
