"""Results by the requests they came of, so that a run with unchanged inputs is there at once."""

from __future__ import annotations

from collections import OrderedDict

from app.ui.session import Hypothesis

LIMIT = 512 << 20
"""Bytes to keep; the newest results stay even if they alone need more."""


class RunCache:
    """The hypotheses of finished runs, least recently used first.

    The key is that of the frozen request: photo, faces, map, model, seed, number, device, version. So a
    result can only come back for exactly the inputs that it was made from.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        """
        Args:
            limit: bytes to keep.
        """
        self._limit = limit
        self._made: OrderedDict[str, tuple[Hypothesis, ...]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._made)

    def get(self, key: str) -> tuple[Hypothesis, ...] | None:
        """All hypotheses of the run with this request, or None."""
        if key in self._made:
            self._made.move_to_end(key)
        return self._made.get(key)

    def put(self, made: tuple[Hypothesis, ...]) -> None:
        """Take in the hypotheses of one run."""
        self._made[made[0].outcome.request.key] = made
        while len(self._made) > 1 and self._nbytes() > self._limit:
            self._made.popitem(last=False)

    def forget_photo(self, sha256: str) -> None:
        """Let go of what was made of a photo."""
        for key, made in list(self._made.items()):
            if made[0].outcome.request.photo_sha256 == sha256:
                del self._made[key]

    def _nbytes(self) -> int:
        """What would be held if the photos were closed."""
        photos = {id(made[0].outcome.photo): made[0].outcome.photo for made in self._made.values()}
        pixels = sum(photo.pixels.nbytes for photo in photos.values())
        return pixels + sum(made[0].outcome.nbytes for made in self._made.values())
