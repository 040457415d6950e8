"""Pictures of the real window at work, for README and guide, and for machines without a screen.

    python scripts/screenshots.py --out docs/images            every picture, of the sample case
    python scripts/screenshots.py --out DIR --only map compare  some of them
    python scripts/screenshots.py PHOTO --out DIR              of other photos

The window is driven as by a hand; what it shows is what it does. Without a screen run it under Xvfb or
set QT_QPA_PLATFORM=offscreen. Size, scale, theme and language can be chosen, to look at all of them.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtGui import QPixmap

SIZE = "1440x900"
"""Width and height of the window in logical pixels."""

PATIENCE_S = 300.0
"""How long one step may take before the script gives up."""

SETTLE_S = 0.6
"""Time for what moves in the window to come to rest."""

LARGEST = 300_000
"""Bytes of a picture: the guide must load quickly."""

FILM_FRAMES = 750

QUALITIES = (92, 88, 84, 80, 72)
"""Of WebP, the best that fits is taken."""


def main() -> int:
    """Take the pictures; returns the exit code."""
    parser = argparse.ArgumentParser(description="Pictures of the window at work.")
    parser.add_argument("photos", metavar="PHOTO", nargs="*", type=Path, help="default: the sample")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="where to write")
    parser.add_argument("--only", metavar="NAME", nargs="+", default=[], help="some pictures only")
    parser.add_argument("--hypotheses", metavar="N", type=int, default=4, help="default: 4")
    parser.add_argument("--size", metavar="WxH", default=SIZE, help=f"default: {SIZE}")
    parser.add_argument("--scale", metavar="S", type=float, default=1.0, help="default: 1")
    parser.add_argument("--theme", choices=("light", "dark"), default="dark")
    parser.add_argument("--language", choices=("en", "de"), default="en")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.scale != 1.0:
        os.environ["QT_SCALE_FACTOR"] = str(options.scale)
    with tempfile.TemporaryDirectory() as home:
        # The pictures must not depend on the user's settings and files, nor change them.
        for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
            os.environ[f"XDG_{kind}_HOME"] = home
        try:
            return take(options, Path(home))
        except TimeoutError as error:
            print(error, file=sys.stderr)
            return 1


def take(options: argparse.Namespace, home: Path) -> int:
    """Open the window, let it work, and write its pictures."""
    from app.sample import write_sample
    from app.ui.settings import user_settings

    store = user_settings()
    for key, value in (
        ("theme", options.theme),
        ("language", options.language),
        ("examiner", "A. Example"),
        ("folders/cases", str(home)),
        ("folders/export", str(home)),
        ("window/show_case", False),
    ):
        store.setValue(key, value)
    store.sync()
    photos = options.photos or [write_sample(home)]
    tour = Tour(options, home)
    try:
        tour.take(photos)
    finally:
        tour.window.close_at_once()
    missing = set(options.only) - set(tour.taken)
    if missing:
        print(f"there is no picture {', '.join(sorted(missing))}", file=sys.stderr)
    return 1 if missing else 0


class Tour:
    """One way through the window, from the empty one to the case.

    Attributes:
        taken: the names of the pictures so far, those not wanted included.
    """

    def __init__(self, options: argparse.Namespace, home: Path) -> None:
        from app.ui.main import make_application, make_window

        self.options = options
        self.home = home
        self.taken: list[str] = []
        self.application = make_application()
        self.window = make_window()
        width, height = (int(part) for part in options.size.split("x"))
        self.window.resize(width, height)
        self.window.show()

    def take(self, photos: list[Path]) -> None:
        """Every picture, in the order in which an analyst works."""
        self.begin(photos)
        self.correct()
        self.reconstruct()
        self.compare()
        self.dialogs()
        self.case()
        self.live()

    # --- the steps -----------------------------------------------------------------------------

    def begin(self, photos: list[Path]) -> None:
        """The empty window, and the first photo with its map."""
        from app.ui.session import Stage

        self.shoot("welcome")
        controller = self.window.controller
        controller.open_paths(photos)
        self.wait(lambda: controller.session.current is not None)
        photo = controller.session.current
        assert photo is not None
        self.photo = photo
        self.wait(lambda: photo.stage in (Stage.READY, Stage.FAILED))
        self.shoot("map")

    def correct(self) -> None:
        """A few strokes by hand, and the history of them."""
        document = self.photo.document
        assert document is not None
        if not self.photo.faces:
            return
        self.window.zoom_to_face(0)
        x0, y0, x1, y1 = self.photo.faces[0].box
        width, height = x1 - x0, y1 - y0
        # Along both straps, and a little too far on one side.
        for side in (0.02, 0.98):
            document.begin_stroke(radius=width * 0.03, value=True)
            for step in range(6):
                document.extend_stroke(x0 + width * side, y0 + height * (0.46 + 0.05 * step))
            document.end_stroke()
        document.begin_stroke(radius=width * 0.03, value=False)
        document.extend_stroke(x0 + width * 0.98, y0 + height * 0.46)
        document.end_stroke()
        self.trigger("grow")
        self.wait(lambda: not document.locked and not self.busy())
        self.window.commands.show_history()
        self.settle()
        popup = self.application.activePopupWidget()
        assert popup is not None
        self.shoot("correct", over=popup)
        popup.close()
        self.trigger("tool_smart")
        self.window.canvas.setFocus()
        self.shoot("smart")
        self.trigger("tool_brush")
        self.trigger("reset")
        self.wait(lambda: not document.locked and not self.busy())

    def reconstruct(self) -> None:
        """One model of each kind; the second picture is taken while they run."""
        from app.inference.card import KINDS
        from app.ui.run_batch import RunRequest

        controller = self.window.controller
        there = {card.kind for card in controller.bench.models}
        models = tuple(kind for kind in KINDS if kind in there)
        runs = controller.runs
        runs.start(self.photo, RunRequest(models, self.options.hypotheses, seed=0))
        self.wait(lambda: bool(self.photo.hypotheses) or not runs.running)
        self.shoot("reconstruct", moving=True)
        self.wait(lambda: not runs.running)

    def compare(self) -> None:
        """The grid, and two pictures against each other."""
        self.trigger("view_compare")
        self.trigger("fit")
        if self.photo.faces:
            self.window.zoom_to_face(0)
        self.shoot("compare")
        for name in ("wipe", "difference"):
            self.trigger(f"compare_{name}")
            self.shoot(name)
        self.trigger("compare_grid")

    def dialogs(self) -> None:
        """Every dialog that says something by itself."""
        for key, name in (
            ("export", "export"),
            ("model_card", "cards"),
            ("settings", "settings"),
            ("palette", "palette"),
            ("shortcuts", "shortcuts"),
        ):
            self.dialog(key, name)

    def case(self) -> None:
        """The case that everything is kept in."""
        controller, window = self.window.controller, self.window
        controller.keeping.create_case(
            self.home / "26-114.rvcase",
            title="Sample",
            number="26/114",
            examiner="A. Example",
            keep=True,
        )
        self.wait(lambda: controller.keeping.case is not None and not self.busy())
        self.wait(lambda: not controller.keeping.writer.pending)
        window.actions_["show_case"].setChecked(True)
        self.shoot("case")
        panel = window.case_panel
        for name, page in (
            ("log", panel.log),
            ("checks", panel.checks),
            ("report", panel.report),
        ):
            panel.show_page(page)
            self.shoot(name)

    def live(self) -> None:
        """A video of the sample, as it is watched, and a frame of it in the case."""
        window = self.window
        window.actions_["show_case"].setChecked(False)
        self.trigger("live_view")
        self.shoot("live-empty")
        window.commands.files.open_paths([film(self.home / "corridor.mp4")])
        feed = window.live.feed
        self.wait(lambda: feed.newest is not None and feed.newest.look.faces > 0)
        self.trigger("live_grab")
        self.wait(lambda: len(window.controller.session.photos) > 1 and not self.busy())
        self.wait(lambda: feed.newest is not None and feed.newest.look.faces > 0)
        window.messages.clear()
        self.shoot("live")
        self.trigger("live_close")

    # --- the hand ------------------------------------------------------------------------------

    def trigger(self, key: str) -> None:
        """Choose an action."""
        self.window.actions_[key].trigger()
        self.settle()

    def dialog(self, key: str, name: str) -> None:
        """A dialog over the window."""
        from PySide6.QtWidgets import QDialog

        def shown() -> list[QDialog]:
            return [each for each in self.window.findChildren(QDialog) if each.isVisible()]

        self.trigger(key)
        self.wait(lambda: bool(shown()))
        for dialog in shown():
            self.shoot(name, over=dialog)
            dialog.reject()
        self.settle()

    def busy(self) -> bool:
        """Whether a job is under way."""
        return bool(self.window.controller.jobs.jobs)

    def shoot(self, name: str, *, over: object = None, moving: bool = False) -> None:
        """Write a picture of the window.

        Args:
            name: of the file, without its suffix.
            over: a dialog to be shown in its place over the window.
            moving: take it after a few turns of the loop, of what goes on.
        """
        from PySide6.QtCore import QPoint
        from PySide6.QtGui import QPainter
        from PySide6.QtWidgets import QWidget

        self.taken.append(name)
        if self.options.only and name not in self.options.only:
            return
        if moving:
            for _ in range(5):  # what was shown last is laid out in the loop's next turns
                self.application.processEvents()
        else:
            self.settle()
        picture = self.window.grab()
        if isinstance(over, QWidget):
            painter = QPainter(picture)
            veil = over.windowType() != over.windowType().Popup and over.isModal()
            if veil:
                painter.fillRect(self.window.rect(), "#60000000")
            corner = over.mapToGlobal(QPoint(0, 0)) - self.window.mapToGlobal(QPoint(0, 0))
            painter.drawPixmap(corner, over.grab())
            painter.end()
        print(save(picture, self.options.out / f"{name}.webp"), flush=True)

    def wait(self, reached: Callable[[], bool]) -> None:
        """Let the window live until something is reached.

        Raises:
            TimeoutError: it took too long.
        """
        deadline = time.monotonic() + PATIENCE_S
        while not reached():
            if time.monotonic() > deadline:
                raise TimeoutError(f"The window did not get there within {PATIENCE_S:.0f} s.")
            self.application.processEvents()
            time.sleep(0.01)

    def settle(self) -> None:
        """Let animations and late events end."""
        deadline = time.monotonic() + SETTLE_S
        while time.monotonic() < deadline:
            self.application.processEvents()
            time.sleep(0.01)


def film(path: Path) -> Path:
    """Write a video in which the sample's person moves a little, for half a minute."""
    from fractions import Fraction

    import cv2
    import numpy as np

    from app.sample import sample_photo
    from app.video.encode import FrameWriter

    photo = cv2.resize(sample_photo().pixels, (900, 900), interpolation=cv2.INTER_CUBIC)
    writer = FrameWriter(path, width=1280, height=720, rate=Fraction(25))
    for number in range(FILM_FRAMES):
        x, y = 190 + 40 * np.sin(number / 15), -40 + 12 * np.sin(number / 10)
        move = np.array([[1, 0, x], [0, 1, y]], np.float64)
        frame = cv2.warpAffine(photo, move, (1280, 720), borderMode=cv2.BORDER_REPLICATE)
        writer.write(np.asarray(frame, np.uint8))
    writer.close()
    return path


def save(picture: QPixmap, path: Path) -> Path:
    """Write a picture, as good as fits into LARGEST.

    Raises:
        OSError: it could not be written.
    """
    for quality in QUALITIES:
        if not picture.save(str(path), "WEBP", quality):
            raise OSError(f"{path} could not be written")
        if path.stat().st_size <= LARGEST:
            break
    return path


if __name__ == "__main__":
    sys.exit(main())
