"""What happens to a photo before anyone looks at it: listing, decoding, thumbnails.

Plain functions that run in workers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import qimage2ndarray
from PIL import Image, ImageOps
from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QImage

from app.export.cautions import cautions, holds_several
from app.export.own import is_own
from app.imaging.errors import RevisageError
from app.imaging.face import Face
from app.imaging.photo import MAX_PIXELS, Photo
from app.inference.errors import Cancelled
from app.ui.canvas.pyramid import Pyramid
from app.ui.jobs import Failure, Ticket
from app.ui.map_document import FoundMap
from app.workbench import Workbench

if TYPE_CHECKING:
    from app.ui.case.place import Restored

SUFFIXES = (".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp", ".bmp")
"""What a folder is searched for; a file that is named explicitly is tried whatever it is called."""

THUMBNAIL = 320
"""Longer side of a thumbnail in pixels: enough for the strip on a screen of scale 2."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A decoded photo, ready to be painted.

    Attributes:
        photo, pyramid, thumbnail: the photo, how it is painted, and small.
        restored: what was done with it before, from a case or a recovery file.
        notice: why that could not be brought back.
    """

    photo: Photo
    pyramid: Pyramid
    thumbnail: QImage
    restored: Restored | None = None
    notice: str = ""


@dataclass(frozen=True)
class Listed:
    """What there is to open.

    Attributes:
        photos: in the order of their names, no path twice.
        own: how many pictures of folders were left out, because Revisage made them.
        several: how many photos of folders hold several pictures, of which only the first is used.
        cautions: a sentence on each that was named itself, so that it is opened, and is one of either.
    """

    photos: tuple[Path, ...]
    own: int = 0
    several: int = 0
    cautions: tuple[str, ...] = ()


def list_photos(paths: Sequence[Path], ticket: Ticket) -> Listed:
    """Photos named, whatever they are, and those in folders named, earlier results left out."""
    found: list[Path] = []
    own: set[Path] = set()
    several: set[Path] = set()
    said: list[str] = []
    for path in paths:
        ticket.check()
        if not path.is_dir():
            found.append(path.absolute())
            said += cautions(path.absolute())
            continue
        inside = (each for each in path.rglob("*") if each.suffix.lower() in SUFFIXES)
        for each in sorted(each.absolute() for each in inside if each.is_file()):
            ticket.check()
            (own.add if is_own(each) else found.append)(each)
            if each not in own and holds_several(each):
                several.add(each)
    return Listed(
        tuple(dict.fromkeys(found)),
        own=len(own.difference(found)),
        several=len(several),
        cautions=tuple(said),
    )


def sample_folder() -> Path:
    """Where the sample photo is kept: with the user's own data, never beside evidence."""
    place = QStandardPaths.StandardLocation.GenericDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "revisage" / "sample"


def open_photo(bench: Workbench, path: Path, ticket: Ticket) -> Opened:
    """Decode a photo and make it ready to be painted."""
    photo = bench.open_photo(path)
    ticket.check()
    return ready(photo, ticket)


def ready(photo: Photo, ticket: Ticket) -> Opened:
    """Make a decoded photo ready to be painted."""
    pyramid = Pyramid(photo.rgb, check=ticket.check)
    return Opened(photo, pyramid, thumbnail_of(pyramid))


@dataclass(frozen=True, eq=False)
class Analysis:
    """What was found in a photo.

    Attributes:
        faces: the located faces.
        map: the automatic map; empty when there is no mask, or when it could not be made.
        failure: why the map could not be made.
    """

    faces: tuple[Face, ...]
    map: FoundMap
    failure: Failure | None = None


def analyse(bench: Workbench, photo: Photo, ticket: Ticket) -> Analysis:
    """Find the faces and the map; faces are kept even when there is no way to a map."""
    faces = tuple(bench.locate(photo, cancel=ticket.cancel))
    try:
        pixels = bench.map(photo, faces, cancel=ticket.cancel)
    except Cancelled:
        raise
    except RevisageError as error:
        empty = np.zeros((photo.height, photo.width), np.bool_)
        return Analysis(faces, FoundMap.of(empty), Failure(str(error)))
    return Analysis(faces, FoundMap.of(pixels))


def thumbnail_of(pyramid: Pyramid) -> QImage:
    """A small picture, no longer than THUMBNAIL; from the pyramid, so it costs next to nothing."""
    level = 0
    while level + 1 < pyramid.depth:
        following = pyramid.image(level + 1)
        if max(following.width(), following.height()) < THUMBNAIL:
            break
        level += 1
    image = pyramid.image(level)
    return small(image)


def small(image: QImage) -> QImage:
    """A copy that fits into THUMBNAIL."""
    if max(image.width(), image.height()) <= THUMBNAIL:
        return image.copy()
    return image.scaled(
        THUMBNAIL,
        THUMBNAIL,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def read_thumbnail(path: Path) -> QImage | None:
    """A thumbnail straight from the file, as quickly as its format allows; see :func:`thumbnail_in`."""
    return thumbnail_in(path)


def thumbnail_in(file: Path | BinaryIO) -> QImage | None:
    """A thumbnail straight from a file or its bytes, as quickly as its format allows.

    Returns:
        None when the file has no quick way to one; opening the photo makes its thumbnail then, and
        says what is wrong with the file where something is.
    """
    try:
        with Image.open(file) as image:
            if image.width * image.height > MAX_PIXELS:
                return None
            image.draft("RGB", (THUMBNAIL, THUMBNAIL))
            if image.mode not in ("L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr"):
                return None  # 16 bit: Pillow would cut off the values instead of scaling them
            image.thumbnail((THUMBNAIL, THUMBNAIL), reducing_gap=2.0)
            turned = ImageOps.exif_transpose(image)
            pixels = np.asarray(turned.convert("RGB"))
    except Exception:
        return None
    thumbnail: QImage = qimage2ndarray.array2qimage(pixels)
    return thumbnail
