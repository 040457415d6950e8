"""Photos come back exactly as stored and displayed, or not at all and with one clear sentence."""

from __future__ import annotations

import hashlib
import io
import os
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image

from app.imaging.decode import read_header
from app.imaging.errors import PhotoError
from app.imaging.photo import MAX_PIXELS, photo_from_array, read_photo
from tests.support.pictures import Pixels, chunk, displayed, exif, picture, png


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def encoded(pixels: Pixels, format_: str, **options: Any) -> bytes:
    """8-bit pixels in a file that Pillow writes."""
    file = io.BytesIO()
    Image.fromarray(pixels if pixels.shape[2] > 1 else pixels[..., 0]).save(
        file, format_, **options
    )
    return file.getvalue()


def tiff(pixels: NDArray[Any], **options: Any) -> bytes:
    """A TIFF of any kind."""
    file = io.BytesIO()
    tifffile.imwrite(file, np.ascontiguousarray(pixels), **options)
    return file.getvalue()


def sentence(path: Path | str) -> str:
    """What reading a bad photo says."""
    with pytest.raises(PhotoError) as caught:
        read_photo(path)
    text = str(caught.value)
    assert text.startswith(str(path))
    assert text.endswith(".")
    assert "\n" not in text
    assert ";" in text, "it must also say what to do"
    return text


# --- faithful ------------------------------------------------------------------------------------


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_png(tmp_path: Path, channels: int, bits: int, interlaced: bool) -> None:
    pixels = picture(21, 34, channels, bits=bits, detail=1)
    data = png(pixels, interlaced=interlaced)
    photo = read_photo(written(tmp_path, "a.png", data))
    np.testing.assert_array_equal(photo.pixels, pixels)
    assert photo.pixels.dtype == pixels.dtype
    assert (photo.format, photo.width, photo.height) == ("PNG", 34, 21)
    assert photo.sha256 == hashlib.sha256(data).hexdigest()
    assert photo.grey == (channels < 3)
    assert photo.has_alpha == (channels in (2, 4))


def test_palette_png_with_and_without_transparency(tmp_path: Path) -> None:
    image = Image.fromarray(picture(30, 40)).quantize(16)
    image.save(tmp_path / "plain.png")
    image.save(tmp_path / "clear.png", transparency=3)
    np.testing.assert_array_equal(
        read_photo(tmp_path / "plain.png").pixels, np.array(image.convert("RGB"))
    )
    with Image.open(tmp_path / "clear.png") as clear:
        expected = np.array(clear.convert("RGBA"))
    np.testing.assert_array_equal(read_photo(tmp_path / "clear.png").pixels, expected)


def test_one_bit_png(tmp_path: Path) -> None:
    pixels = picture(16, 24, 1)
    Image.fromarray(pixels[..., 0] > 127).save(tmp_path / "a.png")
    np.testing.assert_array_equal(
        read_photo(tmp_path / "a.png").pixels, np.where(pixels > 127, 255, 0)
    )


@pytest.mark.parametrize("format_", ["JPEG", "WEBP", "BMP", "TIFF"])
@pytest.mark.parametrize("channels", [1, 3])
def test_other_formats_decode_as_their_libraries_do(
    tmp_path: Path, format_: str, channels: int
) -> None:
    pixels = picture(40, 50, channels)
    options = {"lossless": True} if format_ == "WEBP" else {}
    data = encoded(pixels, format_, **options)
    photo = read_photo(written(tmp_path, "a.bin", data))
    assert photo.format == format_
    with Image.open(io.BytesIO(data)) as image:
        expected = np.array(image).reshape(40, 50, -1)
    np.testing.assert_array_equal(photo.pixels, expected)


def test_webp_keeps_alpha(tmp_path: Path) -> None:
    pixels = picture(40, 50, 4)
    data = encoded(pixels, "WEBP", lossless=True, exact=True)
    np.testing.assert_array_equal(read_photo(written(tmp_path, "a.webp", data)).pixels, pixels)


