"""The sample case draws itself, always the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from app import sample
from app.imaging.photo import read_photo


def test_only_the_neighbourhood_of_the_mask_changes() -> None:
    masked, plain = sample.sample_photo().pixels, sample.unmasked_photo().pixels
    assert masked.shape == plain.shape == (512, 512, 3)
    x0, y0, x1, y1 = sample.REGION
    outside = np.ones((512, 512), np.bool_)
    outside[y0:y1, x0:x1] = False
    assert np.array_equal(masked[outside], plain[outside])


def test_the_map_is_where_the_fabric_is() -> None:
    truth = sample.sample_map()
    masked, plain = sample.sample_photo().pixels, sample.unmasked_photo().pixels
    assert (masked != plain).any(axis=2)[truth].all()
    fabric = masked[truth].astype(int)
    assert (fabric[:, 2] > fabric[:, 0]).mean() > 0.99  # bluish, as skin never is
    x0, y0, x1, y1 = sample.FACE_BOX
    rows, columns = np.nonzero(truth)
    assert x0 - 5 < columns.min() < columns.max() < x1 + 5
    assert (y0 + y1) / 2 - 20 < rows.min() < rows.max() < y1 + 5


def test_the_drawing_is_always_the_same() -> None:
    assert sample.sample_photo().sha256 == sample.sample_photo().sha256


def test_an_earlier_file_is_kept(tmp_path: Path) -> None:
    path = sample.write_sample(tmp_path / "new")
    assert np.array_equal(read_photo(path).pixels, sample.sample_photo().pixels)
    path.write_text("mine now")
    assert sample.write_sample(tmp_path / "new").read_text() == "mine now"


def test_as_a_program(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sample.main([str(tmp_path)]) == 0
    assert Path(capsys.readouterr().out.strip()).is_file()
    assert sample.main([]) == 2


def test_python_m(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    run = subprocess.run(
        [sys.executable, "-m", "app.sample", str(tmp_path)],
        cwd=root, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(run.stdout.strip()).is_file()
