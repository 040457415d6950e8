"""Takes the original frame that is shown into the case, or opens it as a photo where there is none."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal

from app.case.case_file import CaseFile
from app.case.evidence import PhotoRow
from app.export.files import prepare_folder, write_file
from app.ui.case.place import Place
from app.ui.controller import Controller
from app.ui.jobs import Ticket
from app.ui.live.feed import LiveFeed
from app.video.grab import GrabbedFrame, clock, grab


def frames_folder() -> Path:
    """Where frames lie while no case is open: with the user's own data, never beside evidence."""
    place = QStandardPaths.StandardLocation.GenericDataLocation
    return Path(QStandardPaths.writableLocation(place)) / "revisage" / "frames"


class Grabber(QObject):
    """Grabs frames.

    Signals:
        taken: a :class:`PhotoSession` that was made of a frame, and a sentence about it.
    """

    taken = Signal(object, str)

    def __init__(
        self, controller: Controller, feed: LiveFeed, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._feed = feed

    @property
    def possible(self) -> bool:
        """Whether there is a frame, and somewhere to keep it."""
        return self._feed.newest is not None and not self._controller.keeping.read_only

    def grab(self) -> None:
        """Take the frame that is shown now, whatever comes meanwhile."""
        shown, video = self._feed.newest, self._feed.video
        if shown is None or video is None or video.info is None or not self.possible:
            return
        source, info, look, codec = video.source, video.info, shown.look, video.codec
        job = self._controller.jobs.submit(
            lambda _: grab(source, info, look, codec=codec),
            title=self.tr("Grabbing the frame"),
            lane="background",
        )
        what = self.tr("Frame {0} at {1}").format(look.frame.number, clock(look.seconds))
        job.done.connect(partial(self._keep, what))
        job.failed.connect(self._controller.failed)

    def _keep(self, what: str, frame: GrabbedFrame) -> None:
        keeping = self._controller.keeping
        case = keeping.case
        if case is None:
            job = self._controller.jobs.submit(
                partial(_write, frame), title=self.tr("Writing the frame"), lane="background"
            )
            job.done.connect(partial(self._opened, what))
            job.failed.connect(self._controller.failed)
        elif not case.read_only:
            keeping.writer.submit(
                partial(_take_in, case, frame), partial(self._entered, case, what)
            )

    def _entered(self, case: CaseFile, what: str, found: tuple[PhotoRow, bool]) -> None:
        """The frame is in the case: show it in the strip."""
        if case is not self._controller.keeping.case:
            return
        row, new = found
        session = self._controller.session
        known = [photo for photo in session.photos if photo.place.number == row.id]
        if known:
            self.taken.emit(known[0], self.tr("{0} is in the case already.").format(what))
            return
        place = Place(Path(Path(row.name).name), number=row.id, sha256=row.sha256)
        (photo,) = session.add_places([place])
        self._controller.make_thumbnails([photo])
        said = self.tr("{0} is in the case as evidence {1}.") if new else self.tr("{0} is back.")
        self.taken.emit(photo, said.format(what, row.id))

    def _opened(self, what: str, path: Path) -> None:
        session = self._controller.session
        before = set(session.photos)
        (photo,) = session.add([path])
        if photo not in before:
            self._controller.make_thumbnails([photo])
        said = self.tr("{0} was opened as a photo; it is not in a case yet.").format(what)
        self.taken.emit(photo, said)


def _take_in(case: CaseFile, frame: GrabbedFrame) -> tuple[PhotoRow, bool]:
    return case.evidence.add_bytes(
        frame.content,
        frame.name,
        source=frame.source,
        modified=frame.captured_utc,
        grabbed=frame.record,
        generated=frame.generated,
    )


def _write(frame: GrabbedFrame, _: Ticket) -> Path:
    folder = frames_folder()
    prepare_folder(folder)
    path = folder / frame.name
    write_file(path, frame.content, force=True)
    return path
