"""The small JSON files beside photos, packs and runs: a damaged one is named in one sentence."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

GET_AGAIN = "get the file again"
"""The remedy for what came with the photos."""

DAMAGED = (ValueError, LookupError, TypeError, AttributeError)
"""What reading a file raises that is cut short, empty, no UTF-8 or of another shape."""


def read_json(path: Path, read: Callable[[Any], T], *, remedy: str) -> T:
    """What is made of a JSON file.

    Args:
        path: the file.
        read: makes it of the parsed document; what it raises of another shape means damage.
        remedy: what to do about a damaged one, as the rest of a sentence.

    Raises:
        OSError: it is missing or cannot be opened.
        ValueError: it is damaged; the sentence names it.
    """
    content = path.read_bytes()
    try:
        return read(json.loads(content))
    except DAMAGED as error:
        raise ValueError(f"{path} is damaged; {remedy}.") from error


def replace_text(path: Path, text: str) -> None:
    """Write a file whole or not at all: a full disk must not cost the one that is there.

    Raises:
        OSError: it could not be written; the sentence says why.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise OSError(
            f"{path} could not be written ({error.strerror or error}); make room, and give the same "
            "command again."
        ) from error


def append(path: Path, content: bytes) -> None:
    """Lengthen a file that is there, by all of it or by nothing: half a row would join the next.

    Raises:
        OSError: it could not be written.
    """
    whole = path.stat().st_size
    try:
        # Opened for each time, which is rare: what a full disk did not take must not be held back and
        # come after the cut.
        with path.open("ab") as file:
            file.write(content)
    except OSError:
        with suppress(OSError):
            os.truncate(path, whole)
        raise
