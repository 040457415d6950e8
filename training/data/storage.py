"""The arrays of a pack on the disk, and the index that says what they hold.

Room for them is asked for before the work, not found wanting after an hour of it. A damaged one is
named.
"""

from __future__ import annotations

import os
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.data.side_files import read_json

TEXTS, PER_ROW = ("sha256", "described", "framing"), ("names", "identities", "splits")
"""Fields of an index that hold a text, and one text for every row."""


def allocate(path: Path, shape: tuple[int, ...]) -> np.memmap[Any, np.dtype[np.uint8]]:
    """A new uint8 .npy file of this shape, memory-mapped for writing, with its room reserved.

    Without the reservation a disk that fills up ends the process by a signal in the middle of a write.

    Raises:
        ValueError: the disk has too little room; nothing is left behind.
    """
    needed = int(np.prod(shape, dtype=np.int64)) + 4096
    free = shutil.disk_usage(path.parent).free
    try:
        if free < needed:
            raise OSError(f"{free} bytes are free")
        array = np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)
        if hasattr(os, "posix_fallocate"):
            with path.open("r+b") as file:
                os.posix_fallocate(file.fileno(), 0, path.stat().st_size)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise ValueError(
            f"{path} needs {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB are free; make room, or give "
            "--packs a folder on another disk."
        ) from error
    return array


def read_array(path: Path, rows: int | None = None, *, mapped: bool = False) -> NDArray[Any]:
    """One array of a pack.

    Args:
        path: the .npy file.
        rows: how many it must have at least; None for any number.
        mapped: leave it on the disk.

    Raises:
        ValueError: it is missing, damaged or too short; the sentence names it.
    """
    try:
        array: NDArray[Any] = np.load(path, mmap_mode="r" if mapped else None)
        count = len(array)
    except (FileNotFoundError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is missing or damaged; make or copy its pack again.") from error
    if rows is not None and count < rows:
        raise ValueError(
            f"{path} holds {count} of the {rows} rows that its index.json lists; make or copy the pack "
            "again."
        )
    return array


def read_index(folder: Path, *needed: str) -> dict[str, Any]:
    """A pack's index.

    Args:
        folder: of the pack.
        needed: the fields that it must have.

    Raises:
        FileNotFoundError: there is no pack; the sentence says how to make one.
        ValueError: the index is damaged; the sentence names it.
    """

    def index(document: Any) -> dict[str, Any]:
        fields = dict(document)
        for name in needed:
            _ = fields[name]
        texts = [fields[name] for name in TEXTS if name in fields]
        columns = [fields[name] for name in (*PER_ROW, "worn", "scales") if name in fields]
        for name in PER_ROW:
            texts += fields.get(name, [])
        if not all(isinstance(text, str) for text in texts):
            raise TypeError("a text is none")
        if len({len(column) for column in columns}) > 1 or int(fields.get("shards", 1)) < 1:
            raise ValueError("the rows of one field are more than those of another")
        return fields

    try:
        return read_json(folder / "index.json", index, remedy="make or copy its pack again")
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"There is no pack in {folder}; make it with `revisage-train prepare`, "
            "or give --packs the folder of the packs."
        ) from error
