"""What is done to each frame: faces followed and mapped, then filled in, in a thread each.

Everything runs on the part of the frame around a face: a large frame costs no more than a small one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.imaging.alignment import Alignment, align, widen_to_map, widened
from app.imaging.composite import composite, prepare_face_input, sketch_composite, sketched_part
from app.imaging.face import Face
from app.imaging.photo import Photo
from app.imaging.sketch import sketch
from app.inference.contract import output, to_tensor
from app.inference.locate import find_landmarks
from app.inference.mapping import FaceMap, map_of_logit, snap_to_edges
from app.inference.reconstruct import latents
from app.inference.session import CancelToken
from app.video.media import Frame
from app.video.smooth import blend
from app.video.tracks import Track, Tracker
from app.workbench import Workbench

LOCATE_EVERY = 10
"""Frames from one look of the locator to the next; each face is aligned and mapped in every frame."""

MAP_CUTOFF = 4.0
"""Hz; below it the map follows the mask, above it the map model only trembles."""

PICTURE_CUTOFF = 1.5
"""Hz; what a model draws anew from each frame trembles faster than a face changes."""

GROWTH = 0.01
"""Of the crop's side, by which a map grows beyond a photo's: what moves is blurred beyond its edge."""

CUT = 0.14
"""Mean difference of two small grey frames, of full range, above which the scene has changed."""

THUMBNAIL = (64, 36)

MARGIN = 16
"""Frame pixels around a face's crop that filtering may look at."""


@dataclass(frozen=True, eq=False)
class Seen:
    """A face in a frame.

    Attributes:
        track: its number.
        face: smoothed.
        map: its part of the frame's map.
    """

    track: int
    face: Face
    map: FaceMap


@dataclass(frozen=True, eq=False)
class Part:
    """What a model has drawn of one face.

    Attributes:
        map: the face's.
        own: (H, W) bool, what of the frame is filled in from it; faces may overlap.
        picture: (S, S, C) float32 0..1, smoothed over time.
        alignment: where it lies.
    """

    map: FaceMap
    own: NDArray[np.bool_]
    picture: NDArray[np.float32]
    alignment: Alignment


@dataclass(frozen=True, eq=False)
class Drawn:
    """What a model has drawn of a frame.

    Attributes:
        whole: (H, W) bool, the map of all faces.
        parts: largest face first.
        face_size: side of the last face's crop in frame pixels; 0 before the first one.
    """

    whole: NDArray[np.bool_]
    parts: tuple[Part, ...]
    face_size: float


class Follower:
    """First half: which faces are in each frame, and what hides them.

    Attributes:
        tracker: the faces.
    """

    def __init__(
        self, bench: Workbench, *, every: int = LOCATE_EVERY, cancel: CancelToken | None = None
    ) -> None:
        self._bench = bench
        self._every = every
        self._cancel = cancel
        self.tracker = Tracker()
        self._before: NDArray[np.uint8] | None = None

    def see(self, frame: Frame, seconds: float) -> list[Seen]:
        """The masked faces of the next frame; `seconds` since the last one, above 0."""
        small = cv2.resize(frame.rgb, THUMBNAIL, interpolation=cv2.INTER_AREA)
        grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
        cut = self._before is None or float(cv2.absdiff(grey, self._before).mean()) > CUT * 255
        self._before = grey
        new: set[int] = set()
        if cut or frame.number % self._every == 0:
            known = {track.id for track in self.tracker.tracks}
            photo = Photo(path=None, pixels=frame.rgb, sha256="")
            # Players show a film upright, and looking further would cost frames where nobody is seen.
            faces = self._bench.locate(photo, cancel=self._cancel, turning=False)
            self.tracker.located(faces, frame.number, cut=cut)
            new = {track.id for track in self.tracker.tracks} - known
        tracks = self.tracker.tracks
        following = [track for track in tracks if track.id not in new]
        if following:
            points = find_landmarks(
                frame.rgb,
                np.array([track.box for track in following], np.float32),
                self._bench.session("align"),
                self._cancel,
            )
            for track, found in zip(following, points, strict=True):
                track.follow(found, frame.number, seconds)
        seen = [Seen(track.id, track.face(), self._map(track, frame, seconds)) for track in tracks]
        sure = {track.id for track in tracks if track.sure}
        return [each for each in seen if each.track in sure and each.map.pixels.any()]

    def _map(self, track: Track, frame: Frame, seconds: float) -> FaceMap:
        """The model sees the face now straight and now mirrored; the mean over time counts."""
        session = self._bench.session("map")
        card = session.model.card.input
        height, width = frame.rgb.shape[:2]
        alignment = align(track.face(), card.alignment)
        crop = alignment.crop(frame.rgb, card.size)
        mirrored = frame.number % 2 == 1
        crop = crop[:, ::-1] if mirrored else crop
        result = session.run({"face": to_tensor(crop[None])}, self._cancel)
        logit = output(session.model, result, "logit")[0, 0]
        logit = np.ascontiguousarray(logit[:, ::-1]) if mirrored else logit
        track.logit = blend(track.logit, np.clip(logit, -8, 8), cutoff=MAP_CUTOFF, seconds=seconds)
        found = map_of_logit(
            snap_to_edges(track.logit, frame.rgb, alignment), alignment, width, height
        )
        return _grown(found, max(1, round(GROWTH * alignment.crop_size_in_photo)))

    def save(self) -> dict[str, Any]:
        """The state between two frames."""
        return {"tracker": self.tracker.save(), "before": self._before}

    def load(self, saved: dict[str, Any]) -> None:
        """Take up a state."""
        self.tracker.load(saved["tracker"])
        self._before = saved["before"]


