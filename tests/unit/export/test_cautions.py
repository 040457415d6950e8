"""Whoever names a file with several pictures learns that only the first is used."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.export.cautions import cautions, cautions_in, holds_several
from app.export.own import own_warning
from app.export.pictures import encode_map
from app.imaging.photo import read_photo
from tests.support.pictures import several_pictures

PIXELS = np.full((40, 60, 3), 90, np.uint8)
PAGES = [Image.fromarray(np.full((40, 60, 3), 60 * number, np.uint8)) for number in range(4)]


@pytest.mark.parametrize("suffix", [".tif", ".webp", ".png"])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_pages_and_frames_are_counted(tmp_path: Path, suffix: str, count: int) -> None:
    path = several_pictures(tmp_path / f"a{suffix}", PIXELS, count)
    several = [
        f"{path} holds {count} pictures, of which only the first is used; save the others as files "
        "of their own."
    ]
    assert cautions(path) == (several if count > 1 else [])
    assert cautions_in(io.BytesIO(path.read_bytes()), path) == cautions(path)
    assert holds_several(path) is (count > 1)
    assert np.array_equal(read_photo(path).pixels, PIXELS)  # what is said is true


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("big.tif", {"format": "TIFF", "save_all": True, "big_tiff": True}),
        ("with a still picture.png", {"format": "PNG", "save_all": True, "default_image": True}),
        ("called otherwise.jpg", {"format": "TIFF", "save_all": True}),
    ],
)
def test_other_kinds(tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    path = tmp_path / name
    PAGES[0].save(path, append_images=PAGES[1:], **options)
    (said,) = cautions(path)
    assert said.startswith(f"{path} holds 4 pictures, ")


@pytest.mark.parametrize(("kind", "count"), [(0, 2), (1, 1), (2, 2), (4, 1), (5, 1)])
def test_copies_and_masks_in_a_tiff_are_no_pictures_of_their_own(
    tmp_path: Path, kind: int, count: int
) -> None:
    path = tmp_path / "a.tif"
    PAGES[1].encoderinfo = {"tiffinfo": {254: kind}}
    PAGES[0].save(path, save_all=True, append_images=[PAGES[1]])
    with Image.open(path) as picture:
        picture.seek(1)
        assert picture.tag_v2.get(254, 0) == kind  # type: ignore[attr-defined]
    assert holds_several(path) is (count > 1)


def test_the_previews_of_a_phone_are_no_pictures_of_their_own(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    PAGES[0].save(path, "MPO", save_all=True, append_images=PAGES[1:])
    assert cautions(path) == []


def test_a_link_into_nowhere_leads_to_no_page(tmp_path: Path) -> None:
    content = several_pictures(tmp_path / "a.tif", PIXELS, 1).read_bytes()
    at = int.from_bytes(content[4:8], "little")
    link = at + 2 + 12 * int.from_bytes(content[at : at + 2], "little")
    for target in (at, len(content) - 3, len(content) + 1000):
        there = content[:link] + target.to_bytes(4, "little") + content[link + 4 :]
        assert cautions_in(io.BytesIO(there), tmp_path) == []


def test_a_page_that_cannot_be_decoded_counts(tmp_path: Path) -> None:
    """What is left out is worth a sentence all the more."""
    path = several_pictures(tmp_path / "a.tif", PIXELS, 2)
    content = bytearray(path.read_bytes())
    entry = (262).to_bytes(2, "little") + (3).to_bytes(2, "little")  # what the numbers mean
    at = content.rindex(entry)
    content[at + 8 : at + 10] = (999).to_bytes(2, "little")
    path.write_bytes(content)
    with Image.open(path) as picture, pytest.raises(SyntaxError):
        picture.seek(1)
    assert holds_several(path)


def test_what_cannot_be_read_gives_no_sentence(tmp_path: Path) -> None:
    whole = [
        several_pictures(tmp_path / f"a{suffix}", PIXELS, 3).read_bytes()
        for suffix in (".tif", ".webp", ".png")
    ]
    for content in (b"", b"no photo", b"RIFF", *(each[:24] for each in whole)):
        assert cautions_in(io.BytesIO(content), tmp_path) == []
    for path in (tmp_path, tmp_path / "gone.tif"):
        assert cautions(path) == []
        assert not holds_several(path)


def test_a_picture_that_revisage_made(tmp_path: Path) -> None:
    path = tmp_path / "a.map.png"
    path.write_bytes(encode_map(np.zeros((20, 30), np.bool_)))
    assert cautions(path) == [own_warning(path)]


def test_a_photo_is_read_as_far_as_its_header(tmp_path: Path) -> None:
    """A still WebP is not read whole only to be counted."""
    path = tmp_path / "a.webp"
    noise = np.random.default_rng(1).integers(0, 255, (300, 300, 3), np.uint8)
    Image.fromarray(noise).save(path, lossless=True, exif=Image.Exif())
    file = io.BytesIO(path.read_bytes())
    assert cautions_in(file, path) == []
    assert file.tell() < 100