def test_cmyk_jpeg_becomes_rgb_and_loses_its_ink_profile(tmp_path: Path) -> None:
    cmyk = Image.fromarray(picture(40, 50)).convert("CMYK")
    cmyk.save(tmp_path / "a.jpg", icc_profile=b"inks", quality=95)
    with Image.open(tmp_path / "a.jpg") as image:
        expected = np.array(image.convert("RGB")).astype(int)
    photo = read_photo(tmp_path / "a.jpg")
    assert np.abs(photo.pixels.astype(int) - expected).max() <= 1
    assert photo.icc_profile is None


RGB16, GREY16 = picture(40, 60, 3, bits=16, detail=1), picture(40, 60, 1, bits=16)[..., 0]
RGBA8, GREY8 = picture(40, 60, 4, detail=1), picture(40, 60, 1)[..., 0]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (tiff(RGB16, photometric="rgb"), RGB16),
        (tiff(RGB16, photometric="rgb", byteorder=">"), RGB16),
        (tiff(RGB16, photometric="rgb", compression="zlib", predictor=True), RGB16),
        (tiff(RGB16, photometric="rgb", tile=(16, 16)), RGB16),
        (tiff(GREY16, photometric="minisblack"), GREY16[..., None]),
        (tiff(GREY16, photometric="miniswhite"), 65535 - GREY16[..., None]),
        (tiff(GREY8, photometric="miniswhite"), 255 - GREY8[..., None]),
        (tiff(RGBA8[..., :3], photometric="rgb", tile=(16, 16)), RGBA8[..., :3]),
        (tiff(RGBA8, photometric="rgb", extrasamples=["unassalpha"]), RGBA8),
        (
            tiff(RGBA8[..., :2], photometric="minisblack", extrasamples=["unassalpha"]),
            RGBA8[..., :2],
        ),
        (
            tiff(RGBA8[..., :3].transpose(2, 0, 1), photometric="rgb", planarconfig="separate"),
            RGBA8[..., :3],
        ),
    ],
    ids=[
        "rgb16",
        "big endian",
        "predictor",
        "tiles16",
        "grey16",
        "inverted16",
        "inverted8",
        "tiles8",
        "alpha",
        "grey alpha",
        "planes8",
    ],
)
def test_tiff(tmp_path: Path, data: bytes, expected: Pixels) -> None:
    photo = read_photo(written(tmp_path, "a.tif", data))
    np.testing.assert_array_equal(photo.pixels, expected)
    assert photo.pixels.dtype == expected.dtype


@pytest.mark.parametrize(
    "data",
    [
        tiff(RGB16.transpose(2, 0, 1), photometric="rgb", planarconfig="separate"),
        tiff(GREY16.view(np.int16)),
        tiff(RGB16.astype(np.float32), photometric="rgb"),
        tiff(GREY16.astype(np.uint32)),
        tiff(picture(40, 60, 4, bits=16), photometric="separated"),
    ],
    ids=["16-bit planes", "signed", "float", "32 bits", "16-bit inks"],
)
def test_tiff_that_no_library_reads_faithfully_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "save it" in sentence(written(tmp_path, "a.tif", data))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["jpeg", "png", "png late", "png16", "webp", "tiff", "tiff16"])
def test_orientation_is_obeyed(tmp_path: Path, kind: str, orientation: int) -> None:
    pixels = picture(24, 40, bits=16 if "16" in kind else 8)
    block = exif(orientation)
    tag = [(274, "H", 1, orientation, True)]
    data = {
        "jpeg": lambda: encoded(
            pixels, "JPEG", quality=100, subsampling=0, exif=b"Exif\0\0" + block
        ),
        "png": lambda: png(pixels, before=chunk(b"eXIf", block)),
        "png late": lambda: png(pixels, after=chunk(b"eXIf", block)),
        "png16": lambda: png(pixels, before=chunk(b"eXIf", block)),
        "webp": lambda: encoded(pixels, "WEBP", lossless=True, exif=b"Exif\0\0" + block),
        "tiff": lambda: tiff(pixels, photometric="rgb", extratags=tag),
        "tiff16": lambda: tiff(pixels, photometric="rgb", extratags=tag),
    }[kind]()
    photo = read_photo(written(tmp_path, "a", data))
    expected = displayed(pixels, orientation)
    assert photo.pixels.shape == expected.shape
    difference = np.abs(photo.pixels.astype(int) - expected.astype(int)).max()
    assert difference <= (4 if kind == "jpeg" else 0)


