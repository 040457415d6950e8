"""How many decoded photos the window keeps in memory."""

from __future__ import annotations

from app.ui.session import PhotoSession, Session, Stage

PHOTO_MEMORY = 1 << 30
"""Bytes of decoded photos to keep; the current one is always kept."""


class PhotoMemory:
    """Lets go of decoded photos that were not looked at for longest; opening them again is quick."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._used: list[PhotoSession] = []

    def looked_at(self, photo: PhotoSession) -> None:
        """A photo is on the canvas."""
        if photo in self._used:
            self._used.remove(photo)
        self._used.append(photo)

    def forget_closed(self) -> None:
        """Hold on to no photo that has left the window."""
        self._used = [photo for photo in self._used if photo in self._session.photos]

    def make_room(self) -> None:
        """Forget the pixels of old photos until the others fit; those being reconstructed stay."""
        held = [photo for photo in self._used if photo.photo is not None]
        total = sum(_bytes_of(photo) for photo in held)
        for photo in held:
            if total <= PHOTO_MEMORY:
                return
            if photo is not self._session.current and photo.stage is not Stage.RECONSTRUCTING:
                total -= _bytes_of(photo)
                photo.set_photo(None, None)


def _bytes_of(photo: PhotoSession) -> int:
    """Of the pixels, and of the pyramid that they are shown from."""
    if photo.photo is None:
        return 0
    return int(photo.photo.pixels.nbytes + photo.photo.rgb.nbytes * 0.44)
