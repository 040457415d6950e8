"""Where the window's fonts, icons and themes lie: beside the package, inside it, or in a bundle."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


@cache
def resource_folder() -> Path:
    """The folder ``resources`` of this installation.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    package = Path(__file__).resolve().parents[1]
    bundle = Path(getattr(sys, "_MEIPASS", package.parent))
    for folder in (bundle / "resources", package.parent / "resources", package / "resources"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        f"The folder 'resources' is missing beside {package}; install Revisage again."
    )


def resource(name: str) -> Path:
    """One file of the resources, by its path with forward slashes."""
    return resource_folder() / name