@pytest.mark.parametrize("block", [b"", b"MM", exif(0), exif(9), b"MM\0*\0\0\xff\xff", b"x" * 50])
def test_damaged_exif_is_ignored(tmp_path: Path, block: bytes) -> None:
    pixels = picture(10, 12)
    data = png(pixels, after=chunk(b"eXIf", block))
    np.testing.assert_array_equal(read_photo(written(tmp_path, "a.png", data)).pixels, pixels)


def test_colour_profile_is_kept(tmp_path: Path) -> None:
    data = encoded(picture(10, 12), "JPEG", icc_profile=b"a profile")
    assert read_photo(written(tmp_path, "a.jpg", data)).icc_profile == b"a profile"


@pytest.mark.parametrize("format_", ["PNG", "WEBP", "TIFF"])
def test_first_of_several_frames(tmp_path: Path, format_: str) -> None:
    frames = [Image.fromarray(picture(20, 30, seed=seed)) for seed in range(3)]
    options = {"lossless": True} if format_ == "WEBP" else {}
    frames[0].save(tmp_path / "a", format_, save_all=True, append_images=frames[1:], **options)
    np.testing.assert_array_equal(read_photo(tmp_path / "a").pixels, np.array(frames[0]))


def test_bytes_after_the_end_are_ignored(tmp_path: Path) -> None:
    pixels = picture(30, 40)
    for name, data in (("a.png", png(pixels)), ("a.jpg", encoded(pixels, "JPEG"))):
        photo = read_photo(written(tmp_path, name, data + b"a phone's own data"))
        assert photo.pixels.shape == (30, 40, 3)


# --- refused -------------------------------------------------------------------------------------


def test_missing_folder_empty_and_no_image(tmp_path: Path) -> None:
    assert "not found" in sentence(tmp_path / "none.jpg")
    assert "folder" in sentence(tmp_path)
    assert "empty" in sentence(written(tmp_path, "a.jpg", b""))
    assert "not an image" in sentence(written(tmp_path, "b.jpg", b"To whom it may concern"))
    assert "zeros" in sentence(written(tmp_path, "c.jpg", bytes(5000)))


def test_path_may_be_text(tmp_path: Path) -> None:
    written(tmp_path, "a.png", png(picture(5, 6)))
    assert read_photo(str(tmp_path / "a.png")).path == tmp_path / "a.png"
    assert "\0" in sentence(str(tmp_path / "a\0b.png"))


@pytest.mark.parametrize("format_", ["GIF", "PPM", "JPEG2000"])
def test_other_image_formats_are_named_where_known(tmp_path: Path, format_: str) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(picture(20, 20)).save(path, format_)
    text = sentence(path)
    assert {"GIF": "a GIF", "PPM": "not an image", "JPEG2000": "JPEG 2000"}[format_] in text


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "not a file" in sentence(tmp_path / "pipe")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), "may not be read"),
        (OSError(5, "Input/output error"), "Input/output error"),
        (MemoryError(), "memory"),
    ],
)
def test_file_that_cannot_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    path = written(tmp_path, "a.png", png(picture(5, 6)))

    def refuse(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    assert words in sentence(path)


def test_drive_that_fails_while_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, "a.png", png(picture(5, 6)))

    class Failing(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", lambda *_: Failing())
    assert "Input/output error" in sentence(path)


def test_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    small = picture(4, 4)
    text = sentence(written(tmp_path, "a.png", png(small, size=(20_000, 20_000))))
    assert "20000 x 20000" in text
    assert str(MAX_PIXELS // 1_000_000) in text


@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "TIFF", "BMP"])
def test_a_header_is_read_without_decoding(monkeypatch: pytest.MonkeyPatch, format_: str) -> None:
    data = encoded(picture(40, 50), format_)

    def load(_: object) -> None:
        pytest.fail("decoded")

    monkeypatch.setattr("PIL.ImageFile.ImageFile.load", load)
    header = read_header(data)
    assert (header.width, header.height) == (50, 40)


