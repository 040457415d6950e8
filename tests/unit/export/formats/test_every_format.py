"""What must be true of every format, those of tomorrow included."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pypdf
import pytest
import tifffile
from PIL import Image

from app.export.deliver import complete_options, deliver, planned
from app.export.errors import ExportError
from app.export.exporter import CaseText, Drawn, Exporter, Item, Material
from app.export.formats import exporter, exporters
from app.export.formats.composite import CompositePng
from app.export.metadata import COMPOSITE, GENERATED
from app.export.signing import Signing, read_credentials
from app.imaging.map import read_map_png
from tests.unit.export.conftest import MakeMaterial

NAMES = [each.name for each in exporters()]
GENERATED_ONES = [name for name in NAMES if name != "map-png"]
SIZES = {"narrow": (200, 150), "wide": (6000, 60)}


def every_option(each: Exporter) -> list[dict[str, str]]:
    """Every combination of a format's options."""
    values = [[choice.value for choice in option.choices] for option in each.options]
    names = [option.name for option in each.options]
    return [dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*values)]


def xmp_of(path: Path) -> str:
    """The XMP of a file, by a reader that has nothing to do with what wrote it."""
    if path.suffix == ".pdf":
        metadata = pypdf.PdfReader(path).xmp_metadata
        assert metadata is not None
        return metadata.stream.get_data().decode()
    if path.suffix == ".svg":
        tree = ET.parse(path)
        found = tree.find("{http://www.w3.org/2000/svg}metadata")
        assert found is not None
        return ET.tostring(found, encoding="unicode")
    if path.suffix == ".tif":
        with tifffile.TiffFile(path) as tiff:
            return bytes(tiff.pages.first.tags[700].value).decode()
    with Image.open(path) as image:
        return bytes(image.info["xmp"]).decode()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["rgb", "sketch"])
def test_it_writes_what_it_planned_and_carries_its_marks(
    name: str, kind: str, make_material: MakeMaterial, tmp_path: Path
) -> None:
    each, material = exporter(name), make_material(kind=kind, faces=2, made=2)
    for number, options in enumerate(every_option(each)):
        folder = tmp_path / str(number)
        folder.mkdir()
        done = deliver(each, material, folder, options=options)
        assert [file.path.name for file in done.files] == list(planned(each, material, options))
        assert sorted(path.name for path in folder.iterdir()) == sorted(
            file.path.name for file in done.files
        )
        for file in done.files:
            assert file.path.suffix == each.suffix
            assert file.sha256 == hashlib.sha256(file.path.read_bytes()).hexdigest()
            if name == "map-png":
                continue
            assert "not an identification" in file.label
            assert file.border
            packet = xmp_of(file.path)
            assert re.search(rf"DigitalSourceType[^<]*>({COMPOSITE}|{GENERATED})<", packet)
            assert file.label in packet
            if file.role == "sketch":
                assert GENERATED in packet


@pytest.mark.parametrize("name", GENERATED_ONES)
def test_credentials_read_back(
    name: str, make_material: MakeMaterial, signing: Signing, tmp_path: Path
) -> None:
    each, material = exporter(name), make_material()
    done = deliver(each, material, tmp_path, signing=signing)
    assert done.notes == ()
    for file in done.files:
        found = read_credentials(file.path.read_bytes(), each.mime)
        assert found is not None
        assert found.valid
        assert found.signer == "Revisage exports, Test Lab"
        text = json.dumps(found.manifest)
        assert material.photo.sha256 in text
        assert material.runs[0].result.request.model.sha256 in text
        opened = ("c2pa.opened", "c2pa.edited")
        assert found.actions == (opened if COMPOSITE in found.source_types else ("c2pa.created",))


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_replaced_and_nothing_is_left_behind(
    name: str, make_material: MakeMaterial, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    each, material = exporter(name), make_material(made=2)
    first, *_ = planned(each, material)
    (tmp_path / first).write_bytes(b"old")
    with pytest.raises(ExportError, match="exists already"):
        deliver(each, material, tmp_path)
    with pytest.raises(ExportError, match="never replaced"):
        deliver(each, material, tmp_path, force=True, protected=[tmp_path / first])
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(ExportError, match="the disk is full"):
            deliver(each, material, tmp_path, force=True)
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]
    deliver(each, material, tmp_path, force=True)
    assert (tmp_path / first).read_bytes() != b"old"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", SIZES)
def test_any_size_of_photo_and_any_title(
    name: str, size: str, make_material: MakeMaterial, tmp_path: Path
) -> None:
    width, height = SIZES[size]
    title = "State v. Unknown, \x00事件 Łódź <&> " + "and further offences " * 40
    case = CaseText(title=title, number="W" * 300, examiner="é" * 200)
    material = make_material(width=width, height=height, made=1, case=case)
    if each_lacks := exporter(name).lacks(material):
        assert "one hypothesis was made" in each_lacks
        material = make_material(width=width, height=height, made=2, case=case)
    assert deliver(exporter(name), material, tmp_path).files


