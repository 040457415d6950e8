"""A folder tree, one entry after the other: memory grows with its depth, not with its size."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SUFFIXES = (".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp", ".bmp")
"""What counts as a photo, in small letters."""

RESULTS_MARK = "revisage-batch.sqlite"
"""The file, a batch's journal, by which a folder shows that results lie in it and below."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A photo of the tree.

    Attributes:
        folder: relative to the tree's root, "/" between its parts; "" for the root.
        name: the file's name.
        size: in bytes.
        modified: nanoseconds since 1970.
    """

    folder: str
    name: str
    size: int
    modified: int


@dataclass(frozen=True, kw_only=True)
class Unreadable:
    """A folder or file of the tree that could not be looked at.

    Attributes:
        folder, name: as in :class:`Found`; the name is "" for a folder.
        error: one sentence.
    """

    folder: str
    name: str
    error: str


@dataclass
class Passed:
    """What the walk did not take.

    Attributes:
        others: files that are no photos by their names.
        links: linked folders, which are not entered, because links can lead in circles.
        earlier: folders of other batches' results, whose pictures are no evidence.
    """

    others: int = 0
    links: int = 0
    earlier: int = 0


def walk(root: Path, *, exclude: Path, passed: Passed) -> Iterator[Found | Unreadable]:
    """Every photo below a folder.

    Args:
        root: the folder.
        exclude: a folder that is not entered: the results.
        passed: counts what is left out.

    Raises:
        OSError: the root itself cannot be read.
    """
    base = os.path.realpath(root)
    hidden = os.path.normcase(os.path.realpath(exclude))
    open_folders = [(_scan(base), "")]
    try:
        while open_folders:
            entries, folder = open_folders[-1]
            try:
                entry = next(entries)
            except StopIteration:
                open_folders.pop()
                continue
            except OSError as error:
                open_folders.pop()
                yield _unreadable(base, folder, "", error)
                continue
            inside = f"{folder}/{entry.name}" if folder else entry.name
            try:
                if entry.is_dir(follow_symlinks=False):
                    if os.path.normcase(entry.path) == hidden:
                        continue
                    if holds_results(entry.path):
                        passed.earlier += 1
                    else:
                        open_folders.append((_scan(entry.path), inside))
                elif entry.is_dir():
                    passed.links += 1
                elif os.path.splitext(entry.name)[1].lower() in SUFFIXES:  # noqa: PTH122 - no objects
                    status = entry.stat()
                    yield Found(
                        folder=folder,
                        name=entry.name,
                        size=status.st_size,
                        modified=status.st_mtime_ns,
                    )
                else:
                    passed.others += 1
            except OSError as error:
                is_photo = os.path.splitext(entry.name)[1].lower() in SUFFIXES  # noqa: PTH122
                yield _unreadable(
                    base, folder if is_photo else inside, entry.name if is_photo else "", error
                )
    finally:
        for entries, _ in open_folders:
            entries.close()


def holds_results(folder: str | Path) -> bool:
    """Whether a folder was the ``--out`` of a batch."""
    return os.path.lexists(os.path.join(folder, RESULTS_MARK))  # noqa: PTH118 - names may be no text


def _scan(path: str) -> Any:  # its type has no public name
    return os.scandir(path)


def _unreadable(base: str, folder: str, name: str, error: OSError) -> Unreadable:
    path = os.path.join(base, *filter(None, [folder, name]))  # noqa: PTH118 - names may be no text
    reason = error.strerror or error
    what = "photo" if name else "folder"
    # What was listed a moment ago is there, so it is a link whose end is not.
    lost = error.errno in (errno.ENOENT, errno.ELOOP)
    advice = "see where its link leads" if lost else "check the right to read it"
    return Unreadable(
        folder=folder,
        name=name,
        error=f"The {what} {path} could not be read ({reason}); {advice}.",
    )
