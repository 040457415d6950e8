"""Names beside a case file, and files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from app.case.errors import CaseError, CaseFull, CaseHeld

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


@contextlib.contextmanager
def whole_file(path: Path, *, force: bool = False) -> Iterator[Path]:
    """A hidden name in the same folder that takes the real one when the block ends well.

    Args:
        path: the file to make.
        force: replace an existing file.

    Raises:
        CaseError: it exists; CaseFull, CaseHeld: it could not be written.
    """
    if not force:
        refuse_existing(path)
    elif path.is_dir():
        raise CaseError(f"{path} is a folder; choose another name.")
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        try:
            yield part
            sync(part)
            _put(part, path, force=force)
            sync(path.parent)
        finally:
            for leftover in (part, *companions(part)):
                with contextlib.suppress(OSError):
                    leftover.unlink()
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError as error:
        raise explained_os(path, error) from error


def refuse_existing(path: Path) -> None:
    """Raise CaseError when there is anything of this name already."""
    if os.path.lexists(path):
        raise _exists(path)


def companions(path: Path) -> tuple[Path, ...]:
    """The files that SQLite may keep beside a database."""
    return tuple(path.with_name(path.name + suffix) for suffix in ("-wal", "-shm", "-journal"))


def sync(path: Path) -> None:
    """Wait until a file or a folder's names are on the disk, where the system can do that."""
    if path.is_dir() and os.name == "nt":
        return
    file = os.open(path, os.O_RDONLY if os.name != "nt" else os.O_RDWR)
    try:
        os.fsync(file)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(file)


def explained_os(path: Path, error: OSError) -> CaseError:
    """An OSError while writing a case as one sentence."""
    if error.errno in FULL:
        return CaseFull(f"{path} was not written because the disk is full; free some space first.")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return CaseHeld(
            f"{path} was not written because {path.parent} is read-only for you; choose another folder."
        )
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return CaseError(f"{path} was not written because {path.parent} is no folder.")
    return CaseError(f"{path} was not written ({error.strerror or error}); try another folder.")


def _put(part: Path, path: Path, *, force: bool) -> None:
    """Give the finished file its name; without `force` never over one that came meanwhile."""
    if force:
        part.replace(path)
    elif os.name == "nt":
        part.rename(path)  # fails where the name is taken; elsewhere it would replace
    else:
        try:
            path.hardlink_to(part)
        except FileExistsError:
            raise
        except OSError:
            # The drive has no hard links (FAT, some network shares): look once more, then rename.
            refuse_existing(path)
            part.rename(path)


def _exists(path: Path) -> CaseError:
    return CaseError(f"{path} exists already and was not replaced; choose another name.")
