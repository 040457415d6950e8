"""The recovery file of a window without a case: what was opened, and every change of its maps.

It is written as things happen and removed when the window closes in an orderly way, so that a file
without a running window means a crash. One JSON document per line; photos are named, never copied.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QStandardPaths

from app.case.errors import CaseDamaged, CaseError
from app.case.files import explained_os
from app.case.lock import WriterLock, is_held, lock_path
from app.case.packing import pack_edit, pack_map, unpack_edit, unpack_map
from app.case.records import FaceRecord, MapSource, RecordError
from app.imaging.edit import Edit, Rectangle
from app.imaging.errors import MapError
from app.imaging.face import Face
from app.imaging.map import BinaryMap
from app.imaging.photo import Photo
from app.ui.case.place import Place, Replay, Restored
from app.ui.map_document import FoundMap
from app.workbench import Outcome

SUFFIX = ".rvrecovery"

MAX_LINE = 256 << 20
"""Bytes; no map of any photo that can be opened takes as much."""


def recovery_folder() -> Path:
    """Where recovery files lie: with the state of the user's programs, never beside evidence."""
    place = QStandardPaths.StandardLocation.GenericStateLocation
    return Path(QStandardPaths.writableLocation(place)) / "revisage" / "recovery"


class RecoverySink:
    """Writes a recovery file, which begins with the first photo.

    Attributes:
        path: of the file, once there is one.
        enabled: whether anything is written; the user may not want photos named outside a case.
    """

    def __init__(self, folder: Path) -> None:
        self.path: Path | None = None
        self.enabled = True
        self._folder = folder
        self._file: int | None = None
        self._lock: WriterLock | None = None
        self._next = 1

    def photo(self, place: Place) -> None:
        """Name the photo; its number in the file is given here."""
        if place.number is not None:
            return
        place.number, self._next = self._next, self._next + 1
        self._write(photo=place.number, path=str(place.path))

    def faces(self, place: Place, faces: tuple[Face, ...], source: MapSource) -> None:
        """Keep all faces."""
        records = [FaceRecord.of(face).to_dict() for face in faces]
        self._write(faces=place.number, source=source, sha256=place.sha256, boxes=records)

    def map(self, place: Place, pixels: NDArray[np.bool_], source: MapSource) -> None:
        """Keep the map as it begins."""
        self._write(map=place.number, source=source, bits=_text(pack_map(pixels)))

    def edit(self, place: Place, edit: Edit, tool: str) -> None:
        """Keep an edit."""
        bits = _text(pack_edit(edit))
        self._write(edit=place.number, tool=tool, rectangle=list(edit.rectangle), bits=bits)

    def outcome(self, place: Place, outcome: Outcome) -> None:
        """Results can be made again from photo and map; only the request is noted."""
        request = outcome.request
        self._write(
            run=place.number,
            model=request.model.name,
            hypotheses=request.hypotheses,
            seed=request.seed,
        )

    def closed(self, place: Place) -> None:
        """The photo is not to be brought back."""
        self._write(closed=place.number)

    def take_over(self, left: Left, places: list[Place]) -> None:
        """Write what an earlier window left, for the photos that are brought back, and remove its file.

        Args:
            left: what it left.
            places: one for each of its photos, in order; they get their numbers here.
        """
        for place, kept in zip(places, left.photos, strict=True):
            self.photo(place)
            place.sha256 = kept.sha256
            for line in kept.lines:
                kind = next(name for name in ("faces", "map", "edit", "run") if name in line)
                self._write(**(line | {kind: place.number}))
        left.remove()

    def remove(self) -> None:
        """Close the file and remove it: nothing needs to be recovered."""
        if self._file is None or self.path is None:
            return
        os.close(self._file)
        self._file = None
        with contextlib.suppress(OSError):
            self.path.unlink()
        if self._lock is not None:
            self._lock.release()

    def leave(self) -> None:
        """Close the file and let it stay, as after a crash."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._lock is not None:
            self._lock.release(keep=True)

    def _write(self, **line: Any) -> None:
        if not self.enabled:
            return
        if self._file is None:
            self._begin()
        assert self._file is not None
        text = json.dumps(line, separators=(",", ":")).encode() + b"\n"
        start = os.lseek(self._file, 0, os.SEEK_END)
        try:
            written = 0
            while written < len(text):
                written += os.write(self._file, text[written:])
            os.fsync(self._file)
        except OSError as error:
            # Half a line would hide everything that is written after it.
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, start)
            assert self.path is not None
            raise explained_os(self.path, error) from error

    def _begin(self) -> None:
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.{secrets.token_hex(4)}{SUFFIX}"
        path = self._folder / name
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            # The lock first: a file without one is taken for a crash.
            lock = WriterLock.acquire(path, examiner="")
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
            self._file = os.open(path, flags, 0o600)
        except OSError as error:
            raise explained_os(path, error) from error
        self.path, self._lock = path, lock


# --- what was left ------------------------------------------------------------------------------


@dataclass(eq=False)
class LeftPhoto:
    """A photo in a recovery file.

    Attributes:
        path: of the file.
        sha256: of the file as it was then; empty when it had not been analysed.
        lines: what was done with it, as written.
    """

    path: Path
    sha256: str = ""
    lines: list[dict[str, Any]] = field(default_factory=list)

    @property
    def edits(self) -> int:
        """How many edits of the map there are."""
        return sum("edit" in line for line in self.lines)

    def restore(self, photo: Photo) -> Restored | None:
        """Faces and map with their history; None when the photo had no map yet.

        Raises:
            CaseDamaged: the lines do not fit together or the photo.
        """
        faces: tuple[Face, ...] = ()
        base: NDArray[np.bool_] | None = None
        replay: Replay | None = None
        try:
            for line in self.lines:
                if "faces" in line:
                    faces = tuple(FaceRecord.from_dict(each).face() for each in line["boxes"])
                elif "map" in line:
                    bits = base64.b64decode(line["bits"])
                    base = unpack_map(bits, width=photo.width, height=photo.height)
                    replay = Replay(BinaryMap.from_pixels(base))
                elif "edit" in line and replay is not None:
                    replay.step(_edit(line), str(line["tool"]))
        except (KeyError, TypeError, ValueError, RecordError, MapError) as error:
            raise CaseDamaged(
                f"What was done with {self.path.name} before the crash cannot be read ({error}); "
                "find faces and masks again."
            ) from error
        if base is None or replay is None:
            return None
        packed = np.packbits(base, axis=1)
        found = FoundMap(replay.raster, packed, replay.raster.rectangle)
        return Restored(faces=faces, found=found, history=replay.history)


@dataclass(frozen=True, eq=False)
class Left:
    """What a window left when it ended without closing.

    Attributes:
        path: its recovery file.
        photos: those that were open, in order.
        when: the time of the last change, in local time.
    """

    path: Path
    photos: tuple[LeftPhoto, ...]
    when: datetime

    @property
    def edits(self) -> int:
        """How many edits of maps there are."""
        return sum(photo.edits for photo in self.photos)

    def remove(self) -> None:
        """Remove the file, because its content is kept elsewhere or not wanted."""
        for path in (self.path, lock_path(self.path)):
            with contextlib.suppress(OSError):
                path.unlink()


def find_left(folder: Path) -> list[Left]:
    """What crashed windows left, newest first. Files of running windows are not touched."""
    try:
        found = sorted(folder.glob(f"*{SUFFIX}"), reverse=True)
    except OSError:
        return []
    left = []
    for path in found:
        if path.is_symlink() or is_held(path):
            continue
        try:
            each = read_left(path)
        except CaseError:
            continue
        if each.photos:
            left.append(each)
        else:
            each.remove()
    return left


def read_left(path: Path) -> Left:
    """Read a recovery file; a line that was cut off by the crash is left out.

    Raises:
        CaseError: the file cannot be read.
    """
    photos: dict[int, LeftPhoto] = {}
    try:
        for line in _lines(path):
            try:
                if "photo" in line:
                    photos[int(line["photo"])] = LeftPhoto(Path(str(line["path"])))
                elif "closed" in line:
                    photos.pop(line["closed"], None)
                else:
                    kind = next(name for name in ("faces", "map", "edit", "run") if name in line)
                    photo = photos[line[kind]]
                    photo.sha256 = str(line.get("sha256") or photo.sha256)
                    if kind == "map":
                        # A map that begins anew ends what was done with the one before.
                        photo.lines = [each for each in photo.lines if "faces" in each]
                    photo.lines.append(line)
            except (KeyError, TypeError, ValueError, StopIteration):
                continue
        when = datetime.fromtimestamp(path.stat().st_mtime).astimezone()
    except OSError as error:
        raise explained_os(path, error) from error
    return Left(path, tuple(photos.values()), when)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        while line := file.readline(MAX_LINE):
            if not line.endswith(b"\n"):
                return
            try:
                document = json.loads(line)
            except ValueError:
                return
            if isinstance(document, dict):
                yield document


def _edit(line: dict[str, Any]) -> Edit:
    x0, y0, x1, y1 = (int(value) for value in line["rectangle"])
    rectangle: Rectangle = (x0, y0, x1, y1)
    return unpack_edit(base64.b64decode(line["bits"]), rectangle)


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
