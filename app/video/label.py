"""The border with the label below every frame that a model has worked on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.export.labels import LEAST_WIDTH, label_strip


class LabelledFrame:
    """A canvas of one size with the label drawn once; the label never covers a pixel of the frame.

    Attributes:
        shape: height and width of the whole, even numbers, which encoders want.
    """

    def __init__(self, label: str, *, width: int, height: int) -> None:
        """
        Args:
            label: the sentence.
            width, height: of the frames in pixels.
        """
        self._size = (height, width)
        wide = max(width, LEAST_WIDTH)
        strip = label_strip(label, width=wide, area=width * height)
        whole = height + len(strip)
        self._canvas = np.full((whole + whole % 2, wide + wide % 2, 3), 255, np.uint8)
        self._canvas[height:whole, :wide] = strip[..., None]
        self.shape = (self._canvas.shape[0], self._canvas.shape[1])

    def around(self, frame: NDArray[np.uint8], *, copy: bool = False) -> NDArray[np.uint8]:
        """The frame (H, W, 3) uint8 with its border; the same array each time unless `copy`."""
        height, width = self._size
        self._canvas[:height, :width] = frame
        return self._canvas.copy() if copy else self._canvas
