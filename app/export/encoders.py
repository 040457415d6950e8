"""Generated pictures as TIFF and JPEG, with everything that their metadata must say."""

from __future__ import annotations

import io
import struct
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.export.errors import ExportError
from app.export.exif import EXIF_IFD, GPS_IFD, KeptExif
from app.export.pictures import SOFTWARE, Marks
from app.export.png import profile_fits

QUALITY = 95
"""Of a JPEG, on Pillow's scale; with full colour resolution the loss is invisible."""

JPEG_LONGEST = 65_500
"""Sides above this do not fit into a JPEG."""

_XMP = 700
_ASCII, _LONG, _BYTE = 2, 4, 1


def encode_tiff(
    pixels: NDArray[np.generic], marks: Marks, *, exif: KeptExif | None = None
) -> bytes:
    """A TIFF without loss (Adobe Deflate), in the depth of the pixels.

    Args:
        pixels: (H, W, C) uint8 or uint16, the visible label included.
        marks: what it says of itself; a colour profile for another kind of colour is left out.
        exif: camera data of the photo.
    """
    import tifffile

    channels = pixels.shape[2]
    xmp = marks.xmp.encode()
    exif = exif or KeptExif()
    tags: list[tuple[int, int, int, Any, bool]] = [(_XMP, _BYTE, len(xmp), xmp, True)]
    tags += [(tag, _ASCII, 0, str(text), True) for tag, text in exif.main.items()]
    directories = {EXIF_IFD: exif.exif_fields()}
    if exif.gps:
        directories[GPS_IFD] = exif.gps_fields()
    file = io.BytesIO()
    tifffile.imwrite(
        file,
        pixels[..., 0] if channels == 1 else pixels,
        byteorder="<",
        photometric="rgb" if channels >= 3 else "minisblack",
        planarconfig="contig" if channels > 1 else None,
        extrasamples=["unassalpha"] if channels in (2, 4) else None,
        compression="zlib",
        predictor=True,
        rowsperstrip=64,
        description=marks.label,
        software=SOFTWARE,
        metadata=None,
        iccprofile=_fitting(marks.icc_profile, channels),
        extratags=tags,
    )
    return _with_directories(file.getvalue(), directories)


def _with_directories(content: bytes, directories: dict[int, dict[int, Any]]) -> bytes:
    """A little-endian TIFF of one page with EXIF directories, which tifffile does not write.

    They come to the end of the file, with a copy of the page's directory that points to them (TIFF 6.0,
    section 2): entries of 12 bytes, sorted by tag, whose values lie where they lay.
    """
    from PIL.TiffImagePlugin import ImageFileDirectory_v2

    (start,) = struct.unpack_from("<I", content, 4)
    (count,) = struct.unpack_from("<H", content, start)
    entries = [content[start + 2 + 12 * n : start + 14 + 12 * n] for n in range(count)]
    whole = bytearray(content)
    for tag, fields in directories.items():
        whole += b"\0" * (len(whole) % 2)
        entries.append(struct.pack("<HHII", tag, _LONG, 1, len(whole)))
        directory = ImageFileDirectory_v2(prefix=b"II", group=tag)
        directory.update(fields)
        whole += directory.tobytes(len(whole))
    whole += b"\0" * (len(whole) % 2)
    struct.pack_into("<I", whole, 4, len(whole))
    entries.sort(key=lambda entry: int.from_bytes(entry[:2], "little"))
    return bytes(whole) + struct.pack("<H", len(entries)) + b"".join(entries) + b"\0\0\0\0"


def encode_jpeg(
    pixels: NDArray[np.generic], marks: Marks, *, exif: KeptExif | None = None
) -> bytes:
    """A JPEG with full colour resolution; 16 bits become the upper 8, alpha is left out.

    Args:
        pixels, marks, exif: as for :func:`encode_tiff`.

    Raises:
        ExportError: the picture is too long or too wide for a JPEG.
    """
    from PIL import Image

    height, width, channels = pixels.shape
    if max(height, width) > JPEG_LONGEST:
        raise ExportError(
            f"A picture of {width} x {height} pixels does not fit into a JPEG; choose PNG or TIFF."
        )
    eight = (pixels >> 8 if pixels.dtype == np.uint16 else pixels).astype(np.uint8)  # type: ignore[operator]
    colour = eight[..., 0] if channels <= 2 else np.ascontiguousarray(eight[..., :3])
    file = io.BytesIO()
    Image.fromarray(colour).save(
        file,
        "JPEG",
        quality=QUALITY,
        subsampling=0,
        optimize=True,
        icc_profile=_fitting(marks.icc_profile, channels),
        exif=b"Exif\0\0"
        + (exif or KeptExif()).block(label=marks.label, width=width, height=height),
        xmp=marks.xmp.encode(),
    )
    return file.getvalue()


def _fitting(profile: bytes | None, channels: int) -> bytes | None:
    """A colour profile, if it is made for so many channels."""
    return profile if profile is not None and profile_fits(profile, channels=channels) else None
