"""Revisage's own pictures are told from photos by what they say of themselves."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from app.export.deliver import deliver
from app.export.exporter import Exporter
from app.export.formats import exporters
from app.export.metadata import COMPOSITE, Origin, xmp_packet
from app.export.own import made_here
from app.export.png import encode_png
from app.export.signing import Signing
from tests.unit.export.conftest import MakeMaterial, camera_data

PHOTO_SUFFIXES = (".png", ".jpg", ".tif")
PICTURES = [each for each in exporters() if each.suffix in PHOTO_SUFFIXES]
PIXELS = np.full((40, 60, 3), 90, np.uint8)


def own(content: bytes) -> bool:
    return made_here(io.BytesIO(content))


@pytest.mark.parametrize("each", PICTURES, ids=[each.name for each in PICTURES])
@pytest.mark.parametrize("signed", [False, True], ids=["plain", "signed"])
def test_every_picture_that_is_exported(
    each: Exporter, signed: bool, make_material: MakeMaterial, signing: Signing, tmp_path: Path
) -> None:
    done = deliver(each, make_material(), tmp_path, signing=signing if signed else None)
    assert done.files
    for file in done.files:
        assert own(file.path.read_bytes()), file.path.name


def test_nothing_is_decoded(make_material: MakeMaterial, tmp_path: Path) -> None:
    """The pixels need not even be there."""
    composite = next(each for each in PICTURES if each.name == "composite-png")
    (file,) = deliver(composite, make_material(made=1), tmp_path).files
    content = file.path.read_bytes()
    assert own(content[: content.index(b"IDAT") + 8])


def other_programs_picture() -> bytes:
    packet = xmp_packet(
        Origin(
            source_type=COMPOSITE,
            description="made with Revisage in mind",
            software="Another Program 7",
            model="its own",
        )
    )
    return encode_png(PIXELS, xmp=packet)


def retouched_photo() -> bytes:
    """A photo of a camera whose XMP says nothing of a generated part."""
    packet = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><a CreatorTool="Revisage 0.1.0"/></x:xmpmeta>'
    file = io.BytesIO()
    Image.fromarray(PIXELS).save(file, "JPEG", exif=camera_data(), xmp=packet.encode())
    return file.getvalue()


def bare(suffix: str) -> bytes:
    return cv2.imencode(suffix, PIXELS)[1].tobytes()


@pytest.mark.parametrize(
    "content",
    [
        *(
            pytest.param(bare(suffix), id=suffix[1:])
            for suffix in (*PHOTO_SUFFIXES, ".bmp", ".webp")
        ),
        pytest.param(other_programs_picture(), id="of another program"),
        pytest.param(retouched_photo(), id="not generated"),
        pytest.param(b"\xff\xd8\xff and no more", id="broken"),
        pytest.param(b"", id="empty"),
    ],
)
def test_what_others_made_is_a_photo(content: bytes) -> None:
    assert not own(content)


def test_a_packet_that_another_program_wrote_anew() -> None:
    """Others write attributes where Revisage writes elements."""
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description xmp:CreatorTool="Revisage 0.1.0"'
        f' Iptc4xmpExt:DigitalSourceType="{COMPOSITE}"/></x:xmpmeta>'
    )
    file = io.BytesIO()
    Image.fromarray(PIXELS).save(file, "JPEG", xmp=packet.encode())
    assert own(file.getvalue())
