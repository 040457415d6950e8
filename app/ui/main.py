"""The entry of the window."""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app import __version__
from app.ui.controller import Controller
from app.ui.focus import FocusRing
from app.ui.language import set_language
from app.ui.main_window import MainWindow
from app.ui.resources import resource
from app.ui.settings import Settings, user_settings
from app.ui.theme.manager import ThemeManager
from app.workbench import Workbench

INTERRUPT_CHECK_MS = 200


def run(paths: Sequence[Path] = ()) -> int:
    """Open the window and stay until it is closed.

    Args:
        paths: photos and folders to open, or a case.

    Returns:
        The process' exit code.
    """
    application = make_application()
    window = make_window()
    try:
        window.show()
        window.commands.files.open_paths(list(paths))
    except BaseException:
        window.close_at_once(recoverable=True)
        raise
    # What exists now stays: later collections need not look at it again.
    gc.freeze()

    def interrupt(*_: object) -> None:
        # In a turn of the loop: a window that closes before the loop has begun does not end it.
        # Nobody is there to answer a question: unsaved work is offered at the next start.
        QTimer.singleShot(0, window, lambda: window.close_at_once(recoverable=True))

    previous = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    # Python handles signals between its own steps only; the timer gives it some.
    ticking = QTimer()
    ticking.timeout.connect(lambda: None)
    ticking.start(INTERRUPT_CHECK_MS)
    try:
        return application.exec()
    finally:
        ticking.stop()
        for number, handler in previous.items():
            signal.signal(number, handler)


def make_application() -> QApplication:
    """The application with its theme; the one that runs, if one does."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Revisage")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("revisage")
    application.setWindowIcon(QIcon(str(resource("icons/revisage.svg"))))
    if application.findChild(ThemeManager) is None:
        set_language(application, Settings(user_settings()).language)
        ThemeManager(application, choice=Settings(user_settings()).theme)
        FocusRing(application)
    return application


def make_window(bench: Workbench | None = None) -> MainWindow:
    """A window with its controller, which looks for processors at once.

    Args:
        bench: the workbench to drive; None makes one with the installed models.
    """
    settings = Settings(user_settings())
    controller = Controller(bench or Workbench(device=settings.device))
    controller.bench.signing = settings.signing
    controller.keeping.keeps_recovery = settings.keeps_recovery
    try:
        window = MainWindow(controller, settings)
        controller.setParent(window)
        settings.setParent(window)
        controller.start()
        for problem in controller.bench.zoo.problems:
            window.messages.show_warning(problem.message)
    except BaseException:
        # The workers wait for jobs; nobody would ever tell them that there is no window.
        controller.close(recoverable=True)
        raise
    return window