@pytest.mark.parametrize("name", NAMES)
def test_missing_material_is_one_sentence(name: str, make_material: MakeMaterial) -> None:
    whole = make_material()
    empty = Material(photo=whole.photo, stem="a")
    assert exporter(name).lacks(empty).endswith(".")
    with pytest.raises(ExportError, match="cannot be exported"):
        planned(exporter(name), empty)


@pytest.mark.parametrize("name", ["composite-png", "composite-tiff"])
@pytest.mark.parametrize("bits", [8, 16])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_lossless_formats_hold_the_composite(
    name: str, bits: int, channels: int, make_material: MakeMaterial, signing: Signing,
    tmp_path: Path,
) -> None:  # fmt: skip
    material = make_material(bits=bits, channels=channels)
    done = deliver(exporter(name), material, tmp_path, signing=signing)
    for file, composite in zip(done.files, material.runs[0].composites, strict=True):
        again = _pixels(file.path)[: material.photo.height, : material.photo.width]
        np.testing.assert_array_equal(again, composite)
        assert material.map is not None
        outside = ~material.map
        np.testing.assert_array_equal(again[outside], material.photo.pixels[outside])


def _pixels(path: Path) -> Any:
    if path.suffix == ".tif":
        read: Any = tifffile.imread(path)
    else:
        import cv2

        read = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        assert read is not None
        if read.ndim == 3:
            read = read[..., [2, 1, 0, 3][: read.shape[2]]]
    return read[..., None] if read.ndim == 2 else read


