"""The offer to bring back what crashed windows left."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from app.ui.case.banner import CaseBanner
from app.ui.case.keeping import Keeping
from app.ui.case.recovery import Left, find_left, recovery_folder


class LeftOffer(QObject):
    """Offers in the banner, one after the other, what windows left that do not run any more.

    Attributes:
        left: what nobody has decided about yet.
    """

    def __init__(self, keeping: Keeping, banner: CaseBanner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keeping = keeping
        self._banner = banner
        self.left: list[Left] = find_left(recovery_folder())
        self._next()

    def _next(self) -> None:
        if not self.left:
            self._banner.unsay("left")
            return
        left = self.left[0]
        sentence = self.tr(
            "Revisage ended unexpectedly on {0}. Not kept in a case: photos {1}, map edits {2}."
        ).format(f"{left.when:%Y-%m-%d %H:%M}", len(left.photos), left.edits)
        self._banner.say(
            "left",
            "warning",
            sentence,
            (self.tr("Bring back"), partial(self._bring_back, left)),
            (self.tr("Discard"), partial(self._discard, left)),
        )

    def _bring_back(self, left: Left) -> None:
        if self._keeping.bring_back(left):
            self.left.remove(left)
        self._next()

    def _discard(self, left: Left) -> None:
        self.left.remove(left)
        left.remove()
        self._next()
