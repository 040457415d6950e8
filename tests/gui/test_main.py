"""The program as a process: it opens, and an interrupt closes it in an orderly way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

SCRIPT = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from app.ui import main

made = main.make_window

def make_window():
    window = made()
    QTimer.singleShot(0, lambda: print("shown", flush=True))
    window.controller.session.current_changed.connect(lambda: print("opened", flush=True))
    return window

main.make_window = make_window
sys.exit(main.run([Path(each) for each in sys.argv[1:]]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent in another way there")
def test_an_interrupt_closes_the_window(tmp_path: Path, photo_file: Path, zoo: Path) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "REVISAGE_ZOO": str(zoo)}
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(photo_file)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(2)]
        assert sorted(said) == ["opened", "shown"]
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 0, errors
    assert "Traceback" not in errors


EARLY = """
import os
import signal
import sys
from PySide6.QtCore import QTimer
from app.ui import main

class Ticking(QTimer):
    def start(self, *args):
        super().start(*args)
        for _ in range({times}):
            os.kill(os.getpid(), signal.SIGTERM)

main.QTimer = Ticking
sys.exit(main.run())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="an interrupt is sent in another way there")
@pytest.mark.parametrize("times", [1, 2])
def test_an_interrupt_before_the_loop_has_begun_ends_the_process(zoo: Path, times: int) -> None:
    """The last thing before the loop is a timer's start."""
    done = subprocess.run(
        [sys.executable, "-c", EARLY.format(times=times)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "REVISAGE_ZOO": str(zoo)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


BROKEN = """
import sys
from app.cli.main import main as program
from app.ui import {module}

def fail(*_, **__):
    raise OSError("no space left")

{module}.{name} = fail
sys.exit(program([]))
"""


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("main_window", "Inspector"),
        ("main_window", "Commands"),
        ("controller", "Keeping"),
        ("main.MainWindow", "show"),
    ],
)
def test_a_window_that_cannot_be_made_ends_the_process(module: str, name: str, zoo: Path) -> None:
    first = module.partition(".")[0]
    script = BROKEN.replace("import {module}", f"import {first}")
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "REVISAGE_ZOO": str(zoo)}
    done = subprocess.run(
        [sys.executable, "-c", script.format(module=module, name=name)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "no space left" in done.stderr
    assert "Traceback" not in done.stderr
