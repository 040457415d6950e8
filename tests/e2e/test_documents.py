"""What the technician's and the researcher's guide tell people to type: it parses, and it works."""

from __future__ import annotations

import re
import shlex
import zipfile
from pathlib import Path

import pytest

from app.cli.parser import build_parser
from tests.e2e.conftest import ROOT, Cli
from tests.support.tiny_models import add_model, map_model, reconstruct_model, write_tiny_zoo

GUIDES = ("docs/technician", "docs/researcher")
PORTABLE = "PYTHONPATH=. python -m training "
"""`revisage-train` where nothing is installed."""

TORCHRUN = "torchrun "
"""`revisage-train` in several processes; tests/training/test_parallel.py starts it."""


def lines() -> list[tuple[str, str]]:
    """Every line of a code block, with its page."""
    found = []
    for guide in GUIDES:
        for page in sorted((ROOT / guide).glob("*.md")):
            text = page.read_text(encoding="utf-8")
            for block in re.findall(r"^```\w*\n(.*?)^```", text, re.M | re.S):
                whole = re.sub(r"\\\n\s*", "", block)
                found += [(page.name, line) for line in whole.splitlines() if line]
    return found


def commands(program: str) -> list[str]:
    return [line for _, line in lines() if line.startswith(f"{program} ")]


def test_every_line_is_of_a_program_that_is_checked_here_or_elsewhere() -> None:
    known = (
        "revisage ", "revisage-train ", "dask ", "python scripts/build_installer.py ",
        "python3 -m venv ", "python3.11 -m venv ", "python3 -m pip ",
        ".venv/bin/python -m pip ", "sudo apt-get install ",
        # What test_installer.py does, and what a shell does.
        "dpkg --verify revisage", "sudo apt-get purge revisage", "export REVISAGE_DATA=",
        "pip install -c packaging/constraints.txt -e ", PORTABLE, TORCHRUN,
    )  # fmt: skip
    assert [line for _, line in lines() if not line.startswith(known)] == []


@pytest.mark.parametrize("line", commands("revisage"))
def test_revisage_understands_it(line: str) -> None:
    assert build_parser().parse_args(shlex.split(line)[1:]).command


@pytest.mark.parametrize(
    "line",
    [*commands("revisage-train"), *commands(PORTABLE.strip()), *commands(TORCHRUN.strip())],
)
def test_training_understands_it(line: str) -> None:
    cli = pytest.importorskip("training.cli")
    words = line.removeprefix(PORTABLE).removeprefix("revisage-train ")
    words = words.rpartition(" -m training ")[2] if line.startswith(TORCHRUN) else words
    assert cli._parser().parse_args(shlex.split(words))


@pytest.mark.parametrize("line", commands("python"))
def test_scripts_are_there_and_take_these_options(line: str) -> None:
    _, script, *options = shlex.split(line)
    text = (ROOT / script).read_text(encoding="utf-8")
    for option in options:
        assert not option.startswith("--") or f'"{option}"' in text


def test_files_and_extras_that_are_named_exist() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for _, line in lines():
        for extra in re.findall(r"\[(\w+)\]", line):
            assert f"\n{extra} = [" in text
        for path in re.findall(r"--constraint (\S+)", line):
            assert (ROOT / path).is_file()


def test_links_lead_somewhere() -> None:
    for guide in GUIDES:
        for page in (ROOT / guide).glob("*.md"):
            for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_recipes_that_are_named_are_bundled() -> None:
    page = (ROOT / "docs/researcher/README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"revisage-train train (\w+) --", page))
    for system in re.findall(r"--systems (\S+)", page):
        named |= set(system.split(","))
    assert named
    for name in named:
        assert (ROOT / "training" / "recipes" / f"{name}.toml").is_file(), name


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the guide on models names."""
    shipped = write_tiny_zoo(tmp_path / "shipped")
    monkeypatch.setattr("app.workbench.shipped_zoo", lambda: shipped)
    monkeypatch.setattr("app.cli.models.shipped_zoo", lambda: shipped)
    monkeypatch.chdir(tmp_path)
    add_model(tmp_path, "lab_rgb", "reconstruct", reconstruct_model(), kind="rgb")
    add_model(tmp_path, "lab_map", "map", map_model())
    add_model(tmp_path / "exported", "my_pix2pix", "reconstruct", reconstruct_model(), kind="gan")
    with zipfile.ZipFile(tmp_path / "models-2026.zip", "w") as archive:
        add_model(tmp_path / "more", "lab_gan", "reconstruct", reconstruct_model(), kind="gan")
        for file in (tmp_path / "more" / "lab_gan").iterdir():
            archive.write(file, f"lab_gan/{file.name}")
    return tmp_path


def test_the_cheap_commands_work_as_they_are_written(cli: Cli, place: Path, photo: Path) -> None:
    """In the guides' order: what a page adds, its next lines use."""
    photo.rename(place / "photo.jpg")
    ran = 0
    for line in commands("revisage"):
        _, command, *rest = shlex.split(line)
        network = any("://" in part for part in rest)
        if command in ("models", "devices") and not network:
            run = cli(command, *rest)
            assert run.code == 0, f"{line}: {run.err}"
            ran += 1
        elif command == "reconstruct" and "my_pix2pix" in rest and (place / "photo.jpg").exists():
            assert cli(command, *rest).code == 0
            ran += 1
    assert ran >= 8
