"""One frame taken out of a video as a photo: without loss, and with where and when it is from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app import __version__
from app.case.records import canonical_json, hash_of_pixels
from app.export.own import FRAME_KEYWORD
from app.export.png import encode_png
from app.video.errors import VideoError
from app.video.look import Look
from app.video.media import VideoInfo
from app.video.source import Source


@dataclass(frozen=True, eq=False)
class GrabbedFrame:
    """A frame as a photo file.

    Attributes:
        name: for the file.
        content: a PNG of the frame's pixels, with the record as a text in it: as they were decoded, or
            made square where the video's are not, which the record then says.
        source: where it is from, in one line.
        captured_utc: when it came to this computer, ISO 8601 with milliseconds.
        record: source, number, times, codec and hash, as plain JSON values; `generated` where the video
            is one that Revisage made.
    """

    name: str
    content: bytes
    source: str
    captured_utc: str
    record: Mapping[str, Any]

    @property
    def generated(self) -> bool:
        """Whether the frame is of a video that Revisage made, and so no photo."""
        return bool(self.record.get("generated", False))

    @property
    def sha256(self) -> str:
        """Of the file."""
        return hashlib.sha256(self.content).hexdigest()


def grab(source: Source, info: VideoInfo, look: Look, *, codec: str) -> GrabbedFrame:
    """Take the original frame of a look; never the hypothesis.

    Args:
        source: where the frame is from; a file is hashed, so that the photo leads back to it.
        info: of the video.
        look: as it was shown.
        codec: FFmpeg's name of what it was encoded with.

    Raises:
        VideoError: the file cannot be read any more.
    """
    pixels: NDArray[np.uint8] = look.frame.rgb
    captured = look.utc.isoformat(timespec="milliseconds")
    record: dict[str, Any] = {
        "kind": source.kind,
        "source": source.name,
        "frame": look.frame.number,
        "pts": look.frame.pts,
        "time_base": str(info.time_base),
        "seconds": f"{look.seconds:.3f}",
        "captured_utc": captured,
        "codec": codec,
        "size": [info.width, info.height],
        "made_square": info.resized,
        "pixels_sha256": hash_of_pixels(pixels),
        "software": f"Revisage {__version__}",
    }
    if info.generated:
        record["generated"] = True
    if source.kind == "file":
        record["source"] = Path(source.address).name
        record["source_sha256"] = _file_sha256(Path(source.address))
    text = canonical_json(record)
    moment = clock(look.seconds)
    return GrabbedFrame(
        name=_name(source, look),
        content=encode_png(pixels, text={FRAME_KEYWORD: text}),
        source=f"{source.name} - frame {look.frame.number} at {moment} - captured {captured}",
        captured_utc=captured,
        record=record,
    )


def clock(seconds: float) -> str:
    """A time in a video: ``01:02:03.450``."""
    whole, part = divmod(max(0, round(seconds * 1000)), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{part:03}"


def _name(source: Source, look: Look) -> str:
    """Unique for every frame of every source, and in order where the names are sorted."""
    stem = re.sub(r"[^\w.-]+", "-", source.stem).strip("-.")[:80] or "video"
    if source.kind == "file":
        moment = clock(look.seconds).replace(":", "-")
    else:
        moment = f"{look.utc:%Y%m%dT%H%M%S}.{look.utc.microsecond // 1000:03}Z"
    return f"{stem}_{moment}_frame{look.frame.number:06}.png"


def _file_sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise VideoError(
            f"{path} could not be read any more ({error.strerror or error}); connect its drive again."
        ) from error
