"""A model's picture put back into the photo, under the map and nowhere else."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment
from app.imaging.detail import enlarged, with_detail
from app.imaging.edge import edge_offset, margin_of, reach_of
from app.imaging.edit import Rectangle, bounding_rectangle
from app.imaging.errors import CompositeError, MapError
from app.imaging.grain import Grain, measure_grain
from app.imaging.map import BinaryMap
from app.imaging.photo import Photo
from app.imaging.roughness import no_rougher
from app.imaging.seam import SIZE, seam_offset
from app.imaging.sketch import sketch
from app.imaging.spans import polygon
from app.imaging.visible import visible_crop

Depth = TypeVar("Depth", bound=np.unsignedinteger[Any])

REACH = 0.15
"""How far from the map's edge the seam correction is felt, as a fraction of the crop's side."""

RIM = 0.008
"""How far beyond the map the model draws a sketch, as a fraction of the crop's side. The edge of a mask
is a mixture of mask and skin, of which the photo's own sketch would make a line around the face."""

LEAST_RIM = 2
"""The same in photo pixels, at least."""

_TILE = 128
"""Side in photo pixels of the squares in which edges are looked for, most of which have none."""

_BAND_PIXELS = 1 << 20
"""Pixels worked on at a time, so that a face of many megapixels needs little memory."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Composite:
    """A photo whose mapped pixels come from a model.

    Attributes:
        pixels: of the photo's shape and dtype; bit for bit the photo's own outside the map.
        uncovered: number of mapped pixels that the model's crop does not reach; they are the photo's.
    """

    pixels: NDArray[np.unsignedinteger[Any]]
    uncovered: int


def prepare_face_input(
    photo_rgb: NDArray[np.uint8],
    map: NDArray[np.bool_],
    alignment: Alignment,
    size: int,
    *,
    dilation: int = 1,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What a reconstruction model is given. Nothing in it depends on the mapped pixels.

    Args:
        photo_rgb: (H, W, 3) uint8.
        map: (H, W) bool, True is hidden.
        alignment: of the face.
        size: side of the crop in pixels.
        dilation: crop pixels by which the map grows in every direction: its edge is never exact.

    Returns:
        The face (size, size, 3) float32 0..1, zero under the map, and the map (size, size) float32
        of zeros and ones.

    Raises:
        MapError: map and photo differ in size.
    """
    _check_size(photo_rgb, map)
    face, share = visible_crop(photo_rgb, map, alignment, size)
    hidden = (share < 0.5).astype(np.uint8)
    if dilation > 0:
        side = 2 * dilation + 1
        hidden = cast(NDArray[np.uint8], cv2.dilate(hidden, np.ones((side, side), np.uint8)))
    face[hidden > 0] = 0
    return face, hidden.astype(np.float32)


def composite(
    photo: Photo,
    map: NDArray[np.bool_],
    picture: NDArray[np.float32],
    alignment: Alignment,
    *,
    reach: float = REACH,
    hidden: NDArray[np.bool_] | None = None,
    grain: bool = True,
    finer: NDArray[np.float32] | None = None,
) -> Composite:
    """Put a model's picture into the photo.

    Args:
        photo: the photo, of any depth and number of channels; its alpha stays.
        map: (H, W) bool; only where it is True anything changes.
        picture: (S, S), (S, S, 1) or (S, S, 3) float32 0..1, aligned.
        alignment: of the picture.
        reach: of the seam correction into the map, as a fraction of the crop; 0 leaves it out, and the
            feathering of the edge as well.
        hidden: (H, W) bool, all that is unknown in the photo; the map itself unless other faces wear
            masks too.
        grain: give the picture the photo's grain, see :mod:`app.imaging.grain`, and no rougher skin
            than the photo shows, see :mod:`app.imaging.roughness`.
        finer: (F, F, C) float32 0..1, the picture in more detail, of which as much is taken as the
            photo's visible part has, see :mod:`app.imaging.detail`; None where there is no more.

    Raises:
        MapError: map and photo differ in size.
        CompositeError: something outside the map changed. It cannot happen, and is checked.
    """
    _check_size(photo.pixels, map)
    hidden = map if hidden is None else hidden
    channels = 1 if photo.grey else 3
    picture = _channels(picture, channels)
    finer = None if finer is None else _channels(finer, channels)
    if grain:
        even = no_rougher(picture, photo.colour, hidden, alignment)
        if finer is not None:
            finer = finer + enlarged(even - picture, finer.shape[0])
        picture = even
    if finer is not None:
        picture = with_detail(picture, finer, photo.colour, hidden, alignment)
    prepared = _joined(photo.colour, hidden, picture, alignment, reach=reach)
    pixels = photo.pixels.copy()
    noise = None
    if grain:
        finest = alignment.crop_size_in_photo / picture.shape[0]
        crop = alignment.rectangle(photo.width, photo.height)
        noise = measure_grain(photo.colour, hidden, crop, finest=finest)
    feathered = hidden if reach > 0 else None
    colour = pixels[..., :channels]
    uncovered = _paint(colour, map, prepared, alignment, grain=noise, feathered=feathered)
    check_outside(photo.pixels, pixels, map)
    return Composite(pixels=pixels, uncovered=uncovered)


