"""``revisage-train pack``: the packs of ``prepare`` made compact, so that they can travel."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment
from training.data.compact import (
    FACES,
    MASKED,
    QUALITY,
    WHOLE,
    Framing,
    Picture,
    Row,
    copy_tables,
    encoded,
    framed,
    is_compact,
    write_shards,
)
from training.data.crops import aligned
from training.data.faces import FacePack, open_pack
from training.data.masked import MaskedPack, open_masked
from training.data.storage import read_index
from training.data.taught import open_taught
from training.data.unlabelled import pack_unlabelled

AHEAD = 64
"""Rows that are encoded at a time."""


@dataclass(frozen=True, kw_only=True)
class Compacting:
    """How packs are made compact.

    Attributes:
        size: side in pixels of the crops that will be trained on.
        shard_mib: the largest shard.
        whole: keep the whole photos, as the aligner and the locator need them.
        quality: of the WebP pictures.
    """

    size: int
    shard_mib: float
    whole: bool = False
    quality: int = QUALITY


def pack_compact(packs: Path, data: Path, out: Path, how: Compacting) -> dict[str, int]:
    """Make every pack in a folder compact.

    Args:
        packs: what ``prepare`` has made.
        data: the data folder, for real photos and the network of the perceptual losses.
        out: the folder to write: one folder per pack, and ``data``, which training takes for the data
            folder unless another is named.
        how: see :class:`Compacting`.

    Returns:
        Bytes written, by pack.

    Raises:
        ValueError: `out` is `packs`, a pack is compact already, or there is none.
    """
    if out.resolve() == packs.resolve():
        raise ValueError(f"{out} holds the packs themselves; give --out another folder.")
    names = [name for name in ("faces", "masked") if (packs / name / "index.json").exists()]
    for name in names:
        if is_compact(packs / name):
            raise ValueError(f"{packs / name} is compact already; copy it as it is.")
    if not names:
        read_index(packs / "faces")
    written = {}
    for name in names:
        written[name] = _compact(name, packs / name, out / name, how)
    if (packs / "taught" / "crops.npy").exists():
        taught = open_taught(packs / "taught")
        pairs = zip(taught.crops, taught.maps, strict=True)
        rows = _encoded(((crop, covering) for crop, covering in pairs), how.quality)
        written["taught"] = write_shards(
            out / "taught", rows, index={"count": len(taught.crops)}, shard_mib=how.shard_mib
        )
        boxes = packs / "taught" / "faces.json"
        if boxes.exists():
            (out / "taught" / boxes.name).write_bytes(boxes.read_bytes())
    if how.whole:
        written["real"] = pack_unlabelled(
            data, packs / "taught", out / "real", quality=how.quality, shard_mib=how.shard_mib
        )
    written["data"] = copy_tables(data, out / "data", whole=how.whole)
    return written


def _compact(name: str, source: Path, out: Path, how: Compacting) -> int:
    masked = open_masked(source) if name == "masked" else None
    pack: FacePack | MaskedPack = masked if masked is not None else open_pack(source)
    framing = MASKED if masked is not None else FACES
    places, side = _places(pack.landmarks, pack.photos.shape[1], framing, how)
    landmarks = np.stack(
        [place.to_crop(points, side) for place, points in zip(places, pack.landmarks, strict=True)]
    ).astype(np.float32)

    def rows() -> Iterator[tuple[Picture, Picture | None]]:
        for row, place in enumerate(places):
            covering = None if masked is None else masked.map(row)
            photo = np.asarray(pack.photos[row])
            crop, _, covered = framed(
                photo, pack.landmarks[row], covering, alignment=place, side=side
            )
            yield crop, covered

    described = read_index(source)
    index: dict[str, Any] = {
        key: described[key]
        for key in ("names", "identities", "splits", "described")
        if key in described
    }
    index |= {
        "framing": WHOLE if how.whole else framing.name,
        "side": side,
        "size": how.size,
        "source_sha256": described["sha256"],
    }
    if masked is not None:
        index["worn"] = masked.worn.astype(int).tolist()
    return write_shards(
        out,
        _encoded(rows(), how.quality),
        index=index,
        landmarks=landmarks,
        shard_mib=how.shard_mib,
    )


def _places(
    landmarks: NDArray[np.float32], photo_side: int, framing: Framing, how: Compacting
) -> tuple[list[Alignment], int]:
    """Where every photo is cut, and the side of the stored crops."""
    if how.whole:
        whole = Alignment(np.array([[1 / photo_side, 0.0, 0.0], [0.0, 1 / photo_side, 0.0]]))
        return [whole] * len(landmarks), photo_side
    places = [upright(aligned(points, framing.stored)) for points in landmarks]
    there = float(np.median([place.crop_size_in_photo for place in places]))
    # More pixels than the photos have would only travel.
    return places, min(round(how.size * framing.reach), round(there))


def upright(alignment: Alignment) -> Alignment:
    """The smallest square around a crop that is not turned against the photo.

    A face's box, and with it every later crop, follows the photo's axes: turned, it would be another.
    """
    turned = alignment.matrix[:, :2] * alignment.crop_size_in_photo
    side = alignment.crop_size_in_photo * float(np.abs(turned[0]).sum())
    middle = alignment.to_photo(np.array([[0.5, 0.5]]))[0]
    return Alignment(np.column_stack([np.eye(2) / side, 0.5 - middle / side]))


def _encoded(pictures: Iterator[tuple[Picture, Picture | None]], quality: int) -> Iterator[Row]:
    """Encode on all cores, some rows at a time, in order."""

    def encode(pair: tuple[Picture, Picture | None]) -> Row:
        return encoded(pair[0], pair[1], quality=quality)

    with ThreadPoolExecutor() as pool:
        held: list[tuple[Picture, Picture | None]] = []
        for pair in pictures:
            held.append(pair)
            if len(held) == AHEAD:
                yield from pool.map(encode, held)
                held = []
        yield from pool.map(encode, held)
