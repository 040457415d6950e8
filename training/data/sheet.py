"""A contact sheet of the masked pack: look at it before an hour of training."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from training.data.masked import open_masked

COLUMNS, ROWS = 10, 6


def contact_sheet(folder: Path) -> Path:
    """Draw sixty faces of a masked pack, every second one with the outline of its map.

    Returns:
        The PNG's path.
    """
    pack = open_masked(folder)
    rng = np.random.default_rng(0)
    rows = rng.choice(len(pack.splits), COLUMNS * ROWS, replace=len(pack.splits) < COLUMNS * ROWS)
    tiles = []
    for number, row in enumerate(rows):
        tile = np.array(pack.photos[row])
        if number % 2:
            edge = (
                cv2.morphologyEx(pack.map(row), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
            )
            tile[edge] = (255, 0, 160)
        tiles.append(tile)
    sheet = np.concatenate(
        [np.concatenate(tiles[i * COLUMNS : (i + 1) * COLUMNS], axis=1) for i in range(ROWS)]
    )
    path = folder / "contact_sheet.png"
    cv2.imwrite(str(path), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))
    return path
