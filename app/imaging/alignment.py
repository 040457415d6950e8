"""The similarity between a photo and a model's square face crop, and its inverse.

Training and application share this file, so a model never sees in use a crop that it could not have
seen in training. Only eyes and box decide the crop: under a mask nose and mouth are guesses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.face import Face

Number = TypeVar("Number", bound=np.integer[Any] | np.floating[Any])
"""The scalar type of a picture; a crop has that of its photo."""

Scalar = TypeVar("Scalar", bound=np.generic)

BOX_HEIGHT_IN_EYE_DISTANCES = 3.1
"""Height of a frontal face's box over its inter-ocular distance: the median of the LFW photos."""

BOX_WEIGHT = 0.9
"""How much of the frontal box height the crop must keep when a turned head brings the eyes together."""

_LARGEST_SIDE = 32_000
"""OpenCV warps no picture with a side of 32768 pixels or more."""


@dataclass(frozen=True, kw_only=True)
class AlignmentSpec:
    """Where a model wants the eyes; part of its card.

    Attributes:
        eye_distance: inter-ocular distance of a frontal face as a fraction of the crop's width.
        eye_y: height of the eye line as a fraction of the crop's height.
    """

    eye_distance: float = 0.30
    eye_y: float = 0.42


@dataclass(frozen=True, eq=False)
class Alignment:
    """A similarity from photo pixels to the unit crop.

    Attributes:
        matrix: (2, 3) float64; maps continuous photo coordinates (pixel i spans i..i+1) to the unit
            square, x to the right, y down.
    """

    matrix: NDArray[np.float64]

    @property
    def crop_size_in_photo(self) -> float:
        """Side of the crop in photo pixels."""
        return float(1.0 / np.hypot(self.matrix[0, 0], self.matrix[1, 0]))

    def to_crop(self, points: NDArray[np.floating], size: float = 1.0) -> NDArray[np.float64]:
        """Photo points (N, 2) to crop coordinates, 0..size."""
        return (points.astype(np.float64) @ self.matrix[:, :2].T + self.matrix[:, 2]) * size

    def to_photo(self, points: NDArray[np.floating], size: float = 1.0) -> NDArray[np.float64]:
        """Crop points (N, 2) in 0..size to photo coordinates."""
        inverse = np.linalg.inv(self.matrix[:, :2])
        return (points.astype(np.float64) / size - self.matrix[:, 2]) @ inverse.T

    def corners(self) -> NDArray[np.float64]:
        """(4, 2) photo coordinates of the crop's corners, clockwise from its top left."""
        return self.to_photo(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float64))

    def pixel_matrix(self, size: int) -> NDArray[np.float64]:
        """(2, 3) matrix from photo to crop in OpenCV's convention (pixel centres at whole numbers)."""
        scaled = self.matrix * size
        half = np.array([0.5, 0.5])
        offset = scaled[:, :2] @ half + scaled[:, 2] - half
        return np.column_stack([scaled[:, :2], offset])

    def crop(
        self,
        photo: NDArray[Number],
        size: int,
        *,
        interpolation: int = cv2.INTER_LINEAR,
        border: int = cv2.BORDER_REPLICATE,
    ) -> NDArray[Number]:
        """Cut the aligned crop out of a photo.

        A large face is first reduced by area averaging, so that the crop of a 60-megapixel photo is
        as free of aliasing as that of a small one.

        Args:
            photo: (H, W) or (H, W, C), any depth OpenCV warps (uint8, uint16, float32).
            size: side of the crop in pixels.
            interpolation: OpenCV flag; ``INTER_NEAREST`` for maps keeps them binary.
            border: OpenCV border mode for the part outside the photo.

        Returns:
            (size, size[, C]) of the photo's dtype.
        """
        matrix = self.pixel_matrix(size)
        reduction = self.crop_size_in_photo / size
        if reduction >= 2 and interpolation != cv2.INTER_NEAREST:
            photo, matrix = self._reduce(photo, matrix, factor=int(reduction))
        elif max(photo.shape[:2]) >= _LARGEST_SIDE:
            photo, moved = self.surroundings(photo, size)
            matrix = moved.pixel_matrix(size)
        crop = cv2.warpAffine(photo, matrix, (size, size), flags=interpolation, borderMode=border)
        # OpenCV drops a single channel's axis.
        return cast(NDArray[Number], crop.reshape(size, size, *photo.shape[2:]))

    def surroundings(self, photo: NDArray[Scalar], size: int) -> tuple[NDArray[Scalar], Alignment]:
        """The part of a photo that a crop can touch, and the alignment from there.

        Args:
            photo: (H, W[, C]).
            size: side of the crop that will be cut, in pixels.

        Returns:
            A view of the photo, never empty, and the alignment from its pixels.
        """
        height, width = photo.shape[:2]
        # Interpolation and area averaging look two crop pixels further.
        margin = math.ceil(2 * max(1.0, self.crop_size_in_photo / size)) + 1
        corners = self.corners()
        low, high = np.floor(corners.min(axis=0)) - margin, np.ceil(corners.max(axis=0)) + margin
        x0, y0 = np.clip(low, 0, [width - 1, height - 1]).astype(int).tolist()
        x1, y1 = np.clip(high, [x0 + 1, y0 + 1], [width, height]).astype(int).tolist()
        offset = self.matrix[:, :2] @ np.array([x0, y0], dtype=np.float64) + self.matrix[:, 2]
        moved = Alignment(np.column_stack([self.matrix[:, :2], offset]))
        return photo[y0:y1, x0:x1], moved

    def _reduce(
        self, photo: NDArray[Number], matrix: NDArray[np.float64], *, factor: int
    ) -> tuple[NDArray[Number], NDArray[np.float64]]:
        """Shrink the crop's surroundings by a whole factor and adapt the matrix to it."""
        height, width = photo.shape[:2]
        corners = self.corners()
        low, high = np.floor(corners.min(axis=0)) - factor, np.ceil(corners.max(axis=0)) + factor
        x0, y0 = np.clip(low, 0, [width - 1, height - 1]).astype(int).tolist()
        x1, y1 = np.clip(high, [x0 + 1, y0 + 1], [width, height]).astype(int).tolist()
        # Whole blocks: more of the photo where there is more, its last pixels where it ends.
        x1, y1 = min(width, x1 + (x0 - x1) % factor), min(height, y1 + (y0 - y1) % factor)
        right, bottom = (x0 - x1) % factor, (y0 - y1) % factor
        region = photo[y0:y1, x0:x1]
        if right or bottom:
            border = cv2.BORDER_REPLICATE
            region = cast(NDArray[Number], cv2.copyMakeBorder(region, 0, bottom, 0, right, border))
        rows, columns = region.shape[0] // factor, region.shape[1] // factor
        small = cv2.resize(region, (columns, rows), interpolation=cv2.INTER_AREA)
        # Pixel centre u of the small picture lies at u * factor + (factor - 1) / 2 + x0 in the photo.
        linear = matrix[:, :2] * factor
        shift = np.array([x0, y0]) + (factor - 1) / 2
        offset = matrix[:, :2] @ shift + matrix[:, 2]
        small = small.reshape(rows, columns, *photo.shape[2:])
        return cast(NDArray[Number], small), np.column_stack([linear, offset])

    def rectangle(self, width: int, height: int) -> tuple[int, int, int, int]:
        """The crop's upright bounding box x0, y0, x1, y1 in a photo's pixels, clipped to the photo.

        Empty (x1 <= x0 or y1 <= y0) when the crop lies outside.
        """
        corners = self.corners()
        x0, y0 = np.clip(np.floor(corners.min(axis=0)), 0, [width, height]).astype(int)
        x1, y1 = np.clip(np.ceil(corners.max(axis=0)), 0, [width, height]).astype(int)
        return int(x0), int(y0), int(x1), int(y1)

    def paste(
        self,
        crop: NDArray[Number],
        width: int,
        height: int,
        *,
        interpolation: int = cv2.INTER_CUBIC,
    ) -> tuple[NDArray[Number], tuple[int, int, int, int]]:
        """Bring a crop back to photo geometry, only where it lies.

        Args:
            crop: (S, S) or (S, S, C), float32 or uint8.
            width, height: the photo's size in pixels.
            interpolation: OpenCV flag.

        Returns:
            The warped region (h, w[, C]) of the crop's dtype and its rectangle x0, y0, x1, y1 in
            photo pixels, clipped to the photo; the rectangle is empty when the crop lies outside.
            Outside the crop the region repeats the crop's border pixels.
        """
        rectangle = self.rectangle(width, height)
        return self.paste_into(crop, rectangle, interpolation=interpolation), rectangle

    def paste_into(
        self,
        crop: NDArray[Number],
        rectangle: tuple[int, int, int, int],
        *,
        interpolation: int = cv2.INTER_CUBIC,
    ) -> NDArray[Number]:
        """As :meth:`paste`, but only one rectangle of the photo: of a large face, a band at a time.

        A crop much finer than the photo is reduced first, as :meth:`crop` does the other way round.

        Args:
            crop: (S, S) or (S, S, C), float32 or uint8.
            rectangle: x0, y0, x1, y1 in photo pixels.
            interpolation: OpenCV flag.

        Returns:
            (y1 - y0, x1 - x0[, C]) of the crop's dtype.
        """
        x0, y0, x1, y1 = rectangle
        if x1 <= x0 or y1 <= y0:
            return np.zeros((0, 0, *crop.shape[2:]), crop.dtype)
        size = crop.shape[0]
        needed = max(1, round(self.crop_size_in_photo))
        if size >= 1.5 * needed and interpolation != cv2.INTER_NEAREST:
            reduced = cv2.resize(crop, (needed, needed), interpolation=cv2.INTER_AREA)
            crop = cast(NDArray[Number], reduced.reshape(needed, needed, *crop.shape[2:]))
            size = needed
        matrix = self.pixel_matrix(size)
        matrix[:, 2] += matrix[:, :2] @ np.array([x0, y0], dtype=np.float64)
        region = cv2.warpAffine(
            crop,
            matrix,
            (x1 - x0, y1 - y0),
            flags=interpolation | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return cast(NDArray[Number], region.reshape(y1 - y0, x1 - x0, *crop.shape[2:]))


def align(face: Face, spec: AlignmentSpec) -> Alignment:
    """The alignment of a face by its eyes, at least as large as its box asks for.

    The eye line becomes horizontal; the eyes' midpoint comes to (0.5, spec.eye_y). The scale follows
    the inter-ocular distance unless the head is turned so far that the box is the better measure.

    Args:
        face: a located face.
        spec: the model's wish, from its card.
    """
    x0, y0, x1, y1 = face.box
    eyes = face.eyes
    across = np.abs(eyes[1] - eyes[0])
    # Of a face that lies on its side the box is as wide as the face is high.
    height = y1 - y0 if across[0] >= across[1] else x1 - x0
    return align_eyes(eyes, box_height=height, spec=spec)


def align_eyes(eyes: NDArray[np.floating], *, box_height: float, spec: AlignmentSpec) -> Alignment:
    """As :func:`align`, from the eye centres (2, 2) and the box height in photo pixels."""
    (right_x, right_y), (left_x, left_y) = np.asarray(eyes, dtype=np.float64)
    distance = float(np.hypot(left_x - right_x, left_y - right_y))
    least = BOX_WEIGHT * box_height / BOX_HEIGHT_IN_EYE_DISTANCES
    side = max(distance, least, 1.0) / spec.eye_distance
    angle = np.arctan2(left_y - right_y, left_x - right_x)
    cosine, sine = np.cos(angle) / side, np.sin(angle) / side
    linear = np.array([[cosine, sine], [-sine, cosine]])
    middle = np.array([(right_x + left_x) / 2, (right_y + left_y) / 2])
    offset = np.array([0.5, spec.eye_y]) - linear @ middle
    return Alignment(np.column_stack([linear, offset]))


def align_box(box: tuple[float, float, float, float], *, margin: float) -> Alignment:
    """The upright square around a box, `margin` times its longer side (the aligner's own crop)."""
    x0, y0, x1, y1 = box
    side = max(x1 - x0, y1 - y0, 1.0) * margin
    left, top = (x0 + x1 - side) / 2, (y0 + y1 - side) / 2
    return Alignment(np.array([[1 / side, 0, -left / side], [0, 1 / side, -top / side]]))


WIDEST = 1.25
"""How much larger than usual a crop may become to take in its map."""

MARGIN = 0.03
"""By how much more a crop widens than the map asks for: two pixels of the probe that measures it."""


def widest_crop(alignment: Alignment, spec: AlignmentSpec) -> Alignment:
    """The largest crop that :func:`widen_to_map` may choose: what can be filled lies inside it."""
    return widened(alignment, spec, WIDEST)


def widened(alignment: Alignment, spec: AlignmentSpec, factor: float) -> Alignment:
    """A crop `factor` times as large, with the eyes where they were.

    Args:
        alignment: of the face, with the eyes where `spec` wants them.
    """
    return _scaled_about(alignment, np.array([0.5, spec.eye_y]), factor)


def widen_to_map(alignment: Alignment, map: NDArray[np.bool_], spec: AlignmentSpec) -> Alignment:
    """A crop enlarged about the eyes until it holds the map, as far as :data:`WIDEST`.

    A mask that reaches below the crop (a gaiter, a turned head) would otherwise stay in the photo
    there. What lies outside the widest crop belongs to other faces or cannot be filled.

    Args:
        alignment: of the face, with the eyes where `spec` wants them.
        map: (H, W) bool, this face's map.
        spec: the model's wish, from its card.
    """
    eyes = np.array([0.5, spec.eye_y])
    widest = widest_crop(alignment, spec)
    probe = 96
    seen = widest.crop(map.astype(np.uint8), probe, interpolation=cv2.INTER_NEAREST,
                       border=cv2.BORDER_CONSTANT)  # fmt: skip
    rows, columns = np.nonzero(seen)
    if not len(rows):
        return alignment
    places = (np.stack([columns, rows], axis=1) + 0.5) / probe - eyes
    # How far each pixel is from the eyes, in units of the crop's reach in that direction.
    reach = np.where(places < 0, eyes, 1 - eyes)
    needed = WIDEST * np.max(np.abs(places) / reach, axis=1)
    if needed.max() <= 1:
        return alignment
    factor = min(float(needed.max()) + MARGIN, WIDEST)
    return _scaled_about(alignment, eyes, factor)


def _scaled_about(alignment: Alignment, point: NDArray[np.float64], factor: float) -> Alignment:
    """The crop `factor` times as large, with one of its unit points where it was."""
    matrix = alignment.matrix / factor
    matrix[:, 2] += point * (1 - 1 / factor)
    return Alignment(matrix)
