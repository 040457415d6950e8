"""The test command names the folders of tests one by one, so that some run beside others."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def files(places: Iterable[str]) -> list[Path]:
    """Every file of tests in some folders, or files, of the project; patterns as a shell knows them."""
    found = [path for place in places for path in ROOT.glob(place)]
    return sorted(
        file
        for path in found
        for file in ([path] if path.is_file() else path.rglob("test_*.py"))
        if file.name.startswith("test_")
    )


def test_the_test_command_runs_what_pytest_alone_would() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = settings["tool"]["pytest"]["ini_options"]["testpaths"]
    lines = (ROOT / "test.sh").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines for word in line.split("#")[0].split()]
    named = files(word for word in words if word.startswith("tests/"))
    assert named == files(folders)
