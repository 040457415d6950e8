"""What is asked before the window closes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from app.ui.plain import make_plain


def stop_question(parent: QWidget) -> tuple[QMessageBox, QPushButton]:
    """Whether runs that are under way, which may take long, shall be stopped by closing the window.

    Returns:
        The question, and the button that says yes.
    """
    translate = QCoreApplication.translate
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Warning)
    make_plain(box)
    box.setWindowTitle(translate("Questions", "Runs are under way"))
    box.setText(translate("Questions", "Not all reconstructions are done yet."))
    box.setInformativeText(
        translate("Questions", "Closing stops them. Hypotheses that are there already stay.")
    )
    stop = box.addButton(
        translate("Questions", "Stop and close"), QMessageBox.ButtonRole.DestructiveRole
    )
    box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
    return box, stop
