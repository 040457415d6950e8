"""Draws what every system of the benchmark made of the same validation faces."""

from __future__ import annotations

import zipfile
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.benchmark_results import Result
from training.data.faces import open_pack
from training.masks.shapes import evaluation_polygon
from training.reconstruct_figures import measured_rows

TILE = 160
"""Side of one picture of the grid in pixels."""


def picture_grid(folder: Path, packs: Path, results: list[Result]) -> Path | None:
    """Draw validation faces, their holes and what every system made of them, one system per row.

    Returns:
        The PNG in `folder`, or None where no system kept pictures.

    Raises:
        OSError, ValueError: there is no pack, or kept pictures are damaged.
    """
    kept = {
        row["title"]: path
        for row in results
        if (path := folder / "pictures" / f"{row['system']}.npz").exists()
    }
    if not kept:
        return None
    drawn = {title: _pictures(path) for title, path in kept.items()}
    pack = open_pack(packs / "faces")
    faces = measured_rows(pack, "val", len(next(iter(drawn.values()))))
    photos = [np.array(pack.photos[row]) for row in faces]
    holes = [evaluation_polygon(pack.landmarks[row], len(pack.photos[row])) for row in faces]
    grey = [
        np.where(h[..., None], 128, p).astype(np.uint8) for p, h in zip(photos, holes, strict=True)
    ]
    strips = [_strip("original", photos), _strip("hole", grey)]
    strips += [_strip(title, pictures[: len(faces)]) for title, pictures in drawn.items()]
    path = folder / "grid.png"
    cv2.imwrite(str(path), cv2.cvtColor(np.concatenate(strips), cv2.COLOR_RGB2BGR))
    return path


def _pictures(path: Path) -> list[NDArray[np.uint8]]:
    try:
        with np.load(path) as table:
            return [np.asarray(table[name], np.uint8) for name in table.files]
    except (ValueError, TypeError, AttributeError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{path} is damaged; delete it with the result of that system, and measure it again."
        ) from error


def _strip(title: str, pictures: list[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    tiles = [cv2.resize(p, (TILE, TILE), interpolation=cv2.INTER_AREA) for p in pictures]
    label = np.full((TILE, 2 * TILE, 3), 255, np.uint8)
    font = cv2.FONT_HERSHEY_SIMPLEX
    for number, start in enumerate(range(0, len(title), 24)):
        place = (6, 30 + 24 * number)
        part = title[start : start + 24]
        cv2.putText(label, part, place, font, 0.62, (0, 0, 0), 1, cv2.LINE_AA)
    return np.concatenate([label, *tiles], axis=1).astype(np.uint8)
