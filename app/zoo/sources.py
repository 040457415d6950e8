"""Where models may come from: a folder or a zip archive. Both give the same few files, and nothing else.

Of a zip archive only files are read that a card speaks for, into places chosen here, and never more
bytes than the card says: neither a name that leads elsewhere nor a small file that unpacks to a huge
one does harm.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from app.inference.card import CARD_FILE
from app.zoo.errors import InstallError

CARD_BYTES = 1 << 20
"""A card is a page of text; so are the texts beside it."""

TEXTS = ("LICENSE", "LICENCE", "NOTICE", "README")
"""Files beside a model that are kept, whatever their ending."""

ENTRIES = 10_000
"""More files than this are no models."""


class Source(Protocol):
    """Models on their way into the zoo."""

    name: str

    def models(self) -> tuple[str, ...]:
        """The folders, relative and with forward slashes, that hold a card; "" is the top."""

    def files(self, model: str) -> dict[str, int]:
        """Plain names and sizes in bytes of the files directly in a model's folder."""

    def open(self, model: str, name: str) -> IO[bytes]:
        """One of those files."""


class FolderSource:
    """A model's folder, or a folder of such folders."""

    def __init__(self, folder: Path) -> None:
        self.name = str(folder)
        self._folder = folder

    def models(self) -> tuple[str, ...]:
        """See :class:`Source`."""
        if (self._folder / CARD_FILE).is_file():
            return ("",)
        return tuple(sorted(path.parent.name for path in self._folder.glob(f"*/{CARD_FILE}")))

    def files(self, model: str) -> dict[str, int]:
        """See :class:`Source`."""
        inside = (self._folder / model).iterdir()
        return {path.name: path.stat().st_size for path in inside if path.is_file()}

    def open(self, model: str, name: str) -> IO[bytes]:
        """See :class:`Source`."""
        return (self._folder / model / name).open("rb")


class ZipSource:
    """A zip archive of such a folder."""

    def __init__(self, path: Path, *, name: str = "") -> None:
        """
        Args:
            path: the archive.
            name: what to call it in messages; its path when empty.

        Raises:
            InstallError: it is no zip archive, or holds what no honest one does.
        """
        self.name = name or str(path)
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as error:
            raise InstallError(
                f"{self.name} is not a readable zip archive ({error}); "
                "give a model's folder, or a zip archive of it."
            ) from error
        self._entries: dict[PurePosixPath, zipfile.ZipInfo] = {}
        try:
            for entry in self._archive.infolist():
                self._take(entry)
        except InstallError:
            self._archive.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._archive.close()

    def _take(self, entry: zipfile.ZipInfo) -> None:
        path = PurePosixPath(entry.filename)
        mode = entry.external_attr >> 16
        wrong = (
            ("leads out of the archive", path.is_absolute() or ".." in path.parts),
            ("is no portable name", any(mark in entry.filename for mark in "\\:\0")),
            ("is a link", stat.S_ISLNK(mode)),
            ("is encrypted", bool(entry.flag_bits & 1)),
            ("is there twice", path in self._entries),
        )
        for what, true in wrong:
            if true:
                raise InstallError(
                    f"{self.name} was not opened, because {entry.filename!r} in it {what}; "
                    "ask whoever made it for a plain archive."
                )
        if len(self._entries) >= ENTRIES:
            raise InstallError(f"{self.name} holds more than {ENTRIES} files; it is no model.")
        if not entry.is_dir():
            self._entries[path] = entry

    def models(self) -> tuple[str, ...]:
        """See :class:`Source`."""
        found = {str(path.parent) for path in self._entries if path.name == CARD_FILE}
        return tuple(sorted("" if folder == "." else folder for folder in found))

    def files(self, model: str) -> dict[str, int]:
        """See :class:`Source`."""
        return {path.name: entry.file_size for path, entry in self._inside(model)}

    def open(self, model: str, name: str) -> IO[bytes]:
        """See :class:`Source`."""
        entry = next(entry for path, entry in self._inside(model) if path.name == name)
        return self._archive.open(entry)

    def _inside(self, model: str) -> Iterator[tuple[PurePosixPath, zipfile.ZipInfo]]:
        folder = PurePosixPath(model)
        return (item for item in self._entries.items() if item[0].parent == folder)


def copy_exactly(source: IO[bytes], target: Path, *, limit: int, what: str) -> int:
    """Copy a stream into a new file, and stop where there is more of it than there may be.

    Args:
        source: read until its end.
        target: must not exist.
        limit: the most bytes that it may have.
        what: for the message.

    Returns:
        The number of bytes.

    Raises:
        InstallError: there are more.
    """
    count = 0
    with target.open("xb") as file:
        while block := source.read(min(1 << 20, limit + 1 - count)):
            count += len(block)
            if count > limit:
                raise InstallError(f"{what} has more bytes than its card says; it was not added.")
            file.write(block)
    return count
