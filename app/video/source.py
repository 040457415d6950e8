"""What a user may name as a video: a file, a stream's address, or a camera."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit, urlunsplit

from app.video.camera import camera_number

Kind = Literal["file", "stream", "camera"]

SUFFIXES = (
    *(".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi"),
    *(".ts", ".mts", ".m2ts", ".mpg", ".mpeg", ".mjpeg"),
)
"""Endings by which a path is taken for a video rather than a photo."""


FINITE = frozenset({"http", "https", "ftp", "sftp", "file"})
"""Addresses that may be those of files; what carries live video only is any other."""


@dataclass(frozen=True)
class Source:
    """Where frames come from.

    Attributes:
        kind: a file can be read again from its beginning, the others cannot.
        address: the path, the stream's address, or the camera's number.
        name: the same as it may be shown and kept: without a password.
    """

    kind: Kind
    address: str
    name: str

    @property
    def live(self) -> bool:
        """Whether frames come once and cannot be asked for again."""
        return self.kind != "file"

    @property
    def endless(self) -> bool:
        """Whether frames only end because somebody ends them; a file at an address has its own end."""
        scheme = self.address.partition("://")[0].lower()
        return self.kind == "camera" or (self.kind == "stream" and scheme not in FINITE)

    @property
    def stem(self) -> str:
        """A short name for files made of it."""
        if self.kind == "file":
            return Path(self.address).stem
        if self.kind == "camera":
            return f"camera-{self.address}"
        return urlsplit(self.address).hostname or "stream"


def source_of(text: str) -> Source:
    """What a text names: a path, a camera's number or device file, or an address with ``://``.

    A file that exists is meant before anything else.
    """
    if is_file(text):
        return Source("file", text, text)
    number = camera_number(text)
    if number is not None:
        return Source("camera", str(number), f"camera {number}")
    if "://" in text:
        return Source("stream", text, without_password(text))
    return Source("file", text, text)


def is_file(text: str) -> bool:
    """Whether a text is the path of a file that exists."""
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # an address may be longer than any name
        return False


def without_password(address: str) -> str:
    """An address as it may stand in logs and messages: ``rtsp://user:***@host/path``."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return address.rpartition("@")[2]
    if parts.password is None:
        return address
    user, _, host = parts.netloc.rpartition("@")
    return urlunsplit(parts._replace(netloc=f"{user.partition(':')[0]}:***@{host}"))


def is_video(path: Path) -> bool:
    """Whether a path is named like a video."""
    return path.suffix.lower() in SUFFIXES
