"""Hashes of what is trained on beside the first pack, so that a run is never continued on other data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from training.data.compact import is_compact
from training.data.unlabelled import find_unlabelled, read_taught_boxes


def combined(pack: str, further: Iterable[str]) -> str:
    """The hash of all the data of a run.

    Args:
        pack: the first pack's hash; returned as it is where nothing else is read, so that the cards of
            models that were trained on one pack can be compared.
        further: the hashes of what is read besides.
    """
    others = list(further)
    if not others:
        return pack
    return hashlib.sha256(json.dumps([pack, *others]).encode()).hexdigest()


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def taught_sha256(folder: Path) -> str:
    """The hash of the crops and maps of :mod:`training.data.taught`."""
    if is_compact(folder):
        return file_sha256(folder / "index.json")
    return combined(file_sha256(folder / "crops.npy"), [file_sha256(folder / "maps.npy")])


def scene_sha256s(
    data: Path, packs: Path, *, real: bool, taught: Path | None = None
) -> tuple[str, ...]:
    """The hashes of what scenes are made of beside the masked pack.

    Args:
        data: the data folder, for the table of all the faces in LFW.
        packs: the folder of the packs.
        real: whether real photos are shown.
        taught: the folder of the taught pack, where its boxes count.
    """
    table = data / "lfw_faces_yunet.json"
    tables = (file_sha256(table),) if table.exists() else ()
    return (*tables, *(_real_sha256s(data, packs, taught) if real else ()))


def _real_sha256s(data: Path, packs: Path, taught: Path | None) -> tuple[str, ...]:
    boxes = taught / "faces.json" if taught is not None else None
    taught_boxes = (file_sha256(boxes),) if boxes is not None and boxes.exists() else ()
    if is_compact(packs / "real"):
        return (file_sha256(packs / "real" / "index.json"), *taught_boxes)
    source = find_unlabelled(data)
    if source is None:
        return ()
    digest = hashlib.sha256()
    own = read_taught_boxes(taught) if taught is not None else {}
    for name in sorted(source.found.keys() | own.keys()):
        digest.update(name.encode())
        if name in source.found:
            digest.update(source.found[name].tobytes())
        photo = data / "real_masked" / name
        if photo.is_file():
            digest.update(file_sha256(photo).encode())
    return (digest.hexdigest(), *taught_boxes)
