"""The libraries that we bring with us tell nobody that they run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.tiny_models import write_tiny_zoo

ROOT = Path(__file__).resolve().parents[2]

LOAD = """
import {package}
import onnxruntime
onnxruntime.InferenceSession({model!r})
"""


@pytest.mark.parametrize("package", ["app", "training"])
def test_onnx_runtime_leaves_no_identifier_and_no_message(package: str, tmp_path: Path) -> None:
    """What it would send lies in the user's cache first, with an identifier of the computer."""
    home = tmp_path / "home"
    home.mkdir()
    names = (
        "HOME",
        "XDG_CACHE_HOME",
        "XDG_DATA_HOME",
        "XDG_CONFIG_HOME",
        "LOCALAPPDATA",
        "USERPROFILE",
    )
    kept = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    model = next(write_tiny_zoo(tmp_path / "zoo").glob("*/*.onnx"))
    code = LOAD.format(package=package, model=str(model))
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**kept, **dict.fromkeys(names, str(home)), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert [path for path in home.rglob("*") if path.is_file()] == []
