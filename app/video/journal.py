"""The folder in which a video grows: finished segments, and the state after each, so that work that was
killed goes on with the next segment as if nothing had happened.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from app.video.errors import VideoError

Place = dict[str, int]


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A finished piece.

    Attributes:
        path: of the frames, encoded.
        first: number of its first frame.
        times: pts of its frames.
        tracks: per frame the numbers of the faces that were filled in.
        seconds: pts difference to the frame before the first; kept for the state's sake.
    """

    path: Path
    first: int
    times: tuple[int, ...]
    tracks: tuple[tuple[int, ...], ...]


class Journal:
    """The working folder beside the output.

    Attributes:
        folder: removed when the video is whole.
        segments: those that are finished, in order.
    """

    def __init__(self, folder: Path, order: dict[str, Any]) -> None:
        """
        Args:
            folder: made if absent; what is in it is used only when it belongs to the same order.
            order: everything that decides the output.

        Raises:
            VideoError: the folder cannot be written.
        """
        self.folder = folder
        self.segments: list[Segment] = []
        self._order = json.dumps(order, sort_keys=True)
        try:
            if not self._resumes():
                if folder.exists():
                    shutil.rmtree(folder)
                folder.mkdir(parents=True)
                _write(folder / "order.json", self._order.encode())
        except OSError as error:
            raise VideoError(
                f"{folder} could not be written ({error.strerror or error}); choose another --out."
            ) from error

    def _resumes(self) -> bool:
        try:
            if (self.folder / "order.json").read_text(encoding="utf-8") != self._order:
                return False
        except (OSError, UnicodeDecodeError):
            return False
        number = 0
        while (segment := self._read(number)) is not None:
            self.segments.append(segment)
            number += 1
        return True

    def _read(self, number: int) -> Segment | None:
        """A segment counts when its record, written last, is there and whole."""
        try:
            record = json.loads(self._path(number, "json").read_text(encoding="utf-8"))
            path = self._path(number, "mp4")
            if path.stat().st_size != record["bytes"] or not self._path(number, "npz").exists():
                return None
        except (OSError, ValueError, KeyError):
            return None
        return Segment(
            path=path,
            first=record["first"],
            times=tuple(record["times"]),
            tracks=tuple(tuple(each) for each in record["tracks"]),
        )

    @property
    def done(self) -> int:
        """Frames in finished segments."""
        return sum(len(segment.times) for segment in self.segments)

    def next_path(self) -> Path:
        """Where the next segment's frames go."""
        return self._path(len(self.segments), "mp4")

    def add(
        self,
        *,
        first: int,
        times: list[int],
        tracks: list[tuple[int, ...]],
        state: dict[str, Any],
    ) -> None:
        """Enter the segment whose frames lie at :meth:`next_path`; raises VideoError."""
        number = len(self.segments)
        path = self._path(number, "mp4")
        try:
            with path.open("rb") as file:
                os.fsync(file.fileno())
            arrays: dict[str, Any] = {}
            plain = _strip(state, arrays)
            with self._path(number, "npz").open("wb") as file:
                np.savez(file, **arrays)
                file.flush()
                os.fsync(file.fileno())
            record = {
                "bytes": path.stat().st_size,
                "first": first,
                "times": times,
                "tracks": tracks,
                "state": plain,
            }
            _write(self._path(number, "json"), json.dumps(record).encode())
        except OSError as error:
            raise VideoError(
                f"{self.folder} could not be written ({error.strerror or error}); free some space and "
                "give the same command again to go on from here."
            ) from error
        self.segments.append(
            Segment(path=path, first=first, times=tuple(times), tracks=tuple(tracks))
        )
        if number:  # only the last state is needed
            self._path(number - 1, "npz").write_bytes(b"")

    def state(self) -> dict[str, Any] | None:
        """The state after the last finished segment."""
        if not self.segments:
            return None
        number = len(self.segments) - 1
        record = json.loads(self._path(number, "json").read_text(encoding="utf-8"))
        with np.load(self._path(number, "npz"), allow_pickle=False) as arrays:
            restored: dict[str, Any] = _restore(record["state"], dict(arrays))
        return restored

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, number: int, suffix: str) -> Path:
        return self.folder / f"{number:06d}.{suffix}"


ARRAY = "array:"


def _strip(value: Any, arrays: dict[str, Any]) -> Any:
    """Plain JSON values, with arrays put aside under a name."""
    if isinstance(value, np.ndarray):
        name = f"a{len(arrays)}"
        arrays[name] = value
        return ARRAY + name
    if isinstance(value, dict):
        return {key: _strip(each, arrays) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_strip(each, arrays) for each in value]
    return value.item() if isinstance(value, np.generic) else value


def _restore(value: Any, arrays: dict[str, Any]) -> Any:
    if isinstance(value, str) and value.startswith(ARRAY):
        return arrays[value.removeprefix(ARRAY)]
    if isinstance(value, dict):
        return {key: _restore(each, arrays) for key, each in value.items()}
    if isinstance(value, list):
        return [_restore(each, arrays) for each in value]
    return value


def _write(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
