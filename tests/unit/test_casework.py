"""The steps inside a case, as window and command line drive them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from app.case.case_file import CaseFile
from app.case.errors import CaseHeld
from app.case.verify import verify
from app.casework import RECALLED, Casework
from app.imaging.map import BinaryMap
from app.inference.errors import Cancelled
from app.inference.session import CancelToken
from app.workbench import Workbench
from tests.support.tiny_models import DrawnFace, draw_photo, write_tiny_zoo


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    return Workbench([write_tiny_zoo(tmp_path_factory.mktemp("zoo"))], device="cpu")


@pytest.fixture
def casework(bench: Workbench, tmp_path: Path) -> Iterator[Casework]:
    photo = tmp_path / "photo.png"
    rgb = draw_photo(400, 300, [DrawnFace((100, 60, 220, 220))])
    photo.write_bytes(cv2.imencode(".png", rgb[:, :, ::-1])[1].tobytes())
    with CaseFile.create(tmp_path / "a.rvcase", examiner="A. Examiner") as case:
        casework = Casework(bench, case)
        casework.add(photo)
        yield casework
    assert verify(case.path).problems == ()


def test_an_edited_map_is_what_a_run_uses(casework: Casework) -> None:
    case = casework.case
    drawn = casework.map(1)
    assert casework.map(1) == drawn  # an equal one is not kept again
    raster = BinaryMap.from_pixels(case.maps.pixels(drawn.id))
    edit = raster.paint_stroke(np.array([[160.0, 150.0]]), radius=30, value=True)
    assert edit is not None
    case.maps.add_edit(drawn.id, edit, tool="brush")
    run = casework.run(1, model="gan", hypotheses=2, seed=9)
    assert (run.map, run.edits, run.result.map_source) == (drawn.id, 1, "hand")
    assert [helper.task for helper in run.result.helpers] == ["locate", "align", "map"]
    assert [output.role for output in run.outputs] == ["composite", "composite", "uncertainty"]
    # Later edits do not change what the run was made from.
    case.maps.add_edit(drawn.id, edit, tool="undo")
    rerun = casework.reproduce(run.id)
    assert rerun.identical
    assert rerun.same_setup
    assert case.log()[-1].action == "run.reproduce"


def test_steps_done_outside_are_kept_as_if_they_were_done_inside(casework: Casework) -> None:
    bench, case = casework.bench, casework.case
    photo = case.evidence.open(1)
    faces = bench.locate(photo)
    first = casework.keep_faces(1, faces, source="automatic")
    assert casework.keep_faces(1, faces, source="automatic") == first  # not kept again
    moved = [dataclasses.replace(faces[0], score=0.5), *faces[1:]]
    assert casework.keep_faces(1, moved, source="hand").models == ()
    casework.keep_faces(1, faces, source="automatic")
    drawn = casework.keep_map(1, bench.map(photo, faces), source="automatic")
    assert [model.task for model in drawn.models] == ["map"]
    raster = BinaryMap.from_pixels(case.maps.pixels(drawn.id))
    edit = raster.paint_stroke(np.array([[160.0, 150.0]]), radius=30, value=True)
    assert edit is not None
    case.maps.add_edit(drawn.id, edit, tool="brush")
    edited = bench.reconstruct(photo, faces, raster.pixels, model="rgb", map_source="hand")
    automatic = bench.reconstruct(photo, faces, bench.map(photo, faces), model="rgb")
    run = casework.keep_outcome(1, edited)
    assert (run.edits, run.result.map_source) == (1, "hand")
    # A result of the map as it began, which came after the edit.
    run = casework.keep_outcome(1, automatic)
    assert (run.edits, run.result.map_source) == (0, "automatic")
    assert casework.reproduce(run.id).identical


def test_a_result_of_a_map_that_is_gone_is_kept_and_the_map_stays(casework: Casework) -> None:
    bench, case = casework.bench, casework.case
    drawn = casework.map(1)
    photo = case.evidence.open(1)
    faces = [face.face() for face in casework.locate(1).faces]
    other = case.maps.pixels(drawn.id)
    other[100:110, 130:150] = True
    other[200:205, 150:160] ^= True
    outcome = bench.reconstruct(photo, faces, other, model="rgb", map_source="hand")
    run = casework.keep_outcome(1, outcome)
    np.testing.assert_array_equal(case.maps.pixels(drawn.id, edits=run.edits), other)
    np.testing.assert_array_equal(
        case.maps.pixels(drawn.id), case.maps.pixels(drawn.id, edits=0)
    )
    assert [each.tool for each in case.maps.edits(drawn.id)] == [RECALLED, RECALLED]
    assert casework.reproduce(run.id).identical


def test_a_cancelled_run_leaves_a_log_entry_only(casework: Casework) -> None:
    casework.map(1)
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        casework.run(1, model="rgb", cancel=cancel)
    assert casework.case.runs.all() == ()
    assert casework.case.log()[-1].action == "run.failed"


def test_a_reader_does_no_work_for_nothing(casework: Casework) -> None:
    with CaseFile.open(casework.case.path) as reader:
        for step in (casework.locate, casework.map):
            with pytest.raises(CaseHeld):
                getattr(Casework(casework.bench, reader), step.__name__)(1)
        with pytest.raises(CaseHeld):
            Casework(casework.bench, reader).run(1, model="rgb")
