"""Cases to work on and to damage."""

from __future__ import annotations

import lzma
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.case.case_file import CaseFile
from app.case.records import FaceRecord, ModelRecord, hash_of_map, hash_of_pixels
from app.case.runs import Picture
from app.imaging.map import BinaryMap
from tests.conftest import ROOT
from tests.support.records import request as make_request
from tests.support.records import result as make_result

SETUP = {"revisage": "0.1.0", "provider": "CPUExecutionProvider"}


def png(pixels: np.typing.NDArray[np.uint8]) -> bytes:
    """A grey or BGR picture as a PNG file."""
    return bytes(cv2.imencode(".png", pixels)[1].tobytes())


def fill(case: CaseFile) -> None:
    """One of everything: a photo, faces, a map with two edits, a run of two hypotheses, a note."""
    noise = np.random.Generator(np.random.PCG64(1)).integers(0, 255, (48, 64, 3), np.uint8)
    photo, _ = case.evidence.add_bytes(png(noise), "street.png", source="/cards/street.png")
    base = make_request()
    model = ModelRecord(name="tiny_locate", version="1", sha256="1" * 64, task="locate")
    face = FaceRecord(box=(1, 2, 30, 40), landmarks=((1, 2),) * 68, score=1, masked=1)
    case.maps.add_faces(photo.id, [face.face()], source="automatic", models=[model])
    pixels = np.zeros((48, 64), np.bool_)
    pixels[20:40, 10:50] = True
    number = case.maps.add(photo.id, pixels, source="automatic", faces=1, models=[model])
    raster = BinaryMap.from_pixels(pixels)
    for x in (12.0, 55.0):
        edit = raster.paint_stroke(np.array([[x, 10.0]]), radius=5, value=True)
        assert edit is not None
        case.maps.add_edit(number, edit, tool="brush")
    composites = [noise[:, :, ::-1].copy() for _ in range(2)]
    composites[0][30, 30] ^= 255
    composites[1][25, 25] ^= 255
    hashes = tuple(hash_of_pixels(each) for each in composites)
    asked = make_request(
        photo_sha256=photo.sha256,
        photo_size=(64, 48),
        faces=(face,),
        map_sha256=hash_of_map(raster.pixels),
        model=base.model,
        hypotheses=2,
    )
    case.runs.add(
        photo=photo.id,
        map=number,
        edits=2,
        result=make_result(request=asked, outputs=hashes, made=2, shown=2, map_source="hand"),
        setup=SETUP,
        pictures=[
            Picture(role="composite", number=n, pixels=each, png=png(each[:, :, ::-1]))
            for n, each in enumerate(composites, start=1)
        ],
    )
    case.notes.add("The mask is blue.", photo=photo.id)


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed case with one of everything; do not change it."""
    path = tmp_path_factory.mktemp("case") / "filled.rvcase"
    with CaseFile.create(path, title="The matter", examiner="A. Examiner") as case:
        fill(case)
    return path


@pytest.fixture
def filled(filled_file: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copy(filled_file, tmp_path / "case.rvcase"))


@pytest.fixture
def version_1(tmp_path: Path) -> Path:
    """What :func:`fill` made with the first version of the format, in a file of its own."""
    path = tmp_path / "format_1.rvcase"
    path.write_bytes(lzma.decompress((ROOT / "tests/data/format_1.rvcase.xz").read_bytes()))
    return path


@pytest.fixture
def new_case(tmp_path: Path) -> Callable[[], CaseFile]:
    """Make an empty case, which the test closes."""
    return lambda: CaseFile.create(tmp_path / "new.rvcase", examiner="A. Examiner")
