"""The report: what it says, that PDF and JSON say the same, and that nothing breaks it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pypdf
import pytest

from app.case.case_file import CaseFile
from app.export.errors import ExportError
from app.export.package.case_uco import case_graph
from app.export.report import ModelCard, collect, fonts, report_json, report_pdf
from app.export.report.fonts import plain
from app.export.report.suitability import HEAD, POINTS, head_angles, suitability
from app.imaging.face import Face
from tests.unit.case.conftest import fill, png

CARD = ModelCard(
    title="A model",
    summary="It fills the map.",
    intended_use="A lead.",
    limits=("Knows no beards.",),
    not_for=("Anything else.",),
    data="drawn faces",
    figures={"test": {"psnr_hole": 20.05, "faces": 200}},
)


@pytest.fixture
def case_path(tmp_path: Path) -> Path:
    path = tmp_path / "case.rvcase"
    with CaseFile.create(path, title="The matter", examiner="A. Examiner") as case:
        fill(case)
        case.notes.set_property("number", "2026-17")
        case.notes.set_property("request", "Show the lower half of the face.")
    return path


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_pdf_and_json_say_the_same(case_path: Path) -> None:
    with CaseFile.open(case_path, read_only=True) as case:
        run = case.runs.get(1)
        content = collect(case, models={run.request.model.sha256: CARD})
        pdf = report_pdf(content, case)
        assert report_pdf(content, case) == pdf  # the same state, the same bytes
        head = case.head()[1]
        sha256 = case.evidence.get(1).sha256
    document = json.loads(report_json(content))
    assert (document["draft"], document["head"]) == (True, head)
    (shown,) = document["runs"]
    assert (shown["asked"], shown["made"], shown["shown"]) == (2, 2, 2)
    assert "Only 2 were asked for" in shown["why_fewer"]
    (history,) = document["maps"]
    assert (history["area_before"], history["editors"][0]["edits"]) == (800, 2)
    assert history["area_after"] - history["area_before"] == history["added"] - history["removed"]
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert reader.attachments["report.json"] == [report_json(content)]
    said = text_of(pdf)
    for part in (
        "2026-17", "Show the lower half", "street.png", sha256, head, "DRAFT", "PSNR inside the map",
        "Knows no beards", "Hypothesis 1 of 2", "Hypothesis 2 of 2", "2603.27747", "The mask is blue",
        f"Page 1 of {len(reader.pages)}", f"Page {len(reader.pages)} of {len(reader.pages)}",
    ):  # fmt: skip
        assert part in said, part


def test_what_a_program_made_is_marked_wherever_it_is_named(tmp_path: Path) -> None:
    with CaseFile.create(tmp_path / "case.rvcase", title="", examiner="A. Examiner") as case:
        fill(case)
        row = case.evidence.get(1)
        street = case.evidence.read(1)
    with CaseFile.create(tmp_path / "made.rvcase", title="", examiner="A. Examiner") as case:
        case.evidence.add_bytes(street, row.name, generated=True)
        fill(case)  # whose photo is there already
        pixels = np.full((20, 30, 3), 80, np.uint8)
        case.evidence.add_bytes(png(pixels), "camera.png")
        case.evidence.add_bytes(png(pixels), "camera (copy).png")
        content = collect(case, models={})
        said = text_of(report_pdf(content, case))
        graph = case_graph(content)
    items = json.loads(report_json(content))["items"]
    assert [(item["name"], item["generated"]) for item in items] == [
        ("street.png", True), ("camera.png", False),
    ]  # fmt: skip
    assert content.summary[-1] == "Generated pictures and no photos are among them: 1."
    assert content.summary[-1] in said
    assert said.count("Photo 1: street.png (generated, no photo)") == 2  # as an item, and measured
    assert "Run 1: photo 1 (generated, no photo)" in said
    assert "What is made of it tells nothing of whoever is in it." in said
    assert "camera.png (generated" not in said
    assert "The same bytes also came as camera (copy).png." in said
    assert content.items[1].other_names == ("camera (copy).png",)
    described = {
        node["uco-core:name"]: node.get("uco-core:description", "")
        for node in graph["@graph"]
        if node.get("uco-core:name", "").endswith(".png")
    }
    assert ("no photo" in described["street.png"], described["camera.png"]) == (True, "")


def test_a_case_of_photos_names_no_generated_picture(case_path: Path) -> None:
    with CaseFile.open(case_path, read_only=True) as case:
        content = collect(case, models={})
        said = text_of(report_pdf(content, case))
    assert not any(item.generated for item in content.items)
    assert "no photo)" not in said
    assert "Generated pictures" not in said


def test_a_reviewed_report_is_no_draft(case_path: Path) -> None:
    with CaseFile.open(case_path) as case:
        case.reviews.add("accepted", reviewer="B. Reviewer", text="I did run 1 again.")
        content = collect(case, models={})
        said = text_of(report_pdf(content, case))
    assert not content.draft
    assert content.reviews[0].same_account
    assert "DRAFT" not in said
    assert "I did run 1 again." in said
    assert "cannot be repeated here" in said  # no card of the model


def test_a_report_of_another_state_is_refused(case_path: Path) -> None:
    with CaseFile.open(case_path) as case:
        content = collect(case, models={})
        case.notes.add("Later.")
        with pytest.raises(ExportError, match="was changed"):
            report_pdf(content, case)


def test_names_of_every_script_and_of_none(case_path: Path) -> None:
    name = "山田太郎 محمد שלום Ελλάδα नमस्ते \u202egnp.exe \x07 \U0001f600"
    with CaseFile.open(case_path) as case:
        case.notes.set_property("title", name)
        case.notes.set_property("request", "Покажите: محمد عبد الله नमस्ते")
        case.notes.add(name + "\n" + "word " * 3000 + "x" * 500)
        content = collect(case, models={})
        assert content.matter.title == name
        said = text_of(report_pdf(content, case))
    # What follows another script is in its own letters again.
    follows = "1 photo with 1 face was examined."
    for part in ("山田太郎", "Ελλάδα", "\\u202e", "\\u0007", follows):
        assert part in said, part


def test_an_empty_case(tmp_path: Path) -> None:
    with CaseFile.create(tmp_path / "empty.rvcase") as case:
        content = collect(case, models={})
        said = text_of(report_pdf(content, case))
    assert "No reconstruction was made." in said


def test_what_only_acts_on_others_is_seen() -> None:
    assert plain("a\u202eb\r\nc\td\0") == "a\\u202eb\nc    d\\u0000"


def turned(yaw: float, pitch: float, roll: float) -> np.typing.NDArray[np.float64]:
    """Landmarks of the average head, turned."""
    y, p, r = np.radians([-yaw, pitch, roll])
    sideways = [[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]]
    upwards = [[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]]
    tilted = [[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]]
    head = HEAD @ (np.array(tilted) @ np.array(upwards) @ np.array(sideways)).T * 10 + 100
    landmarks = np.zeros((68, 2))
    landmarks[list(POINTS)] = head[:, :2]
    return landmarks


@pytest.mark.parametrize("angles", [(0, 0, 0), (25, 0, 0), (0, 15, 0), (0, 0, -30), (20, -10, 15)])
def test_head_angles(angles: tuple[float, float, float]) -> None:
    assert head_angles(turned(*angles)) == pytest.approx(angles, abs=1e-6)


def test_a_head_turned_to_the_right_has_its_nose_there() -> None:
    landmarks = turned(30, 0, 0)
    assert landmarks[57, 0] > landmarks[[36, 45], 0].mean()


def test_measures(sample_file: Path) -> None:
    import cv2

    from app.imaging.photo import read_photo

    rgb = read_photo(sample_file).rgb
    landmarks = np.zeros((68, 2), np.float32)
    landmarks[17:27] = np.linspace((190, 95), (262, 98), 10)
    landmarks[27:36] = np.linspace((224, 105), (224, 140), 9)
    landmarks[36:42] += (206, 106)
    landmarks[42:48] += (247, 109)
    landmarks[48:] = np.linspace((205, 150), (245, 155), 20)
    landmarks[:17] = np.linspace((180, 110), (270, 112), 17)
    landmarks[8] = (225, 185)
    face = Face(box=(175, 59, 275, 182), landmarks=landmarks)
    map = np.zeros(rgb.shape[:2], np.bool_)
    map[120:, :] = True
    (found,) = suitability(rgb, [face], map)
    by_name = {each.name: each for each in found.measures}
    assert by_name["Between the eyes"].value == pytest.approx(41.1, abs=0.1)
    assert 0.3 < (by_name["Hidden share"].value or 0) < 0.9
    sharp = by_name["Blur around the eyes"].value
    (soft,) = suitability(np.asarray(cv2.GaussianBlur(rgb, (0, 0), 3), np.uint8), [face], map)
    blurred = next(each for each in soft.measures if each.name == "Blur around the eyes").value
    assert sharp is not None
    assert blurred is not None
    assert sharp < 0.6 < blurred
    (bare,) = suitability(rgb, [face], None)
    assert next(each for each in bare.measures if each.name == "Hidden share").value is None


def test_without_its_fonts_a_report_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "font_file", lambda _name: None)
    with pytest.raises(ExportError, match="install Noto Sans"):
        fonts.needed_file(fonts.MONO_FILE)
    assert fonts.covered.__wrapped__("NotoSansThai-Regular") == frozenset()
