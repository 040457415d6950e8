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
from app.export.metadata import COMPOSITE, GENERATED, XMP_BOX, Origin, xmp_packet
from app.export.own import made_here, video_made_here
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


# --- videos ---------------------------------------------------------------------------------------


def box(kind: bytes, content: bytes, *, long: bool = False) -> bytes:
    """A box of an MP4 file; the size of a long one stands behind its name."""
    if long:
        return (1).to_bytes(4, "big") + kind + (16 + len(content)).to_bytes(8, "big") + content
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def xmp(software: str) -> bytes:
    origin = Origin(
        source_type=COMPOSITE, description="a label", software=software, model="tiny 1"
    )
    return box(b"uuid", XMP_BOX + xmp_packet(origin).encode())


@pytest.mark.parametrize(
    ("content", "own"),
    [
        (box(b"ftyp", b"isom") + xmp("Revisage 0.1.0"), True),
        (box(b"mdat", bytes(70_000), long=True) + box(b"uuid", bytes(16)) + xmp("Revisage 0.1.0"), True),
        (box(b"ftyp", b"isom") + xmp("Another Program 7"), False),
        (box(b"ftyp", b"isom") + (0).to_bytes(4, "big") + b"mdat" + xmp("Revisage 0.1.0"), False),
        (box(b"ftyp", b"isom") + (1).to_bytes(4, "big") + b"mdat", False),
        (box(b"ftyp", b"isom") + (9).to_bytes(4, "big") + b"uuid" + b"x", False),
        (b"RIFF and so on, which is no MP4", False),
        (b"", False),
    ],
    ids=["plain", "behind others", "another program", "to the end", "cut", "small", "avi", "empty"],
)  # fmt: skip
def test_a_video_is_known_by_its_xmp(content: bytes, own: bool, tmp_path: Path) -> None:
    path = tmp_path / "video.mp4"
    path.write_bytes(content)
    assert video_made_here(path, {}) is own


def test_a_video_is_known_by_its_comment() -> None:
    label = "Revisage hypothesis, not an identification - model tiny v1"
    said = f"{label}. Digital source type: {GENERATED}"
    assert video_made_here(None, {"COMMENT": said})  # some containers write names in capitals
    assert not video_made_here(None, {"comment": label})
    assert not video_made_here(None, {"comment": f"Another. Digital source type: {GENERATED}"})
    assert not video_made_here(None, {})


def test_a_video_that_is_not_there_is_none(tmp_path: Path) -> None:
    assert not video_made_here(tmp_path / "gone.mp4", {})


@pytest.mark.parametrize("size", [b"\xff" * 8, bytes(8), b"\x7f" + b"\xff" * 7])
def test_boxes_of_impossible_sizes_are_no_mp4(size: bytes, tmp_path: Path) -> None:
    """As in a bare stream of H.264, which begins with a one in 32 bits."""
    path = tmp_path / "film.h264"
    path.write_bytes(b"\0\0\0\1gram" + size + bytes(100))
    assert not video_made_here(path, {})
