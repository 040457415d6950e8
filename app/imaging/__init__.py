"""Pixels: decoding, alignment, the binary map and its edits, compositing, sketches, uncertainty.

This room imports nothing else of the project and knows neither models nor windows.
"""

import os as _os

_before = {
    name: _os.environ.get(name) for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
}
import cv2 as _cv2  # noqa: E402

# Importing OpenCV points Qt at OpenCV's own plug-ins; the window and every subprocess must not see that.
for _name, _value in _before.items():
    if _value is None:
        _os.environ.pop(_name, None)
    else:
        _os.environ[_name] = _value

# Every failure comes back as an exception or an error of ours; OpenCV's own lines would only mix with
# the one sentence that the command line prints.
_cv2.utils.logging.setLogLevel(_cv2.utils.logging.LOG_LEVEL_SILENT)
