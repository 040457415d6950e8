"""What whoever names a file as a photo should know of it before it is worked on."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from app.export.own import made_here, own_warning
from app.imaging.decode import count_pictures


def cautions(path: Path) -> list[str]:
    """Sentences about a file that is named as a photo; none of one that cannot be read.

    Only headers are read; see :func:`app.export.own.made_here` and
    :func:`app.imaging.decode.count_pictures`.
    """
    try:
        with path.open("rb") as file:
            return cautions_in(file, path)
    except OSError:  # opening it as a photo says why
        return []


def cautions_in(file: BinaryIO, path: Path) -> list[str]:
    """The sentences of :func:`cautions` about a file that is open already.

    Args:
        file: at its beginning; stays open.
        path: what it is called.
    """
    said = [own_warning(path)] if made_here(file) else []
    file.seek(0)
    count = count_pictures(file)
    if count > 1:
        said.append(
            f"{path} holds {count} pictures, of which only the first is used; save the others as "
            "files of their own."
        )
    return said


def holds_several(path: Path) -> bool:
    """Whether a file that can be read holds several pictures, of which only the first is used."""
    try:
        with path.open("rb") as file:
            return count_pictures(file) > 1
    except OSError:  # opening it as a photo says why
        return False