class Filler:
    """Second half: what a model draws under the maps, and the frame with it."""

    def __init__(
        self, bench: Workbench, *, model: str, seed: int, cancel: CancelToken | None = None
    ) -> None:
        self._session = bench.session("reconstruct", model)
        self._card = self._session.model.card
        self._seed = seed
        self._cancel = cancel
        self._pictures: dict[int, NDArray[np.float32]] = {}
        self._widening: dict[int, float] = {}
        self._face_size = 0.0

    @property
    def draws(self) -> bool:
        """Whether the output is a sketch of the whole frame."""
        return self._card.output.kind == "sketch"

    def fill(self, frame: Frame, faces: list[Seen], seconds: float) -> NDArray[np.uint8]:
        """The frame (H, W, 3) uint8 with every face filled in.

        Outside the maps it is the frame, bit for bit; a sketch is a drawing of the whole frame.
        """
        return self.composed(frame, self.drawn(frame, faces, seconds))

    def drawn(self, frame: Frame, faces: list[Seen], seconds: float) -> Drawn:
        """The first half of :meth:`fill`: what the model draws, to be asked for frame after frame."""
        here = {each.track for each in faces}
        self._pictures = {key: each for key, each in self._pictures.items() if key in here}
        self._widening = {key: each for key, each in self._widening.items() if key in here}
        whole = np.zeros(frame.rgb.shape[:2], np.bool_)
        for each in faces:
            x0, y0, x1, y1 = each.map.rectangle
            whole[y0:y1, x0:x1] |= each.map.pixels
        claimed = np.zeros_like(whole)
        parts: list[Part] = []
        for each in faces:
            own = _over(each.map, whole.shape) & ~claimed
            claimed |= own
            if own.any():
                picture, alignment = self._picture(frame, each, own, whole, seconds)
                parts.append(Part(each.map, own, picture, alignment))
        if parts:
            self._face_size = parts[-1].alignment.crop_size_in_photo
        return Drawn(whole, tuple(parts), self._face_size)

    def composed(self, frame: Frame, drawn: Drawn) -> NDArray[np.uint8]:
        """The second half of :meth:`fill`, which needs no other frame: another thread may do it."""
        if self.draws:
            return _sketched(frame, drawn)
        filled = frame.rgb.copy()
        for part in drawn.parts:
            x0, y0, x1, y1 = _region(part.alignment, part.map, drawn.whole.shape)
            region = np.s_[y0:y1, x0:x1]
            photo = Photo(path=None, pixels=np.ascontiguousarray(filled[region]), sha256="")
            made = composite(
                photo,
                np.ascontiguousarray(part.own[region]),
                part.picture,
                _moved(part.alignment, x0, y0),
                hidden=np.ascontiguousarray(drawn.whole[region]),
                grain=False,  # a video's grain dances; a still one would show
            )
            filled[region] = made.pixels
        return filled

    def _picture(
        self,
        frame: Frame,
        seen: Seen,
        own: NDArray[np.bool_],
        whole: NDArray[np.bool_],
        seconds: float,
    ) -> tuple[NDArray[np.float32], Alignment]:
        """What the model draws of a face, (S, S, C) 0..1, smoothed over time, and where it lies."""
        card = self._card
        spec = card.input.alignment
        plain = align(seen.face, spec)
        wide = widen_to_map(plain, own, spec).crop_size_in_photo / plain.crop_size_in_photo
        # Pictures lie on each other over time only while the crop keeps its proportion to the face.
        factor = max(wide, self._widening.get(seen.track, 1.0))
        if factor != self._widening.get(seen.track):
            self._widening[seen.track] = factor
            self._pictures.pop(seen.track, None)
        alignment = widened(plain, spec, factor)
        picture, hidden = prepare_face_input(
            frame.rgb, whole, alignment, card.input.size, dilation=card.input.map_dilation
        )
        inputs = {
            "face": np.ascontiguousarray(picture.transpose(2, 0, 1)[None], np.float32),
            "map": np.ascontiguousarray(hidden[None, None], np.float32),
        }
        if card.output.latent:
            # Held for the whole track: the same hypothesis in every frame.
            values = latents(self._seed, range(1), card.output.latent, central=card.output.central)
            inputs["latent"] = values[None]
        if card.output.enlarge:
            # A finer picture is not wanted: its detail would dance.
            inputs["enlarge"] = np.zeros(1, np.float32)
        result = output(self._session.model, self._session.run(inputs, self._cancel), "output")
        drawn = np.ascontiguousarray(np.clip(result[0, 0], 0, 1).transpose(1, 2, 0), np.float32)
        smooth = blend(
            self._pictures.get(seen.track), drawn, cutoff=PICTURE_CUTOFF, seconds=seconds
        )
        self._pictures[seen.track] = smooth
        return smooth, alignment

    def save(self) -> dict[str, Any]:
        """The state between two frames."""
        return {
            "pictures": [[key, value] for key, value in self._pictures.items()],
            "widening": [[key, value] for key, value in self._widening.items()],
            "face_size": self._face_size,
        }

    def load(self, saved: dict[str, Any]) -> None:
        """Take up a state."""
        self._pictures = dict(saved["pictures"])
        self._widening = dict(saved["widening"])
        self._face_size = saved["face_size"]


