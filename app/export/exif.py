"""What of a photo's camera data goes along with a composite of it.

Nothing is copied as it stands: known fields are read, checked and written anew. So are kept: the camera
and lens, the time and settings of the exposure, the copyright, and the place. The place stays because
where and when a photo was taken belongs to the evidence; exports for the public can leave it out.

Left out: maker notes, embedded previews (they would show the photo as it was, unlabelled), comments, and
every field that is not what the EXIF standard (CIPA DC-008) says it must be. The orientation is always
written as 1, because the pixels are in displayed orientation already.
"""

from __future__ import annotations

import io
import math
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from app.export.pictures import SOFTWARE

EXIF_IFD, GPS_IFD = 0x8769, 0x8825
DESCRIPTION, SOFTWARE_TAG, ORIENTATION = 270, 305, 274
WIDTH, HEIGHT, EXIF_VERSION, COLOUR_SPACE, GPS_VERSION = 40962, 40963, 36864, 40961, 0
UNCALIBRATED = 65535
"""Colour space of a picture that does not claim to be sRGB."""

LONGEST_TEXT = 200

Check = Callable[[Any], Any]
"""Gives the value in a form that is written, or None when it is not what it must be."""


@dataclass(frozen=True, kw_only=True)
class KeptExif:
    """Checked camera data by tag.

    Attributes:
        main, exif, gps: of the three directories.
    """

    main: Mapping[int, Any] = field(default_factory=dict)
    exif: Mapping[int, Any] = field(default_factory=dict)
    gps: Mapping[int, Any] = field(default_factory=dict)

    def block(self, *, label: str, width: int, height: int) -> bytes:
        """The EXIF block of a PNG or JPEG, without the name that JPEG puts before it.

        Args:
            label: the sentence that the picture carries; becomes its description.
            width, height: of the written picture in pixels.
        """
        from PIL import Image

        block = Image.Exif()
        block.update({**self.main, ORIENTATION: 1, SOFTWARE_TAG: SOFTWARE, DESCRIPTION: label})
        block.get_ifd(EXIF_IFD).update({**self.exif_fields(), WIDTH: width, HEIGHT: height})
        if self.gps:
            block.get_ifd(GPS_IFD).update(self.gps_fields())
        return block.tobytes().removeprefix(b"Exif\0\0")

    def exif_fields(self) -> dict[int, Any]:
        """The EXIF directory, without the size that TIFF keeps elsewhere."""
        return {COLOUR_SPACE: UNCALIBRATED, **self.exif, EXIF_VERSION: b"0232"}

    def gps_fields(self) -> dict[int, Any]:
        """The GPS directory; empty when no place is kept."""
        return {GPS_VERSION: b"\2\3\0\0", **self.gps} if self.gps else {}


def kept_exif(evidence: bytes | None, *, location: bool = True) -> KeptExif:
    """Read the camera data of a photo's file; what is damaged or unknown is left out.

    Args:
        evidence: the file's bytes; None gives no camera data.
        location: whether to keep where the photo was taken.
    """
    if evidence is None:
        return KeptExif()
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # damaged EXIF is left out, not reported
        try:
            with Image.open(io.BytesIO(evidence)) as picture:
                block = picture.getexif()
                main = dict(block)
                exif = dict(block.get_ifd(EXIF_IFD))
                gps = dict(block.get_ifd(GPS_IFD)) if location else {}
        except Exception:  # hostile bytes may raise anything, and nothing depends on them
            return KeptExif()
    return KeptExif(
        main=_checked(main, MAIN), exif=_checked(exif, EXPOSURE), gps=_checked(gps, PLACE)
    )


def _checked(fields: Mapping[int, Any], checks: Mapping[int, Check]) -> dict[int, Any]:
    kept: dict[int, Any] = {}
    for tag, check in checks.items():
        if tag in fields:
            try:
                value = check(fields[tag])
            except Exception:  # a value of any kind may stand in the file
                continue
            if value is not None:
                kept[tag] = value
    return kept


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        value = value.decode("ascii")
    text = str(value).split("\0")[0].strip()
    fits = 0 < len(text) <= LONGEST_TEXT and all(" " <= mark <= "~" for mark in text)
    return text if isinstance(value, str) and fits else None


def _like(pattern: str) -> Check:
    shape = re.compile(pattern)

    def check(value: Any) -> str | None:
        text = _text(value)
        return text if text is not None and shape.fullmatch(text) else None

    return check


def _number(least: int, most: int) -> Check:
    def check(value: Any) -> int | None:
        if isinstance(value, tuple) and len(value) == 1:
            value = value[0]
        return value if isinstance(value, int) and least <= value <= most else None

    return check


def _ratio(value: Any) -> Any:
    """A finite fraction that EXIF can hold."""
    from PIL.TiffImagePlugin import IFDRational

    number = float(value)
    if not math.isfinite(number) or abs(number) > 2**31 - 1:
        return None
    exact = Fraction(number).limit_denominator(1_000_000)
    if isinstance(value, IFDRational):
        exact = Fraction(int(value.numerator), int(value.denominator))
    largest = 2**31 - 1
    if abs(exact.numerator) > largest or exact.denominator > largest:
        return None
    return IFDRational(exact.numerator, exact.denominator)


def _ratios(count: int) -> Check:
    def check(value: Any) -> tuple[Any, ...] | None:
        values = tuple(_ratio(each) for each in value) if len(value) == count else ()
        return values if values and None not in values else None

    return check


def _byte(value: Any) -> bytes | None:
    if isinstance(value, int):
        value = bytes([value])
    return value if isinstance(value, bytes) and value in (b"\0", b"\1") else None


_DATE_TIME = _like(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d")
_OFFSET = _like(r"[+-]\d\d:\d\d|Z")
_DIGITS = _like(r"\d{1,9}")

MAIN: dict[int, Check] = {271: _text, 272: _text, 315: _text, 33432: _text}
"""Make, model, artist, copyright."""

EXPOSURE: dict[int, Check] = {
    33434: _ratio,  # exposure time
    33437: _ratio,  # f-number
    34850: _number(0, 9),  # exposure program
    34855: _number(1, 65535),  # ISO
    36867: _DATE_TIME,  # taken
    36868: _DATE_TIME,  # digitised
    36880: _OFFSET,
    36881: _OFFSET,
    36882: _OFFSET,
    37377: _ratio,  # shutter speed
    37378: _ratio,  # aperture
    37380: _ratio,  # exposure bias
    37383: _number(0, 255),  # metering
    37384: _number(0, 255),  # light source
    37385: _number(0, 255),  # flash
    37386: _ratio,  # focal length
    37520: _DIGITS,
    37521: _DIGITS,
    37522: _DIGITS,
    COLOUR_SPACE: lambda value: value if value in (1, UNCALIBRATED) else None,
    41988: _ratio,  # digital zoom
    41989: _number(0, 65535),  # focal length in 35 mm film
    42033: _text,  # body's serial number
    42034: _ratios(4),  # lens specification
    42035: _text,  # lens make
    42036: _text,  # lens model
    42037: _text,  # lens serial number
}

PLACE: dict[int, Check] = {
    1: _like("[NS]"),
    2: _ratios(3),
    3: _like("[EW]"),
    4: _ratios(3),
    5: _byte,
    6: _ratio,
    7: _ratios(3),
    16: _like("[TM]"),
    17: _ratio,
    18: _text,
    29: _like(r"\d{4}:\d\d:\d\d"),
    31: _ratio,
}
"""Latitude, longitude, height, time, direction, datum, date, error."""
