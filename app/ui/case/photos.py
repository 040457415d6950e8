"""The photos of a window as they come out of where they are kept, and go into it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.ui import intake
from app.ui.case.case_sink import CaseSink
from app.ui.case.follower import Follower
from app.ui.case.opening import open_photo
from app.ui.intake import Opened
from app.ui.jobs import JobQueue, Ticket
from app.ui.session import Hypothesis, PhotoSession, Session
from app.workbench import Workbench


class KeptPhotos(QObject):
    """Opens photos from the case or from their files, and checks them before they are worked with.

    Signals:
        failed: a :class:`app.ui.jobs.Failure`.
        noticed: one sentence.
        second: a :class:`PhotoSession` to close, because its bytes are there under another name.
    """

    failed = Signal(object)
    noticed = Signal(str)
    second = Signal(object)

    def __init__(
        self,
        bench: Workbench,
        session: Session,
        jobs: JobQueue,
        follower: Follower,
        sink: Callable[[], CaseSink | None],
        parent: QObject | None = None,
    ) -> None:
        """
        Args:
            bench: opens files where there is no case.
            session: the photos.
            jobs: where evidence is checked.
            follower: is told what is kept already.
            sink: the open case as it is now; None while there is none.
            parent: of this object.
        """
        super().__init__(parent)
        self._bench = bench
        self._session = session
        self._jobs = jobs
        self._follower = follower
        self._sink = sink
        follower.entered.connect(self.is_second)

    def opener(self, photo: PhotoSession) -> Callable[[Ticket], tuple[Opened, list[Hypothesis]]]:
        """What decodes a photo in a worker: from the case, or from its file."""
        sink, bench, place = self._sink(), self._bench, photo.place
        restore = photo.document is None

        def work(ticket: Ticket) -> tuple[Opened, list[Hypothesis]]:
            return open_photo(bench, sink, place, restore=restore, ticket=ticket)

        return work

    def thumbnailer(self, photo: PhotoSession) -> Callable[[Ticket], QImage | None]:
        """What makes a photo's thumbnail in a worker."""
        sink, place = self._sink(), photo.place
        if sink is not None and place.number is not None:
            return lambda _: sink.thumbnail(place)
        return lambda _: intake.read_thumbnail(place.path)

    def take_restored(self, photo: PhotoSession, opened: Opened, made: list[Hypothesis]) -> bool:
        """Show what was done with a photo before; whether there was anything."""
        restored = opened.restored
        photo.place.kept = None
        if opened.notice:
            self.noticed.emit(opened.notice)
        if restored is None:
            return False
        document, sink = restored.document(), self._sink()
        if restored.kept:
            self._follower.adopt(
                photo, faces=restored.faces, document=document, outcomes=restored.outcomes
            )
        if sink is not None and sink.casework.case.read_only:
            document.lock()
        photo.set_analysis(restored.faces, document)
        if made:
            photo.add_hypotheses(tuple(made))
        if restored.left_out:
            self.noticed.emit(
                self.tr(
                    "{0} earlier runs of {1} stay in the case; there is no room to show them all."
                ).format(restored.left_out, photo.name)
            )
        return True

    def check_evidence(self, photo: PhotoSession, then: Callable[[], None]) -> None:
        """Hash the evidence of a photo, and go on only if it is as it came in."""
        sink, place = self._sink(), photo.place
        if sink is None:
            then()
            return
        job = self._jobs.submit(
            lambda _: sink.check(place), title=self.tr("Checking the evidence"), lane="edit"
        )
        job.done.connect(lambda _: then())
        job.failed.connect(self.failed)

    def is_second(self, photo: PhotoSession) -> bool:
        """Close a photo whose bytes are in the case under another name; whether it was one."""
        if self._sink() is None or photo not in self._session.photos:
            return False
        number = photo.place.number
        for other in self._session.photos:
            if other is not photo and number is not None and other.place.number == number:
                self.close_second(photo, other)
                return True
        return False

    def close_second(self, photo: PhotoSession, other: PhotoSession) -> None:
        """Close a photo whose bytes another one has, too; that one takes its place on the canvas."""
        if self._session.current is photo:
            self._session.set_current(other)
        self.second.emit(photo)
        self.noticed.emit(
            self.tr("{0} holds the same bytes as {1}, which is in the case already.").format(
                photo.name, other.name
            )
        )
