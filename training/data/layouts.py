"""The public layouts of face data sets: which photos there are, who is on them, and in which split.

Three are known besides the tables of :mod:`training.data.faces`:

- **LFW**: ``<Name>/<Name>_0001.jpg`` in the data folder, or in ``lfw``, ``lfw-deepfunneled`` or
  ``lfw_funneled`` in it. The identity is the folder's name.
- **CelebA**: ``img_align_celeba`` or ``img_celeba`` (in the wild), in the data folder or in ``Img``,
  with ``list_eval_partition.txt``, ``identity_CelebA.txt`` and ``list_landmarks_align_celeba.txt`` or
  ``list_landmarks_celeba.txt``, beside it or in ``Anno`` and ``Eval``. The split is the official one.
- **folder**: any other folder of photos, one face each. The identity is the name of a photo's folder, or
  the photo's own name for those that lie at the top.

The folders of :data:`HELPERS` are no part of any layout.

Where a layout has no split it is drawn by the hash of the identity: the same on every machine, and
unchanged for everybody else when photos are added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Layout = Literal["tables", "lfw", "celeba", "folder"]
LAYOUTS: tuple[Layout, ...] = get_args(Layout)

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"})
LFW_FOLDERS = ("lfw-deepfunneled", "lfw_funneled", "lfw")
HELPERS = frozenset(
    {"instruments", "mask_templates", "mask_textures", "maskedface_segmentation", "real_masked"}
)
"""Folders of the data folder that serve other ends: what they hold are no faces to train on."""

CELEBA_FOLDERS = {
    "img_align_celeba": "list_landmarks_align_celeba.txt",
    "img_celeba": "list_landmarks_celeba.txt",
}
"""The folders of photos, and the table with the five points of each."""

VAL_SHARE = TEST_SHARE = 0.05


@dataclass(frozen=True, kw_only=True, eq=False)
class ListedPhoto:
    """One photo of a layout, not yet opened.

    Attributes:
        name: path relative to the data folder, with forward slashes.
        identity: who it is.
        split: train, val or test.
        five: (5, 2) float32 in pixels of the file: eyes, nose tip and mouth corners, each pair left to
            right as seen; None where the layout has none.
    """

    name: str
    identity: str
    split: str
    five: NDArray[np.float32] | None = None


def find_layout(data: Path) -> Layout:
    """Which layout a data folder has.

    Raises:
        ValueError: none of them.
    """
    if (data / "lfw_split.csv").exists() or (data / "lfw_landmarks68.npz").exists():
        return "tables"
    if _celeba_photos(data) is not None or _table(data, "list_eval_partition.txt") is not None:
        return "celeba"
    if _lfw_root(data) is not None:
        return "lfw"
    if any(_pictures(data)):
        return "folder"
    raise ValueError(
        f"{data} holds no photos and none of the known tables; name the folder of LFW, of CelebA or of "
        "your own photos with --data."
    )


def list_photos(data: Path, layout: Layout) -> list[ListedPhoto]:
    """The photos of a data folder, in the order of their names.

    Raises:
        ValueError: the folder does not have this layout, or an identity is in two splits.
    """
    listed = {"lfw": _list_lfw, "celeba": _list_celeba, "folder": _list_folder}[layout](data)
    check_disjoint((photo.identity, photo.split) for photo in listed)
    return listed


def check_disjoint(people: Iterable[tuple[str, str]]) -> None:
    """Make sure that nobody is in two splits.

    Args:
        people: identity and split of every photo.

    Raises:
        ValueError: somebody is; the sentence names one.
    """
    seen: dict[str, str] = {}
    for identity, split in people:
        if seen.setdefault(identity, split) != split:
            raise ValueError(
                f"{identity} is in the splits {seen[identity]} and {split}; every person may be in one "
                "only, so correct the table."
            )


def split_of(identity: str) -> str:
    """The split of a person, by the SHA-256 of the name alone: 90 % train, 5 % val, 5 % test."""
    number = int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8], "big") / 2**64
    if number < TEST_SHARE:
        return "test"
    return "val" if number < TEST_SHARE + VAL_SHARE else "train"


def _pictures(data: Path, pattern: str = "**/*") -> Iterable[Path]:
    """The photos of a data folder that the pattern names, without those of its helper folders."""
    return (
        path
        for path in sorted(data.glob(pattern))
        if path.suffix.lower() in PICTURES
        and not path.name.startswith(".")
        and path.relative_to(data).parts[0] not in HELPERS
        and path.is_file()
    )


def _lfw_root(data: Path) -> Path | None:
    for root in (*(data / name for name in LFW_FOLDERS), data):
        if any(_pictures(root, "*/*_0001.jpg")):
            return root
    return None


def _list_lfw(data: Path) -> list[ListedPhoto]:
    root = _lfw_root(data)
    if root is None:
        raise ValueError(
            f"{data} holds no <Name>/<Name>_0001.jpg, which the layout lfw needs; name the unpacked "
            "folder of LFW with --data, or give --layout folder."
        )
    return [
        ListedPhoto(
            name=path.relative_to(data).as_posix(),
            identity=path.parent.name,
            split=split_of(path.parent.name),
        )
        for path in _pictures(root, "*/*.jpg")
    ]


def _list_folder(data: Path) -> list[ListedPhoto]:
    listed = []
    for path in _pictures(data):
        place = path.relative_to(data)
        identity = place.parent.as_posix() if len(place.parts) > 1 else place.stem
        listed.append(
            ListedPhoto(name=place.as_posix(), identity=identity, split=split_of(identity))
        )
    if not listed:
        raise ValueError(f"{data} holds no photo; name a folder of photos with --data.")
    return listed


def _celeba_photos(data: Path) -> Path | None:
    for name in CELEBA_FOLDERS:
        for folder in (data / name, data / "Img" / name):
            if folder.is_dir():
                # Some archives unpack into a folder of the same name inside.
                return folder / name if (folder / name).is_dir() else folder
    return None


def _table(data: Path, name: str) -> Path | None:
    for folder in (data, data / "Anno", data / "Eval"):
        if (folder / name).is_file():
            return folder / name
    return None


def _list_celeba(data: Path) -> list[ListedPhoto]:
    photos = _celeba_photos(data)
    if photos is None:
        raise ValueError(
            f"{data} holds no folder {' or '.join(CELEBA_FOLDERS)}, which the layout celeba needs; "
            "unpack CelebA's photos there."
        )
    tables: dict[str, dict[str, list[str]]] = {}
    for name, fields in (
        ("list_eval_partition.txt", 1),
        ("identity_CelebA.txt", 1),
        (CELEBA_FOLDERS[photos.name], 10),
    ):
        path = _table(data, name)
        if path is None:
            raise ValueError(
                f"{data} holds no {name}, which the layout celeba needs; put CelebA's annotations there."
            )
        tables[name] = _read_table(path, fields)
    partition, identities = tables["list_eval_partition.txt"], tables["identity_CelebA.txt"]
    points = tables[CELEBA_FOLDERS[photos.name]]
    listed = []
    for file in sorted(partition):
        number = partition[file][0]
        if number not in ("0", "1", "2"):
            raise ValueError(
                f"{_table(data, 'list_eval_partition.txt')} puts {file} into the partition {number}, "
                "which is not 0, 1 or 2; get the file again."
            )
        if file not in identities:
            raise ValueError(
                f"{_table(data, 'identity_CelebA.txt')} does not name {file}; get the file again."
            )
        five = points.get(file)
        listed.append(
            ListedPhoto(
                name=(photos / file).relative_to(data).as_posix(),
                identity=f"celeba/{identities[file][0]}",
                split=("train", "val", "test")[int(number)],
                five=None if five is None else np.array(five, np.float32).reshape(5, 2),
            )
        )
    return listed


def _read_table(path: Path, fields: int) -> dict[str, list[str]]:
    """One of CelebA's tables: per line a file name and `fields` whole numbers; perhaps two heads.

    Raises:
        ValueError: a line is something else; the sentence says which.
    """
    rows: dict[str, list[str]] = {}
    # What is no text has no such line either.
    text = path.read_text(encoding="utf-8", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        name, *values = line.split() or [""]
        if number <= 2 and Path(name).suffix.lower() not in PICTURES:
            continue
        if not name:
            continue
        if len(values) != fields or not all(value.lstrip("-").isdigit() for value in values):
            raise ValueError(
                f"{path} has no file name and {fields} whole numbers in line {number}; get it again."
            )
        rows[name] = values
    return rows
