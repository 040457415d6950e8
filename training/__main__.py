"""``python -m training``."""

from __future__ import annotations

import sys

from training.cli import main


def run() -> None:
    """The installed command."""
    sys.exit(main())


if __name__ == "__main__":
    run()
