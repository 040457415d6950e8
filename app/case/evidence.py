"""Evidence: the original bytes of photos, taken in once and never changed."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.case import log
from app.case.errors import CaseDamaged
from app.case.records import hash_of_pixels
from app.case.store import Row, Store, clean_text
from app.imaging.photo import Photo, decode_photo, read_photo_bytes


@dataclass(frozen=True, kw_only=True)
class PhotoRow:
    """A photo of the case.

    Attributes:
        id: its number in the case.
        name: the file's name at intake, without folder.
        source: the file's whole path at intake; to be shown, never to be opened or written.
        sha256, size: of the file's bytes.
        modified_utc: the file's date at intake, if it had one.
        format: "JPEG", "PNG", ...
        width, height, channels, bits: of the decoded photo.
        pixels_sha256: of the decoded pixels, see :func:`app.case.records.hash_of_pixels`; tells a
            changed decoder from changed evidence.
    """

    id: int
    name: str
    source: str
    sha256: str
    size: int
    modified_utc: str | None
    format: str
    width: int
    height: int
    channels: int
    bits: int
    pixels_sha256: str


AGAIN = "evidence.again"
"""The log's action for bytes that are in the case and came once more under another name."""

QUERY = """\
SELECT photo.id, name, source, blob AS sha256, size, modified_utc, format, width, height, channels,
  bits, pixels_sha256
FROM photo JOIN evidence ON evidence.id = photo.evidence"""


class Evidence:
    """The photos of one case."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, path: Path, *, generated: bool = False) -> tuple[PhotoRow, bool]:
        """Take a photo file in, byte for byte. It is read once: what is hashed is what is stored.

        Args:
            path: the file, opened read-only.
            generated: it is known to be no photo but a picture that a model made; kept in the log.

        Returns:
            The photo, and whether it is new; bytes that are in the case already are not added again, but
            the log keeps under which further name they came, see :meth:`note_name`.

        Raises:
            PhotoError: it is no readable photo.
            CaseError: it was not added.
        """
        content = read_photo_bytes(path)
        try:
            modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(
                timespec="seconds"
            )
        except (OSError, ValueError, OverflowError):
            modified = None
        return self.add_bytes(
            content,
            path.name,
            source=str(path.absolute()),
            modified=modified,
            generated=generated,
        )

    def add_bytes(
        self,
        content: bytes,
        name: str,
        *,
        source: str = "",
        modified: str | None = None,
        grabbed: Mapping[str, Any] | None = None,
        generated: bool = False,
    ) -> tuple[PhotoRow, bool]:
        """Take in the bytes of a photo file, such as a pasted one.

        Args:
            content: the whole file.
            name: what to call it.
            source: where it came from.
            modified: its date, ISO 8601.
            grabbed: for a frame that was taken out of a video: which one, from where and when; kept
                in the log.
            generated: see :meth:`add`.

        Returns, Raises:
            As :meth:`add`.
        """
        photo = decode_photo(content, source or name)
        known = self._store.rows(f"{QUERY} WHERE blob = ? ORDER BY photo.id", photo.sha256)
        if known:
            row = _photo_row(known[0])
            if not self._store.why_read_only:
                self.note_name(row.sha256, name, source=source)
            return row, False
        name, source = _named(name, source)
        details: dict[str, Any] = {"grabbed": dict(grabbed)} if grabbed is not None else {}
        if generated:
            details["generated"] = True
        with self._store.change(
            "evidence.add",
            name=name,
            source=source,
            size=len(content),
            sha256=photo.sha256,
            **details,
        ) as change:
            evidence = change.insert(
                "evidence",
                name=name,
                source=source,
                size=len(content),
                modified_utc=modified,
                blob=change.insert_blob(content),
            )
            number = change.insert(
                "photo",
                evidence=evidence,
                format=photo.format,
                width=photo.width,
                height=photo.height,
                channels=photo.pixels.shape[2],
                bits=photo.pixels.dtype.itemsize * 8,
                pixels_sha256=hash_of_pixels(photo.pixels),
            )
            change.details["photo"] = number
        return self.get(number), True

    def note_name(self, sha256: str, name: str, *, source: str = "") -> bool:
        """Keep in the log that bytes of the case came under a further name, or from another place.

        Args:
            sha256: of the bytes.
            name: the file's name.
            source: its whole path.

        Returns:
            Whether that was news: a name and place that the log has is not kept again, and bytes that
            the case does not hold have no further name.

        Raises:
            CaseError: nothing was kept.
        """
        found = self._store.rows(f"{QUERY} WHERE blob = ? ORDER BY photo.id", sha256)
        if not found:
            return False
        row, also = _photo_row(found[0]), _named(name, source)
        if also == (row.name, row.source) or also in self._further_names(row.id):
            return False
        with self._store.change(
            AGAIN, photo=row.id, name=also[0], source=also[1], sha256=sha256
        ):
            return True

    def _further_names(self, photo: int) -> set[tuple[str, str]]:
        """Names and places that the log has for a photo beside those of its intake."""
        with self._store.connection() as connection:
            return {
                (str(entry.details.get("name")), str(entry.details.get("source")))
                for entry in log.entries(connection, action=AGAIN)
                if entry.details.get("photo") == photo
            }

    def photos(self) -> tuple[PhotoRow, ...]:
        """All photos, in the order of their intake."""
        return tuple(_photo_row(row) for row in self._store.rows(f"{QUERY} ORDER BY photo.id"))

    def get(self, photo: int) -> PhotoRow:
        """One photo's row; raises CaseError when there is none, CaseDamaged without its evidence."""
        self._store.row("photo", photo, word="photo")
        found = self._store.rows(f"{QUERY} WHERE photo.id = ?", photo)
        if not found:
            raise CaseDamaged(f"Photo {photo} has no evidence; restore the case from a copy.")
        return _photo_row(found[0])

    def read(self, photo: int) -> bytes:
        """A photo's original bytes, checked against their SHA-256.

        Raises:
            CaseDamaged: they were changed.
        """
        row = self.get(photo)
        return self._store.blob(row.sha256, what=f"Evidence {photo} ({row.name})")

    def open(self, photo: int) -> Photo:
        """A photo, decoded from its checked bytes.

        It has no path, so that nothing can be written to a place that the case file names.

        Raises:
            CaseDamaged: the bytes were changed.
            PhotoError: they cannot be decoded.
        """
        row = self.get(photo)
        decoded = decode_photo(self.read(photo), f"Evidence {photo} ({row.name})")
        return dataclasses.replace(decoded, path=None)


def _named(name: str, source: str) -> tuple[str, str]:
    """A file's name and place as they are kept."""
    return clean_text(name, limit=255), clean_text(source, limit=4096)


def _photo_row(row: Row) -> PhotoRow:
    return PhotoRow(**row)
