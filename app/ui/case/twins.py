"""Photos of a window that hold the same bytes: a case keeps them once, so one of them has to stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.ui.session import PhotoSession


@dataclass(frozen=True, eq=False)
class Twins:
    """Photos with the same bytes.

    Attributes:
        photos: two or more, in the order of the window.
    """

    photos: tuple[PhotoSession, ...]

    @property
    def worked(self) -> tuple[PhotoSession, ...]:
        """Those with work that would be lost; more than one cannot become one photo of a case."""
        return tuple(photo for photo in self.photos if photo.unsaved)

    @property
    def stays(self) -> PhotoSession:
        """The one to keep: that with work, else the first."""
        return (*self.worked, *self.photos)[0]

    @property
    def others(self) -> tuple[PhotoSession, ...]:
        """Those to close."""
        return tuple(photo for photo in self.photos if photo is not self.stays)


def find_twins(photos: Sequence[PhotoSession]) -> list[Twins]:
    """Photos whose bytes were read and are the same.

    A photo that was never looked at has no work, and finds its twin when it enters the case.
    """
    found: dict[str, list[PhotoSession]] = {}
    for photo in photos:
        if photo.place.sha256:
            found.setdefault(photo.place.sha256, []).append(photo)
    return [Twins(tuple(same)) for same in found.values() if len(same) > 1]
