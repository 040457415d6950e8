"""A photo's bytes to pixels: what is in the header, and a decoder that never guesses.

OpenCV decodes, because Pillow has no 16-bit colour; Pillow reads the headers. What OpenCV 4.14 gets
wrong was measured, and is decided here:

- ``IMREAD_UNCHANGED`` obeys no EXIF orientation, except that of TIFF, which it always obeys.
- 8-bit TIFF loses grey alpha, premultiplies RGBA, reads CMYK as RGBA and fails on some tiles; Pillow
  reads all of these. 16-bit TIFF with separate planes comes out wrong without an error and is refused.
- A truncated JPEG that a recovery tool closed with an end marker decodes to a grey rest.
"""

from __future__ import annotations

import io
import warnings
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import cv2
import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from PIL import Image, TiffImagePlugin

Pixels = NDArray[np.unsignedinteger[Any]]
"""Pixels of a photo: uint8 or uint16."""

FORMATS = ("JPEG", "PNG", "TIFF", "WEBP", "BMP")

_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_GREY_ALPHA = 4
_TIFF_BITS, _TIFF_PHOTOMETRIC, _TIFF_PLANES, _TIFF_SAMPLE_FORMAT = 258, 262, 284, 339
_ORIENTATION = 274
_TIFF_SUBFILE, _TIFF_WIDTH = 254, 256
_REDUCED, _TRANSPARENCY = 1, 4  # bits of _TIFF_SUBFILE

_MOST_TAGS = 200_000
"""Tags of a TIFF's pages that are read to count these; no list of them keeps anyone waiting."""

_WEBP_ANIMATION = 2
_FOREIGN = {
    b"GIF8": "a GIF",
    b"ftypheic": "a HEIC photo",
    b"ftypheix": "a HEIC photo",
    b"ftypmif1": "a HEIF photo",
    b"ftypavif": "an AVIF photo",
    b"%PDF": "a PDF",
    b"\xff\x0a": "a JPEG XL photo",
    b"jP  ": "a JPEG 2000 photo",
}


class DecodeError(Exception):
    """Why the bytes give no photo: the rest of a sentence that begins with the file's name."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Header:
    """What a file says about its photo before any pixel is decoded.

    Attributes:
        format: one of :data:`FORMATS`.
        width, height: as stored, in pixels; the orientation may exchange them.
        orientation: EXIF orientation, 1..8; 1 where decoding has obeyed it already.
        icc_profile: the colour profile that belongs to the decoded pixels, or None.
        tiff: tags that decide how a TIFF is decoded (bits, photometric, planes, sample format).
    """

    format: str
    width: int
    height: int
    orientation: int
    icc_profile: bytes | None
    tiff: tuple[tuple[int, ...], int, int, tuple[int, ...]] | None = None


def read_header(data: bytes) -> Header:
    """Read format, size, orientation and colour profile without decoding.

    Raises:
        DecodeError: the bytes are no photo of a known format.
    """
    with _open(data) as picture:
        format_ = "JPEG" if picture.format == "MPO" else str(picture.format)
        width, height = picture.size
        try:
            # To look for EXIF after the pixels of a PNG, Pillow would decode them all; see decode().
            seen = format_ != "PNG" or {"exif", "Raw profile type exif"} & picture.info.keys()
            orientation = int(picture.getexif().get(_ORIENTATION, 1)) if seen else 1
        except Exception:  # a damaged EXIF block is no reason to refuse the pixels
            orientation = 1
        profile = picture.info.get("icc_profile")
        icc = profile if isinstance(profile, bytes) and profile else None
        if picture.mode == "CMYK":
            icc = None  # it describes inks, and the pixels become RGB
        tiff = _tiff_tags(picture) if format_ == "TIFF" else None
    if format_ == "TIFF" or orientation not in range(1, 9):
        orientation = 1
    return Header(
        format=format_,
        width=width,
        height=height,
        orientation=orientation,
        icc_profile=icc,
        tiff=tiff,
    )


def decode(data: bytes, header: Header) -> Pixels:
    """Decode all pixels in displayed orientation.

    Returns:
        (H, W, C) uint8 or uint16; C is 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.

    Raises:
        DecodeError: the file is damaged, cut short, or of a kind that cannot be read faithfully.
        MemoryError: there is not enough memory for the photo.
    """
    orientation = header.orientation
    if header.format == "PNG":
        exif = _check_png(data)
        if orientation == 1 and exif is not None:
            orientation = _orientation_of(exif)
    if header.format == "TIFF":
        pixels = _decode_tiff(data, header)
    else:
        pixels = _opencv(data)
    if header.format == "JPEG" and _jpeg_rest_is_missing(data, pixels):
        raise DecodeError(
            "is cut short: its lower part holds no picture; copy it again from its source"
        )
    if header.format == "PNG" and data[25] == _PNG_GREY_ALPHA and pixels.shape[2] == 4:
        pixels = pixels[..., [0, 3]]  # OpenCV repeats the grey three times
    return np.ascontiguousarray(_turn(pixels, orientation))


def open_lazily(file: BinaryIO, formats: Sequence[str]) -> Image.Image:
    """Pillow's lazy image: headers only; whatever Pillow raises is passed on."""
    from PIL import Image

    # The caller's own limit is the guard; Pillow's would hide the size that the message names.
    Image.MAX_IMAGE_PIXELS = None
    # Damaged EXIF is ignored on purpose; its warning would be mistaken for a failure.
    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
    return Image.open(file, formats=[*formats, "MPO"])


