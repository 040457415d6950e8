"""The commands in the technician's guide exist, with these options."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from app.cli.parser import build_parser

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "technician"


def commands(program: str) -> list[str]:
    """Lines of code blocks that begin with a program's name."""
    found = []
    for page in sorted(GUIDE.glob("*.md")):
        for block in re.findall(r"^```\w*\n(.*?)^```", page.read_text(encoding="utf-8"), re.M | re.S):
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


def test_there_is_a_guide() -> None:
    assert len(commands("revisage")) >= 4
    assert len(commands("dask")) >= 3