def _sketched(frame: Frame, drawn: Drawn) -> NDArray[np.uint8]:
    """A drawing of the frame; its line weight stays that of the last face seen."""
    photo = Photo(path=None, pixels=frame.rgb, sha256="")
    drawing: NDArray[np.unsignedinteger[Any]] | None = None
    for part in drawn.parts:
        made = sketch_composite(photo, part.own, part.picture, part.alignment, hidden=drawn.whole)
        if drawing is None:
            drawing = made
        else:
            rim = sketched_part(part.own, part.alignment) & ~drawn.whole
            np.copyto(drawing, made, where=part.own | rim)
    if drawing is None:
        size = drawn.face_size or min(frame.rgb.shape[:2]) / 2
        plain = sketch(frame.rgb, face_size=size, hidden=drawn.whole)
        drawing = np.rint(plain * np.float32(255)).astype(np.uint8)
    return np.repeat(np.asarray(drawing, np.uint8)[..., None], 3, axis=2)


def _grown(map: FaceMap, radius: int) -> FaceMap:
    """The map grown by some pixels, within its rectangle."""
    if not map.pixels.any():
        return map
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    pixels = cv2.dilate(map.pixels.view(np.uint8), disc)
    return FaceMap(map.rectangle, pixels.view(np.bool_))


def _moved(alignment: Alignment, x: int, y: int) -> Alignment:
    """The alignment from a part of the frame that begins at (x, y)."""
    offset = alignment.matrix[:, :2] @ np.array([x, y], np.float64) + alignment.matrix[:, 2]
    return Alignment(np.column_stack([alignment.matrix[:, :2], offset]))


def _region(
    alignment: Alignment, map: FaceMap, shape: tuple[int, ...]
) -> tuple[int, int, int, int]:
    """The part of the frame that filling a face can touch or look at."""
    height, width = shape[:2]
    crop = alignment.rectangle(width, height)
    low = [max(0, min(crop[i], map.rectangle[i]) - MARGIN) for i in (0, 1)]
    high = [
        min(limit, max(crop[i], map.rectangle[i]) + MARGIN)
        for i, limit in ((2, width), (3, height))
    ]
    return low[0], low[1], high[0], high[1]


def _over(map: FaceMap, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """A face's map over the whole frame."""
    whole = np.zeros(shape[:2], np.bool_)
    x0, y0, x1, y1 = map.rectangle
    whole[y0:y1, x0:x1] = map.pixels
    return whole
