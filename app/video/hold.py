"""One run per output: whoever works on a video holds it, and nobody else touches its working folder."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from app.case.errors import CaseHeld
from app.case.lock import WriterLock
from app.video.errors import VideoError


def working_folder(out: Path) -> Path:
    """Where the pieces of a video lie until it is whole: hidden, beside it."""
    return out.absolute().with_name(f".{out.name}.revisage")


@contextlib.contextmanager
def held(out: Path) -> Iterator[None]:
    """While the block lasts, no other run works on this output; a kill lets go of it.

    The lock lies beside the working folder, not in it, so that the folder can be deleted under it.

    Raises:
        VideoError: another run does, or the folder cannot be written.
    """
    try:
        lock = WriterLock.acquire(working_folder(out), examiner="")
    except CaseHeld as error:
        raise VideoError(
            f"Another run is working on {out}; wait for its end, or choose another file with --out."
        ) from error
    except OSError as error:
        raise VideoError(
            f"{out} could not be written ({error.strerror or error}); free some space, or choose "
            "another --out."
        ) from error
    try:
        yield
    finally:
        lock.release()
