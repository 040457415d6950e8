"""Pictures for tests: photo-like pixels, tilted crops, and PNG files that no library here writes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from app.imaging.alignment import Alignment

Pixels = NDArray[np.unsignedinteger[Any]]

_COLOUR_TYPE = {1: 0, 2: 4, 3: 2, 4: 6}
_PASSES = (
    (0, 0, 8, 8),
    (0, 4, 8, 8),
    (4, 0, 8, 4),
    (0, 2, 4, 4),
    (2, 0, 4, 2),
    (0, 1, 2, 2),
    (1, 0, 2, 1),
)


def picture(
    height: int, width: int, channels: int = 3, *, bits: int = 8, seed: int = 0, detail: float = 4
) -> Pixels:
    """(height, width, channels) uint8 or uint16: soft shapes about `detail` pixels wide, full range."""
    rng = np.random.default_rng(seed)
    noise = rng.random((height, width, channels), np.float32)
    soft = cv2.GaussianBlur(noise, (0, 0), detail).reshape(height, width, channels)
    low, high = soft.min(), soft.max()
    full = 2**bits - 1
    scaled: NDArray[np.float32] = (soft - low) / max(float(high - low), 1e-6) * full
    return scaled.astype(np.uint8) if bits == 8 else scaled.astype(np.uint16)


def tilted(side: float, *, x: float, y: float, degrees: float = 0.0) -> Alignment:
    """The alignment of a square crop in a photo.

    Args:
        side: of the crop, in photo pixels.
        x, y: its middle.
        degrees: by which it is turned clockwise.
    """
    angle = np.deg2rad(degrees)
    cosine, sine = np.cos(angle) / side, np.sin(angle) / side
    linear = np.array([[cosine, sine], [-sine, cosine]])
    return Alignment(np.column_stack([linear, 0.5 - linear @ np.array([x, y])]))


def chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(
    pixels: Pixels,
    *,
    interlaced: bool = False,
    before: bytes = b"",
    after: bytes = b"",
    size: tuple[int, int] | None = None,
) -> bytes:
    """A PNG file.

    Args:
        pixels: (H, W, 1..4) uint8 or uint16: grey, grey and alpha, RGB, RGB and alpha.
        interlaced: by Adam7.
        before, after: chunks before and after the picture's data.
        size: width and height that the header claims, when not the true ones.
    """
    height, width, channels = pixels.shape
    depth = pixels.dtype.itemsize * 8
    passes = [pixels]
    if interlaced:
        passes = [pixels[y::dy, x::dx] for y, x, dy, dx in _PASSES]
    rows = b"".join(
        b"\0" + row.astype(f">u{depth // 8}").tobytes()
        for part in passes
        if part.size
        for row in part
    )
    header = struct.pack(
        ">IIBBBBB", *(size or (width, height)), depth, _COLOUR_TYPE[channels], 0, 0, int(interlaced)
    )
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + before
        + chunk(b"IDAT", zlib.compress(rows, 1))
        + after
        + chunk(b"IEND", b"")
    )


def several_pictures(path: Path, first: NDArray[np.uint8], count: int) -> Path:
    """Write a TIFF with pages, an animated WebP or an animated PNG, without loss.

    Args:
        path: whose suffix says which.
        first: (H, W, 3), the first picture; the others are darker and darker.
        count: of all pictures.
    """
    others = [Image.fromarray(first // (number + 1)) for number in range(1, count)]
    # Only a WebP knows of loss.
    Image.fromarray(first).save(path, save_all=True, append_images=others, lossless=True)
    return path


def exif(orientation: int) -> bytes:
    """An EXIF block that holds an orientation and nothing else."""
    return b"MM\0*\0\0\0\x08" + struct.pack(">HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)


def displayed(pixels: Pixels, orientation: int) -> Pixels:
    """What a viewer shows of stored pixels, written out case by case from the EXIF standard."""
    turned = {
        1: lambda p: p,
        2: np.fliplr,
        3: lambda p: np.rot90(p, 2),
        4: np.flipud,
        5: lambda p: np.swapaxes(p, 0, 1),
        6: lambda p: np.rot90(p, -1),
        7: lambda p: np.rot90(np.swapaxes(p, 0, 1), 2),
        8: lambda p: np.rot90(p, 1),
    }
    return np.ascontiguousarray(turned[orientation](pixels))
