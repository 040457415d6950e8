"""The record of a reconstruction: one frozen request, one frozen result.

The log, the cache key, the provenance file and the report are all made from these, so that none can
say something else than the others. They hold plain values only and survive JSON unchanged.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
from pydantic import ConfigDict, TypeAdapter, ValidationError

from app.imaging.errors import RevisageError
from app.imaging.face import Face


class RecordError(RevisageError):
    """A stored record is damaged."""


MapSource = Literal["automatic", "file", "hand"]
"""How a map came about: by the models, from a file, or changed by the analyst."""

STRICT = ConfigDict(extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=False)


class _Record:
    """JSON in and out for the records below."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries, lists, numbers and strings; what :meth:`from_dict` reads."""
        document: dict[str, Any] = json.loads(self.to_json())
        return document

    def to_json(self) -> str:
        """Canonical JSON: sorted keys, no spaces, shortest floats; equal records give equal text."""
        return canonical_json(dataclasses.asdict(self))  # type: ignore[call-overload]

    @classmethod
    def from_dict(cls, document: dict[str, Any]) -> Self:
        """Read what :meth:`to_dict` wrote.

        Raises:
            RecordError: a field is missing, unknown, or of the wrong kind.
        """
        return cls.from_json(json.dumps(document))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what :meth:`to_json` wrote; errors as :meth:`from_dict`."""
        try:
            record: Self = TypeAdapter(cls).validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            field = ".".join(str(part) for part in first["loc"]) or "document"
            raise RecordError(
                f"A record of the kind {cls.__name__} is damaged (field {field}: {first['msg']}); "
                "restore the case from a copy."
            ) from error
        return record


def canonical_json(document: object) -> str:
    """One text for one value: the form that is hashed.

    Raises:
        ValueError: a float is not a number or infinite.
    """
    return json.dumps(
        document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


@dataclass(frozen=True, kw_only=True)
class ModelRecord(_Record):
    """Which model it was.

    Attributes:
        name, version, sha256: from its card; the hash is that of the ONNX file.
        task: the stage it served.
        kind: ``rgb``, ``sketch`` or ``gan`` for a reconstruction; empty otherwise.
    """

    name: str
    version: str
    sha256: str
    task: str
    kind: str = ""


@dataclass(frozen=True, kw_only=True)
class FaceRecord(_Record):
    """A face as plain numbers.

    Attributes:
        box: x0, y0, x1, y1 in photo pixels.
        landmarks: 68 times x, y in photo pixels.
        score, masked: 0..1.
    """

    box: tuple[float, float, float, float]
    landmarks: tuple[tuple[float, float], ...]
    score: float
    masked: float

    @classmethod
    def of(cls, face: Face) -> FaceRecord:
        """The record of a face, without loss."""
        x0, y0, x1, y1 = (float(value) for value in face.box)
        return cls(
            box=(x0, y0, x1, y1),
            landmarks=tuple((float(x), float(y)) for x, y in face.landmarks),
            score=float(face.score),
            masked=float(face.masked),
        )

    def face(self) -> Face:
        """The face of the record."""
        return Face(
            box=self.box,
            landmarks=np.array(self.landmarks, np.float32).reshape(-1, 2),
            score=self.score,
            masked=self.masked,
        )


@dataclass(frozen=True, kw_only=True)
class ReconstructionRequest(_Record):
    """Everything that decides the pictures of one run.

    Attributes:
        photo_sha256: of the evidence file's bytes.
        photo_size: width and height of the displayed photo in pixels.
        faces: the faces reconstructed, in order; usually one.
        map_sha256: of the map's pixels, see :func:`hash_of_map`.
        model: the reconstruction model.
        hypotheses: how many were asked for.
        seed: of the latent values.
        device: what was asked for (``auto``, ``cpu``, ``cuda``).
        app_version: of Revisage.
    """

    photo_sha256: str
    photo_size: tuple[int, int]
    faces: tuple[FaceRecord, ...]
    map_sha256: str
    model: ModelRecord
    hypotheses: int
    seed: int
    device: str
    app_version: str

    @property
    def key(self) -> str:
        """SHA-256 of the canonical JSON: equal requests have equal keys, on every machine."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class ReconstructionResult(_Record):
    """What came of a request.

    Attributes:
        request: the request.
        provider: the execution provider that ONNX Runtime really used.
        outputs: SHA-256 of each composite's pixels, in the hypotheses' order, see
            :func:`hash_of_pixels`.
        made: how many hypotheses were made.
        shown: how many of them are shown or exported.
        uncovered: pixels of the map that no model's crop reached and that stayed as they were.
        seconds: how long it took.
        started_utc: ISO 8601 with ``+00:00``.
        map_source: how the map came about.
        helpers: the models that found the faces and the map, where models did.
        notes: sentences worth reading, such as why there are fewer hypotheses than asked for.
    """

    request: ReconstructionRequest
    provider: str
    outputs: tuple[str, ...]
    made: int
    shown: int
    uncovered: int
    seconds: float
    started_utc: str
    map_source: MapSource = "automatic"
    helpers: tuple[ModelRecord, ...] = ()
    notes: tuple[str, ...] = ()


def hash_of_map(map: np.typing.NDArray[np.bool_]) -> str:
    """SHA-256 of a map (H, W) bool: of its size as text, a line feed, and a byte 0 or 1 per pixel."""
    return hash_of_pixels(map.astype(np.uint8))


def hash_of_pixels(pixels: np.typing.NDArray[np.generic]) -> str:
    """SHA-256 of an array: of its shape and type as text, a line feed, and its little-endian values."""
    little = np.ascontiguousarray(pixels, pixels.dtype.newbyteorder("<"))
    shape = "x".join(str(side) for side in pixels.shape)
    digest = hashlib.sha256(f"{shape} {pixels.dtype.name}\n".encode())
    digest.update(little.tobytes() if little.size == 0 else little.data)
    return digest.hexdigest()
