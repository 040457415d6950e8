"""The decoded photo: read once, never changed."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.decode import DecodeError, Pixels, decode, read_header
from app.imaging.errors import PhotoError

MAX_PIXELS = 200_000_000
"""Photos with more pixels are refused by their header, before anything is decoded."""

MAX_BYTES = 2_000_000_000
"""Files larger than any photo of :data:`MAX_PIXELS` are refused before they are read."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Photo:
    """A photo as displayed.

    Attributes:
        path: the file it came from; None for one that was made in memory.
        pixels: (H, W, C) uint8 or uint16, read-only; C is 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and
            alpha.
        sha256: of the file's bytes; of shape, depth and pixels when there is no file.
        format: "JPEG", "PNG", "TIFF", "WEBP" or "BMP"; "" when there is no file.
        icc_profile: the colour profile of the pixels, or None.
    """

    path: Path | None
    pixels: Pixels
    sha256: str
    format: str = ""
    icc_profile: bytes | None = None

    @property
    def width(self) -> int:
        """Width in pixels, as displayed."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height in pixels, as displayed."""
        return int(self.pixels.shape[0])

    @property
    def grey(self) -> bool:
        """Whether the photo has one colour channel."""
        return bool(self.pixels.shape[2] <= 2)

    @property
    def has_alpha(self) -> bool:
        """Whether the last channel is alpha."""
        return self.pixels.shape[2] in (2, 4)

    @property
    def colour(self) -> Pixels:
        """(H, W, 1 or 3): a view of the pixels without alpha, in their own depth."""
        return self.pixels[..., :1] if self.grey else self.pixels[..., :3]

    @cached_property
    def rgb(self) -> NDArray[np.uint8]:
        """(H, W, 3) uint8, read-only: grey repeated, alpha left out, 16 bits reduced to the upper 8."""
        colour = self.colour >> 8 if self.pixels.dtype == np.uint16 else self.colour
        rgb = np.ascontiguousarray(colour, dtype=np.uint8)
        if self.grey:
            rgb = cast(NDArray[np.uint8], cv2.cvtColor(rgb, cv2.COLOR_GRAY2RGB))
        rgb.flags.writeable = False
        return rgb


def read_photo(path: str | Path) -> Photo:
    """Read a photo from a file, which is opened read-only.

    Args:
        path: a JPEG, PNG, TIFF, WebP or BMP file. Of several frames or pages the first is read.

    Raises:
        PhotoError: the file is missing, a folder, empty, unreadable, too large, no image, damaged or
            cut short; the message is one sentence that names it and says what to do.
    """
    path = Path(path)
    return decode_photo(read_photo_bytes(path), path)


def decode_photo(data: bytes, path: str | Path) -> Photo:
    """The photo in a file's bytes, such as those of evidence that lies in a case.

    Args:
        data: the whole file.
        path: the file it came from, or the name to call it by in an error.

    Raises:
        PhotoError: as :func:`read_photo`, when the bytes are no photo or a damaged one.
    """
    path = Path(path)
    try:
        header = read_header(data)
        if header.width * header.height > MAX_PIXELS:
            raise DecodeError(
                f"has {header.width} x {header.height} pixels, more than the"
                f" {MAX_PIXELS // 1_000_000} million that Revisage opens; cut or reduce it first"
            )
        pixels = decode(data, header)
    except DecodeError as error:
        raise PhotoError(f"{path} {error}.") from error
    except MemoryError as error:
        raise PhotoError(
            f"{path} does not fit into this computer's memory; close other programs or reduce it first."
        ) from error
    pixels.flags.writeable = False
    return Photo(
        path=path,
        pixels=pixels,
        sha256=hashlib.sha256(data).hexdigest(),
        format=header.format,
        icc_profile=header.icc_profile,
    )


def photo_from_array(pixels: Pixels, path: str | Path | None = None) -> Photo:
    """A photo from pixels in memory, such as a pasted picture or a drawn sample.

    Args:
        pixels: (H, W) or (H, W, 1..4), uint8 or uint16; not copied when contiguous, so leave the
            array alone afterwards.
        path: the file it stands for, if any.

    Raises:
        PhotoError: the array is no photo.
    """
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    fits = pixels.ndim == 3 and 1 <= pixels.shape[2] <= 4 and pixels.size > 0
    if not fits or pixels.dtype not in (np.uint8, np.uint16):
        raise PhotoError(
            f"An array of shape {pixels.shape} and type {pixels.dtype} is not a photo; give height x"
            " width x 1 to 4 channels of 8 or 16 bits."
        )
    pixels = np.ascontiguousarray(pixels).view()
    pixels.flags.writeable = False
    digest = hashlib.sha256(f"{pixels.shape} {pixels.dtype}".encode())
    digest.update(pixels.data)
    return Photo(
        path=None if path is None else Path(path), pixels=pixels, sha256=digest.hexdigest()
    )


def read_photo_bytes(path: Path) -> bytes:
    """All bytes of a regular file that is opened read-only, or a PhotoError that says why not."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise PhotoError(f"{path} is a folder; choose a photo in it.")
        if not stat.S_ISREG(status.st_mode):
            raise PhotoError(f"{path} is not a file; choose a photo.")
        if status.st_size > MAX_BYTES:
            raise PhotoError(
                f"{path} has {status.st_size / 1e9:.1f} GB, more than any photo that Revisage opens;"
                " choose another file."
            )
        with path.open("rb") as file:
            data = file.read()
    except FileNotFoundError as error:
        raise PhotoError(f"{path} was not found; check its name and folder.") from error
    except PermissionError as error:
        raise PhotoError(
            f"{path} may not be read by this user; ask for the right to read it, or copy it."
        ) from error
    except MemoryError as error:
        raise PhotoError(
            f"{path} does not fit into this computer's memory; close other programs first."
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PhotoError(
            f"{path} could not be read ({reason}); check the drive it is on, or copy it again."
        ) from error
    if not data:
        raise PhotoError(f"{path} is empty (zero bytes); copy it again from its source.")
    return data
