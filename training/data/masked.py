"""A pack of synthetic masked faces with exact maps.

It is made once: rendering in the training loop would starve it.

A folder of ``photos.npy`` (N, 250, 250, 3) uint8, ``maps.npy`` (N, 250, 32) uint8 (bits packed along
x), ``landmarks.npy`` (N, 68, 2) float32, ``worn.npy`` (N,) bool and ``index.json``. Every face appears
`variants` times; about a sixth of them bare.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from training.data.compact import WHOLE, is_compact, open_compact
from training.data.faces import LFW, PHOTO_SIZE, FacePack, open_pack
from training.data.storage import allocate, read_array, read_index

if TYPE_CHECKING:
    from training.masks.worn import Wardrobe

BARE_SHARE = 0.16
HAND_SHARE = 0.05
"""Share of the masks that a hand touches; what the hand covers is no mask."""

OCCLUDED_SHARE = 0.3
"""Share of the bare faces that something other than a mask covers."""


@dataclass(frozen=True, eq=False)
class MaskedPack:
    """See the module's docstring."""

    photos: NDArray[np.uint8]
    packed: NDArray[np.uint8]
    landmarks: NDArray[np.float32]
    worn: NDArray[np.bool_]
    splits: NDArray[np.str_]
    sha256: str
    framing: str = WHOLE
    described: str = ""

    def indices(self, *splits: str) -> NDArray[np.int64]:
        """Rows that belong to any of the splits."""
        return np.flatnonzero(np.isin(self.splits, splits))

    def map(self, row: int) -> NDArray[np.uint8]:
        """(S, S) uint8 {0, 1}, S the side of the photos."""
        return np.unpackbits(self.packed[row], axis=1, count=self.photos.shape[2])


def read_wardrobe(data: Path) -> Wardrobe:
    """Templates and fabrics of the data folder; the procedural masks need neither."""
    # A machine that only trains need not have SciPy, which draws outlines.
    from training.masks.templates import read_templates
    from training.masks.worn import Wardrobe

    prints = []
    for file in sorted((data / "mask_textures").glob("*.jpg")):
        picture = cv2.imread(str(file), cv2.IMREAD_COLOR_RGB)
        if picture is not None:
            prints.append(cv2.resize(picture, (256, 256), interpolation=cv2.INTER_AREA))
    folder = data / "mask_templates"
    return Wardrobe(read_templates(folder) if folder.exists() else [], prints)  # type: ignore[arg-type]


