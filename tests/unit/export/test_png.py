"""PNG: every depth and number of channels comes back bit for bit, with its metadata."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray
from PIL import Image, ImageCms

from app.export.png import SIGNATURE, encode_png
from app.imaging.photo import read_photo


def chunks(content: bytes) -> list[tuple[bytes, bytes]]:
    """Kind and data of every chunk; checks every checksum."""
    assert content.startswith(SIGNATURE)
    found, place = [], len(SIGNATURE)
    while place < len(content):
        (length,) = struct.unpack(">I", content[place : place + 4])
        kind = content[place + 4 : place + 8]
        data = content[place + 8 : place + 8 + length]
        (checksum,) = struct.unpack(">I", content[place + 8 + length : place + 12 + length])
        assert zlib.crc32(kind + data) == checksum
        found.append((kind, data))
        place += 12 + length
    return found


def decoded(content: bytes) -> NDArray[Any]:
    """As the application itself reads it."""
    return np.asarray(cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_UNCHANGED))


@given(
    pixels=st.one_of(
        *(
            arrays.arrays(dtype, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(channels)))
            for dtype in (np.uint8, np.uint16)
            for channels in (1, 2, 3, 4)
        )
    )
)
def test_bit_exact(tmp_path_factory: pytest.TempPathFactory, pixels: NDArray[Any]) -> None:
    path = Path(tmp_path_factory.mktemp("png")) / "a.png"
    path.write_bytes(encode_png(pixels, xmp="<x/>", text={"Software": "Revisage"}))
    again = read_photo(path)
    assert again.pixels.dtype == pixels.dtype
    np.testing.assert_array_equal(again.pixels, pixels)


def test_views_and_two_dimensions() -> None:
    pixels = np.arange(200, dtype=np.uint16).reshape(10, 20)[:, ::2]
    pixels.flags.writeable = False
    np.testing.assert_array_equal(decoded(encode_png(pixels)), pixels)


def test_texts_are_read_by_pillow() -> None:
    text = {"Software": "Revisage 1", "Description": "Gr\u00fc\u00dfe \u4f60\u597d", "Empty": ""}
    content = encode_png(np.zeros((4, 5, 3), np.uint8), xmp="<x>\u00e9</x>", text=text)
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert {key: image.info[key] for key in text} == text
        assert image.info["xmp"].decode() == "<x>\u00e9</x>"
    kinds = [kind for kind, _ in chunks(content)]
    assert kinds[0] == b"IHDR"
    assert kinds[-1] == b"IEND"
    assert kinds.index(b"iTXt") < kinds.index(b"IDAT")


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_the_profile_of_the_right_colours_is_kept(channels: int) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    content = encode_png(np.zeros((4, 5, channels), np.uint8), icc_profile=profile)
    chunks(content)
    with Image.open(io.BytesIO(content)) as image:
        assert image.info.get("icc_profile") == (profile if channels >= 3 else None)
    grey = profile[:16] + b"GRAY" + profile[20:]
    with Image.open(
        io.BytesIO(encode_png(np.zeros((4, 5, channels), np.uint8), icc_profile=grey))
    ) as image:
        assert ("icc_profile" in image.info) == (channels <= 2)


def test_a_broken_profile_is_left_out() -> None:
    content = encode_png(np.zeros((4, 5, 3), np.uint8), icc_profile=b"short")
    assert b"iCCP" not in dict(chunks(content))


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((4, 5, 3), np.float32),
        np.zeros((4, 5, 5), np.uint8),
        np.zeros((0, 5, 3), np.uint8),
        np.zeros((4,), np.uint8),
    ],
)
def test_what_is_no_picture(pixels: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="a picture of"):
        encode_png(pixels)


@pytest.mark.parametrize("keyword", ["", "k" * 80])
def test_keywords_have_a_length(keyword: str) -> None:
    with pytest.raises(ValueError, match="1 to 79"):
        encode_png(np.zeros((1, 1), np.uint8), text={keyword: "x"})
