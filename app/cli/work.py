"""What the commands that work on photos share: one photo after the other, and where results go."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.cli.console import DONE, FAILED, Progress, UsageError, one_line
from app.export.cautions import cautions
from app.export.errors import ExportError
from app.export.files import check_target, prepare_folder
from app.imaging.errors import RevisageError
from app.imaging.photo import Photo
from app.inference.card import Task
from app.inference.errors import Cancelled
from app.workbench import Workbench

Entry = dict[str, Any]
"""What a command reports about one photo."""


@dataclass
class Report:
    """What came of all photos.

    Attributes:
        photos: one entry per photo that worked.
        failed: path and error of each that did not.
    """

    photos: list[Entry] = field(default_factory=list)
    failed: list[Entry] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """1 when any photo failed."""
        return FAILED if self.failed else DONE

    def document(self) -> Entry:
        """For `--json`; `failed` is there only when something did."""
        return {"photos": self.photos, **({"failed": self.failed} if self.failed else {})}


def each_photo(
    bench: Workbench,
    paths: Sequence[Path],
    progress: Progress,
    work: Callable[[Path, Photo], Entry],
) -> Report:
    """Open photos in turn and do some work on each; one that fails does not stop the rest.

    Args:
        bench: opens them.
        paths: the photos.
        progress: told each photo and step.
        work: gets path and photo, returns the entry for the report.
    """
    report = Report()
    for path in paths:
        progress.photo(path.name)
        try:
            progress.step("open")
            photo = bench.open_photo(path)
            entry: Entry = {"path": str(path), "width": photo.width, "height": photo.height}
            if said := cautions(path):
                entry["warnings"] = said
            for caution in said:
                progress.complain(caution)
            report.photos.append(entry | work(path, photo))
        except Cancelled:
            raise
        except RevisageError as error:
            _failed(report, progress, path, one_line(error))
        except MemoryError:
            _failed(report, progress, path, f"There is not enough memory for {path}.")
        except Exception as error:
            if os.environ.get("REVISAGE_DEBUG"):
                raise
            text = f"An unexpected error with {path} ({type(error).__name__}: {one_line(error)})"
            _failed(report, progress, path, f"{text}; set REVISAGE_DEBUG=1 to see where.")
        progress.photo_done()
    return report


def _failed(report: Report, progress: Progress, path: Path, message: str) -> None:
    if str(path) not in message:
        message = f"{path}: {message}"
    progress.complain(message)
    report.failed.append({"path": str(path), "error": message})


def require_model(bench: Workbench, name: str, task: Task | None = None) -> None:
    """Refuse a model name that cannot be meant. A broken model is no wrong name.

    Raises:
        UsageError: no model has this name or kind, or it serves another task.
    """
    if any(problem.folder.name == name for problem in bench.zoo.problems):
        return
    known = [card for card in bench.models if task in (None, card.task)]
    if not any(name in (card.name, card.kind) for card in known):
        kind = f"{task} model" if task else "model"
        names = ", ".join(card.name for card in known) or "none"
        raise UsageError(f"There is no {kind} named {name!r}; there are: {names}.")


class Outputs:
    """The folder of the results; refuses what must not be written before any work is done.

    Attributes:
        folder: where results go.
        force: earlier results may be replaced.
    """

    def __init__(self, folder: Path, photos: Sequence[Path], *, force: bool) -> None:
        """
        Args:
            folder: made if absent.
            photos: the photos of this call, which no result may replace.
            force: earlier results may be replaced.

        Raises:
            UsageError: two photos would have results of the same name.
            ExportError: the folder cannot be made or written to.
        """
        _refuse_equal_stems(photos)
        prepare_folder(folder)
        if not os.access(folder, os.W_OK | os.X_OK):
            raise ExportError(
                f"The folder {folder} is read-only for you; choose another with --out."
            )
        self.folder = folder
        self.force = force
        self._photos = tuple(photos)

    def path(self, name: str) -> Path:
        """The path of a result, which may be written.

        Raises:
            ExportError: it is a photo of this call, or an earlier result and there is no `--force`.
        """
        path = self.folder / name
        check_target(path, force=self.force, protected=self._photos)
        return path


def _refuse_equal_stems(photos: Sequence[Path]) -> None:
    # Compared without case: on many systems A.png and a.png are one file.
    first: dict[str, Path] = {}
    for photo in photos:
        other = first.setdefault(photo.stem.casefold(), photo)
        if other is not photo:
            raise UsageError(
                f"{other} and {photo} would have results of the same names; "
                "give them in separate calls with different --out folders."
            )
