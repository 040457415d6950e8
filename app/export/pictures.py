"""The pictures that leave the case: composites, sketches, maps and uncertainty, as PNG files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.case.records import ReconstructionResult
from app.export.files import check_target, write_file
from app.export.labels import add_border, label_of, uncertainty_label
from app.export.metadata import COMPOSITE, GENERATED, Origin, xmp_packet
from app.export.png import encode_png

SOFTWARE = f"Revisage {__version__}"

MAP_DESCRIPTION = "Revisage map: 255 is mask, 0 is not"
"""What a map's file says of itself; it is no generated picture and has no XMP."""

Credentials = Callable[[bytes, str, str, str], bytes]
"""Gets a finished file with its name, label and source type, and gives it back with credentials."""

Role = Literal["composite", "face", "sketch", "sheet", "uncertainty", "map"]


@dataclass(frozen=True, kw_only=True)
class WrittenFile:
    """A file that was written, for the provenance record.

    Attributes:
        path: the file.
        role: what it shows.
        sha256: of its bytes.
        request_key: of the request that it came of; empty for a map.
        hypothesis: counted from 1; 0 where the file stands for all or none.
        label: the sentence that it carries; empty for a map.
        border: whether the label is also visible, below the picture.
    """

    path: Path
    role: Role
    sha256: str
    request_key: str = ""
    hypothesis: int = 0
    label: str = ""
    border: bool = False


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What a generated picture says of itself, in every format.

    Attributes:
        label: the sentence that it carries.
        source_type: IPTC digital source type.
        result: the run.
        icc_profile: the colour profile of its pixels, which is the photo's.
    """

    label: str
    source_type: str
    result: ReconstructionResult
    icc_profile: bytes | None = None

    @property
    def xmp(self) -> str:
        """The XMP packet."""
        model = self.result.request.model
        return xmp_packet(
            Origin(
                source_type=self.source_type,
                description=self.label,
                software=SOFTWARE,
                model=f"{model.name} v{model.version}",
            )
        )


def composite_name(stem: str, model: str, hypothesis: int) -> str:
    """File name of a composite; `model` as the user gave it, hypotheses count from 1."""
    return f"{stem}.{model}.h{hypothesis}.png"


def uncertainty_name(stem: str, model: str) -> str:
    """File name of an uncertainty picture."""
    return f"{stem}.{model}.uncertainty.png"


def map_name(stem: str) -> str:
    """File name of a map."""
    return f"{stem}.map.png"


def write_composite(
    path: Path,
    pixels: NDArray[np.generic],
    *,
    result: ReconstructionResult,
    hypothesis: int,
    border: bool = True,
    icc_profile: bytes | None = None,
    credentials: Credentials | None = None,
    force: bool = False,
    protected: Collection[Path] = (),
) -> WrittenFile:
    """Write one hypothesis: a composite, or a whole sketch when the model is of that kind.

    Args:
        path: the file to write.
        pixels: (H, W) or (H, W, C), uint8 or uint16, written as they are.
        result: the run that it came of; gives the label and the metadata.
        hypothesis: counted from 1.
        border: show the label in a border below the picture; the metadata carry it in any case.
        icc_profile: of the photo.
        credentials: signs the file; None where signing is not set up.
        force, protected: see :func:`app.export.files.check_target`.

    Raises:
        ExportError: nothing was written.
    """
    check_target(path, force=force, protected=protected)
    sketch = result.request.model.kind == "sketch"
    return _write_generated(
        path,
        pixels,
        role="sketch" if sketch else "composite",
        marks=Marks(
            label=label_of(result, hypothesis),
            source_type=GENERATED if sketch else COMPOSITE,
            result=result,
            icc_profile=icc_profile,
        ),
        hypothesis=hypothesis,
        border=border,
        credentials=credentials,
        force=force,
        protected=protected,
    )


def write_uncertainty_png(
    path: Path,
    pixels: NDArray[np.generic],
    *,
    result: ReconstructionResult,
    border: bool = False,
    credentials: Credentials | None = None,
    force: bool = False,
    protected: Collection[Path] = (),
) -> WrittenFile:
    """Write how uncertain a run's hypotheses are.

    Args:
        path: the file to write.
        pixels: (H, W) or (H, W, C) in the photo's size, uint8 or uint16.
        result: the run.
        border: show the label below the picture; without it the file has the photo's size.
        credentials: signs the file; None where signing is not set up.
        force, protected: see :func:`app.export.files.check_target`.

    Raises:
        ExportError: nothing was written.
    """
    check_target(path, force=force, protected=protected)
    marks = Marks(label=uncertainty_label(result), source_type=GENERATED, result=result)
    return _write_generated(
        path,
        pixels,
        role="uncertainty",
        marks=marks,
        hypothesis=0,
        border=border,
        credentials=credentials,
        force=force,
        protected=protected,
    )


def _write_generated(
    path: Path,
    pixels: NDArray[np.generic],
    *,
    role: Role,
    marks: Marks,
    hypothesis: int,
    border: bool,
    credentials: Credentials | None,
    force: bool,
    protected: Collection[Path],
) -> WrittenFile:
    picture = pixels[..., None] if pixels.ndim == 2 else pixels
    content = encode_generated(add_border(picture, marks.label) if border else picture, marks)
    if credentials is not None:
        content = credentials(content, path.name, marks.label, marks.source_type)
    write_file(path, content, force=force, protected=protected)
    return WrittenFile(
        path=path,
        role=role,
        sha256=hashlib.sha256(content).hexdigest(),
        request_key=marks.result.request.key,
        hypothesis=hypothesis,
        label=marks.label,
        border=border,
    )


def encode_generated(
    pixels: NDArray[np.generic], marks: Marks, *, exif: bytes | None = None
) -> bytes:
    """A generated picture as PNG, with everything that its metadata must say.

    Args:
        pixels: (H, W, C) uint8 or uint16, the visible label included.
        marks: what it says of itself.
        exif: from :func:`app.export.exif.kept_exif`.
    """
    text = {
        "Software": SOFTWARE,
        "Description": marks.label,
        "Revisage request": marks.result.request.key,
        "Revisage photo SHA-256": marks.result.request.photo_sha256,
    }
    return encode_png(pixels, xmp=marks.xmp, text=text, icc_profile=marks.icc_profile, exif=exif)


def write_map_png(
    path: Path,
    map: NDArray[np.bool_],
    *,
    force: bool = False,
    protected: Collection[Path] = (),
) -> WrittenFile:
    """Write a map: 8 bits, the photo's size, 255 is mask and 0 is not.

    Args:
        path: the file to write.
        map: (H, W) bool.
        force, protected: see :func:`app.export.files.check_target`.

    Raises:
        ExportError: nothing was written.
    """
    check_target(path, force=force, protected=protected)
    content = encode_map(map)
    write_file(path, content, force=force, protected=protected)
    return WrittenFile(path=path, role="map", sha256=hashlib.sha256(content).hexdigest())


def encode_map(map: NDArray[np.bool_]) -> bytes:
    """A map (H, W) bool as PNG."""
    text = {"Software": SOFTWARE, "Description": MAP_DESCRIPTION}
    return encode_png(map.astype(np.uint8) * np.uint8(255), text=text)
