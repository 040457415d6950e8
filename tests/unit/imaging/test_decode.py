"""Headers without decoding; what :mod:`test_photo` sees only through whole files is tested there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.imaging.decode import DecodeError, decode, read_header
from tests.support.pictures import chunk, exif, picture, png


def test_header_of_a_png() -> None:
    header = read_header(png(picture(20, 30), before=chunk(b"eXIf", exif(6))))
    assert (header.format, header.width, header.height) == ("PNG", 30, 20)
    assert header.orientation == 6
    assert header.icc_profile is None


def test_header_needs_no_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr(cv2, "imdecode", refuse)
    header = read_header(png(picture(4, 4), size=(60_000, 60_000)))
    assert header.width * header.height == 3_600_000_000


@pytest.mark.parametrize("data", [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"II*\0", b"BM12"])
def test_beginning_of_a_photo_is_called_cut_short(data: bytes) -> None:
    with pytest.raises(DecodeError, match="cut short"):
        read_header(data)


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"\0\0\0\x18ftypheic", "HEIC"), (b"\0\0\0\x18ftypavif", "AVIF"), (b"%PDF-1.7", "PDF")],
)
def test_other_files_are_named(data: bytes, name: str) -> None:
    with pytest.raises(DecodeError, match=name):
        read_header(data + bytes(50))


def test_decoded_pixels_own_their_memory_in_rows() -> None:
    data = png(picture(20, 30), before=chunk(b"eXIf", exif(5)))
    pixels = decode(data, read_header(data))
    assert pixels.shape == (30, 20, 3)
    assert pixels.flags.c_contiguous
    np.testing.assert_array_equal(pixels, picture(20, 30).transpose(1, 0, 2))
