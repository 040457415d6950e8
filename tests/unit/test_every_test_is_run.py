"""The test command names the folders of tests one by one, so that some run beside others."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_test_command_runs_what_pytest_alone_would() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = settings["tool"]["pytest"]["ini_options"]["testpaths"]
    lines = (ROOT / "test.sh").read_text(encoding="utf-8").splitlines()
    words = [line.split("#")[0].split() for line in lines]
    named = [word for line in words for word in line if word.startswith("tests/")]
    # The one file that is tested alone is left out where its folder is.
    assert sorted(named) == sorted(folders)
