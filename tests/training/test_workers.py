"""Processes that prepare batches."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT
from tests.training.conftest import Workplace

TIMEOUT_S = 150

BUSY_OPENCV = """
import sys
import cv2
import numpy as np
from training.cli import main

cv2.setNumThreads(2)
cv2.GaussianBlur(np.zeros((2000, 2000, 3), np.uint8), (0, 0), 5)
code = main(sys.argv[1:])
sys.exit(code if cv2.getNumThreads() == 2 else "OpenCV lost its threads")
"""


def test_a_run_begins_in_a_process_whose_opencv_has_worked_on_several_threads(
    workplace: Workplace, tmp_path: Path
) -> None:
    # The benchmark measures one system and then trains the next in the same process.
    arguments = workplace.train(workplace.recipe("map"), "--out", str(tmp_path / "run"))
    arguments[arguments.index("--workers") + 1] = "1"
    done = subprocess.run(
        [sys.executable, "-c", BUSY_OPENCV, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    assert json.loads(rows[-1])["step"] == 4
