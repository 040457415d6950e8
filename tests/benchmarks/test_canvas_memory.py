"""What a 24-megapixel photo with its map costs in memory on the canvas. Nothing here asserts a figure.

    pytest tests/benchmarks/test_canvas_memory.py -s
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

MEASURE = """
from pathlib import Path
import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from app.imaging.photo import photo_from_array
from app.ui.canvas.pyramid import Pyramid
from app.ui.main import make_application, make_window
from app.ui.map_document import FoundMap, MapDocument
from app.ui.session import PhotoSession, Stage

def megabytes():
    with open('/proc/self/status') as lines:
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith('VmRSS'))

application = make_application()
window = make_window()
window.resize(1600, 1000)
window.show()
QTest.qWait(0)
figures = [megabytes()]
pixels = np.random.default_rng(1).integers(0, 255, (4000, 6000, 3), dtype=np.uint8)
mapped = np.zeros((4000, 6000), np.bool_)
mapped[1000:3000, 2000:4000] = True
photo = PhotoSession(Path('photo.png'))
photo.set_photo(photo_from_array(pixels), Pyramid(pixels))
photo.set_analysis((), MapDocument(FoundMap.of(mapped)))
photo.set_stage(Stage.READY)
window.canvas.show_photo(photo)
window.stack.setCurrentWidget(window.map_view)
QTest.qWait(0)
figures.append(megabytes())
for scale in (0.25, 0.5, 1.0, 2.0):
    window.camera.zoom_to(scale, anchor=QPointF(3000, 2000))
    QTest.qWait(0)
figures.append(megabytes())
document = photo.document
for number in range(200):
    document.begin_stroke(radius=128, value=number % 2 == 0)
    for step in range(20):
        document.extend_stroke(200 + 250 * step, 200 + 18 * number)
    document.end_stroke()
    if number % 20 == 0:
        QTest.qWait(0)
figures.append(megabytes())
print(*figures, document.history.nbytes / 2**20)
window.canvas.show_photo(None)
window.close()
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_canvas_memory(capsys: pytest.CaptureFixture[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        cwd=Path(__file__).resolve().parents[2],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    empty, opened, zoomed, edited, history = (float(value) for value in done.stdout.split()[-5:])
    with capsys.disabled():
        print(
            f"\n24 MP: empty window {empty:.0f} MB; with photo and map {opened:.0f} MB; seen at four "
            f"scales {zoomed:.0f} MB; after 200 long strokes {edited:.0f} MB, of which {history:.0f} "
            "MB history"
        )
