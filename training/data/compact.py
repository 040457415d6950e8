"""Packs small enough to travel: aligned crops as WebP, maps and landmarks, in shards of a given size.

A compact pack is a folder like any pack and is opened by the same functions. It holds ``index.json``,
``landmarks.npy`` (N, 68, 2) int16 in 32nds of a stored pixel, and ``shard_000.npz`` and so on: the
pictures' bytes, the maps' bytes, and the length of each. Opened, everything is decoded once into memory.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment, AlignmentSpec
from training.data.storage import read_array, read_index
from training.data.vgg19 import find_vgg19, write_vgg19

log = logging.getLogger(__name__)

QUALITY = 88
"""WebP quality: at 192 px the difference to the original is below that of LFW's own JPEG."""

LANDMARK_PARTS = 32

WHOLE = "whole"
"""The framing of a pack whose photos are not cut: what the aligner and the locator need."""

Picture = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Framing:
    """What is cut out of every photo.

    Attributes:
        name: says what it serves.
        spec: the crop that is trained on.
        reach: side of the stored crop over that of the crop that is trained on: room for its jitter.
    """

    name: str
    spec: AlignmentSpec
    reach: float

    @property
    def stored(self) -> AlignmentSpec:
        """The same crop, widened about its middle."""
        return AlignmentSpec(
            eye_distance=self.spec.eye_distance / self.reach,
            eye_y=0.5 + (self.spec.eye_y - 0.5) / self.reach,
        )


FACES = Framing(name="reconstruct", spec=AlignmentSpec(), reach=1.25)
MASKED = Framing(name="map", spec=AlignmentSpec(eye_distance=0.26, eye_y=0.38), reach=1.45)
"""Turned by 5 and 8 degrees, scaled by 6 and 12 % and shifted, a training crop lies inside."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One encoded row."""

    picture: bytes
    map: bytes = b""


@dataclass(frozen=True, kw_only=True, eq=False)
class Stored:
    """Opened: pictures (N, S, S, 3), maps (N, S, S) or none of them, landmarks (N, 68, 2) or None."""

    pictures: Picture
    maps: Picture
    landmarks: NDArray[np.float32] | None


def is_compact(folder: Path) -> bool:
    """Whether a pack is a compact one."""
    return (folder / "shard_000.npz").exists()


def framed(
    photo: Picture,
    landmarks: NDArray[np.floating],
    covering: Picture | None,
    *,
    alignment: Alignment,
    side: int,
) -> tuple[Picture, NDArray[np.float32], Picture | None]:
    """The stored crop of a photo, its landmarks in it, and its map (S, S) uint8 {0, 1}."""
    crop = alignment.crop(photo, side)
    points = alignment.to_crop(landmarks, side).astype(np.float32)
    if covering is None:
        return crop, points, None
    covered = alignment.crop(covering * np.uint8(255), side, border=cv2.BORDER_CONSTANT)
    return crop, points, (covered > 127).astype(np.uint8)


