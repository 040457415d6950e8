"""The tables of the case panel: Qt models over the case's photos, runs and log."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from app.case.log import LogEntry
from app.ui.case.summary import (
    PhotoLine,
    RunLine,
    kind_of,
    rerun_in_words,
    source_in_words,
    step_in_words,
)
from app.ui.language import number
from app.ui.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex
Line = TypeVar("Line")

ROW_HEIGHT = 26


def size_in_words(size: int) -> str:
    """The size of a file in the window's language; a small one is not 0.0 MB."""
    return f"{number(size / 1e6, 1)} MB" if size >= 1e5 else f"{number(size / 1e3, 1)} kB"


class LinesModel(QAbstractTableModel, Generic[Line]):
    """A table of lines that only grow or are replaced as a whole.

    Attributes:
        lines: what is shown, in order.
    """

    def __init__(self, titles: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.titles = tuple(titles)
        self.lines: list[Line] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many lines there are."""
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many columns there are."""
        return 0 if parent.isValid() else len(self.titles)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' titles."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.titles[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text; its tool tip says it in full."""
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cell(self.lines[index.row()], index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.tip(self.lines[index.row()], index.column()))
        return None

    def cell(self, line: Line, column: int) -> str:
        """The text of a cell."""
        raise NotImplementedError

    def tip(self, line: Line, column: int) -> str:
        """The tool tip of a cell."""
        return self.cell(line, column)

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines; those that changed in place are drawn anew without losing the selection."""
        if len(lines) == len(self.lines) and all(
            new is old for new, old in zip(lines, self.lines, strict=True)
        ):
            if lines:
                last = self.index(len(lines) - 1, len(self.titles) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        start = len(self.lines)
        if len(lines) > start and all(
            new is old for new, old in zip(lines, self.lines, strict=False)
        ):
            self.beginInsertRows(QModelIndex(), start, len(lines) - 1)
            self.lines = list(lines)
            self.endInsertRows()
            return
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()


class PhotosModel(LinesModel[PhotoLine]):
    """The photos of the case and how far each has come."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self.titles = (
            self.tr("No."),
            self.tr("Photo"),
            self.tr("Faces"),
            self.tr("Map"),
            self.tr("Runs"),
            self.tr("Notes"),
            self.tr("Size"),
            self.tr("SHA-256"),
        )

    def cell(self, line: PhotoLine, column: int) -> str:
        """The text of a cell."""
        return (
            str(line.number),
            line.name,
            "–" if line.faces is None else str(line.faces),
            self._map(line),
            str(line.runs) if line.runs else "–",
            str(line.notes) if line.notes else "–",
            size_in_words(line.size),
            f"{line.sha256[:12]}…",
        )[column]

    def tip(self, line: PhotoLine, _: int) -> str:
        """Everything that a narrow table leaves out."""
        return f"{line.name}\n{size_in_words(line.size)}\nSHA-256 {line.sha256}"

    def _map(self, line: PhotoLine) -> str:
        if line.map is None:
            return "–"
        drawn = source_in_words(line.drawn)
        if line.edits == 1:
            return self.tr("{0}, 1 edit").format(drawn)
        return self.tr("{0}, {1} edits").format(drawn, line.edits) if line.edits else drawn


