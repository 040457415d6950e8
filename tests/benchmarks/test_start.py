"""How quickly the window is there: `pytest tests/benchmarks/test_start.py -s`."""

from __future__ import annotations

import subprocess
import sys

BUDGET_S = 2.0
"""Warm start to a usable window. Processor time is compared: it does not depend on what else runs."""

CODE = """
import time
from app.ui.main import make_application, make_window
application = make_application()
window = make_window()
window.show()
application.processEvents()
print(time.process_time())
window.close_at_once()
"""


def test_warm_start() -> None:
    times = []
    for _ in range(3):
        done = subprocess.run(
            [sys.executable, "-c", CODE], capture_output=True, text=True, check=True
        )
        times.append(float(done.stdout.split()[0]))
    print(f"\nwarm start to a usable window: {min(times[1:]):.2f} s of processor time")
    assert min(times[1:]) < BUDGET_S