def write_shards(
    folder: Path,
    rows: Iterator[Row],
    *,
    index: dict[str, Any],
    landmarks: NDArray[np.float32] | None = None,
    shard_mib: float,
) -> int:
    """Write a compact pack.

    Args:
        folder: to write; shards that are already there are replaced.
        rows: encoded, in the pack's order.
        index: what ``index.json`` says besides.
        landmarks: (N, 68, 2) in stored pixels.
        shard_mib: no shard becomes larger, unless a single row is.

    Returns:
        The bytes written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # As everywhere: no index before the pack is whole.
    for old in chain(folder.glob("shard_*.npz"), [folder / "index.json"]):
        old.unlink(missing_ok=True)
    digest = hashlib.sha256()
    held: list[Row] = []
    size = number = 0

    def flush() -> None:
        nonlocal held, size, number
        np.savez(
            folder / f"shard_{number:03d}.npz",
            pictures=np.frombuffer(b"".join(row.picture for row in held), np.uint8),
            maps=np.frombuffer(b"".join(row.map for row in held), np.uint8),
            lengths=np.array([[len(row.picture), len(row.map)] for row in held], np.int32),
        )
        held, size, number = [], 0, number + 1

    for row in rows:
        length = len(row.picture) + len(row.map) + 8
        # The file's own headers take about a kilobyte.
        if held and size + length > shard_mib * 2**20 - 2048:
            flush()
        digest.update(row.picture)
        digest.update(row.map)
        held.append(row)
        size += length
    flush()
    if landmarks is not None:
        stored = np.round(landmarks * LANDMARK_PARTS).clip(-32768, 32767).astype(np.int16)
        np.save(folder / "landmarks.npy", stored)
        digest.update(stored.tobytes())
    described = index | {"sha256": digest.hexdigest(), "shards": number}
    (folder / "index.json").write_text(json.dumps(described), encoding="utf-8")
    return sum(file.stat().st_size for file in folder.iterdir())


def read_rows(folder: Path, shards: int) -> Iterator[Row]:
    """The encoded rows of a compact pack.

    Raises:
        ValueError: a shard is missing or damaged; the sentence names it.
    """
    for number in range(shards):
        path = folder / f"shard_{number:03d}.npz"
        try:
            with np.load(path) as shard:
                pictures, maps = shard["pictures"].tobytes(), shard["maps"].tobytes()
                lengths = shard["lengths"]
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError(f"{path} is missing or damaged; copy the pack again.") from error
        picture = covering = 0
        for first, second in lengths.tolist():
            yield Row(
                picture=pictures[picture : picture + first], map=maps[covering : covering + second]
            )
            picture, covering = picture + first, covering + second


def open_compact(folder: Path) -> Stored:
    """Decode a compact pack into memory.

    Raises:
        ValueError: its index or a shard is missing or damaged.
    """
    rows = _rows(folder)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        first = _picture(rows[0], folder)
        pictures = np.empty((len(rows), *first.shape), np.uint8)
        mapped = bool(rows[0].map)
        maps = np.empty((len(rows) if mapped else 0, *first.shape[:2]), np.uint8)

        def fill(number: int) -> None:
            pictures[number] = _picture(rows[number], folder)
            if mapped:
                maps[number] = _image(rows[number].map, cv2.IMREAD_GRAYSCALE, folder)

        for _ in pool.map(fill, range(len(rows))):
            pass
    path = folder / "landmarks.npy"
    landmarks: NDArray[np.float32] | None = None
    if path.exists():
        stored = read_array(path, len(rows)).astype(np.float32)
        landmarks = stored / np.float32(LANDMARK_PARTS)
    return Stored(pictures=pictures, maps=maps, landmarks=landmarks)


def open_pictures(folder: Path) -> list[Picture]:
    """The pictures (H, W, 3) of a compact pack, of whatever size each of them is.

    Raises:
        ValueError: its index or a shard is missing or damaged.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda row: _picture(row, folder), _rows(folder)))


def _rows(folder: Path) -> list[Row]:
    """All rows of a pack; as many as its index lists."""
    index = read_index(folder, "shards")
    rows = list(read_rows(folder, int(index["shards"])))
    listed = next((len(index[name]) for name in ("splits", "names") if name in index), 1)
    if len(rows) < listed:
        raise ValueError(
            f"{folder} holds {len(rows)} of the {listed} rows that its index.json lists; copy the pack "
            "again."
        )
    return rows


def check_framing(framing: str, wanted: str, folder: Path) -> None:
    """Raise ValueError where a compact pack was cut for something else."""
    if framing not in (WHOLE, wanted):
        raise ValueError(
            f"The compact pack {folder} holds the {framing} model's crops; make it again with "
            "`revisage-train pack --whole`, or give --packs the packs that it was made of."
        )


def _picture(row: Row, folder: Path) -> Picture:
    return _image(row.picture, cv2.IMREAD_COLOR_RGB, folder)


def _image(data: bytes, flags: int, folder: Path) -> Picture:
    image = cv2.imdecode(np.frombuffer(data, np.uint8), flags) if data else None
    if image is None:
        raise ValueError(f"A picture of the pack {folder} is damaged; copy the pack again.")
    return np.asarray(image, np.uint8)


def encoded(picture: Picture, covering: Picture | None, *, quality: int) -> Row:
    """The picture as WebP, the map (S, S) uint8 as PNG, with one bit per pixel if that is enough."""
    _, webp = cv2.imencode(
        ".webp", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_WEBP_QUALITY, quality]
    )
    if covering is None:
        return Row(picture=webp.tobytes())
    two = int(covering.max(initial=0)) <= 1
    options = [cv2.IMWRITE_PNG_COMPRESSION, 9, cv2.IMWRITE_PNG_BILEVEL, int(two)]
    _, png = cv2.imencode(".png", covering * np.uint8(255) if two else covering, options)
    return Row(picture=webp.tobytes(), map=png.tobytes())


def copy_tables(data: Path, out: Path, *, whole: bool) -> int:
    """What training reads beside the packs.

    Args:
        data: the data folder.
        out: the folder to write, a data folder for the machine that trains.
        whole: the table of all the faces in LFW too, which only the locator needs.

    Returns:
        The bytes written.
    """
    out.mkdir(parents=True, exist_ok=True)
    weights = find_vgg19(data / "instruments")
    if weights is None:
        log.info(
            "%s holds no VGG-19; recipes with a perceptual loss will ask for it.",
            data / "instruments",
        )
    else:
        write_vgg19(weights, out / "instruments")
    table = data / "lfw_faces_yunet.json"
    if whole and table.exists():
        shutil.copyfile(table, out / table.name)
    return sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
