"""The ZIP of a package as something hostile: looked at entry by entry, never unpacked to a disk."""

from __future__ import annotations

import hashlib
import re
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

from app.case.errors import CaseDamaged, CaseError
from app.case.log import Problem
from app.export.package.names import ROOT

MAX_FILES = 1_000_000
MAX_FILE = 2_000_000_000
"""Bytes in one file of a package; the case itself holds no larger one."""

MAX_TEXT = 1 << 30
"""Bytes of a file that is read as text."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)*")
"""What a name may be: plain ASCII folders and a file, none of which begins with a dot."""

LOCAL, LOCAL_SIZE = b"PK\3\4", 30
PIECE = 1 << 20


class Container:
    """An open package.

    Attributes:
        path: the file.
        problems: what is wrong with its form.
        files: size by name, without the bag's folder; only names that can be read safely.
    """

    def __init__(self, path: Path) -> None:
        """Open a ZIP file.

        Raises:
            CaseError: it cannot be read.
            CaseDamaged: it is no ZIP file, or a damaged one.
        """
        self.path = path
        self.problems: list[Problem] = []
        self.files: dict[str, int] = {}
        try:
            self._size = path.stat().st_size
            self._zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile as error:
            raise CaseDamaged(
                f"{path} is no ZIP file, or is cut short ({error}); get it again from its source."
            ) from error
        except (OSError, NotImplementedError, ValueError, struct.error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise CaseError(f"{path} could not be read ({reason}).") from error
        self._entries: dict[str, zipfile.ZipInfo] = {}
        self._look()

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    def _look(self) -> None:
        entries = self._zip.infolist()
        if len(entries) > MAX_FILES:
            self._say("package", f"It holds {len(entries)} files, more than any case has.")
            return
        for entry in entries:
            problem = self._problem(entry)
            if problem:
                self._say(shown(entry.filename), problem)
                continue
            name = entry.filename.removeprefix(ROOT)
            if name in self._entries:
                self._say(name, "The package holds two files of this name.")
                continue
            self._entries[name] = entry
            self.files[name] = entry.file_size
        self._check_case(list(self._entries))
        if self._zip.comment:
            self._say("package", "It carries a comment, which no sealed package does.")
        self._check_gaps(entries)

    def _check_case(self, found: list[str]) -> None:
        """Names that differ in case only are one file on some systems."""
        seen: dict[str, str] = {}
        for name in found:
            other = seen.setdefault(name.casefold(), name)
            if other != name:
                self._say(name, f"Its name differs from {other} in the size of letters only.")

    def _problem(self, entry: zipfile.ZipInfo) -> str:
        """Why an entry is not looked into, one sentence; empty when it is well formed."""
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind == stat.S_IFLNK:
            return "It is a link, which could lead anywhere; a sealed package holds none."
        if entry.is_dir() or kind not in (0, stat.S_IFREG):
            return "It is no plain file."
        if entry.orig_filename != entry.filename or not NAME.fullmatch(entry.filename):
            return "Its name is not one that a sealed package has; it could lead out of a folder."
        if not entry.filename.startswith(ROOT):
            return f"It lies outside the folder {ROOT[:-1]}."
        if entry.flag_bits & 0x1:
            return "It is encrypted and cannot be checked."
        if entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size:
            return (
                f"It is compressed (to {entry.compress_size} of {entry.file_size} bytes), which no file "
                "of a sealed package is; the package was made by another program."
            )
        if entry.file_size > MAX_FILE:
            return f"It claims {entry.file_size} bytes, more than any file of a package."
        return ""

    def _check_gaps(self, entries: list[zipfile.ZipInfo]) -> None:
        """Between, before and after the files there is nothing: no bytes hide in a package."""
        at = 0
        with self.path.open("rb") as file:
            for entry in sorted(entries, key=lambda each: each.header_offset):
                if entry.header_offset != at:
                    self._say("package", f"Bytes that belong to no file lie before byte {at}.")
                    return
                file.seek(at)
                head = file.read(LOCAL_SIZE)
                if len(head) < LOCAL_SIZE or not head.startswith(LOCAL):
                    self._say(
                        shown(entry.filename), "Its place in the package holds something else."
                    )
                    return
                name, extra = struct.unpack_from("<HH", head, 26)
                at += LOCAL_SIZE + name + extra + entry.compress_size
        if at != self._zip.start_dir:
            self._say("package", "Bytes that belong to no file lie after the last file.")

    def _say(self, where: str, what: str) -> None:
        self.problems.append(Problem(where, what))

    def sha256(self, name: str) -> str:
        """The hash of a file; empty, with a problem, when it cannot be read."""
        digest = hashlib.sha256()
        try:
            for piece in self._pieces(name):
                digest.update(piece)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
            self._say(name, f"It cannot be read: {error}.")
            return ""
        return digest.hexdigest()

    def read(self, name: str, *, limit: int = MAX_FILE) -> bytes | None:
        """A file's bytes; None when there is none of this name or it cannot be read."""
        if name not in self._entries or self.files[name] > limit:
            return None
        try:
            return b"".join(self._pieces(name))
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError):
            return None  # sha256 has said so

    def text(self, name: str) -> str | None:
        """A file as UTF-8; None, with a problem, when it is none."""
        content = self.read(name, limit=MAX_TEXT)
        if content is None:
            return None
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError:
            self._say(name, "It is no UTF-8 text.")
            return None

    def _pieces(self, name: str) -> Iterator[bytes]:
        left = self.files[name]
        with self._zip.open(self._entries[name]) as file:
            while piece := file.read(PIECE):
                left -= len(piece)
                if left < 0:
                    raise zipfile.BadZipFile("it holds more than it says")
                yield piece


def shown(name: str) -> str:
    """A foreign name for a message: no control characters, not too long."""
    plain = name.encode("unicode_escape", "backslashreplace").decode("ascii")
    return plain if len(plain) <= 120 else f"{plain[:120]}..."
