"""The user's folders: where the desktop says, and never in the current folder."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.folders import cache_folder, config_folder, data_folder

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="XDG is Linux's")

FOLDERS = [
    ("XDG_DATA_HOME", data_folder, ".local/share"),
    ("XDG_CONFIG_HOME", config_folder, ".config"),
    ("XDG_CACHE_HOME", cache_folder, ".cache"),
]


@pytest.mark.parametrize(("variable", "folder", "usual"), FOLDERS)
@pytest.mark.parametrize("value", ["", "data", "./data"])
def test_a_variable_that_names_no_place_counts_as_unset(
    variable: str,
    folder: Callable[[], Path],
    usual: str,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv(variable, value)
    assert folder() == tmp_path / usual / "revisage"


@pytest.mark.parametrize(("variable", "folder"), [each[:2] for each in FOLDERS])
def test_the_variables_place_is_taken(
    variable: str, folder: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, str(tmp_path / "elsewhere"))
    assert folder() == tmp_path / "elsewhere" / "revisage"