def pack_masked(
    data: Path, faces: Path, out: Path, *, variants: int = 2, seed: int = 7, jobs: int = 1
) -> Path:
    """Render the pack.

    Args:
        data: the data folder, for templates and fabrics.
        faces: the folder of the face pack.
        out: the folder to write.
        variants: how often every face appears.
        seed: every row depends on it and on its number alone.
        jobs: processes.
    """
    pack = open_pack(faces)
    count = len(pack.names) * variants
    out.mkdir(parents=True, exist_ok=True)
    # As in pack_faces: no index before the pack is whole, and no change to files in use.
    for name in ("index.json", "photos.npy", "maps.npy"):
        (out / name).unlink(missing_ok=True)
    shape = (count, PHOTO_SIZE, PHOTO_SIZE, 3)
    photos = allocate(out / "photos.npy", shape)
    packed = np.zeros((count, PHOTO_SIZE, (PHOTO_SIZE + 7) // 8), np.uint8)
    worn = np.zeros(count, np.bool_)
    render = partial(_render, faces=faces, data=data, seed=seed)
    # Forked from a process in which torch has begun threads, a worker may wait for ever.
    context = get_context("spawn")
    with ProcessPoolExecutor(jobs, context, initializer=_end_with_parent) as pool:
        for row, (photo, bits, has_mask) in enumerate(pool.map(render, range(count), chunksize=64)):
            photos[row], packed[row], worn[row] = photo, bits, has_mask
    photos.flush()
    np.save(out / "maps.npy", packed)
    np.save(out / "worn.npy", worn)
    np.save(out / "landmarks.npy", np.tile(pack.landmarks, (variants, 1, 1)))
    splits = np.tile(pack.splits, variants).tolist()
    digest = hashlib.sha256(_made_of(data, pack, variants=variants, seed=seed).encode())
    # The same templates drawn by another version of the program are other masks.
    digest.update(packed.tobytes())
    digest.update(worn.tobytes())
    index = {
        "splits": splits,
        "sha256": digest.hexdigest(),
        "variants": variants,
        "seed": seed,
        "described": pack.described,
    }
    (out / "index.json").write_text(json.dumps(index))
    return out


def _made_of(data: Path, pack: FacePack, *, variants: int, seed: int) -> str:
    """Hash of all that the pack is made of: faces, variants, seed, templates and fabrics."""
    digest = hashlib.sha256(f"{pack.sha256} variants {variants} seed {seed}".encode())
    for folder in ("mask_templates", "mask_textures"):
        for file in sorted((data / folder).glob("*.*")):
            digest.update(file.name.encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


def open_masked(folder: Path) -> MaskedPack:
    """Open a pack without reading its photos into memory; a compact one is decoded into it."""
    compact = is_compact(folder)
    index = read_index(folder, "splits", "sha256", *(("worn", "framing") if compact else ()))
    count = len(index["splits"])
    stored = open_compact(folder) if compact else None
    if stored is not None and stored.landmarks is not None:
        return MaskedPack(
            photos=stored.pictures,
            packed=np.packbits(stored.maps > 127, axis=2),
            landmarks=stored.landmarks,
            worn=np.array(index["worn"], np.bool_),
            splits=np.array(index["splits"]),
            sha256=index["sha256"],
            framing=index["framing"],
            described=index.get("described", LFW),
        )
    return MaskedPack(
        photos=read_array(folder / "photos.npy", count, mapped=True),
        packed=read_array(folder / "maps.npy", count, mapped=True),
        landmarks=read_array(folder / "landmarks.npy", count),
        worn=read_array(folder / "worn.npy", count),
        splits=np.array(index["splits"]),
        sha256=index["sha256"],
        described=index.get("described", LFW),
    )


def _end_with_parent() -> None:
    """End this process when the one that started it has ended, however that came about.

    A signal that ends the parent alone would leave its workers waiting for work for ever.
    """
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


_opened: dict[Path, tuple[FacePack, Wardrobe]] = {}
"""One pack and wardrobe per process: reading them for every face would take longer than drawing."""


def _render(
    row: int, *, faces: Path, data: Path, seed: int
) -> tuple[NDArray[np.uint8], NDArray[np.uint8], bool]:
    from training.masks.hands import hold_hand
    from training.masks.worn import occlude, wear

    if faces not in _opened:
        cv2.setNumThreads(1)
        _opened[faces] = (open_pack(faces), read_wardrobe(data))
    pack, wardrobe = _opened[faces]
    rng = np.random.default_rng([seed, row])
    source = row % len(pack.names)
    photo, landmarks = np.array(pack.photos[source]), pack.landmarks[source]
    if rng.random() < BARE_SHARE:
        if rng.random() < OCCLUDED_SHARE:
            if rng.random() < 0.4:
                photo, _ = hold_hand(rng, photo, landmarks)
            else:
                photo = occlude(rng, photo, 60.0)
        return photo, np.zeros((PHOTO_SIZE, (PHOTO_SIZE + 7) // 8), np.uint8), False
    masked, region = wear(rng, photo, landmarks, wardrobe)
    if rng.random() < HAND_SHARE:
        masked, hand = hold_hand(rng, masked, landmarks)
        if (region & ~hand).any():
            region = region & ~hand
    return masked, np.packbits(region, axis=1), True
