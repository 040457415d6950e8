"""The cameras of this computer, and how FFmpeg is told to open one.

FFmpeg names them by the system: a device file on Linux (Video4Linux2), a number on macOS
(AVFoundation), a name on Windows (DirectShow).
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av

from app.video.errors import VideoError

DEVICES = Path("/dev")
DESCRIPTIONS = Path("/sys/class/video4linux")

DEVICE_FILE = re.compile(r"/dev/video(\d+)")


@dataclass(frozen=True)
class Camera:
    """A camera.

    Attributes:
        number: counted as the system does, mostly from 0; what the user names it by.
        name: as its maker calls it.
        address: what FFmpeg opens.
        format: FFmpeg's name for the system's cameras.
    """

    number: int
    name: str
    address: str
    format: str


def camera_number(text: str) -> int | None:
    """The number of the camera that a text names, "0" or "/dev/video0"; None when it names none."""
    if text.isascii() and text.isdigit():
        return int(text)
    found = DEVICE_FILE.fullmatch(text)
    return int(found[1]) if found else None


def cameras() -> tuple[Camera, ...]:
    """The cameras that are connected, by number. Nothing is opened for that."""
    if sys.platform == "win32":
        return _enumerated("dshow", "video={}")
    if sys.platform == "darwin":
        return _enumerated("avfoundation", "{}")
    return _video4linux()


def open_camera(number: int, *, patience_s: float) -> Any:
    """PyAV's container of a camera.

    Args:
        number: the camera's.
        patience_s: seconds without a picture after which it counts as lost.

    Raises:
        VideoError: there is none of that number, or it gives no picture.
    """
    there = cameras()
    camera = next((each for each in there if each.number == number), None)
    if camera is None:
        known = ", ".join(f"{each.number} ({each.name})" for each in there)
        what = f"connected are: {known}" if known else "none is connected"
        raise VideoError(f"There is no camera {number}; {what}.")
    try:
        return av.open(camera.address, format=camera.format, timeout=patience_s)
    except PermissionError as error:
        raise VideoError(
            f"The camera {number} ({camera.name}) may not be used by this user; ask for the right to."
        ) from error
    except (av.FFmpegError, OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise VideoError(
            f"The camera {number} ({camera.name}) gives no picture ({why}); see that it is connected "
            "and that no other program uses it."
        ) from error


def _video4linux() -> tuple[Camera, ...]:
    found = []
    for path in DEVICES.glob("video*"):
        number = path.name.removeprefix("video")
        if not number.isdigit():
            continue
        about = DESCRIPTIONS / path.name
        # A camera has further device files, for metadata, with a higher index.
        if _line(about / "index") in ("", "0"):
            name = _line(about / "name") or str(path)
            found.append(Camera(int(number), name, str(path), "v4l2"))
    return tuple(sorted(found, key=lambda camera: camera.number))


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _enumerated(format: str, address: str) -> tuple[Camera, ...]:
    """The cameras that FFmpeg lists."""
    listing = getattr(av, "enumerate_input_devices", None)
    if listing is None:
        return ()
    try:
        devices = [each for each in listing(format) if "video" in each.media_types]
    except (av.FFmpegError, OSError, ValueError):
        return ()
    return tuple(
        Camera(number, each.description or each.name, address.format(each.name), format)
        for number, each in enumerate(devices)
    )
