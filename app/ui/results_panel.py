"""The hypotheses made so far: which to compare, which to export."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QCheckBox, QFrame, QLabel, QToolButton, QVBoxLayout

from app.ui.labels import (
    MARK_AFTER_MS,
    another_map,
    hypothesis_caption,
    made_with_another_map,
    provider_name,
)
from app.ui.language import number
from app.ui.session import Hypothesis, PhotoSession
from app.ui.theme.icons import set_icon
from app.ui.theme.tokens import Space
from app.ui.widgets import ElidedLabel, Section, column, label, row

PICTURE = 44


class ResultRow(QFrame):
    """One hypothesis."""

    def __init__(self, photo: PhotoSession, hypothesis: Hypothesis) -> None:
        super().__init__()
        self.setObjectName("modelRow")
        self.hypothesis = hypothesis
        result = hypothesis.outcome.result
        title, details = hypothesis_caption(hypothesis)
        picture = QLabel()
        picture.setFixedSize(PICTURE, PICTURE)
        picture.setScaledContents(True)
        picture.setPixmap(QPixmap.fromImage(hypothesis.thumbnail))
        self.box = QCheckBox()
        self.box.setChecked(hypothesis.chosen)
        self.box.setAccessibleName(self.tr("Compare and export {0}, {1}").format(title, details))
        self.box.setToolTip(self.tr("Show in the comparison and offer for export"))
        self.box.toggled.connect(lambda chosen: photo.choose(hypothesis, chosen))
        name = ElidedLabel(title, mode=Qt.TextElideMode.ElideRight)
        self._details = self.tr("{0} of {1} · seed {2} · {3} · {4} s").format(
            hypothesis.number,
            hypothesis.of,
            result.request.seed,
            provider_name(result.provider),
            number(result.seconds, 1),
        )
        self.more = ElidedLabel(self._details, role="caption", mode=Qt.TextElideMode.ElideRight)
        remove = QToolButton()
        set_icon(remove, "x")
        remove.setIconSize(QSize(14, 14))
        remove.setFixedSize(22, 22)
        remove.setToolTip(self.tr("Remove this hypothesis"))
        remove.setAccessibleName(self.tr("Remove {0}, {1}").format(title, details))
        remove.clicked.connect(lambda: photo.remove_hypotheses((hypothesis,)))
        text = column(name, self.more, gap=1)
        inside = row(self.box, picture, text, remove)
        inside.setStretchFactor(text, 1)
        self.setToolTip("\n".join(result.notes))
        inside.setContentsMargins(Space.S, 3, 2, 3)
        self.setLayout(inside)

    def mark_other_map(self, other: bool) -> None:
        """Say that it was made with another map than the photo has now."""
        self.more.set_full_text(another_map(self._details) if other else self._details)


class ResultsPanel(Section):
    """Lists the hypotheses of the current photo, newest run first.

    Signals:
        rows_changed: there are other rows now.
    """

    rows_changed = Signal()

    def __init__(self) -> None:
        super().__init__("")
        self.title.setText(self.tr("Hypotheses"))
        self.setAccessibleName(self.tr("Hypotheses"))
        self._photo: PhotoSession | None = None
        # Maps are compared in the pause after an edit, not within it: that takes milliseconds.
        self._later = QTimer(self, singleShot=True, interval=MARK_AFTER_MS)
        self._later.timeout.connect(self._mark)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self._hint = label(role="soft", wrap=True)
        self._hint.setText(
            self.tr("None yet. Each is one possible face under the mask, not the face.")
        )
        self.body.addWidget(self._hint)
        self.body.addLayout(self._rows)
        self._refresh()

    def show_photo(self, photo: PhotoSession | None) -> None:
        """List the hypotheses of another photo."""
        if self._photo is not None:
            self._photo.hypotheses_changed.disconnect(self._refresh)
            for signal in (self._photo.map_edited, self._photo.map_made):
                signal.disconnect(self._later.start)
        self._photo = photo
        if photo is not None:
            photo.hypotheses_changed.connect(self._refresh)
            for signal in (photo.map_edited, photo.map_made):
                signal.connect(self._later.start)
        self._refresh()

    @property
    def rows(self) -> list[ResultRow]:
        """The rows, in the order shown."""
        items = [self._rows.itemAt(index) for index in range(self._rows.count())]
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if isinstance(widget, ResultRow)]

    def _mark(self) -> None:
        """Which rows belong to another map."""
        rows = self.rows
        if self._photo is None or not rows:
            return
        other = made_with_another_map(self._photo, [row_.hypothesis for row_ in rows])
        for row_ in rows:
            row_.mark_other_map(row_.hypothesis in other)

    def _refresh(self) -> None:
        hypotheses = self._photo.hypotheses if self._photo is not None else ()
        for row_ in self.rows:
            if row_.hypothesis not in hypotheses:
                self._rows.removeWidget(row_)
                row_.hide()
                row_.deleteLater()
        shown = {row_.hypothesis for row_ in self.rows}
        for hypothesis in hypotheses:
            # New ones only ever come at the end.
            if hypothesis not in shown and self._photo is not None:
                self._rows.addWidget(ResultRow(self._photo, hypothesis))
        if shown != set(hypotheses):
            self.rows_changed.emit()
        for row_ in self.rows:
            row_.box.setChecked(row_.hypothesis.chosen)
        self._mark()
        self._hint.setVisible(not hypotheses)
        chosen = sum(hypothesis.chosen for hypothesis in hypotheses)
        self.aside.setText(
            self.tr("{0} of {1} shown").format(chosen, len(hypotheses)) if hypotheses else ""
        )
