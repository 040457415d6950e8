"""Files that are either written whole or not at all, and that never replace what they must not."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Collection
from pathlib import Path

from app.export.errors import ExportError

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def prepare_folder(folder: Path) -> None:
    """Make the folder that exports go to, with its parents, when it is not there yet.

    Raises:
        ExportError: it cannot be made, or is a file.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if folder.exists():
            raise ExportError(f"{folder} is a file, not a folder; choose a folder.") from error
        raise _failed(folder, error) from error


def check_target(path: Path, *, force: bool = False, protected: Collection[Path] = ()) -> None:
    """Say early that a file must not be written, before the work for it is done.

    Args:
        path: the file to write.
        force: an existing file may be replaced.
        protected: evidence; never replaced, not even with `force`.

    Raises:
        ExportError: the file exists and must stay.
    """
    if not os.path.lexists(path):
        return
    for evidence in protected:
        with contextlib.suppress(OSError):
            if path.samefile(evidence):
                raise ExportError(
                    f"{path} is a source photo and is never replaced; choose another folder."
                )
    if path.is_dir():
        raise ExportError(f"{path} is a folder; remove it or choose another folder.")
    if not force:
        raise _exists(path)


def write_file(
    path: Path, content: bytes, *, force: bool = False, protected: Collection[Path] = ()
) -> None:
    """Write a whole file in one step: readers see the old one or the new one, never a part.

    The content first goes to a hidden file in the same folder, which never stays behind.

    Args:
        path: the file to write; its folder must exist.
        content: its bytes.
        force, protected: see :func:`check_target`.

    Raises:
        ExportError: nothing was written; the sentence says why and what to do.
    """
    check_target(path, force=force, protected=protected)
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        try:
            with part.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _put(part, path, force=force)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
    except OSError as error:
        raise _failed(path, error) from error


def _put(part: Path, path: Path, *, force: bool) -> None:
    """Give the finished file its name; without `force` never over a file that came meanwhile."""
    if force:
        part.replace(path)
        return
    if os.name == "nt":
        part.rename(path)  # fails where the name is taken; elsewhere it would replace
        return
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        # The drive has no hard links (FAT, some network shares): look once more, then rename.
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        part.replace(path)


def _exists(path: Path) -> ExportError:
    return ExportError(
        f"{path} exists already and was not replaced; allow replacing (--force) "
        "or choose another folder."
    )


def _failed(path: Path, error: OSError) -> ExportError:
    """An OSError as one sentence."""
    if isinstance(error, FileExistsError):
        return _exists(path)
    if error.errno in FULL:
        return ExportError(
            f"{path} was not written because the disk is full; free some space and export again."
        )
    if error.errno in FORBIDDEN:
        return ExportError(
            f"{path} was not written because {path.parent} is read-only for you; "
            "choose another folder."
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return ExportError(
            f"{path} was not written because {path.parent} is no folder; choose another folder."
        )
    if error.errno == errno.ENAMETOOLONG:
        return ExportError(
            f"{path} was not written because its name is too long; shorten the photo's name."
        )
    reason = error.strerror or error
    return ExportError(f"{path} was not written ({reason}); choose another folder and try again.")