def sketch_composite(
    photo: Photo,
    map: NDArray[np.bool_],
    picture: NDArray[np.float32],
    alignment: Alignment,
    *,
    reach: float = REACH,
    hidden: NDArray[np.bool_] | None = None,
    around: NDArray[np.float32] | None = None,
) -> NDArray[np.unsignedinteger[Any]]:
    """A sketch of the whole photo: drawn from it where it is visible, by the model under the map.

    The model draws a rim around the map too, see :data:`RIM`.

    Args:
        photo, map, alignment, reach, hidden: as for :func:`composite`.
        picture: (S, S) or (S, S, 1) float32, the model's sketch, 1 is paper.
        around: the same, of which the rim is drawn; `picture` unless given. Where all hypotheses of a
            run have the first one's rim they differ under the map only.

    Returns:
        (H, W) of the photo's depth. Nothing in it depends on the mapped pixels that the model's crop
        covers; mapped pixels beyond the crop are left as paper.

    Raises:
        MapError: map and photo differ in size.
    """
    _check_size(photo.pixels, map)
    hidden = sketched_part(map if hidden is None else hidden, alignment)
    colour = photo.colour[..., 0] if photo.grey else photo.colour
    drawn = sketch(colour, face_size=alignment.crop_size_in_photo, hidden=hidden)
    full = np.float32(np.iinfo(photo.pixels.dtype).max)
    drawn *= full
    drawing: NDArray[np.unsignedinteger[Any]] = np.rint(drawn, out=drawn).astype(photo.pixels.dtype)
    ground = drawing[..., None]
    rim = sketched_part(map, alignment)
    drawn_by = [(rim, picture)] if around is None else [(rim, around), (map, picture)]
    for part, each in drawn_by:
        prepared = _joined(ground, hidden, _channels(each, 1), alignment, reach=reach)
        _paint(ground, part, prepared, alignment)
    return drawing


def sketched_part(map: NDArray[np.bool_], alignment: Alignment) -> NDArray[np.bool_]:
    """The part of a sketch that the model draws: (H, W) bool, the map and its rim."""
    part = BinaryMap.from_pixels(map)
    part.grow(max(LEAST_RIM, round(RIM * alignment.crop_size_in_photo)))
    return part.pixels


def check_outside(photo: NDArray[Depth], changed: NDArray[Depth], map: NDArray[np.bool_]) -> None:
    """Verify, pixel by pixel over the whole photo, that nothing outside the map changed.

    Args:
        photo, changed: (H, W, C) of one dtype.
        map: (H, W) bool.

    Raises:
        CompositeError: it did.
    """
    if photo.shape != changed.shape or photo.dtype != changed.dtype:
        raise CompositeError(
            f"The composite has shape {changed.shape} and type {changed.dtype}, the photo"
            f" {photo.shape} and {photo.dtype}; please report this."
        )
    rows = max(1, _BAND_PIXELS // photo.shape[1])
    for top in range(0, photo.shape[0], rows):
        band = slice(top, top + rows)
        if np.array_equal(photo[band], changed[band]):
            continue
        differs = np.zeros(map[band].shape, np.bool_)
        for channel in range(photo.shape[2]):
            differs |= photo[band, :, channel] != changed[band, :, channel]
        wrong = int(np.count_nonzero(differs & ~map[band]))
        if wrong:
            raise CompositeError(
                f"The composite would have changed {wrong} pixels outside the map, so it was thrown"
                " away; please report this."
            )


def _check_size(photo: NDArray[Any], map: NDArray[np.bool_]) -> None:
    if map.shape != photo.shape[:2]:
        raise MapError(
            f"The map has {map.shape[1]} x {map.shape[0]} pixels, but the photo has"
            f" {photo.shape[1]} x {photo.shape[0]}; use the map made for this photo."
        )


def _channels(picture: NDArray[np.float32], channels: int) -> NDArray[np.float32]:
    """The picture with 1 or 3 channels: luminance, or grey repeated."""
    picture = np.asarray(picture, np.float32)
    picture = picture[..., None] if picture.ndim == 2 else picture
    if picture.shape[2] == channels:
        return picture
    if channels == 1:
        return cast(NDArray[np.float32], cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)[..., None])
    return np.repeat(picture, 3, axis=2)


def _joined(
    colour: NDArray[np.unsignedinteger[Any]],
    hidden: NDArray[np.bool_],
    picture: NDArray[np.float32],
    alignment: Alignment,
    *,
    reach: float,
) -> NDArray[np.float32]:
    """The picture, corrected so that it meets its surroundings without a seam.

    A reach of 0 leaves it as it is.
    """
    if reach <= 0:
        return picture
    side = picture.shape[0]
    size = min(SIZE, side)
    visible, share = visible_crop(colour, hidden, alignment, size)
    share[~_inside_photo(colour.shape[1], colour.shape[0], alignment, size)] = 0
    small = _resized(picture, size, cv2.INTER_AREA)
    offset = seam_offset(visible, share, small, reach=reach)
    joined: NDArray[np.float32] = np.clip(picture + _resized(offset, side, cv2.INTER_LINEAR), 0, 1)
    return joined


