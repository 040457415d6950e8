"""A camera as frames. OpenCV opens it, which knows it by its number on every system."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import cv2
import numpy as np

from app.video.errors import VideoError
from app.video.media import MICROSECOND, Frame, VideoInfo

CAMERA_RATE = Fraction(30)
"""Frames per second where a camera does not say."""


class CameraFrames:
    """The frames of a camera, with the moments at which they came.

    Attributes:
        info: see :class:`VideoInfo`.
        damaged: always 0.
    """

    def __init__(self, camera: int | str) -> None:
        """
        Args:
            camera: its number, counted from 0, or what else OpenCV opens.

        Raises:
            VideoError: there is none, or it gives no picture.
        """
        self.damaged = 0
        with _quiet_opencv():
            self._device = cv2.VideoCapture(camera)
            good, first = self._device.read() if self._device.isOpened() else (False, None)
        if not good or first is None:
            self._device.release()
            raise VideoError(
                f"The camera {camera} gives no picture; see that it is connected and that no other "
                "program uses it."
            )
        rate = self._device.get(cv2.CAP_PROP_FPS)
        self.info = VideoInfo(
            width=int(first.shape[1]),
            height=int(first.shape[0]),
            rate=Fraction(rate).limit_denominator(1001) if 1 <= rate <= 240 else CAMERA_RATE,
            time_base=MICROSECOND,
            frames=0,
            live=True,
        )
        self._first = first

    def close(self) -> None:
        """Let go of the camera."""
        self._device.release()

    def frames(self, start: int = 0) -> Iterator[Frame]:
        """Frames until the camera ends; `start` is 0, because a camera does not go back."""
        begun, last, number = time.monotonic(), -1, start
        bgr: Any = self._first
        while bgr is not None:
            last = max(last + 1, round((time.monotonic() - begun) * 1e6))
            yield Frame(number, last, np.ascontiguousarray(bgr[:, :, ::-1]))
            number += 1
            good, bgr = self._device.read()
            if not good:
                return


@contextlib.contextmanager
def _quiet_opencv() -> Iterator[None]:
    """OpenCV prints past every handler when there is no camera."""
    before = cv2.utils.logging.getLogLevel()
    cv2.utils.logging.setLogLevel(0)
    try:
        yield
    finally:
        cv2.utils.logging.setLogLevel(before)
