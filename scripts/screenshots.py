"""Pictures of the real window at work, for the README and for machines without a screen.

    python scripts/screenshots.py PHOTO --out DIR

opens the photo, runs one model of each kind and writes two pictures of the window: `window-map.png` with
the map on the photo, and `window.png` with the outputs side by side. Without a screen set
QT_QPA_PLATFORM=offscreen, or run it under Xvfb.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from app.inference.card import KINDS

SIZE = (1600, 1000)
"""Width and height of the window in pixels."""

PATIENCE_S = 180.0
"""How long one step may take before the script gives up."""

SETTLE_S = 0.5
"""Time for what moves in the window to come to rest."""


def main() -> int:
    """Take the pictures; returns the exit code."""
    parser = argparse.ArgumentParser(description="Pictures of the window at work on a photo.")
    parser.add_argument("photos", metavar="PHOTO", nargs="+", type=Path, help="the first is shown")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="where to write")
    parser.add_argument("--hypotheses", metavar="N", type=int, default=2, help="default: 2")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as settings:
        # The pictures must not depend on the user's settings, nor change them.
        os.environ["XDG_CONFIG_HOME"] = settings
        return take(options.photos, options.out, options.hypotheses)


def take(photos: list[Path], out: Path, hypotheses: int) -> int:
    """Open the window, let it work, and write its pictures."""
    from app.ui.main import make_application, make_window
    from app.ui.runs import RunRequest
    from app.ui.session import Stage

    application = make_application()
    window = make_window()
    controller = window.controller
    try:
        window.resize(*SIZE)
        window.show()
        controller.open_paths(photos)
        wait(application.processEvents, lambda: controller.session.current is not None)
        photo = controller.session.current
        assert photo is not None
        wait(application.processEvents, lambda: photo.stage in (Stage.READY, Stage.FAILED))
        settle(application.processEvents)
        print(save(window.grab().save, out / "window-map.png"))
        if photo.stage is Stage.FAILED:
            print(photo.failure.sentence if photo.failure else "failed", file=sys.stderr)
            return 1
        there = {card.kind for card in controller.bench.models}
        models = tuple(kind for kind in KINDS if kind in there)
        controller.runs.start(photo, RunRequest(models, hypotheses, seed=0))
        wait(application.processEvents, lambda: not controller.runs.running)
        settle(application.processEvents)
        print(save(window.grab().save, out / "window.png"))
        return 0
    except TimeoutError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        window.close_at_once()


def wait(process: Callable[[], None], reached: Callable[[], bool]) -> None:
    """Let the window live until something is reached.

    Raises:
        TimeoutError: it took too long.
    """
    deadline = time.monotonic() + PATIENCE_S
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError(f"The window did not get there within {PATIENCE_S:.0f} s.")
        process()
        time.sleep(0.01)


def settle(process: Callable[[], None]) -> None:
    """Let animations and late events end."""
    deadline = time.monotonic() + SETTLE_S
    while time.monotonic() < deadline:
        process()
        time.sleep(0.01)


def save(write: Callable[[str], bool], path: Path) -> Path:
    """Write a picture.

    Raises:
        OSError: it could not be written.
    """
    if not write(str(path)):
        raise OSError(f"{path} could not be written")
    return path


if __name__ == "__main__":
    sys.exit(main())