def count_pictures(file: BinaryIO) -> int:
    """How many pictures a TIFF, a PNG or a WebP holds: pages, or frames of an animation.

    Only headers are read, of an animated WebP the whole file. Smaller copies and transparency masks
    among a TIFF's pages are no pictures of their own, nor are the previews that cameras put into a JPEG.

    Args:
        file: at its beginning; stays open.

    Returns:
        0 for what cannot be read, whatever is wrong with it; 1 for photos of other formats.
    """
    try:
        head = file.read(21)
        file.seek(0)
        if head[:4] == b"RIFF" and not (head[12:16] == b"VP8X" and head[20] & _WEBP_ANIMATION):
            return 1  # Pillow would read it whole to find that out
        picture = open_lazily(file, FORMATS)
        if picture.format == "TIFF":
            return _count_pages(cast("TiffImagePlugin.TiffImageFile", picture), file)
        return int(getattr(picture, "n_frames", 1)) if picture.format in ("PNG", "WEBP") else 1
    except Exception:  # whoever decodes it says what is wrong
        return 0


def _count_pages(tiff: TiffImagePlugin.TiffImageFile, file: BinaryIO) -> int:
    """Follow the list of pages; one that Pillow could not decode counts, too."""
    directory, count = tiff.tag_v2, 1
    seen, tags = {directory.offset}, 0
    while (following := directory.next) and following not in seen and tags < _MOST_TAGS:
        seen.add(following)
        file.seek(following)
        directory.load(file)
        tags += 1 + len(directory)
        kind = int(directory.get(_TIFF_SUBFILE, 0))
        # A link into nowhere, which some programs leave behind the last page, leads to no width.
        if _TIFF_WIDTH in directory and not kind & (_REDUCED | _TRANSPARENCY):
            count += 1
    return count


def _open(data: bytes) -> Image.Image:
    if not any(data[:32]) and len(data) > 0:
        raise DecodeError("holds only zeros; copy it again from its source")
    try:
        return open_lazily(io.BytesIO(data), FORMATS)
    except Exception as error:
        for signature, name in _FOREIGN.items():
            if signature in data[:16]:
                raise DecodeError(
                    f"is {name}, which Revisage does not read; convert it to PNG or TIFF"
                ) from error
        if _known(data):
            raise DecodeError(
                "is cut short, damaged or of an unusual kind; copy it again from its source, or save it"
                " as PNG or 8- or 16-bit TIFF"
            ) from error
        raise DecodeError("is not an image; choose a JPEG, PNG, TIFF, WebP or BMP photo") from error


def _known(data: bytes) -> bool:
    """Whether the bytes begin like a format that is read."""
    starts = (b"\xff\xd8\xff", _PNG_SIGNATURE, b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"BM")
    return data.startswith(starts) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _opencv(data: bytes) -> Pixels:
    """Decode by OpenCV as stored, channels in RGB order."""
    try:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error as error:
        raise DecodeError("is damaged or cut short; copy it again from its source") from error
    if decoded is None:
        raise DecodeError("is damaged or cut short; copy it again from its source")
    if decoded.dtype not in (np.uint8, np.uint16):
        raise DecodeError(
            f"holds {decoded.dtype} pixels; save it again with 8 or 16 bits per channel"
        )
    if decoded.ndim == 2:
        decoded = decoded[..., None]
    elif decoded.shape[2] == 3:
        decoded = cv2.cvtColor(decoded, cv2.COLOR_BGR2RGB, dst=decoded)
    else:
        decoded = cv2.cvtColor(decoded, cv2.COLOR_BGRA2RGBA, dst=decoded)
    return cast(Pixels, decoded)


