"""Tells the pictures and videos that this program wrote from others, by what they say of themselves."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.export.metadata import COMPOSITE, GENERATED, XMP_BOX
from app.export.pictures import MAP_DESCRIPTION
from app.imaging.decode import open_lazily

if TYPE_CHECKING:
    from PIL import Image, TiffImagePlugin

FORMATS = ("PNG", "JPEG", "TIFF")
"""What pictures are written as."""

FRAME_KEYWORD = "Revisage frame"
"""Of the PNG text that holds the record of a frame that was taken out of a video."""

_SOURCE_TYPES = "|".join(map(re.escape, (COMPOSITE, GENERATED)))
_SOURCE_TYPE = re.compile(_SOURCE_TYPES.encode())
_VIDEO_COMMENT = re.compile(rf"Revisage hypothesis.*Digital source type: ({_SOURCE_TYPES})", re.DOTALL)
# As an element, which is how it is written here, or as an attribute, which is how others keep it.
_SOFTWARE = re.compile(rb"""(CreatorTool|AISystemVersionUsed)(>|\s*=\s*["'])Revisage \d""")
_XMP_TAG = 700

_MOST_BOXES = 10_000
"""Boxes of an MP4 file that are looked at; a recording in fragments has two for every few seconds."""

_MOST_XMP = 1 << 20
"""Bytes; Revisage's own packet has two thousand."""


def made_here(file: BinaryIO) -> bool:
    """Whether a file is a composite, sketch, sheet or other picture, or a map, that Revisage wrote, or a
    frame of a video that it wrote.

    Only the header is read. Copies count as long as the metadata are kept; a picture that another
    program generated does not.

    Args:
        file: at its beginning; stays open.
    """
    try:
        picture = open_lazily(file, FORMATS)
        packet = _xmp(picture)
        if _SOURCE_TYPE.search(packet) and _SOFTWARE.search(packet):
            return True
        if str(picture.info.get("Description", "")) == MAP_DESCRIPTION:
            return True
        return json.loads(picture.info.get(FRAME_KEYWORD, "{}")).get("generated") is True
    except Exception:  # whatever is wrong with it is said by whoever decodes it
        return False


def is_own(path: Path) -> bool:
    """Whether a file that can be read is such a picture; see :func:`made_here`."""
    try:
        with path.open("rb") as file:
            return made_here(file)
    except OSError:  # opening it as a photo says why
        return False


def own_warning(path: Path) -> str:
    """What to say of such a picture that was named as a photo."""
    return (
        f"{path} is a picture that Revisage made and no photo; what is made of it tells nothing of "
        "whoever is in it, so take the original photo."
    )


def video_made_here(path: Path | None, tags: Mapping[str, str]) -> bool:
    """Whether a video is one that Revisage wrote.

    Copies into another container keep the tags, and programs that change tags keep the XMP: either is
    enough.

    Args:
        path: of the video; only the heads of its boxes and its XMP are read. None for what is no file.
        tags: of the container.
    """
    if any(_VIDEO_COMMENT.search(value) for value in tags.values()):
        return True
    if path is None:
        return False
    try:
        with path.open("rb") as file:
            packet = _box_xmp(file)
    except OSError:  # reading its frames says why
        return False
    return bool(_SOURCE_TYPE.search(packet) and _SOFTWARE.search(packet))


def own_video_warning(name: str) -> str:
    """What to say of such a video that was named as a recording."""
    return (
        f"{name} is a video that Revisage made and no recording; what is made of it tells nothing of "
        "whoever is in it, so take the original video."
    )


def _box_xmp(file: BinaryIO) -> bytes:
    """The XMP packet in an MP4's own box for it; empty where there is none."""
    length = os.fstat(file.fileno()).st_size
    for _ in range(_MOST_BOXES):
        head = file.read(8)
        size, kind = int.from_bytes(head[:4], "big"), head[4:]
        used = 8
        if size == 1:  # the size follows in 64 bits
            size, used = int.from_bytes(file.read(8), "big"), 16
        if kind == b"uuid" and file.read(16) == XMP_BOX:
            return file.read(min(max(size - used - 16, 0), _MOST_XMP))
        used += 16 if kind == b"uuid" else 0
        if len(head) < 8 or not used <= size < length:  # the end, the last box, or no MP4 at all
            return b""
        file.seek(size - used, 1)
    return b""


def _xmp(picture: Image.Image) -> bytes:
    if picture.format == "TIFF":
        tiff: TiffImagePlugin.TiffImageFile = picture  # type: ignore[assignment]
        packet = tiff.tag_v2.get(_XMP_TAG, b"")
    else:
        packet = picture.info.get("xmp", b"")
    return packet if isinstance(packet, bytes) else b""