def _inside_photo(width: int, height: int, alignment: Alignment, size: int) -> NDArray[np.bool_]:
    """(size, size) bool: which of a crop's pixels lie in the photo and not beyond its edge."""
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    inside = np.zeros((size, size), np.bool_)
    polygon(alignment.to_crop(frame, size), width=size, height=size).fill(inside, True)
    return inside


def _resized(picture: NDArray[np.float32], size: int, interpolation: int) -> NDArray[np.float32]:
    """(S, S, C) resized to (size, size, C)."""
    if picture.shape[0] == size:
        return picture
    resized = cv2.resize(picture, (size, size), interpolation=interpolation)
    return cast(NDArray[np.float32], resized.reshape(size, size, picture.shape[2]))


def _paint(
    pixels: NDArray[np.unsignedinteger[Any]],
    map: NDArray[np.bool_],
    picture: NDArray[np.float32],
    alignment: Alignment,
    *,
    grain: Grain | None = None,
    feathered: NDArray[np.bool_] | None = None,
) -> int:
    """Write the picture over (H, W, C) where map and crop overlap.

    Args:
        pixels: the photo's, changed in place.
        map, picture, alignment: as for :func:`composite`.
        grain: laid over.
        feathered: (H, W) bool, all that is unknown in the photo: at its edge the picture goes over into
            the photo. None is a sharp edge.

    Returns:
        The number of mapped pixels that the crop does not reach.
    """
    height, width = map.shape
    mapped = bounding_rectangle(map)
    x0, y0, x1, y1 = _overlap(mapped, alignment.rectangle(width, height))
    total = int(np.count_nonzero(map[mapped[1] : mapped[3], mapped[0] : mapped[2]]))
    if x1 <= x0 or y1 <= y0:
        return total
    covered = np.zeros((y1 - y0, x1 - x0), np.bool_)
    quadrangle = alignment.corners() - np.array([x0, y0])
    polygon(quadrangle, width=x1 - x0, height=y1 - y0).fill(covered, True)
    covered &= map[y0:y1, x0:x1]
    full = np.float32(np.iinfo(pixels.dtype).max)
    rows = max(1, _BAND_PIXELS // (x1 - x0))
    for top in range(y0, y1, rows):
        bottom = min(y1, top + rows)
        values = alignment.paste_into(picture, (x0, top, x1, bottom))
        if feathered is not None:
            values = values + _feather(pixels, feathered, picture, alignment, (x0, top, x1, bottom))
        if grain is not None:
            values = values + grain.over((x0, top, x1, bottom))
        values = np.clip(np.rint(values * full), 0, full)
        chosen = covered[top - y0 : bottom - y0, :, None]
        np.copyto(pixels[top:bottom, x0:x1], values.astype(pixels.dtype), where=chosen)
    return total - int(np.count_nonzero(covered))


def _feather(
    pixels: NDArray[np.unsignedinteger[Any]],
    hidden: NDArray[np.bool_],
    picture: NDArray[np.float32],
    alignment: Alignment,
    rectangle: Rectangle,
) -> NDArray[np.float32]:
    """The offset of :func:`app.imaging.edge.edge_offset` in a rectangle of the photo."""
    x0, y0, x1, y1 = rectangle
    reach = reach_of(alignment.crop_size_in_photo)
    margin = margin_of(reach)
    height, width = hidden.shape
    full = np.float32(np.iinfo(pixels.dtype).max)
    offset = np.zeros((y1 - y0, x1 - x0, pixels.shape[2]), np.float32)
    for y, x in itertools.product(range(y0, y1, _TILE), range(x0, x1, _TILE)):
        low, end = min(y1, y + _TILE), min(x1, x + _TILE)
        top, bottom = max(0, y - margin), min(height, low + margin)
        left, right = max(0, x - margin), min(width, end + margin)
        around = np.s_[top:bottom, left:right]
        unknown = np.ascontiguousarray(hidden[around])
        if unknown.all() or not unknown.any():
            continue
        known = np.zeros(unknown.shape, np.bool_)
        quadrangle = alignment.corners() - np.array([left, top])
        polygon(quadrangle, width=right - left, height=bottom - top).fill(known, True)
        found = edge_offset(
            pixels[around].astype(np.float32) / full,
            alignment.paste_into(picture, (left, top, right, bottom)),
            unknown,
            known,
            reach=reach,
        )
        offset[y - y0 : low - y0, x - x0 : end - x0] = found[
            y - top : low - top, x - left : end - left
        ]
    return offset


def _overlap(first: Rectangle, second: Rectangle) -> Rectangle:
    return (
        max(first[0], second[0]),
        max(first[1], second[1]),
        min(first[2], second[2]),
        min(first[3], second[3]),
    )
