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
from app.export.labels import add_border, hypothesis_label, uncertainty_label
from app.export.metadata import COMPOSITE, GENERATED, Origin, xmp_packet
from app.export.png import encode_png

SOFTWARE = f"Revisage {__version__}"

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
    request = result.request
    label = hypothesis_label(request.model, number=hypothesis, made=result.made, seed=request.seed)
    sketch = request.model.kind == "sketch"
    return _write_generated(
        path,
        pixels,
        role="sketch" if sketch else "composite",
        source_type=GENERATED if sketch else COMPOSITE,
        label=label,
        result=result,
        hypothesis=hypothesis,
        border=border,
        icc_profile=icc_profile,
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
    request = result.request
    return _write_generated(
        path,
        pixels,
        role="uncertainty",
        source_type=GENERATED,
        label=uncertainty_label(request.model, made=result.made, seed=request.seed),
        result=result,
        hypothesis=0,
        border=border,
        icc_profile=None,
        credentials=credentials,
        force=force,
        protected=protected,
    )


def _write_generated(
    path: Path,
    pixels: NDArray[np.generic],
    *,
    role: Role,
    source_type: str,
    label: str,
    result: ReconstructionResult,
    hypothesis: int,
    border: bool,
    icc_profile: bytes | None,
    credentials: Credentials | None,
    force: bool,
    protected: Collection[Path],
) -> WrittenFile:
    picture = pixels[..., None] if pixels.ndim == 2 else pixels
    content = encode_generated(
        add_border(picture, label) if border else picture,
        label=label,
        source_type=source_type,
        result=result,
        icc_profile=icc_profile,
    )
    if credentials is not None:
        content = credentials(content, path.name, label, source_type)
    write_file(path, content, force=force, protected=protected)
    return WrittenFile(
        path=path,
        role=role,
        sha256=hashlib.sha256(content).hexdigest(),
        request_key=result.request.key,
        hypothesis=hypothesis,
        label=label,
        border=border,
    )


def encode_generated(
    pixels: NDArray[np.generic],
    *,
    label: str,
    source_type: str,
    result: ReconstructionResult,
    icc_profile: bytes | None = None,
    exif: bytes | None = None,
) -> bytes:
    """A generated picture as PNG, with everything that its metadata must say.

    Args:
        pixels: (H, W, C) uint8 or uint16, the visible label included.
        label: the sentence that the picture carries.
        source_type: IPTC digital source type.
        result: the run.
        icc_profile: of the photo.
        exif: from :func:`app.export.exif.kept_exif`.
    """
    text = {
        "Software": SOFTWARE,
        "Description": label,
        "Revisage request": result.request.key,
        "Revisage photo SHA-256": result.request.photo_sha256,
    }
    origin = origin_of(result, label=label, source_type=source_type)
    return encode_png(pixels, xmp=xmp_packet(origin), text=text, icc_profile=icc_profile, exif=exif)


def origin_of(result: ReconstructionResult, *, label: str, source_type: str) -> Origin:
    """What a picture of this run says about itself in XMP."""
    model = result.request.model
    return Origin(
        source_type=source_type,
        description=label,
        software=SOFTWARE,
        model=f"{model.name} v{model.version}",
    )


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
    text = {"Software": SOFTWARE, "Description": "Revisage map: 255 is mask, 0 is not"}
    return encode_png(map.astype(np.uint8) * np.uint8(255), text=text)
