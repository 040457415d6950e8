"""How much memory a batch takes as its tree grows. Prints figures; asserts only that memory is flat.

The tree consists of hard links to a few tiny photos, so that it costs no space, and the models are
tiny, so that the count is what is measured. Set REVISAGE_BENCHMARK_PHOTOS for another size.

    pytest tests/benchmarks/test_batch_memory.py -s
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import pytest

from tests.support.tiny_models import DrawnFace, draw_photo, write_tiny_zoo

ROOT = Path(__file__).resolve().parents[2]
PHOTOS = int(os.environ.get("REVISAGE_BENCHMARK_PHOTOS", "100000"))
PER_FOLDER = 1000
LINKS = 20_000
"""Links to one file; file systems allow some 30,000 to 65,000."""

GROWTH_MB = 48
"""What allocators may keep; 100,000 names alone would take less, decoded photos far more."""


def write_tree(root: Path, photos: int) -> None:
    """Masked, unmasked and, to get through in time, many empty photos; a thousand in a folder."""
    faces = DrawnFace((10, 8, 54, 58)), DrawnFace((10, 8, 54, 58), masked=False)
    drawn = [draw_photo(64, 64, [face]) for face in faces] + [draw_photo(64, 64, [])] * 10
    source = root.with_name("sources")
    source.mkdir()
    for number in range(photos):
        kind, copy = number % len(drawn), number // LINKS
        original = source / f"{kind}.{copy}.png"
        if not original.exists():
            cv2.imwrite(str(original), drawn[kind][:, :, ::-1])
        folder = root / f"{number // PER_FOLDER // 10:03}" / f"{number // PER_FOLDER:05}"
        if number % PER_FOLDER == 0:
            folder.mkdir(parents=True)
        (folder / f"{number:06}.png").hardlink_to(original)


class Watch(threading.Thread):
    """Writes down the memory of a process twice a second."""

    def __init__(self, process: int) -> None:
        super().__init__(name="memory-watch")
        self._status = Path(f"/proc/{process}/status")
        self._ended = threading.Event()
        self.began = time.monotonic()
        self.rows: list[tuple[float, float]] = []

    def run(self) -> None:
        ended = False
        while not ended:
            try:
                text = self._status.read_text()
            except OSError:
                return
            resident = re.search(r"VmRSS:\s+(\d+) kB", text)
            if resident and int(resident[1]):
                self.rows.append((time.monotonic() - self.began, int(resident[1]) / 1024))
            ended = self._ended.wait(0.5)

    def stop(self) -> None:
        self._ended.set()
        self.join()


@contextmanager
def watched(process: subprocess.Popen[str]) -> Iterator[Watch]:
    watch = Watch(process.pid)
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()


def run_batch(tree: Path, out: Path, zoo: Path) -> Watch:
    arguments = ["batch", str(tree), "--out", str(out), "--quiet"]
    code = (
        "import app.workbench, sys; from pathlib import Path; from app.cli.main import main;"
        f"app.workbench.default_zoo_folders = lambda: (Path({str(zoo)!r}),);"
        f"sys.exit(main({arguments!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, text=True)
    with watched(process) as watch:
        assert process.wait() == 0
    return watch


@pytest.mark.timeout(0)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("share", [0.02, 1.0], ids=["a fiftieth", "whole"])
def test_memory_is_flat(tmp_path: Path, share: float) -> None:
    photos = max(300, int(PHOTOS * share))
    write_tree(tmp_path / "tree", photos)
    zoo = write_tiny_zoo(tmp_path / "zoo")
    first = run_batch(tmp_path / "tree", tmp_path / "out", zoo)
    again = run_batch(tmp_path / "tree", tmp_path / "out", zoo)
    print(f"\n{photos} photos")
    for name, watch in (("first run", first), ("second run, nothing to do", again)):
        print(f"  {name}: {watch.rows[-1][0]:.0f} s, at most {max(m for _, m in watch.rows):.0f} MB")
        step = max(1, len(watch.rows) // 12)
        print("   ", "  ".join(f"{at:.0f} s {memory:.0f} MB" for at, memory in watch.rows[::step]))
    # Models and libraries are loaded in the first fifth.
    settled = [memory for _, memory in first.rows[len(first.rows) // 5 :]]
    quarter = max(1, len(settled) // 4)
    assert max(settled[-quarter:]) - max(settled[:quarter]) < GROWTH_MB
