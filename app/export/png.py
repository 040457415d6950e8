"""PNG files with text, XMP and colour profile, in 8 and 16 bits, with 1 to 4 channels.

OpenCV packs the pixels, because Pillow has no 16-bit colour; the metadata chunks are added here, as
the PNG specification (ISO/IEC 15948) lays them out.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
HEADER_END = len(SIGNATURE) + 25
"""The signature and the IHDR chunk, which must stay first."""

XMP_KEYWORD = "XML:com.adobe.xmp"

GREY_AND_ALPHA = 4
"""PNG's colour type, the only one of ours that OpenCV does not write."""


def encode_png(
    pixels: NDArray[np.generic],
    *,
    xmp: str | None = None,
    text: Mapping[str, str] | None = None,
    icc_profile: bytes | None = None,
    exif: bytes | None = None,
) -> bytes:
    """Encode a picture without loss.

    Args:
        pixels: (H, W) or (H, W, C), uint8 or uint16; C is 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA.
        xmp: an XMP packet.
        text: further texts by keyword (1 to 79 Latin characters).
        icc_profile: left out when it is made for another kind of colour than the pixels'.
        exif: an EXIF block without the name that JPEG puts before it.

    Raises:
        ValueError: pixels of another shape or depth.
    """
    if pixels.ndim == 2:
        pixels = pixels[..., None]
    if pixels.ndim != 3 or pixels.shape[2] not in (1, 2, 3, 4) or pixels.size == 0:
        raise ValueError(f"a picture of shape {pixels.shape} is not H x W x 1 to 4")
    if pixels.dtype not in (np.uint8, np.uint16):
        raise ValueError(f"a picture of {pixels.dtype} is neither uint8 nor uint16")
    chunks = []
    if icc_profile is not None and profile_fits(icc_profile, channels=pixels.shape[2]):
        chunks.append(_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(icc_profile)))
    if xmp is not None:
        chunks.append(_text_chunk(XMP_KEYWORD, xmp))
    if exif is not None:
        chunks.append(_chunk(b"eXIf", exif))
    chunks += [_text_chunk(keyword, value) for keyword, value in (text or {}).items()]
    plain = _pack_grey_alpha(pixels) if pixels.shape[2] == 2 else _pack(pixels)
    return b"".join([plain[:HEADER_END], *chunks, memoryview(plain)[HEADER_END:]])


def _pack(pixels: NDArray[np.generic]) -> bytes:
    """A PNG of 1, 3 or 4 channels by OpenCV, which wants blue first."""
    order = {1: None, 3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}[pixels.shape[2]]
    picture = np.ascontiguousarray(pixels)
    if order is not None:
        picture = cv2.cvtColor(picture, order)
    done, packed = cv2.imencode(".png", picture)
    if not done:
        raise ValueError(f"OpenCV could not encode a picture of shape {pixels.shape}")
    return packed.tobytes()


def _pack_grey_alpha(pixels: NDArray[np.generic]) -> bytes:
    height, width, _ = pixels.shape
    depth = pixels.dtype.itemsize
    rows = np.ascontiguousarray(pixels, pixels.dtype.newbyteorder(">")).view(np.uint8)
    # Each row begins with the number of its filter; 0 leaves the bytes as they are.
    lines = np.zeros((height, 1 + width * 2 * depth), np.uint8)
    lines[:, 1:] = rows.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8 * depth, GREY_AND_ALPHA, 0, 0, 0)
    data = zlib.compress(lines.tobytes(), 6)
    return b"".join(
        [SIGNATURE, _chunk(b"IHDR", header), _chunk(b"IDAT", data), _chunk(b"IEND", b"")]
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def _text_chunk(keyword: str, value: str) -> bytes:
    """International text: keyword, not compressed, no language, no translated keyword, UTF-8."""
    if not 1 <= len(keyword) <= 79:
        raise ValueError(f"the PNG keyword {keyword!r} must have 1 to 79 characters")
    return _chunk(
        b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + value.replace("\0", "").encode()
    )


def profile_fits(icc_profile: bytes, *, channels: int) -> bool:
    """Whether a profile describes this kind of colour; PNG readers refuse one that does not."""
    return icc_profile[16:20] == (b"GRAY" if channels <= 2 else b"RGB ")
