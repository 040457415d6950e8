"""What the bundled program runs: the same as `revisage`."""

import os
import sys

# Without a console Windows gives a program no streams at all, and a print would end it.
for name in ("stdout", "stderr"):
    if getattr(sys, name) is None:
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115

from app.cli.main import run  # noqa: E402

if __name__ == "__main__":
    run()
