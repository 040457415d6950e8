"""Pixels: decoding, alignment, the binary map and its edits, compositing, sketches, uncertainty.

This room imports nothing else of the project and knows neither models nor windows.
"""

import os as _os

_before = {name: _os.environ.get(name) for name in ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")}
import cv2 as _cv2  # noqa: E402, F401

# Importing OpenCV points Qt at OpenCV's own plug-ins; the window and every subprocess must not see that.
for _name, _value in _before.items():
    if _value is None:
        _os.environ.pop(_name, None)
    else:
        _os.environ[_name] = _value
