"""The command line as a user has it: arguments in; exit code, stdout, stderr and files out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from app.cli.main import main
from tests.support.tiny_models import DrawnFace, draw_photo, write_tiny_zoo

ROOT = Path(__file__).resolve().parents[2]

FACE = DrawnFace((100, 60, 220, 220))
BARE = DrawnFace(FACE.box, masked=False)
SIZE = (400, 300)
"""Width and height of the drawn photo."""


@dataclass(frozen=True)
class Run:
    """What a command line came to."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document on stdout; fails when there is anything else."""
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one line of stderr that is no progress; fails when there are more or none."""
        lines = [line for line in self.err.splitlines() if not line.startswith("[")]
        assert len(lines) == 1, self.err
        return lines[0]


Cli = Callable[..., Run]


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str]) -> Cli:
    """Run `revisage ARGUMENTS` in this process."""

    def run(*arguments: str | Path) -> Run:
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert "Traceback" not in err
        return Run(code, out, err)

    return run


@pytest.fixture
def revisage() -> Cli:
    """Run `python -m app ARGUMENTS` as a process of its own."""

    def run(*arguments: str | Path, cwd: Path = ROOT, **environment: str) -> Run:
        finished = subprocess.run(
            [sys.executable, "-m", "app", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert "Traceback" not in finished.stderr, finished.stderr
        return Run(finished.returncode, finished.stdout, finished.stderr)

    return run


@pytest.fixture(scope="session")
def tiny_zoo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A zoo of tiny models that see colours instead of faces; do not change it."""
    return write_tiny_zoo(tmp_path_factory.mktemp("tiny") / "zoo")


@pytest.fixture
def tiny_zoo(tiny_zoo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Only the tiny zoo is installed."""
    monkeypatch.setattr("app.workbench.default_zoo_folders", lambda: (tiny_zoo_folder,))
    return tiny_zoo_folder


def write_png(path: Path, rgb: NDArray[Any]) -> Path:
    """Write (H, W[, 3 or 4]) in RGB order, 8 or 16 bit."""
    pixels = rgb if rgb.ndim == 2 else rgb[:, :, [2, 1, 0, *range(3, rgb.shape[2])]]
    path.write_bytes(cv2.imencode(".png", pixels)[1].tobytes())
    return path


def read_png(path: Path) -> NDArray[Any]:
    """(H, W[, C]) in RGB order, as stored."""
    pixels = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_UNCHANGED)
    assert pixels is not None
    return pixels if pixels.ndim == 2 else pixels[:, :, [2, 1, 0, *range(3, pixels.shape[2])]]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo with one face that the tiny models understand, masked."""
    return write_png(tmp_path / "photo.png", draw_photo(*SIZE, [FACE]))


@pytest.fixture
def unmasked(tmp_path: Path) -> Path:
    """The same face without a mask."""
    face = DrawnFace(FACE.box, masked=False)
    return write_png(tmp_path / "unmasked.png", draw_photo(*SIZE, [face]))


@pytest.fixture
def faceless(tmp_path: Path) -> Path:
    """A photo without any face."""
    return write_png(tmp_path / "faceless.png", draw_photo(*SIZE, []))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two masked photos that share a name, an unmasked one, an empty one, a broken one, a text."""
    root = tmp_path / "photos"
    (root / "deep" / "er").mkdir(parents=True)
    write_png(root / "one.png", draw_photo(*SIZE, [FACE]))
    write_png(root / "deep" / "er" / "one.png", draw_photo(300, 300, [FACE]))
    write_png(root / "deep" / "bare.png", draw_photo(*SIZE, [BARE]))
    write_png(root / "deep" / "faceless.png", draw_photo(*SIZE, []))
    (root / "broken.jpg").write_bytes(b"\xff\xd8\xff and no more")
    (root / "notes.txt").write_text("no photo")
    return root
