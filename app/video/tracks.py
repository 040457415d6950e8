"""Faces followed from frame to frame, after SORT (Bewley et al. 2016): boxes that overlap are one face.

Every few frames the locator looks at the whole frame; in between each face's own landmarks say where it
is in the next one. What is kept of a face over time (smoothed landmarks, the map model's answer) lies in
its own aligned crop and moves with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.imaging.face import Box, Face, box_of_landmarks
from app.video.smooth import OneEuro

OVERLAP = 0.3
"""Boxes that share more than this (intersection over union) in following frames are one face."""

PATIENCE = 2
"""How often in a row the locator may miss a face before it is given up."""

SURE = 0.6
"""Score from which a face counts at its first look; a less certain one must be found twice."""

MEMORY = 0.7
"""Of the old value, in the mean of how masked a face is, at each look of the locator."""

FILTER = OneEuro()


@dataclass(kw_only=True, eq=False)
class Track:
    """One face over time.

    Attributes:
        id: counted from 1 in order of appearance; never given twice.
        box: x0, y0, x1, y1 in frame pixels.
        landmarks: (68, 2) float64, smoothed, in frame pixels.
        speed: (68, 2) float64, of the smoothed landmarks, in face heights per second.
        score, masked: of the locator, 0..1.
        misses: looks of the locator in a row that did not find it.
        hits: looks that did.
        first, last: numbers of the frames in which it was seen.
        logit: (S, S) float32, the map model's answer, averaged over time; None at the beginning.
    """

    id: int
    box: Box
    landmarks: NDArray[np.float64]
    speed: NDArray[np.float64]
    score: float
    masked: float
    misses: int
    hits: int
    first: int
    last: int
    logit: NDArray[np.float32] | None = None

    @property
    def sure(self) -> bool:
        """Whether it counts as a face: what only one look took for one often is none."""
        return self.hits > 1 or self.score >= SURE

    def face(self) -> Face:
        """The face as the stages want it."""
        return Face(
            box=self.box,
            landmarks=self.landmarks.astype(np.float32),
            score=self.score,
            masked=self.masked,
        )

    def follow(self, landmarks: NDArray[np.floating], number: int, seconds: float) -> None:
        """Take in the landmarks of the next frame."""
        size = max(self.box[3] - self.box[1], 1.0)
        new, self.speed = FILTER.step(
            landmarks.astype(np.float64) / size, (self.landmarks / size, self.speed), seconds
        )
        self.landmarks = new * size
        self.box = box_of_landmarks(self.landmarks)
        self.last = number


class Tracker:
    """The faces that are in the picture now.

    Attributes:
        tracks: largest first.
        next_id: of the next face that appears.
    """

    def __init__(self) -> None:
        self.tracks: list[Track] = []
        self.next_id = 1

    def located(self, faces: Sequence[Face], number: int, *, cut: bool) -> None:
        """Take in what the locator found in a whole frame.

        Args:
            faces: of this frame.
            number: of the frame.
            cut: the scene changed: no face of the last one is in this one.
        """
        if cut:
            self.tracks = []
        taken = pair([track.box for track in self.tracks], [face.box for face in faces])
        for index, track in enumerate(self.tracks):
            face = faces[taken[index]] if index in taken else None
            if face is None:
                track.misses += 1
                continue
            track.misses, track.hits = 0, track.hits + 1
            track.box, track.score = face.box, face.score
            track.masked = MEMORY * track.masked + (1 - MEMORY) * face.masked
        self.tracks = [
            track for track in self.tracks if track.misses <= (PATIENCE if track.sure else 0)
        ]
        for index, face in enumerate(faces):
            if index not in taken.values():
                self._appear(face, number)
        self.tracks.sort(key=lambda track: -area(track.box))

    def _appear(self, face: Face, number: int) -> None:
        points = face.landmarks.astype(np.float64)
        self.tracks.append(
            Track(
                id=self.next_id,
                box=face.box,
                landmarks=points,
                speed=np.zeros_like(points),
                score=face.score,
                masked=face.masked,
                misses=0,
                hits=1,
                first=number,
                last=number,
            )
        )
        self.next_id += 1

    def save(self) -> dict[str, Any]:
        """Everything that the next frame depends on, as plain values and arrays."""
        return {"next_id": self.next_id, "tracks": [vars(track).copy() for track in self.tracks]}

    def load(self, saved: dict[str, Any]) -> None:
        """Take up what :meth:`save` returned."""
        self.next_id = saved["next_id"]
        self.tracks = [Track(**{**each, "box": tuple(each["box"])}) for each in saved["tracks"]]


def pair(tracks: Sequence[Box], faces: Sequence[Box]) -> dict[int, int]:
    """Which box of the first list is which of the second: the best overlaps first, each box once."""
    found = [
        (overlap(first, second), row, column)
        for row, first in enumerate(tracks)
        for column, second in enumerate(faces)
    ]
    paired: dict[int, int] = {}
    for shared, row, column in sorted(found, reverse=True):
        if shared < OVERLAP:
            break
        if row not in paired and column not in paired.values():
            paired[row] = column
    return paired


def overlap(first: Box, second: Box) -> float:
    """Intersection over union."""
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    shared = max(0.0, width) * max(0.0, height)
    union = area(first) + area(second) - shared
    return shared / union if union > 0 else 0.0


def area(box: Box) -> float:
    """Of a box in square pixels."""
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
