"""Frames as a file: the same ones are the same file."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

SCRIPT = """
import sys
from fractions import Fraction
from pathlib import Path
import cv2
import numpy as np
from app.video.encode import FrameWriter

noise = np.random.Generator(np.random.PCG64(1)).integers(0, 256, (334, 400, 3), dtype=np.uint8)
picture = cv2.GaussianBlur(noise, (0, 0), 2)
writer = FrameWriter(Path(sys.argv[1]), width=400, height=334, rate=Fraction(25))
for number in range(5):
    writer.write(np.ascontiguousarray(np.roll(picture, 2 * number, axis=1)))
writer.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone fills memory as it is asked to")
def test_what_lay_in_memory_before_does_not_change_a_file(tmp_path: Path) -> None:
    digests = set()
    for filling in ("0", "1", "2", "255"):
        path = tmp_path / f"{filling}.mp4"
        subprocess.run(
            [sys.executable, "-c", SCRIPT, str(path)],
            check=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "MALLOC_PERTURB_": filling},
            timeout=120,
        )
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1