class RunsModel(LinesModel[RunLine]):
    """The runs of the case and how they were reproduced."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self.titles = (
            self.tr("Run"),
            self.tr("Photo"),
            self.tr("Model"),
            self.tr("Hypotheses"),
            self.tr("Seed"),
            self.tr("Reproduced"),
        )

    def cell(self, line: RunLine, column: int) -> str:
        """The text of a cell."""
        return (
            str(line.number),
            str(line.photo),
            line.model,
            str(line.made),
            str(line.seed),
            rerun_in_words(line.rerun) if line.rerun is not None else "–",
        )[column]


class LogModel(LinesModel[LogEntry]):
    """The log, newest last, filtered.

    Attributes:
        entries: all entries; :attr:`lines` are those that pass the filter.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__((), parent)
        self.titles = (
            self.tr("No."),
            self.tr("Time (UTC)"),
            self.tr("Examiner"),
            self.tr("Step"),
            self.tr("What"),
        )
        self.entries: list[LogEntry] = []
        self._words: dict[int, tuple[str, str]] = {}
        self._texts: dict[int, str] = {}
        self._text, self._kind, self._since = "", "", ""

    def clear(self) -> None:
        """Show another case's log, from the beginning."""
        self.entries = []
        self._words.clear()
        self._texts.clear()
        self.set_lines([])

    def grow(self, entries: Sequence[LogEntry]) -> None:
        """Take further entries in."""
        self.entries.extend(entries)
        passing = [entry for entry in entries if self._passes(entry)]
        if passing:
            self.set_lines([*self.lines, *passing])

    def set_filter(self, *, text: str = "", kind: str = "", days: int = 0) -> None:
        """Show only some entries.

        Args:
            text: every word must occur in the entry.
            kind: the part of the action before the dot; empty for all.
            days: only those of the last days; 0 for all.
        """
        since = datetime.now(UTC) - timedelta(days=days)
        self._since = since.isoformat(timespec="milliseconds") if days else ""
        self._text, self._kind = text.casefold(), kind
        self.set_lines([entry for entry in self.entries if self._passes(entry)])

    @property
    def kinds(self) -> list[str]:
        """The kinds of steps that there are."""
        return sorted({kind_of(entry.action) for entry in self.entries})

    def cell(self, line: LogEntry, column: int) -> str:
        """The text of a cell."""
        if column == 0:
            return str(line.seq)
        if column == 1:
            return line.utc[:19].replace("T", " ")
        if column == 2:
            return str(line.who.get("examiner", ""))
        return self._in_words(line)[column - 3]

    def _in_words(self, line: LogEntry) -> tuple[str, str]:
        if line.seq not in self._words:
            self._words[line.seq] = step_in_words(line)
        return self._words[line.seq]

    def _passes(self, entry: LogEntry) -> bool:
        if self._kind and kind_of(entry.action) != self._kind:
            return False
        if self._since and entry.utc < self._since:
            return False
        if not self._text:
            return True
        if entry.seq not in self._texts:
            words = " ".join(self._in_words(entry))
            details = json.dumps(entry.details, ensure_ascii=False)
            whole = f"{entry.seq} {entry.utc} {entry.who} {words} {entry.action} {details}"
            self._texts[entry.seq] = f"{whole} {entry.sha256}".casefold()
        return all(word in self._texts[entry.seq] for word in self._text.split())


def details_of(entry: LogEntry) -> str:
    """An entry in full, to be read."""
    document = {
        "action": entry.action,
        "details": entry.details,
        "who": entry.who,
        "software": entry.software,
        "rows": [list(row) for row in entry.rows],
        "previous": entry.previous,
        "sha256": entry.sha256,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


class CalmTable(QTableView):
    """A table of which one column takes the room that the others leave, but never less than it needs."""

    def __init__(self, widths: Sequence[int], stretch: int, spare: Sequence[int]) -> None:
        """
        Args:
            widths: of the columns in pixels, at least; a table without that room scrolls.
            stretch: the column that takes the rest.
            spare: the columns that a narrow table leaves out, the first one first.
        """
        super().__init__()
        self._widths = tuple(widths)
        self._stretch = stretch
        self._least = widths[stretch]
        self._spare = tuple(spare)

    def resizeEvent(self, event: QResizeEvent, /) -> None:
        """Leave columns out where there is no room for all, and give the one what is left."""
        super().resizeEvent(event)
        self._choose_columns()
        self.fit()

    def _choose_columns(self) -> None:
        header = self.horizontalHeader()
        widths = [
            max(least, header.sectionSizeHint(each)) for each, least in enumerate(self._widths)
        ]
        for spare in self._spare:
            hidden = sum(widths) > self.viewport().width()
            self.setColumnHidden(spare, hidden)
            if hidden:
                widths[spare] = 0

    def fit(self) -> None:
        """Give the column what is left, after other columns were hidden or shown."""
        header = self.horizontalHeader()
        others = sum(
            header.sectionSize(each) for each in range(header.count()) if each != self._stretch
        )
        least = max(self._least, header.sectionSizeHint(self._stretch))
        header.resizeSection(self._stretch, max(self.viewport().width() - others, least))


def table(
    model: QAbstractTableModel,
    *,
    name: str,
    widths: Sequence[int],
    stretch: int,
    spare: Sequence[int] = (),
) -> CalmTable:
    """A calm table: whole rows, no grid, the height of a row known, so that thousands cost nothing.

    Args:
        model: what it shows.
        name: for screen readers.
        widths: of the columns in pixels; a column is never narrower than its title.
        stretch: the column that takes the rest, but not less than its width.
        spare: the columns that a narrow table leaves out, the first one first.
    """
    view = CalmTable(widths, stretch, spare)
    view.setModel(model)
    view.setAccessibleName(name)
    view.setObjectName("boxed")
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    vertical, horizontal = view.verticalHeader(), view.horizontalHeader()
    vertical.hide()
    vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    vertical.setDefaultSectionSize(ROW_HEIGHT)
    horizontal.setHighlightSections(False)
    horizontal.ensurePolished()  # only then it knows the font of its titles
    for column, width in enumerate(widths):
        # A title may be longer in another language than what stands below it.
        view.setColumnWidth(column, max(width, horizontal.sectionSizeHint(column)))
    return view
