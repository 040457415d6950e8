"""One writer per case: a small file beside it that the operating system locks for the writer.

The lock ends with the process, however that ends; the file's text says who holds it, and a text that
stays without a lock means a crash. Phases tell whether a missing write-ahead log means lost work.
"""

from __future__ import annotations

import contextlib
import errno
import getpass
import json
import os
import platform
import socket
import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from app import __version__
from app.case.errors import CaseHeld

Phase = Literal["opening", "open", "closing"]
"""In ``open`` the write-ahead log may hold changes that the main file does not have."""

SUFFIX = ".lock"
MAX_TEXT = 4096
LOCK_BYTE = 1 << 20
"""Windows locks bytes and keeps others from reading them; nothing is written there."""

UNSUPPORTED = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL}


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Who writes a case, or did when the power went.

    Attributes:
        examiner: the name in the log.
        login, host, pid: the account, computer and process.
        since_utc: ISO 8601.
        program: name and version.
        phase: see :data:`Phase`.
    """

    examiner: str
    login: str
    host: str
    pid: int
    since_utc: str
    program: str
    phase: Phase

    @classmethod
    def here(cls, examiner: str, *, phase: Phase) -> Holder:
        """This process."""
        return cls(
            examiner=examiner,
            login=login(),
            host=host(),
            pid=os.getpid(),
            since_utc=datetime.now(UTC).isoformat(timespec="seconds"),
            program=f"revisage {__version__}",
            phase=phase,
        )

    def __str__(self) -> str:
        who = self.examiner if self.examiner == self.login else f"{self.examiner} ({self.login})"
        return f"{who} on {self.host}, process {self.pid}, since {self.since_utc}"


def login() -> str:
    """The account's name, as far as the system tells."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def host() -> str:
    """The computer's name."""
    return platform.node() or socket.gethostname() or "unknown"


def lock_path(case: Path) -> Path:
    """The lock file of a case."""
    return case.with_name(case.name + SUFFIX)


def read_holder(case: Path) -> Holder | None:
    """Who the lock file names, whether or not the lock is held; None without a readable one."""
    try:
        with lock_path(case).open("rb") as file:
            return _parse(file.read(MAX_TEXT))
    except OSError:
        return None


class WriterLock:
    """The right to write one case, for one process.

    Attributes:
        previous: whoever held it before and did not let go in an orderly way; None otherwise.
    """

    def __init__(self, path: Path, file: int, holder: Holder, previous: Holder | None) -> None:
        self._path = path
        self._file = file
        self._holder = holder
        self.previous = previous

    @classmethod
    def acquire(cls, case: Path, *, examiner: str) -> WriterLock:
        """Become the writer.

        Args:
            case: the case file, with links resolved.
            examiner: to be told to others.

        Raises:
            CaseHeld: someone else is; the sentence says who.
            OSError: the folder cannot be written.
        """
        path = lock_path(case)
        patience = 5  # another process that only asks holds the lock for a moment
        while True:
            # Never through a link that someone put there.
            file = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
            try:
                previous = _parse(os.read(file, MAX_TEXT))
                if not _lock(file, previous):
                    patience -= 1
                    if patience == 0:
                        raise CaseHeld(_sentence(case, previous or read_holder(case)))
                    time.sleep(0.02)
                elif _is_still(path, file):
                    # What a crash left open stays so until it is closed.
                    phase: Phase = "open" if previous and previous.phase == "open" else "opening"
                    made = cls(path, file, Holder.here(examiner, phase=phase), previous)
                    made._write()
                    return made
            except BaseException:
                os.close(file)
                raise
            os.close(file)

    def enter(self, phase: Phase) -> None:
        """Say, on disk, which phase begins."""
        if phase != self._holder.phase:
            before, self._holder = self._holder, replace(self._holder, phase=phase)
            try:
                self._write()
            except OSError:
                self._holder = before
                raise

    def opened(self) -> None:
        """Say that changes may lie in the write-ahead log now; called after each of them.

        A change that is saved has not failed because this could not be written.
        """
        with contextlib.suppress(OSError):
            self.enter("open")

    @property
    def phase(self) -> Phase:
        """The phase that was entered last."""
        return self._holder.phase

    def release(self, *, keep: bool = False) -> None:
        """Let the next one write.

        Args:
            keep: leave the text, because the file could not be brought into its closed form.
        """
        if self._file < 0:
            return
        if not keep and os.name != "nt":
            with contextlib.suppress(OSError):
                self._path.unlink()
        os.close(self._file)
        self._file = -1
        if not keep and os.name == "nt":
            with contextlib.suppress(OSError):
                self._path.unlink()

    def _write(self) -> None:
        text = json.dumps(asdict(self._holder)).encode()
        os.lseek(self._file, 0, os.SEEK_SET)
        os.write(self._file, text.ljust(MAX_TEXT // 4))
        os.fsync(self._file)


def is_held(case: Path) -> bool:
    """Whether some process writes the case now."""
    try:
        file = os.open(lock_path(case), os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        return not _lock(file, _parse(os.read(file, MAX_TEXT)))
    finally:
        os.close(file)


def _sentence(case: Path, holder: Holder | None) -> str:
    who = f"by {holder}" if holder else "by another process"
    return f"{case} is being written {who}; it can only be read until that is closed."


def _parse(text: bytes) -> Holder | None:
    """The holder in a lock file, which may come from anywhere."""
    try:
        found = json.loads(text)
        phase = found["phase"]
        if phase not in ("opening", "open", "closing"):
            return None
        names = ("examiner", "login", "host", "since_utc", "program")
        texts = {name: " ".join(str(found[name]).split())[:100] for name in names}
        return Holder(pid=int(found["pid"]), phase=phase, **texts)
    except (ValueError, KeyError, TypeError):
        return None


def _is_still(path: Path, file: int) -> bool:
    """Whether the path still names the open file."""
    try:
        there, ours = path.stat(), os.fstat(file)
    except FileNotFoundError:
        return False
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)


def _lock(file: int, previous: Holder | None) -> bool:
    """Take the operating system's lock without waiting; whether that worked."""
    try:
        if os.name == "nt":
            _lock_windows(file)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in UNSUPPORTED:
            return _lock_by_text(file, previous)
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


def _lock_windows(file: int) -> None:
    import msvcrt

    os.lseek(file, LOCK_BYTE, os.SEEK_SET)
    locking, kind = getattr(msvcrt, "locking"), getattr(msvcrt, "LK_NBLCK")  # noqa: B009
    locking(file, kind, 1)


def _lock_by_text(file: int, previous: Holder | None) -> bool:
    """On drives without locks: trust what the file says, and take over only from the dead."""
    if previous is not None and not (previous.host == host() and not _alive(previous.pid)):
        return False
    mark = f"{host()} {os.getpid()} {time.monotonic_ns()}".encode().ljust(MAX_TEXT // 4)
    os.lseek(file, 0, os.SEEK_SET)
    os.write(file, mark)
    os.fsync(file)
    time.sleep(0.05)  # another one doing the same has overwritten the mark by now
    os.lseek(file, 0, os.SEEK_SET)
    return os.read(file, MAX_TEXT // 4) == mark


def _alive(pid: int) -> bool:
    if pid <= 0:
        return False
    if os.name == "nt":
        return True  # there os.kill would end it
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