def test_file_larger_than_any_photo(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    assert "3.0 GB" in sentence(path)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.97])
@pytest.mark.parametrize(
    "kind", ["JPEG", "progressive", "PNG", "PNG16", "WEBP", "BMP", "TIFF", "TIFF16", "zlib"]
)
def test_cut_short(tmp_path: Path, kind: str, share: float) -> None:
    pixels = picture(120, 160, detail=2)
    data = {
        "JPEG": lambda: encoded(pixels, "JPEG", quality=92),
        "progressive": lambda: encoded(pixels, "JPEG", quality=92, progressive=True),
        "PNG": lambda: png(pixels),
        "PNG16": lambda: png(picture(120, 160, bits=16, detail=2), interlaced=True),
        "WEBP": lambda: encoded(pixels, "WEBP"),
        "BMP": lambda: encoded(pixels, "BMP"),
        "TIFF": lambda: tiff(pixels, photometric="rgb", rowsperstrip=16),
        "TIFF16": lambda: tiff(picture(120, 160, bits=16), photometric="rgb", rowsperstrip=16),
        "zlib": lambda: tiff(pixels, photometric="rgb", rowsperstrip=16, compression="zlib"),
    }[kind]()
    text = sentence(written(tmp_path, "a", data[: int(len(data) * share)]))
    assert "cut short" in text


@pytest.mark.parametrize("channels", [1, 3])
def test_jpeg_closed_after_half_is_no_grey_half(tmp_path: Path, channels: int) -> None:
    data = encoded(picture(120, 160, channels, detail=2), "JPEG", quality=92)
    half = data[: len(data) // 2] + b"\xff\xd9"
    assert "lower part" in sentence(written(tmp_path, "a.jpg", half))


def test_truly_grey_jpeg_is_read(tmp_path: Path) -> None:
    pixels = picture(120, 160)
    pixels[60:] = 128
    data = encoded(pixels, "JPEG", quality=92)
    assert read_photo(written(tmp_path, "a.jpg", data)).height == 120


def test_altered_png_is_noticed(tmp_path: Path) -> None:
    data = bytearray(png(picture(60, 80)))
    data[len(data) // 2] ^= 1
    assert "checksum" in sentence(written(tmp_path, "a.png", bytes(data)))


def test_png_with_fewer_rows_than_it_claims(tmp_path: Path) -> None:
    data = png(picture(60, 80), size=(80, 90))
    assert "damaged" in sentence(written(tmp_path, "a.png", data))


# --- the photo itself ----------------------------------------------------------------------------


def test_pixels_and_rgb_are_read_only(tmp_path: Path) -> None:
    photo = read_photo(written(tmp_path, "a.png", png(picture(10, 12))))
    for pixels in (photo.pixels, photo.rgb):
        with pytest.raises(ValueError, match="read-only"):
            pixels[0, 0] = 1


@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_rgb_of_every_kind(channels: int, bits: int) -> None:
    pixels = picture(20, 30, channels, bits=bits)
    rgb = photo_from_array(pixels).rgb
    eight = pixels if bits == 8 else pixels // 256
    expected = np.repeat(eight[..., :1], 3, axis=2) if channels < 3 else eight[..., :3]
    np.testing.assert_array_equal(rgb, expected)
    assert rgb.dtype == np.uint8
    assert rgb.flags.c_contiguous


def test_photo_from_array_hashes_what_it_shows() -> None:
    pixels = picture(20, 30, 1)
    flat = photo_from_array(pixels[..., 0])
    assert flat.pixels.shape == (20, 30, 1)
    assert flat.path is None
    assert flat.sha256 == photo_from_array(pixels).sha256
    assert flat.sha256 != photo_from_array(pixels.reshape(30, 20, 1)).sha256
    assert pixels.flags.writeable


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((3, 4, 5), np.uint8), np.zeros((0, 4, 3), np.uint8), np.zeros((3, 4), np.float32)],
)
def test_array_that_is_no_photo(pixels: Any) -> None:
    with pytest.raises(PhotoError, match="not a photo"):
        photo_from_array(pixels)


def test_large_photo_of_opencv(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    pixels = picture(50, 70, bits=16)
    cv2.imwrite(str(path), pixels[..., ::-1])
    np.testing.assert_array_equal(read_photo(path).pixels, pixels)
