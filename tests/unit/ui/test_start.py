"""The window starts quickly: what takes long to import is imported where it is used."""

from __future__ import annotations

import subprocess
import sys

LATE = (
    *("onnxruntime", "skimage", "scipy", "torch", "distributed", "c2pa", "cryptography"),
    *("fpdf", "fontTools", "uharfbuzz", "pypdfium2", "tifffile"),
)
"""Each of them costs a tenth of a second or more, and none is needed to show the first window."""


def test_the_window_is_imported_without_what_only_some_work_needs() -> None:
    code = f"import sys, app.ui.main; print(*(n for n in {LATE!r} if n in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