def test_a_tiff_of_16_bits_gives_the_8_bits_back(
    make_material: MakeMaterial, tmp_path: Path
) -> None:
    material = make_material()
    done = deliver(exporter("composite-tiff"), material, tmp_path, options={"depth": "16"})
    read = _pixels(done.files[0].path)
    assert read.dtype == np.uint16
    np.testing.assert_array_equal(read[:200, :260] // 257, material.runs[0].composites[0])


@pytest.mark.parametrize("name", ["composite-png", "composite-tiff", "composite-jpeg"])
def test_camera_data_is_kept_checked_and_upright(
    name: str, make_material: MakeMaterial, signing: Signing, tmp_path: Path
) -> None:
    material = make_material(exif=True, icc=True)
    for location in ("keep", "leave-out"):
        done = deliver(
            exporter(name), material, tmp_path, options={"location": location}, signing=signing,
            force=True,
        )  # fmt: skip
        with Image.open(done.files[0].path) as image:
            assert image.info["icc_profile"] == material.photo.icc_profile
            assert image.width == 260
            block = image.getexif()
            assert block.get(274, 1) == 1
            assert (block[271], block[272]) == ("Canon", "EOS R5")
            exposure = block.get_ifd(0x8769)
            assert exposure[36867] == "2026:01:02 03:04:05"
            assert float(exposure[33434]) == pytest.approx(0.004)
            assert not {37500, 37510, 42035, 42036} & set(exposure)
            place = block.get_ifd(0x8825)
            assert bool(place) is (location == "keep")
            if place:
                assert [float(each) for each in place[2]] == [51.0, 30.0, 12.5]
        content = done.files[0].path.read_bytes()
        for hostile in (b"his name is X", b"maker note", b"<script>"):
            assert hostile not in content


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
@pytest.mark.parametrize("name", GENERATED_ONES)
def test_exiftool_reads_the_source_type(
    name: str, make_material: MakeMaterial, signing: Signing, tmp_path: Path
) -> None:
    done = deliver(exporter(name), make_material(exif=True), tmp_path, signing=signing)
    path = done.files[0].path
    output = subprocess.run(
        ["exiftool", "-json", "-XMP-iptcExt:DigitalSourceType", "-XMP-dc:Description", "-Error",
         "-Orientation#", str(path)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    (told,) = json.loads(output)
    assert told["DigitalSourceType"] in (COMPOSITE, GENERATED)
    assert told["Description"] == done.files[0].label
    assert "Error" not in told
    assert told.get("Orientation", 1) == 1


def test_the_map_is_read_back(make_material: MakeMaterial, tmp_path: Path) -> None:
    material = make_material()
    done = deliver(exporter("map-png"), material, tmp_path)
    assert material.map is not None
    read = read_map_png(done.files[0].path, material.photo.width, material.photo.height)
    np.testing.assert_array_equal(read, material.map)


@pytest.mark.parametrize(("name", "paper", "size"), [
    ("sketch-pdf", "a4", (210, 297)),
    ("sketch-pdf", "letter", (215.9, 279.4)),
    ("sheet-pdf", "a4", (297, 210)),
    ("sheet-pdf", "letter", (279.4, 215.9)),
])  # fmt: skip
def test_pages_have_paper_size_case_and_label(
    name: str, paper: str, size: tuple[float, float], make_material: MakeMaterial, tmp_path: Path
) -> None:
    done = deliver(exporter(name), make_material(), tmp_path, options={"paper": paper})
    (page,) = pypdf.PdfReader(done.files[0].path).pages
    millimetres = [float(side) / 72 * 25.4 for side in (page.mediabox.width, page.mediabox.height)]
    assert millimetres == pytest.approx(size, abs=0.1)
    text = " ".join(page.extract_text().split())
    for words in (done.files[0].label, "17 - A case", "3 hypotheses made, 3 shown.", "E. Xample"):
        assert words in text
    if name == "sketch-pdf":
        assert "50 mm on paper" in text
        assert "Legend" in text


@pytest.mark.parametrize("made", [*range(1, 9), 19])
def test_a_sheet_shows_every_hypothesis(
    made: int, make_material: MakeMaterial, tmp_path: Path
) -> None:
    done = deliver(exporter("sheet-pdf"), make_material(made=made), tmp_path)
    pages = pypdf.PdfReader(done.files[0].path).pages
    assert len(pages) == (1 if made <= 8 else 3)
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    for number in range(1, made + 1):
        assert f"Hypothesis {number} of {made}" in text
    for words in ("Photo, enlarged", "Map", *(["Uncertainty", "25 % or more"] * (made > 1))):
        assert words in text
    if made < 3:
        assert f"Only {made} {'was' if made == 1 else 'were'} asked for." in text


def test_hypotheses_left_out_are_counted(make_material: MakeMaterial, tmp_path: Path) -> None:
    material = make_material(made=4, chosen=(2,))
    done = deliver(exporter("sheet-pdf"), material, tmp_path)
    text = " ".join(pypdf.PdfReader(done.files[0].path).pages[0].extract_text().split())
    assert "4 hypotheses made, 1 shown. The others were left out by the examiner's choice." in text
    assert planned(exporter("composite-png"), material) == ("a.rgb.h2.png",)


def test_an_svg_is_outlines_with_its_label(make_material: MakeMaterial, tmp_path: Path) -> None:
    done = deliver(exporter("sketch-svg"), make_material(), tmp_path)
    space = "{http://www.w3.org/2000/svg}"
    root = ET.parse(done.files[0].path).getroot()
    shown = " ".join(each.text or "" for each in root.iter(f"{space}text"))
    assert " ".join(shown.split()) == done.files[0].label
    assert len(list(root.iter(f"{space}path"))) > 3
    assert not list(root.iter(f"{space}image"))
    assert not list(root.iter(f"{space}script"))


class _Forgetful(CompositePng):
    """Leaves out what it must not."""

    def draw(self, material: Material, item: Item, options: Any) -> Drawn:
        drawn = super().draw(material, item, options)
        return Drawn(content=drawn.content, role="composite", label="", source_type="")


class _Unmarked(CompositePng):
    """Claims a source type that is not in its file."""

    def draw(self, material: Material, item: Item, options: Any) -> Drawn:
        drawn = super().draw(material, item, options)
        file = io.BytesIO()
        Image.new("RGB", (9, 9)).save(file, "PNG")
        return Drawn(content=file.getvalue(), role="composite", label=drawn.label,
                     source_type=drawn.source_type)  # fmt: skip


@pytest.mark.parametrize("forgetful", [_Forgetful, _Unmarked])
def test_a_format_cannot_leave_out_its_marks(
    forgetful: type[Exporter], make_material: MakeMaterial, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError, match="left out the label"):
        deliver(forgetful(), make_material(), tmp_path)
    assert not list(tmp_path.iterdir())


def test_wrong_names_are_refused(make_material: MakeMaterial) -> None:
    with pytest.raises(ExportError, match="no export format 'gif'"):
        exporter("gif")
    with pytest.raises(ExportError, match="no option 'colour'"):
        complete_options(exporter("sketch-pdf"), {"colour": "red"})
    with pytest.raises(ExportError, match="choose a4 or letter"):
        complete_options(exporter("sketch-pdf"), {"paper": "a3"})


def test_without_c2pa_the_export_says_so(
    make_material: MakeMaterial, signing: Signing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "c2pa", None)
    done = deliver(exporter("composite-png"), make_material(), tmp_path, signing=signing)
    (note,) = done.notes
    assert note.startswith("Content credentials were not added, because")
    assert len(done.files) == 3
