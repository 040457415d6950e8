"""How quick the window is. Nothing here asserts a time: figures and ratios are printed.

Times are those that the window's thread worked, so that other work of the machine does not count;
in brackets stands what the clock said.

    pytest tests/benchmarks -s
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.imaging.edit import Edit
from app.imaging.photo import photo_from_array
from app.ui.canvas.camera import Camera
from app.ui.canvas.map_canvas import MapCanvas
from app.ui.canvas.pyramid import Pyramid
from app.ui.main import make_application
from app.ui.map_document import FoundMap, MapDocument
from app.ui.session import PhotoSession
from app.ui.tools.brush import BrushSettings, BrushTool

BRUSH = 256
EVENTS = 60
SIZES = [(4096, 4096), (9000, 6700)]


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def canvas(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[MapCanvas]:
    """A canvas of 1400 x 900 with a photo, a map over a quarter of it, and a brush in hand."""
    make_application()
    width, height = request.param
    pixels = np.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=np.uint8)
    mapped = np.zeros((height, width), np.bool_)
    mapped[height // 4 : height * 3 // 4, width // 4 : width * 3 // 4] = True
    photo = PhotoSession(Path("photo.png"))
    photo.set_photo(photo_from_array(pixels), Pyramid(pixels))
    photo.set_analysis((), MapDocument(FoundMap.of(mapped)))
    made = MapCanvas(Camera())
    qtbot.addWidget(made)
    made.resize(1400, 900)
    made.show_photo(photo)
    settings = BrushSettings(made)
    settings.set_diameter(BRUSH)
    made.set_tool(BrushTool(made, settings, value=True))
    made.show()
    qtbot.waitExposed(made)
    yield made
    photo.deleteLater()


@dataclass(frozen=True)
class Cost:
    """What something costs until its repaint is done.

    Attributes:
        work: milliseconds that the window's thread worked.
        clock: milliseconds that passed.
    """

    work: float
    clock: float

    def __str__(self) -> str:
        return f"{self.work:.1f} ms ({self.clock:.1f})"


def cost(action: Callable[[], None]) -> Cost:
    """Do something and wait for its repaint."""
    begin, clock = time.thread_time(), time.perf_counter()
    action()
    settle()
    return Cost((time.thread_time() - begin) * 1000, (time.perf_counter() - clock) * 1000)


def typical(costs: list[Cost]) -> Cost:
    """The median."""
    return Cost(
        statistics.median(each.work for each in costs),
        statistics.median(each.clock for each in costs),
    )


def settle() -> None:
    """Do every repaint that is due."""
    QTest.qWait(0)


def redraw_whole_overlay(canvas: MapCanvas) -> None:
    """What a canvas without changed rectangles does at every event."""
    tiles, document = canvas.map_layer.tiles, canvas.document
    assert tiles is not None
    assert document is not None
    tiles.touch((0, 0, document.map.width, document.map.height))
    canvas.update()


@pytest.mark.parametrize("zoom", ["fit", "100 %"])
def test_brush_and_undo(canvas: MapCanvas, zoom: str, capsys: pytest.CaptureFixture[str]) -> None:
    document = canvas.document
    assert document is not None
    if zoom != "fit":
        canvas.camera.zoom_to(1.0)
    settle()
    # At 100 % the view lies inside the map, where only erasing changes anything.
    button = Qt.MouseButton.LeftButton if zoom == "fit" else Qt.MouseButton.RightButton
    path = [QPoint(200 + 12 * step, 150 + 8 * step) for step in range(EVENTS)]

    QTest.mousePress(canvas, button, pos=path[0])
    events = [cost(partial(QTest.mouseMove, canvas, point)) for point in path[1:]]
    release = cost(partial(QTest.mouseRelease, canvas, button, pos=path[-1]))
    undo = cost(document.undo)
    redo = cost(document.redo)
    whole = typical([cost(partial(redraw_whole_overlay, canvas)) for _ in range(5)])
    event, worst = typical(events), max(each.work for each in events)
    size = f"{document.map.width}x{document.map.height}"
    with capsys.disabled():
        print(
            f"\n{size} at {zoom}, brush {BRUSH} px: event to repaint {event}, worst {worst:.1f}; "
            f"release {release}; undo {undo}; redo {redo}; whole overlay {whole} = "
            f"{whole.work / event.work:.1f} events = {whole.work / undo.work:.1f} undos"
        )
    assert document.history.can_undo


def test_zoom_and_pan(canvas: MapCanvas, capsys: pytest.CaptureFixture[str]) -> None:
    document = canvas.document
    assert document is not None
    zooms, pans = [], []
    canvas.camera.fit()
    for _ in range(20):
        anchor = QPointF(document.map.width / 3, document.map.height / 3)
        zooms.append(cost(partial(canvas.camera.zoom_by, 1.25, anchor=anchor)))
        pans.append(cost(partial(canvas.camera.pan, 31, 17)))
    size = f"{document.map.width}x{document.map.height}"
    with capsys.disabled():
        print(
            f"\n{size}: zoom step {typical(zooms)}, worst {max(each.work for each in zooms):.1f}; "
            f"pan step {typical(pans)}, worst {max(each.work for each in pans):.1f}"
        )


def test_whole_photo_edits(canvas: MapCanvas, capsys: pytest.CaptureFixture[str]) -> None:
    """What a worker does for an edit of the whole map, and the window's thread to undo and show it.

    The overlay may come in several frames; what counts for the window is the longest turn of its loop.
    """
    document = canvas.document
    assert document is not None
    canvas.camera.fit()
    settle()
    found = document.automatic()
    operations: dict[str, Callable[[], Edit | None]] = {
        "invert": document.map.invert,
        "grow": document.map.grow,
        "reset": lambda: document.map.replace(found),
    }
    lines = []
    for name, operation in operations.items():
        begin = time.thread_time()
        edit = operation()
        worked = (time.thread_time() - begin) * 1000
        shown = cost(partial(document.push, edit, tool=name))
        undo, redo = cost(document.undo), cost(document.redo)
        lines.append(
            f"{name}: worker {worked:.0f} ms, shown {shown}, undone {undo}, redone {redo}"
        )
    lasso = np.array([[0.02, 0.02], [0.98, 0.1], [0.9, 0.97], [0.05, 0.9]])
    lasso *= (document.map.width, document.map.height)
    fill = cost(lambda: document.push(document.map.fill_polygon(lasso), tool="lasso"))
    with capsys.disabled():
        print(
            f"\n{document.map.width}x{document.map.height} at fit: {'; '.join(lines)}; "
            f"lasso around all {fill}"
        )
    assert document.history.can_undo


START = """
import time
begin = time.perf_counter()
from pathlib import Path
from app.ui.main import make_application, make_window
application = make_application()
window = make_window()
window.show()
while not window.windowHandle().isExposed():
    application.processEvents()
application.processEvents()
print(time.process_time(), time.perf_counter() - begin)
window.close_at_once()
"""


def test_window_start(capsys: pytest.CaptureFixture[str]) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    starts: list[tuple[float, float]] = []
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", START],
            cwd=Path(__file__).resolve().parents[2],
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=True,
        )
        work, clock = (float(value) for value in done.stdout.split()[-2:])
        starts.append((work, clock))
    work, clock = min(starts)
    with capsys.disabled():
        print(f"\nwindow start, warm: {work:.2f} s of work, all threads ({clock:.2f} s by the clock)")