def _tiff_tags(picture: Image.Image) -> tuple[tuple[int, ...], int, int, tuple[int, ...]]:
    """Bits per sample, photometric interpretation, planar configuration, sample formats."""
    tiff: TiffImagePlugin.TiffImageFile = picture  # type: ignore[assignment]
    tags = tiff.tag_v2
    return (
        tuple(tags.get(_TIFF_BITS, (1,))),
        int(tags.get(_TIFF_PHOTOMETRIC, 1)),
        int(tags.get(_TIFF_PLANES, 1)),
        tuple(tags.get(_TIFF_SAMPLE_FORMAT, (1,))),
    )


def _decode_tiff(data: bytes, header: Header) -> Pixels:
    """Decode a TIFF by whichever library reads this kind faithfully; both obey its orientation."""
    assert header.tiff is not None
    bits, photometric, planes, sample_formats = header.tiff
    if max(bits) <= 8:
        return _pillow(data)
    layout = (photometric, len(bits))
    faithful = (
        set(bits) == {16}
        and set(sample_formats) == {1}
        and (planes == 1 or len(bits) == 1)
        and layout in ((0, 1), (1, 1), (2, 3), (2, 4))
    )
    if not faithful:
        raise DecodeError(
            "is a kind of TIFF that cannot be read faithfully; save it again as grey, RGB or RGBA"
            " with 8 or 16 bits and interleaved channels"
        )
    pixels = _opencv(data)
    return np.bitwise_not(pixels) if photometric == 0 else pixels


def _pillow(data: bytes) -> Pixels:
    """Decode a picture of at most 8 bits per channel by Pillow."""
    try:
        with _open(data) as picture:
            if picture.mode == "1":
                picture = picture.convert("L")
            elif picture.mode in ("P", "PA"):
                alpha = picture.mode == "PA" or "transparency" in picture.info
                picture = picture.convert("RGBA" if alpha else "RGB")
            elif picture.mode not in ("L", "LA", "RGB", "RGBA"):
                picture = picture.convert("RGB")
            pixels = np.array(picture)
    except (OSError, ValueError, SyntaxError) as error:
        raise DecodeError("is damaged or cut short; copy it again from its source") from error
    return pixels if pixels.ndim == 3 else pixels[..., None]


def _check_png(data: bytes) -> bytes | None:
    """Walk a PNG's chunks: all there, none altered.

    Returns:
        The EXIF block, which Pillow sees only when it comes before the pixels.

    Raises:
        DecodeError: a chunk is cut short or its checksum is wrong.
    """
    view = memoryview(data)
    at, exif = len(_PNG_SIGNATURE), None
    while at + 12 <= len(data):
        length = int.from_bytes(view[at : at + 4], "big")
        kind = bytes(view[at + 4 : at + 8])
        end = at + 12 + length
        if end > len(data):
            break
        if zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise DecodeError("is damaged: a checksum is wrong; copy it again from its source")
        if kind == b"eXIf":
            exif = bytes(view[at + 8 : end - 4])
        if kind == b"IEND":
            return exif
        at = end
    raise DecodeError("is cut short: the end of the file is missing; copy it again from its source")


def _orientation_of(exif: bytes) -> int:
    """The orientation in an EXIF block; 1 when there is none or the block is damaged."""
    from PIL import Image

    block = Image.Exif()
    try:
        block.load(exif)
        orientation = int(block.get(_ORIENTATION, 1))
    except Exception:  # a damaged EXIF block is no reason to refuse the pixels
        return 1
    return orientation if orientation in range(1, 9) else 1


def _jpeg_rest_is_missing(data: bytes, pixels: Pixels) -> bool:
    """Whether a JPEG's lower part is filler, because its data ends early but properly closed.

    libjpeg fills what is missing with mid grey and only prints a warning. A photo may be grey there;
    but where data is missing, more data before the end marker would be read as picture, and where
    none is missing it would be skipped.
    """
    if np.ptp(pixels[-1]) != 0 or not 127 <= int(pixels[-1].flat[0]) <= 129:
        return False
    end = data.rfind(b"\xff\xd9")
    if end < 0:
        return False
    noise = np.random.default_rng(0).integers(0, 255, 4096, dtype=np.uint8).tobytes()
    try:
        longer = _opencv(data[:end] + noise + data[end:])
    except DecodeError:
        return False
    return not np.array_equal(longer, pixels)


def _turn(pixels: Pixels, orientation: int) -> Pixels:
    """Bring stored pixels to their displayed orientation (EXIF 1..8)."""
    if orientation >= 5:
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    return pixels
