"""Tells the pictures that this program wrote from photos, by what they say of themselves."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from app.export.metadata import COMPOSITE, GENERATED
from app.export.pictures import MAP_DESCRIPTION
from app.imaging.decode import open_lazily

if TYPE_CHECKING:
    from PIL import Image, TiffImagePlugin

FORMATS = ("PNG", "JPEG", "TIFF")
"""What pictures are written as."""

_SOURCE_TYPE = re.compile("|".join(map(re.escape, (COMPOSITE, GENERATED))).encode())
# As an element, which is how it is written here, or as an attribute, which is how others keep it.
_SOFTWARE = re.compile(rb"""(CreatorTool|AISystemVersionUsed)(>|\s*=\s*["'])Revisage \d""")
_XMP_TAG = 700


def made_here(file: BinaryIO) -> bool:
    """Whether a file is a composite, sketch, sheet or other picture, or a map, that Revisage wrote.

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
        return str(picture.info.get("Description", "")) == MAP_DESCRIPTION
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


def _xmp(picture: Image.Image) -> bytes:
    if picture.format == "TIFF":
        tiff: TiffImagePlugin.TiffImageFile = picture  # type: ignore[assignment]
        packet = tiff.tag_v2.get(_XMP_TAG, b"")
    else:
        packet = picture.info.get("xmp", b"")
    return packet if isinstance(packet, bytes) else b""
