"""Material as a run would leave it, and a signing certificate, for tests of exports."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms

from app.case.records import FaceRecord
from app.export.exporter import CaseText, Material, Run
from app.export.local_certificate import make_local_certificate
from app.export.signing import Signing
from app.imaging.photo import decode_photo
from tests.support.pictures import picture
from tests.support.records import model, request, result

MakeMaterial = Callable[..., Material]


def face(x: float, y: float, eyes: float) -> FaceRecord:
    """An upright face whose left eye is at x, y."""
    landmarks = [(x + eyes / 2, y + eyes)] * 68
    landmarks[36:42] = [(x, y)] * 6
    landmarks[42:48] = [(x + eyes, y)] * 6
    box = (x - 0.6 * eyes, y - eyes, x + 1.6 * eyes, y + 2 * eyes)
    return FaceRecord(box=box, landmarks=tuple(landmarks), score=0.9, masked=0.8)


def camera_data() -> Image.Exif:
    """What a camera writes, and what an attacker adds."""
    block = Image.Exif()
    block[271], block[272], block[274] = "Canon", "EOS R5", 6
    block[270] = "his name is X"
    exposure = block.get_ifd(0x8769)
    exposure[33434], exposure[36867], exposure[34855] = 0.004, "2026:01:02 03:04:05", 400
    exposure[37500] = b"maker note" * 50
    exposure[37510] = b"ASCII\0\0\0<script>"
    exposure[42036] = "x" * 5000
    exposure[42035] = "lens\n\x1b[2Jmaker"
    place = block.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (51.0, 30.0, 12.5), "W", (0.0, 7.0, 39.0)
    return block


@pytest.fixture
def make_material() -> MakeMaterial:
    """Gives material of a photo of any size; see the arguments."""

    def make(
        *,
        width: int = 260,
        height: int = 200,
        bits: int = 8,
        channels: int = 3,
        made: int = 3,
        kind: str = "rgb",
        faces: int = 1,
        exif: bool = False,
        icc: bool = False,
        case: CaseText | None = None,
        chosen: tuple[int, ...] = (),
    ) -> Material:
        pixels = picture(height, width, channels, bits=bits, seed=1)
        profile = (
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() if icc else None
        )
        evidence: bytes | None = None
        if exif:
            file = io.BytesIO()
            stored = np.rot90(pixels)  # orientation 6: the camera was held upright
            Image.fromarray(np.ascontiguousarray(stored)).save(
                file, "PNG", exif=camera_data(), icc_profile=profile
            )
            evidence = file.getvalue()
            photo = decode_photo(evidence, "photo.png")
            assert (photo.width, photo.height) == (width, height)
        else:
            import cv2

            order = {1: None, 3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}[channels]
            shown = pixels if order is None else cv2.cvtColor(pixels, order)
            evidence = cv2.imencode(".png", shown)[1].tobytes()
            photo = decode_photo(evidence, "photo.png")
        map = np.zeros((height, width), np.bool_)
        map[height // 2 : 3 * height // 4, width // 3 : 2 * width // 3] = True
        composites: list[Any] = []
        for number in range(made):
            if kind == "sketch":
                drawn = picture(height, width, 1, seed=5)[..., 0].copy()
                drawn[map] = 40 * number
                composites.append(drawn)
                continue
            filled = photo.pixels.copy()
            filled[map] = (number + 1) * (np.iinfo(filled.dtype).max // (made + 1))
            composites.append(filled)
        eyes = height / 10
        found = tuple(
            face(width * (n + 1) / (faces + 1) - eyes / 2, height * 0.4, eyes) for n in range(faces)
        )
        asked = request(
            model=model(kind=kind, name=f"tiny_{kind}"),
            faces=found,
            photo_sha256=photo.sha256,
            photo_size=(width, height),
            hypotheses=made,
        )
        uncertainty = None
        if made > 1:
            uncertainty = np.zeros((height, width), np.uint8)
            uncertainty[map] = 77
        run = Run(
            result=result(request=asked, made=made, shown=made, outputs=("d" * 64,) * made),
            composites=tuple(composites),
            uncertainty=uncertainty,
            name=kind,
            title="Tiny model",
            chosen=chosen,
        )
        return Material(
            photo=photo,
            map=map,
            runs=(run,),
            stem="a",
            evidence=evidence,
            name="photo.png",
            case=case or CaseText(title="A case", number="17", examiner="E. Xample"),
        )

    return make


@pytest.fixture(scope="session")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    """A certificate made here."""
    return make_local_certificate("Test Lab", folder=tmp_path_factory.mktemp("signing"))
