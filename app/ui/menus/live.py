"""The menu Live: watching a camera, a video or a stream."""

from __future__ import annotations

from typing import Final

from app.ui.menus.spec import QT_TRANSLATE_NOOP, Menu, Spec

LIVE: Final = Menu(
    "live",
    QT_TRANSLATE_NOOP("Actions", "&Live"),
    (
        Spec(
            "live_view",
            QT_TRANSLATE_NOOP("Actions", "Live view"),
            ("Ctrl+L",),
            "video-camera",
            QT_TRANSLATE_NOOP(
                "Actions", "Watch a camera, a video or a stream with its reconstruction"
            ),
        ),
        Spec(
            "live_grab",
            QT_TRANSLATE_NOOP("Actions", "Grab frame"),
            ("G",),
            "camera",
            QT_TRANSLATE_NOOP("Actions", "Take the original frame into the case, with its time"),
        ),
        None,
        Spec(
            "live_pause",
            QT_TRANSLATE_NOOP("Actions", "Pause"),
            ("T",),
            "pause",
            QT_TRANSLATE_NOOP("Actions", "Let the picture stand still, or go on"),
            True,
            off_icon="pause",
        ),
        Spec(
            "live_fill",
            QT_TRANSLATE_NOOP("Actions", "Reconstruct live"),
            ("R",),
            "eye",
            QT_TRANSLATE_NOOP("Actions", "Show a hypothesis of each frame, or the frames alone"),
            True,
            off_icon="eye-slash",
        ),
        Spec(
            "live_side",
            QT_TRANSLATE_NOOP("Actions", "Side by side"),
            ("Alt+5",),
            "",
            QT_TRANSLATE_NOOP("Actions", "Original and hypothesis beside each other"),
            True,
            "live",
        ),
        Spec(
            "live_wipe",
            QT_TRANSLATE_NOOP("Actions", "Wipe"),
            ("Alt+6",),
            "",
            QT_TRANSLATE_NOOP("Actions", "With a divider; comma and full stop move it"),
            True,
            "live",
        ),
        None,
        Spec(
            "live_reconnect",
            QT_TRANSLATE_NOOP("Actions", "Reconnect"),
            ("Ctrl+Shift+L",),
            "arrow-clockwise",
            QT_TRANSLATE_NOOP("Actions", "Open the same source once more, or play the video again"),
        ),
        Spec(
            "live_other",
            QT_TRANSLATE_NOOP("Actions", "Another source…"),
            ("Ctrl+Alt+L",),
            "swap",
            QT_TRANSLATE_NOOP("Actions", "Let go of this one and choose another"),
        ),
        Spec(
            "live_close",
            QT_TRANSLATE_NOOP("Actions", "Close live view"),
            (),
            "x",
            QT_TRANSLATE_NOOP("Actions", "Let go of the source and go back to the photos"),
        ),
    ),
)
