"""The table that landmarks are kept in."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray


def read_landmarks(path: Path) -> dict[str, NDArray[np.float32]]:
    """A table of landmarks (68, 2) by file name, in the file's order.

    Raises:
        ValueError: the file is something else.
    """
    try:
        table = np.load(path)
        names, landmarks = table["files"].tolist(), table["landmarks"]
        if landmarks.shape != (len(names), 68, 2):
            raise ValueError(f"landmarks of shape {landmarks.shape} for {len(names)} files")
    except (ValueError, LookupError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(
            f"{path} is not a table of `files` (N,) and `landmarks` (N, 68, 2) ({error}); "
            "get the file again."
        ) from error
    return dict(zip(names, landmarks, strict=True))
