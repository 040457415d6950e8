"""Pictures on disk: the composite's own pixels, the label in sight and in the metadata."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from app.export.errors import ExportError
from app.export.labels import LEAST_WIDTH
from app.export.metadata import COMPOSITE, GENERATED
from app.export.pictures import (
    composite_name,
    map_name,
    uncertainty_name,
    write_composite,
    write_map_png,
    write_uncertainty_png,
)
from app.imaging.map import read_map_png
from app.imaging.photo import read_photo
from tests.support.records import model, request, result
from tests.unit.export.test_metadata import value


def picture(shape: tuple[int, ...], dtype: Any) -> np.ndarray[Any, Any]:
    random = np.random.Generator(np.random.PCG64(3))
    return random.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)


@pytest.mark.parametrize("border", [True, False])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("width", [60, 220])
def test_the_picture_area_is_the_composite(
    tmp_path: Path, border: bool, dtype: Any, channels: int, width: int
) -> None:
    pixels = picture((200, width, channels), dtype)
    path = tmp_path / "a.png"
    written = write_composite(path, pixels, result=result(), hypothesis=2, border=border)
    again = read_photo(path).pixels
    assert again.dtype == dtype
    np.testing.assert_array_equal(again[:200, :width], pixels)
    if border:
        assert again.shape[0] > 200
        assert again.shape[1] == max(width, LEAST_WIDTH)
    else:
        assert again.shape == pixels.shape
    assert written.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert (written.role, written.hypothesis, written.border) == ("composite", 2, border)
    assert written.request_key == request().key


@pytest.mark.parametrize(
    ("kind", "role", "source_type"),
    [
        ("rgb", "composite", COMPOSITE),
        ("gan", "composite", COMPOSITE),
        ("sketch", "sketch", GENERATED),
    ],
)
@pytest.mark.parametrize("border", [True, False])
def test_the_metadata_always_say_what_it_is(
    tmp_path: Path, kind: str, role: str, source_type: str, border: bool
) -> None:
    run = result(request=request(model=model(kind=kind, name=f"tiny_{kind}")))
    path = tmp_path / "a.png"
    pixels = picture((300, 200), np.uint8)
    written = write_composite(path, pixels, result=run, hypothesis=3, border=border)
    assert written.role == role
    label = (
        f"Revisage hypothesis, not an identification - model tiny_{kind} v1 - "
        "hypothesis 3 of 3 - seed 7"
    )
    with Image.open(path) as image:
        image.load()
        packet = image.info["xmp"].decode()
        assert value(packet, "Iptc4xmpExt", "DigitalSourceType") == source_type
        assert value(packet, "dc", "description") == label
        assert value(packet, "Iptc4xmpExt", "AISystemUsed") == f"tiny_{kind} v1"
        assert image.info["Description"] == label
        assert image.info["Software"].startswith("Revisage ")
        assert image.info["Revisage request"] == run.request.key
        assert image.info["Revisage photo SHA-256"] == run.request.photo_sha256


def test_the_photos_profile_is_kept(tmp_path: Path) -> None:
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    pixels = picture((200, 200, 3), np.uint8)
    write_composite(tmp_path / "a.png", pixels, result=result(), hypothesis=1, icc_profile=profile)
    assert read_photo(tmp_path / "a.png").icc_profile == profile


def test_uncertainty(tmp_path: Path) -> None:
    pixels = picture((120, 90), np.uint8)
    path = tmp_path / "u.png"
    written = write_uncertainty_png(path, pixels, result=result())
    with Image.open(path) as image:
        np.testing.assert_array_equal(np.asarray(image), pixels)
        packet = image.info["xmp"].decode()
        assert value(packet, "Iptc4xmpExt", "DigitalSourceType") == GENERATED
        assert "not an identification" in image.info["Description"]
    assert (written.role, written.hypothesis) == ("uncertainty", 0)
    write_uncertainty_png(path, pixels, result=result(), border=True, force=True)
    assert read_photo(path).height > 120


def test_map(tmp_path: Path) -> None:
    map = picture((70, 90), np.uint8) > 128
    path = tmp_path / "m.png"
    written = write_map_png(path, map)
    with Image.open(io.BytesIO(path.read_bytes())) as image:
        assert image.mode == "L"
        np.testing.assert_array_equal(np.asarray(image), map * np.uint8(255))
    np.testing.assert_array_equal(read_map_png(path, 90, 70), map)
    assert (written.role, written.request_key, written.label) == ("map", "", "")


def test_names() -> None:
    assert composite_name("IMG 1", "gan", 2) == "IMG 1.gan.h2.png"
    assert uncertainty_name("IMG 1", "tiny_gan") == "IMG 1.tiny_gan.uncertainty.png"
    assert map_name("IMG 1") == "IMG 1.map.png"


def test_nothing_is_replaced_without_force(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    pixels = picture((40, 40, 3), np.uint8)
    with pytest.raises(ExportError, match="exists already"):
        write_composite(path, pixels, result=result(), hypothesis=1)
    with pytest.raises(ExportError, match="exists already"):
        write_map_png(path, pixels[..., 0] > 9)
    with pytest.raises(ExportError, match="exists already"):
        write_uncertainty_png(path, pixels, result=result())
    with pytest.raises(ExportError, match="is a source photo"):
        write_composite(path, pixels, result=result(), hypothesis=1, force=True, protected=[path])
    assert path.read_bytes() == b"old"
    write_composite(path, pixels, result=result(), hypothesis=1, force=True)
    assert path.read_bytes() != b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.png"]
