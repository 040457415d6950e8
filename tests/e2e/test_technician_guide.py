"""The commands in the technician's guide exist, with these options."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.parser import build_parser
from app.inference import devices

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "technician"


def commands(program: str) -> list[str]:
    """Lines of code blocks that begin with a program's name."""
    found = []
    for page in sorted(GUIDE.glob("*.md")):
        for block in re.findall(
            r"^```\w*\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S
        ):
            found += [line for line in block.splitlines() if line.startswith(f"{program} ")]
    return found


@pytest.mark.parametrize("line", commands("revisage"))
def test_revisage(line: str) -> None:
    options = build_parser().parse_args(shlex.split(line)[1:])
    assert options.command


@pytest.mark.parametrize("line", commands("dask"))
def test_dask(line: str) -> None:
    click = pytest.importorskip("click")
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    from distributed.cli import dask_scheduler, dask_worker

    _, role, *arguments = shlex.split(line)
    command = {"scheduler": dask_scheduler, "worker": dask_worker}[role].main
    with click.Context(command) as context:
        values = dict(command.make_context(role, arguments, parent=context).params)
    if "--resources" in arguments:
        assert values["resources"] == "GPU=1"


def test_the_readme_says_how_to_start_a_cluster() -> None:
    """With lines of the guide, which are tested."""
    readme = (GUIDE.parents[1] / "README.md").read_text(encoding="utf-8").splitlines()
    shown = [line for line in readme if line.startswith(("dask ", "revisage batch /"))]
    assert [line.split()[1] for line in shown] == ["scheduler", "worker", "batch"]
    assert set(shown) <= {*commands("dask"), *commands("revisage")}


@pytest.mark.parametrize("line", commands("python"))
def test_scripts(line: str) -> None:
    script, *options = shlex.split(line)[1:]
    done = subprocess.run(
        [sys.executable, str(GUIDE.parents[1] / script), "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert all(option in done.stdout for option in options if option.startswith("--"))


@pytest.mark.parametrize("page", sorted(GUIDE.glob("*.md")), ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_the_reasons_of_the_table_are_those_of_the_program() -> None:
    text = (GUIDE / "install.md").read_text(encoding="utf-8")
    said = re.findall(r"^\| ((?:No|CUDA|This|TensorRT) [^|]+?) \|", text, re.M)
    source = " ".join(Path(devices.__file__).read_text(encoding="utf-8").split())
    source = source.replace("{title}", "TensorRT").replace("no TensorRT", "no CUDA")
    assert len(said) >= 5
    for reason in said:
        assert reason.partition(" (")[0].split("; ")[0] in source, reason


def test_there_is_a_guide() -> None:
    assert len(commands("revisage")) >= 4
    assert len(commands("dask")) >= 3
