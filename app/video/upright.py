"""Which way up the frames of a video are shown, and whether mirrored: cameras store that beside them."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MATRIX = "DISPLAYMATRIX"
"""FFmpeg's name of it: nine 32-bit integers in the machine's own order, of which a, b, c, d lead the
point (x, y) of a frame to (a x + c y, b x + d y) on the screen."""


@dataclass(frozen=True)
class Display:
    """How a frame is put on the screen: its sides swapped first, then mirrored.

    Attributes:
        swapped: rows become columns.
        mirrored: left becomes right.
        flipped: top becomes bottom.
    """

    swapped: bool = False
    mirrored: bool = False
    flipped: bool = False

    def applied(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A frame (H, W, 3) as it is shown, contiguous."""
        shown = pixels.swapaxes(0, 1) if self.swapped else pixels
        shown = shown[:, ::-1] if self.mirrored else shown
        return np.ascontiguousarray(shown[::-1] if self.flipped else shown)


def display_of(frame: Any) -> Display:
    """How PyAV's frame is to be shown; angles in between count as the nearest quarter of a turn."""
    found = next((each for each in frame.side_data if each.type.name == MATRIX), None)
    if found is None:
        return Display()
    a, b, _, c, d = struct.unpack("=5i", bytes(found)[:20])
    if abs(b) + abs(c) > abs(a) + abs(d):
        return Display(swapped=True, mirrored=c < 0, flipped=b < 0)
    return Display(mirrored=a < 0, flipped=d < 0)
