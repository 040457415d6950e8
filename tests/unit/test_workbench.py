"""The steps, driven as window and command line drive them."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from app import workbench
from app.case.records import hash_of_map, hash_of_pixels
from app.export.errors import ExportError
from app.imaging.face import Face
from app.imaging.photo import Photo, photo_from_array, read_photo
from app.inference.errors import Cancelled, ModelError
from app.inference.session import CancelToken
from app.workbench import NoMappedFace, Outcome, Workbench, default_zoo_folders
from tests.support.tiny_models import DrawnFace, add_model, draw_photo, slow_model, write_tiny_zoo

LEFT = DrawnFace((40, 40, 140, 180))
RIGHT = DrawnFace((240, 80, 360, 240), second=True)


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_zoo(tmp_path_factory.mktemp("zoo"))


@pytest.fixture
def bench(zoo: Path) -> Workbench:
    return Workbench([zoo], device="cpu")


@pytest.fixture
def photo() -> Photo:
    """Two masked faces."""
    return photo_from_array(draw_photo(400, 300, [LEFT, RIGHT]))


def reconstructed(bench: Workbench, photo: Photo, model: str, hypotheses: int = 1) -> Outcome:
    faces = bench.locate(photo)
    return bench.reconstruct(
        photo, faces, bench.map(photo, faces), model=model, hypotheses=hypotheses, seed=3
    )


class TestSteps:
    def test_locate_and_map(self, bench: Workbench, photo: Photo) -> None:
        faces = bench.locate(photo)
        assert len(faces) == 2
        mapped = bench.map(photo, faces)
        assert mapped.shape == (300, 400)
        assert mapped[:, :200].any()
        assert mapped[:, 200:].any()

    def test_no_face_no_map(self, bench: Workbench) -> None:
        photo = photo_from_array(draw_photo(64, 48, []))
        assert bench.locate(photo) == []
        assert not bench.map(photo, []).any()

    def test_every_face_is_filled_and_nothing_else(self, bench: Workbench, photo: Photo) -> None:
        outcome = reconstructed(bench, photo, "rgb")
        (pixels,) = outcome.composites
        differs = (pixels != photo.pixels).any(axis=2)
        assert differs[:, :200].any()
        assert differs[:, 200:].any()
        assert not differs[~outcome.map].any()
        assert outcome.result.uncovered == 0
        assert len(outcome.request.faces) == 2

    def test_a_sketch_is_grey_and_of_the_photos_size(self, bench: Workbench, photo: Photo) -> None:
        outcome = reconstructed(bench, photo, "sketch")
        assert outcome.composites[0].shape == (300, 400)
        assert outcome.card.output.kind == "sketch"

    def test_hypotheses_differ_only_inside_the_map(self, bench: Workbench, photo: Photo) -> None:
        outcome = reconstructed(bench, photo, "gan", hypotheses=3)
        first, second, _ = outcome.composites
        differs = (first != second).any(axis=2)
        assert differs.any()
        assert not differs[~outcome.map].any()
        assert outcome.uncertainty is not None
        assert outcome.uncertainty[outcome.map].any()
        assert not outcome.uncertainty[~outcome.map].any()

    def test_one_hypothesis_claims_no_certainty(self, bench: Workbench, photo: Photo) -> None:
        assert reconstructed(bench, photo, "gan").uncertainty is None
        single = reconstructed(bench, photo, "rgb", hypotheses=3)
        assert len(single.composites) == single.result.made == 1
        assert single.uncertainty is None
        assert "one answer only" in single.result.notes[0]

    def test_a_hypothesis_does_not_depend_on_how_many_are_made(
        self, bench: Workbench, photo: Photo
    ) -> None:
        few = reconstructed(bench, photo, "gan", hypotheses=2)
        many = reconstructed(bench, photo, "gan", hypotheses=4)
        assert few.result.outputs == many.result.outputs[:2]

    def test_an_unmapped_face_is_left_alone(self, bench: Workbench, photo: Photo) -> None:
        faces = bench.locate(photo)
        mapped = bench.map(photo, faces)
        mapped[:, 200:] = False
        outcome = bench.reconstruct(photo, faces, mapped, model="rgb", map_source="hand")
        assert len(outcome.request.faces) == 1
        assert np.array_equal(outcome.composites[0][:, 200:], photo.pixels[:, 200:])

    def test_a_map_without_face_is_a_finding(self, bench: Workbench, photo: Photo) -> None:
        mapped = np.zeros((300, 400), np.bool_)
        for faces in ([], bench.locate(photo)):
            with pytest.raises(NoMappedFace, match="No face lies under the map"):
                bench.reconstruct(photo, faces, mapped, model="rgb")

    def test_what_lies_outside_every_crop_is_counted_and_stays(
        self, bench: Workbench, photo: Photo
    ) -> None:
        faces = bench.locate(photo)
        mapped = bench.map(photo, faces)
        mapped[296:, 190:215] = True
        outcome = bench.reconstruct(photo, faces, mapped, model="rgb")
        assert outcome.result.uncovered == 100
        assert np.array_equal(outcome.composites[0][296:], photo.pixels[296:])


class TestRecord:
    def test_it_holds_everything(self, bench: Workbench, photo: Photo) -> None:
        outcome = reconstructed(bench, photo, "gan", hypotheses=2)
        request, result = outcome.request, outcome.result
        assert request.photo_sha256 == photo.sha256
        assert request.photo_size == (400, 300)
        assert request.map_sha256 == hash_of_map(outcome.map)
        assert (request.model.name, request.seed, request.hypotheses) == ("tiny_gan", 3, 2)
        assert request.device == "cpu"
        assert result.provider == "CPUExecutionProvider"
        assert result.outputs == tuple(hash_of_pixels(pixels) for pixels in outcome.composites)
        assert [helper.task for helper in result.helpers] == ["locate", "align", "map"]
        assert result.started_utc.endswith("+00:00")

    def test_equal_requests_have_equal_keys_and_pictures(
        self, bench: Workbench, photo: Photo
    ) -> None:
        first, second = (reconstructed(bench, photo, "gan") for _ in range(2))
        assert first.request.key == second.request.key
        assert first.result.outputs == second.result.outputs

    def test_a_given_map_needs_no_map_model(self, bench: Workbench, photo: Photo) -> None:
        faces = bench.locate(photo)
        mapped = bench.map(photo, faces)
        outcome = bench.reconstruct(photo, faces, mapped, model="rgb", map_source="file")
        assert outcome.result.map_source == "file"
        assert [helper.task for helper in outcome.result.helpers] == ["locate", "align"]


class TestModels:
    def test_sessions_are_kept_until_the_device_changes(self, bench: Workbench) -> None:
        session = bench.session("map")
        assert bench.session("map") is session
        assert bench.session("map", "tiny_map") is session
        bench.device = "cpu"
        assert bench.session("map") is session
        bench.device = "auto"
        assert bench.session("map") is not session

    def test_a_model_of_another_stage_is_refused(self, bench: Workbench) -> None:
        with pytest.raises(ModelError, match="serves the stage map"):
            bench.session("reconstruct", "tiny_map")

    def test_a_new_model_is_found(self, tmp_path: Path) -> None:
        folder = write_tiny_zoo(tmp_path)
        bench = Workbench([folder])
        add_model(folder, "slow", "reconstruct", slow_model())
        assert "slow" not in [card.name for card in bench.models]
        bench.refresh_models()
        assert "slow" in [card.name for card in bench.models]

    def test_where_models_are_looked_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, isolated_home: Path
    ) -> None:
        monkeypatch.setenv("REVISAGE_ZOO", str(tmp_path / "lab"))
        shipped, named, own = default_zoo_folders()
        assert shipped.name == own.name == "model_zoo"
        assert named == tmp_path / "lab"
        assert isolated_home in own.parents

    def test_a_frozen_bundle_brings_its_zoo(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sys._MEIPASS", str(tmp_path), raising=False)
        assert workbench.shipped_zoo() == tmp_path / "model_zoo"

    def test_the_used_device_is_one_of_the_devices(self, bench: Workbench) -> None:
        assert bench.used_device().name == "cpu"
        assert bench.used_device() in bench.devices()


class TestProgressAndCancel:
    def test_progress_runs_from_nothing_to_everything(self, bench: Workbench, photo: Photo) -> None:
        told: list[tuple[float, str]] = []
        faces = bench.locate(photo)
        bench.reconstruct(
            photo,
            faces,
            bench.map(photo, faces),
            model="gan",
            hypotheses=3,
            progress=lambda share, text: told.append((share, text)),
        )
        shares = [share for share, _ in told]
        assert shares == sorted(shares)
        assert shares[0] == 0
        assert shares[-1] == 1
        assert told[0][1] == "Tiny tiny_gan: face 1 of 2"
        assert told[-1][1] == "Tiny tiny_gan: composite 3 of 3"

    def test_cancel_reaches_a_run(self, tmp_path: Path, photo: Photo) -> None:
        folder = write_tiny_zoo(tmp_path)
        add_model(folder, "slow", "reconstruct", slow_model())
        bench = Workbench([folder], device="cpu")
        faces = bench.locate(photo)
        mapped = bench.map(photo, faces)
        cancel = CancelToken()
        timer = threading.Timer(0.3, cancel.cancel)
        timer.start()
        with pytest.raises(Cancelled):
            bench.reconstruct(photo, faces, mapped, model="slow", cancel=cancel)
        timer.join()

    def test_a_cancelled_token_starts_nothing(self, bench: Workbench, photo: Photo) -> None:
        cancel = CancelToken()
        cancel.cancel()
        with pytest.raises(Cancelled):
            bench.locate(photo, cancel=cancel)


class TestExport:
    @pytest.fixture
    def outcome(self, bench: Workbench, photo: Photo) -> Outcome:
        return reconstructed(bench, photo, "gan", hypotheses=2)

    def test_everything(self, bench: Workbench, outcome: Outcome, tmp_path: Path) -> None:
        files = bench.export_all(outcome, tmp_path, stem="a", name="gan")
        assert [file.path.name for file in files] == [
            "a.gan.h1.png",
            "a.gan.h2.png",
            "a.gan.uncertainty.png",
        ]
        read = read_photo(files[1].path)
        assert read.height > 300
        assert np.array_equal(read.pixels[:300, :400], outcome.composites[1])
        record = tmp_path / "a.provenance.json"
        bench.export_provenance(outcome.photo, record, outcomes=[outcome], files=files)
        assert outcome.request.key in record.read_text()

    def test_the_map_is_read_back_as_it_was(
        self, bench: Workbench, outcome: Outcome, tmp_path: Path
    ) -> None:
        path = tmp_path / "a.map.png"
        bench.export_map(outcome.photo, outcome.map, path)
        assert np.array_equal(bench.open_map(path, outcome.photo), outcome.map)

    def test_the_photo_is_never_replaced(self, bench: Workbench, tmp_path: Path) -> None:
        path = tmp_path / "photo.png"
        bench.export_map(
            photo_from_array(np.zeros((9, 9), np.uint8)), np.zeros((9, 9), np.bool_), path
        )
        before = path.read_bytes()
        photo = bench.open_photo(path)
        with pytest.raises(ExportError, match="never replaced"):
            bench.export_map(photo, np.ones((9, 9), np.bool_), path, force=True)
        assert path.read_bytes() == before


def test_several_threads_may_work_at_once(bench: Workbench, photo: Photo) -> None:
    found: list[list[Face]] = []
    threads = [threading.Thread(target=lambda: found.append(bench.locate(photo))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(faces) for faces in found] == [2, 2, 2, 2]
