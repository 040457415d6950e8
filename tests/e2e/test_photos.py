"""locate, map and reconstruct through the command line, with models that see colours."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.export.png import encode_png
from tests.e2e.conftest import FACE, SIZE, Cli, read_png, write_png
from tests.support.pictures import several_pictures
from tests.support.tiny_models import DrawnFace, draw_photo, drawn_mask, write_tiny_zoo

pytestmark = pytest.mark.usefixtures("tiny_zoo")


def mask_of(face: DrawnFace) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """The drawn mask as a map."""
    truth = np.zeros(SIZE[::-1], np.bool_)
    x0, y0, x1, y1 = drawn_mask(face)
    truth[y0:y1, x0:x1] = True
    return truth


def test_locate_prints_the_contract_document(cli: Cli, photo: Path, faceless: Path) -> None:
    run = cli("locate", photo, faceless, "--json")
    assert run.code == 0
    first, second = run.document["photos"]
    assert (first["path"], first["width"], first["height"]) == (str(photo), *SIZE)
    (face,) = first["faces"]
    assert np.allclose(face["box"], FACE.box, atol=6)
    assert 0 <= face["score"] <= 1
    assert face["masked"] > 0.5
    assert np.shape(face["landmarks"]) == (68, 2)
    assert second["faces"] == []


def test_locate_as_text(cli: Cli, photo: Path, faceless: Path) -> None:
    run = cli("locate", photo, faceless)
    assert run.code == 0
    assert f"{photo}: 1 face\n" in run.out
    assert "masked" in run.out
    assert f"{faceless}: no face\n" in run.out


def test_map_has_the_photos_size_and_only_two_values(cli: Cli, photo: Path, tmp_path: Path) -> None:
    run = cli("map", photo, "--out", tmp_path / "out", "--json")
    assert run.code == 0
    (entry,) = run.document["photos"]
    assert entry["map"] == str(tmp_path / "out" / "photo.map.png")
    map_pixels = read_png(Path(entry["map"]))
    assert map_pixels.shape == SIZE[::-1]
    assert map_pixels.dtype == np.uint8
    assert set(np.unique(map_pixels)) == {0, 255}
    truth = mask_of(FACE)
    assert (
        np.count_nonzero((map_pixels > 0) & truth) / np.count_nonzero((map_pixels > 0) | truth)
        > 0.9
    )
    assert entry["mask_pixels"] == np.count_nonzero(map_pixels)


def test_the_map_of_an_unmasked_photo_is_all_zero(
    cli: Cli, unmasked: Path, faceless: Path, tmp_path: Path
) -> None:
    run = cli("map", unmasked, faceless, "--out", tmp_path, "--quiet")
    assert run.code == 0
    for photo in (unmasked, faceless):
        map_pixels = read_png(tmp_path / f"{photo.stem}.map.png")
        assert map_pixels.shape == SIZE[::-1]
        assert not map_pixels.any()
    assert "no mask was found" in run.err
    assert "no face was found" in run.err


def test_reconstruct_writes_what_the_contract_names(cli: Cli, photo: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run = cli(
        "reconstruct", photo, "--model", "rgb,sketch,gan,tiny_gan",
        "--hypotheses", "3", "--seed", "7", "--out", out, "--json",
    )  # fmt: skip
    assert run.code == 0
    assert {path.name for path in out.iterdir()} == {
        "photo.rgb.h1.png",
        "photo.sketch.h1.png",
        "photo.gan.h1.png",
        "photo.gan.h2.png",
        "photo.gan.h3.png",
        "photo.gan.uncertainty.png",
        "photo.tiny_gan.h1.png",
        "photo.tiny_gan.h2.png",
        "photo.tiny_gan.h3.png",
        "photo.tiny_gan.uncertainty.png",
        "photo.provenance.json",
    }
    (entry,) = run.document["photos"]
    assert entry["status"] == "reconstructed"
    assert [model["made"] for model in entry["models"]] == [1, 1, 3, 3]
    assert "one answer only" in " ".join(entry["models"][0]["notes"])


def test_nothing_outside_the_map_changes(cli: Cli, photo: Path, tmp_path: Path) -> None:
    assert cli("map", photo, "--out", tmp_path).code == 0
    assert (
        cli("reconstruct", photo, "--model", "gan", "--hypotheses", "2", "--out", tmp_path).code
        == 0
    )
    original = read_png(photo)
    changed = read_png(tmp_path / "photo.map.png") > 0
    for number in (1, 2):
        composite = read_png(tmp_path / f"photo.gan.h{number}.png")[: SIZE[1], : SIZE[0]]
        assert np.array_equal(composite[~changed], original[~changed])
        assert (composite[changed] != original[changed]).any()
    uncertainty = read_png(tmp_path / "photo.gan.uncertainty.png")[: SIZE[1], : SIZE[0]]
    assert uncertainty[changed].any()
    assert not uncertainty[~changed].any()


@pytest.mark.parametrize("channels", [1, 2, 3, 4], ids=["grey", "grey+alpha", "rgb", "rgba"])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_every_kind_of_photo_keeps_its_form(
    cli: Cli,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    channels: int,
    dtype: type[np.uint8] | type[np.uint16],
) -> None:
    # The tiny locator sees colours; here it is told where the face is, because grey has none.
    x0, y0, x1, y1 = FACE.box
    box = (x0 / SIZE[0], y0 / SIZE[1], x1 / SIZE[0], y1 / SIZE[1])
    zoo = write_tiny_zoo(tmp_path / "zoo", fixed_box=box)
    monkeypatch.setattr("app.workbench.default_zoo_folders", lambda: (zoo,))
    pixels = np.random.default_rng(1).integers(
        0, int(np.iinfo(dtype).max), (*SIZE[::-1], channels), dtype=dtype
    )
    path = tmp_path / "photo.png"
    path.write_bytes(encode_png(pixels))
    hidden = mask_of(FACE)
    given = write_png(tmp_path / "given.png", (hidden * 255).astype(np.uint8))
    run = cli(
        "reconstruct", path, "--map", given, "--model", "rgb,sketch", "--no-border",
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert run.code == 0
    composite = read_png(tmp_path / "out" / "photo.rgb.h1.png")
    if channels == 2:  # OpenCV reads grey with alpha as colour with alpha
        composite = composite[:, :, 2:]
    composite = composite.reshape(pixels.shape)
    assert composite.dtype == pixels.dtype
    assert np.array_equal(composite[~hidden], pixels[~hidden])
    assert (composite[hidden] != pixels[hidden]).any()
    if channels in (2, 4):
        assert np.array_equal(composite[:, :, -1], pixels[:, :, -1])
    sketch = read_png(tmp_path / "out" / "photo.sketch.h1.png")
    assert (sketch.shape, sketch.dtype) == (SIZE[::-1], pixels.dtype)


def test_exif_orientation_is_obeyed(cli: Cli, tmp_path: Path) -> None:
    rgb = draw_photo(*SIZE, [FACE])
    exif = Image.Exif()
    exif[0x0112] = 6  # stored lying, shown upright
    path = tmp_path / "lying.jpg"
    Image.fromarray(rgb).rotate(90, expand=True).save(path, exif=exif, quality=98, subsampling=0)
    (entry,) = cli("locate", path, "--json").document["photos"]
    assert (entry["width"], entry["height"]) == SIZE
    assert np.allclose(entry["faces"][0]["box"], FACE.box, atol=8)
    assert cli("reconstruct", path, "--no-border", "--out", tmp_path).code == 0
    assert read_png(tmp_path / "lying.rgb.h1.png").shape == (*SIZE[::-1], 3)


def test_two_masked_faces_are_both_filled(cli: Cli, tmp_path: Path) -> None:
    faces = [DrawnFace((40, 40, 140, 180)), DrawnFace((240, 80, 360, 240), second=True)]
    path = write_png(tmp_path / "two.png", draw_photo(*SIZE, faces))
    run = cli(
        "reconstruct", path, "--model", "rgb,sketch", "--no-border", "--out", tmp_path, "--json"
    )
    (entry,) = run.document["photos"]
    assert entry["faces"] == 2
    original, composite = read_png(path), read_png(tmp_path / "two.rgb.h1.png")
    for face in faces:
        x0, y0, x1, y1 = drawn_mask(face)
        inner = np.s_[y0 + 12 : y1 - 12, x0 + 12 : x1 - 12]
        assert (composite[inner] != original[inner]).any(axis=2).all()
    record = json.loads((tmp_path / "two.provenance.json").read_text())
    assert len(record["runs"][0]["request"]["faces"]) == 2


def test_a_given_map_is_used_and_recorded(cli: Cli, photo: Path, tmp_path: Path) -> None:
    given = np.zeros(SIZE[::-1], np.uint8)
    given[150:170, 140:180] = 200
    path = write_png(tmp_path / "given.png", given)
    run = cli("reconstruct", photo, "--map", path, "--no-border", "--out", tmp_path / "out")
    assert run.code == 0
    differs = (read_png(tmp_path / "out" / "photo.rgb.h1.png") != read_png(photo)).any(axis=2)
    assert differs.any()
    assert not differs[given < 128].any()
    record = json.loads((tmp_path / "out" / "photo.provenance.json").read_text())
    assert record["runs"][0]["map_source"] == "file"


def test_the_label_is_below_the_picture_and_in_the_metadata(
    cli: Cli, photo: Path, tmp_path: Path
) -> None:
    assert cli("reconstruct", photo, "--out", tmp_path / "with").code == 0
    assert cli("reconstruct", photo, "--no-border", "--out", tmp_path / "without").code == 0
    bordered = read_png(tmp_path / "with" / "photo.rgb.h1.png")
    plain = read_png(tmp_path / "without" / "photo.rgb.h1.png")
    assert bordered.shape[0] > SIZE[1]
    assert plain.shape == (*SIZE[::-1], 3)
    assert np.array_equal(bordered[: SIZE[1], : SIZE[0]], plain)
    for folder in ("with", "without"):
        with Image.open(tmp_path / folder / "photo.rgb.h1.png") as picture:
            assert isinstance(picture, Image.Image)
            described = str(picture.info)
        assert "not an identification" in described
        assert "compositeWithTrainedAlgorithmicMedia" in described


def test_the_provenance_holds_what_a_second_examiner_needs(
    cli: Cli, photo: Path, tmp_path: Path, tiny_zoo: Path
) -> None:
    assert cli("reconstruct", photo, "--model", "rgb,gan", "--hypotheses", "2", "--seed", "5",
               "--out", tmp_path).code == 0  # fmt: skip
    record = json.loads((tmp_path / "photo.provenance.json").read_text())
    assert record["photo"]["sha256"] == hashlib.sha256(photo.read_bytes()).hexdigest()
    assert "identif" in record["statement"]
    rgb, gan = record["runs"]
    assert rgb["provider"] == "CPUExecutionProvider"
    assert (rgb["made"], gan["made"], gan["shown"]) == (1, 2, 2)
    assert any("one answer only" in note for note in rgb["notes"])
    assert gan["request"]["seed"] == 5
    model = tiny_zoo / "tiny_gan" / "model.onnx"
    assert gan["request"]["model"]["sha256"] == hashlib.sha256(model.read_bytes()).hexdigest()
    assert {helper["task"] for helper in gan["helpers"]} == {"locate", "align", "map"}
    for file in record["files"]:
        content = (tmp_path / file["name"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()


def test_the_same_request_gives_the_same_bytes(cli: Cli, photo: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        arguments = [
            "--model",
            "gan",
            "--hypotheses",
            "2",
            "--seed",
            "3",
            "--out",
            tmp_path / folder,
        ]
        assert cli("reconstruct", photo, *arguments).code == 0
    for name in ("photo.gan.h1.png", "photo.gan.h2.png", "photo.gan.uncertainty.png"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_an_unmasked_photo_is_reported_and_not_failed(
    cli: Cli, photo: Path, unmasked: Path, faceless: Path, tmp_path: Path
) -> None:
    run = cli("reconstruct", unmasked, faceless, photo, "--out", tmp_path / "out", "--json")
    assert run.code == 0
    statuses = [entry["status"] for entry in run.document["photos"]]
    assert statuses == ["no mask was found", "no face was found", "reconstructed"]
    assert "failed" not in run.document
    record = json.loads((tmp_path / "out" / "unmasked.provenance.json").read_text())
    assert record["runs"] == []
    assert "no mask was found" in record["notes"][0]


def test_progress_is_lines_on_stderr_unless_quiet(cli: Cli, photo: Path, tmp_path: Path) -> None:
    loud = cli("map", photo, "--out", tmp_path)
    assert "[1/1] photo.png: locate" in loud.err
    assert loud.out == f"{tmp_path / 'photo.map.png'}\n"
    quiet = cli("map", photo, "--out", tmp_path, "--force", "--quiet")
    assert quiet.code == 0
    assert quiet.err == ""


def test_a_picture_that_revisage_made_is_no_photo_unnoticed(
    cli: Cli, photo: Path, tmp_path: Path
) -> None:
    assert cli("reconstruct", photo, "--out", tmp_path / "out", "--quiet").code == 0
    made = tmp_path / "out" / f"{photo.stem}.rgb.h1.png"
    run = cli("reconstruct", made, "--out", tmp_path / "again", "--quiet", "--json")
    assert run.code == 0
    (entry,) = run.document["photos"]
    (warning,) = entry["warnings"]
    assert warning.startswith(f"{made} is a picture that Revisage made and no photo; ")
    assert warning in run.err
    record = (tmp_path / "again" / f"{made.stem}.provenance.json").read_text()
    assert warning in json.loads(record)["notes"]
    run = cli("reconstruct", photo, "--out", tmp_path / "photo", "--quiet", "--json")
    assert "warnings" not in run.document["photos"][0]


@pytest.mark.parametrize("suffix", [".tif", ".webp", ".png"])
def test_of_several_pictures_the_first_is_used_and_that_is_said(
    cli: Cli, photo: Path, tmp_path: Path, suffix: str
) -> None:
    several = several_pictures(tmp_path / f"several{suffix}", draw_photo(*SIZE, [FACE]), 3)
    said = (
        f"{several} holds 3 pictures, of which only the first is used; save the others as files of "
        "their own."
    )
    run = cli("locate", several, photo, "--json")
    assert run.code == 0
    first, alone = run.document["photos"]
    assert first["warnings"] == [said]
    assert len(first["faces"]) == 1
    assert "warnings" not in alone
    assert run.complaint == f"revisage: {said}"
    out = tmp_path / "out"
    run = cli("reconstruct", several, "--out", out, "--quiet", "--json")
    assert run.code == 0
    assert run.document["photos"][0]["warnings"] == [said]
    assert json.loads((out / "several.provenance.json").read_text())["notes"] == [said]
    case = tmp_path / "a.rvcase"
    assert cli("case", "new", case).code == 0
    run = cli("case", "add", case, photo, several, "--quiet", "--json")
    assert run.code == 0
    assert [entry.get("warnings") for entry in run.document["photos"]] == [None, [said]]
    assert run.complaint == f"revisage: {said}"


def test_the_log_of_a_case_knows_every_name_of_the_same_bytes(
    cli: Cli, photo: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "a copy.png"
    copy.write_bytes(photo.read_bytes())
    case = tmp_path / "a.rvcase"
    assert cli("case", "new", case).code == 0
    assert cli("case", "add", case, photo, "--quiet").code == 0
    for _ in range(2):
        run = cli("case", "add", case, copy, "--quiet", "--json")
        assert run.code == 0
        assert [entry["new"] for entry in run.document["photos"]] == [False]
    entries = cli("case", "log", case, "--json").document["entries"]
    (again,) = [entry["details"] for entry in entries if entry["action"] == "evidence.again"]
    assert (again["photo"], again["name"], again["source"]) == (1, copy.name, str(copy))
    assert cli("case", "verify", case, "--quiet").code == 0
    out = tmp_path / "report"
    assert cli("case", "export", case, "--format", "report-json", "--out", out, "--quiet").code == 0
    report = json.loads((out / "report.json").read_bytes())
    assert [item["other_names"] for item in report["items"]] == [[copy.name]]


def test_the_log_of_a_case_knows_what_revisage_made(cli: Cli, photo: Path, tmp_path: Path) -> None:
    assert cli("reconstruct", photo, "--out", tmp_path / "out", "--quiet").code == 0
    made = tmp_path / "out" / f"{photo.stem}.rgb.h1.png"
    case = tmp_path / "a.rvcase"
    assert cli("case", "new", case).code == 0
    run = cli("case", "add", case, photo, made, "--quiet", "--json")
    assert run.code == 0
    assert [len(entry.get("warnings", ())) for entry in run.document["photos"]] == [0, 1]
    assert "a picture that Revisage made and no photo" in run.complaint
    entries = cli("case", "log", case, "--json").document["entries"]
    taken = [entry["details"] for entry in entries if entry["action"] == "evidence.add"]
    assert [details.get("generated", False) for details in taken] == [False, True]
    out = tmp_path / "report"
    run = cli("case", "export", case, "--format", "report-json", "--out", out, "--quiet")
    assert run.code == 0
    report = json.loads((out / "report.json").read_bytes())
    assert [item["generated"] for item in report["items"]] == [False, True]
    assert report["summary"][-1] == "Generated pictures and no photos are among them: 2."
    assert cli("case", "verify", case, "--quiet").code == 0
