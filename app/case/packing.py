"""Maps and edits as the case keeps them: packed bits, compressed, of a size known before unpacking."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

from app.case.errors import CaseDamaged
from app.imaging.edit import Edit, Rectangle

LEVEL = 3
"""Strokes are mostly nothing; more effort saves little."""


def pack_map(pixels: NDArray[np.bool_]) -> bytes:
    """(H, W) bool as rows of bits, eight to a byte and the first the highest, by zlib."""
    return zlib.compress(np.packbits(pixels, axis=1).tobytes(), LEVEL)


def unpack_map(content: bytes, *, width: int, height: int) -> NDArray[np.bool_]:
    """What :func:`pack_map` packed.

    Raises:
        CaseDamaged: the bytes are something else.
    """
    packed = _inflate(content, rows=height, row=(width + 7) // 8)
    return np.unpackbits(packed, axis=1, count=width).view(np.bool_)


def pack_edit(edit: Edit) -> bytes:
    """An edit's bits by zlib; its rectangle is kept beside."""
    return zlib.compress(np.ascontiguousarray(edit.packed).tobytes(), LEVEL)


def unpack_edit(content: bytes, rectangle: Rectangle) -> Edit:
    """What :func:`pack_edit` packed.

    Raises:
        CaseDamaged: the bytes or the rectangle are something else.
    """
    x0, y0, x1, y1 = rectangle
    if not (0 <= x0 < x1 and 0 <= y0 < y1):
        raise CaseDamaged(
            f"A map edit has the rectangle {rectangle}; restore the case from a copy."
        )
    return Edit(rectangle=rectangle, packed=_inflate(content, rows=y1 - y0, row=(x1 - x0 + 7) // 8))


def _inflate(content: bytes, *, rows: int, row: int) -> NDArray[np.uint8]:
    """Decompress to exactly rows x row bytes, and never to more."""
    size = rows * row
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(content, size + 1)
    except zlib.error as error:
        raise CaseDamaged(
            f"A packed map is damaged ({error}); restore the case from a copy."
        ) from error
    if len(plain) != size or not inflater.eof:
        raise CaseDamaged("A packed map has the wrong size; restore the case from a copy.")
    return np.frombuffer(plain, np.uint8).reshape(rows, row)
