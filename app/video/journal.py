"""The folder in which a video grows: finished segments, and the state after each, so that work that was
killed goes on with the next segment as if nothing had happened.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from app.video.errors import VideoError

ORDER = "order.json"
RECORD = "record.json"
"""What stands, or was about to stand, beside the output."""


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A finished piece.

    Attributes:
        path: of the frames, encoded.
        first: number of its first frame.
        times: pts of its frames.
        tracks: per frame the numbers of the faces that were filled in.
        facts: what :attr:`Journal.describe` said when it was finished.
    """

    path: Path
    first: int
    times: tuple[int, ...]
    tracks: tuple[tuple[int, ...], ...]
    facts: dict[str, Any]


class Journal:
    """The working folder beside the output; whoever makes one holds the output, see ``hold.py``.

    Attributes:
        folder: removed when the video is whole.
        order: everything that decides the output.
        segments: those that are finished, in order.
        describe: asked at the end of each segment for what is to be kept with it.
    """

    def __init__(self, folder: Path, order: dict[str, Any]) -> None:
        self.folder = folder
        self.order = order
        self.segments: list[Segment] = []
        self.describe: Callable[[], dict[str, Any]] = dict

    @classmethod
    def open(cls, folder: Path, order: dict[str, Any]) -> Self:
        """Go on in a folder, or begin in it.

        Args:
            folder: made if absent; what is in it is used when it belongs to the same order, and
                deleted otherwise. Look for an earlier :meth:`recording` before.
            order: everything that decides the output.

        Raises:
            VideoError: the folder cannot be written.
        """
        journal = cls(folder, order)
        text = json.dumps(order, sort_keys=True)
        try:
            if _order_in(folder) == text:
                journal._load()
                journal._drop_without_state()
            else:
                if folder.exists():
                    shutil.rmtree(folder)
                folder.mkdir(parents=True)
                _write(folder / ORDER, text.encode())
        except OSError as error:
            raise VideoError(
                f"{folder} could not be written ({error.strerror or error}); choose another --out."
            ) from error
        return journal

    @classmethod
    def recording(cls, folder: Path) -> Self | None:
        """A camera's or stream's recording in a folder that has not become a video, if there is one.

        Its frames cannot be had again, so it must not be deleted.
        """
        try:
            order = json.loads(_order_in(folder))
        except ValueError:
            return None
        journal = cls(folder, order)
        if not journal.live or not journal._finished():
            return None
        journal._load()
        return journal

    @property
    def damaged(self) -> bool:
        """Whether more segments were finished than can be read now."""
        return self._finished() > len(self.segments)

    def _finished(self) -> int:
        return len(list(self.folder.glob("[0-9]*.json")))

    @property
    def live(self) -> bool:
        """Whether its frames came from a camera or stream."""
        return bool(self.order.get("begun"))

    def _load(self) -> None:
        while (segment := self._read(len(self.segments))) is not None:
            self.segments.append(segment)

    def _drop_without_state(self) -> None:
        """Let the work go on after the last segment whose state can be read, and else from the start."""
        while self.segments:
            try:
                self.state()
                return
            except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
                self.segments.pop()

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
            facts=record.get("facts", {}),
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
        facts = self.describe()
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
                "facts": facts,
            }
            _write(self._path(number, "json"), json.dumps(record).encode())
        except OSError as error:
            again = "" if self.live else " and give the same command again to go on from here"
            raise VideoError(
                f"{self.folder} could not be written ({error.strerror or error}); "
                f"free some space{again}."
            ) from error
        self.segments.append(
            Segment(path=path, first=first, times=tuple(times), tracks=tuple(tracks), facts=facts)
        )
        if number > 1:  # the one before the last is needed where the last segment is damaged
            with contextlib.suppress(OSError):
                self._path(number - 2, "npz").write_bytes(b"")

    def state(self) -> dict[str, Any] | None:
        """The state after the last finished segment."""
        if not self.segments:
            return None
        number = len(self.segments) - 1
        record = json.loads(self._path(number, "json").read_text(encoding="utf-8"))
        with np.load(self._path(number, "npz"), allow_pickle=False) as arrays:
            restored: dict[str, Any] = _restore(record["state"], dict(arrays))
        return restored

    def note_record(self, content: bytes) -> None:
        """Keep what is about to stand beside the output, so that it is known as ours; raises OSError."""
        _write(self.folder / RECORD, content)

    def drop_unfinished(self) -> None:
        """Delete what there is of a segment that broke off; on a full disk the room is wanted."""
        for suffix in ("mp4", "npz", "part"):
            with contextlib.suppress(OSError):
                self._path(len(self.segments), suffix).unlink(missing_ok=True)

    def remove(self) -> None:
        """Delete the folder."""
        discard(self.folder)

    def _path(self, number: int, suffix: str) -> Path:
        return self.folder / f"{number:06d}.{suffix}"


def _order_in(folder: Path) -> str:
    """The text of the order that a folder belongs to; empty when it belongs to none."""
    try:
        return (folder / ORDER).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def discard(folder: Path) -> None:
    """Delete a working folder, its order first: what a kill leaves is then no recording any more."""
    with contextlib.suppress(OSError):
        (folder / ORDER).unlink()
    shutil.rmtree(folder, ignore_errors=True)


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
