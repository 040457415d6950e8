"""Revisage: hypotheses of the face under a mask, for forensic image analysts."""

import os

__version__ = "0.1.0"

# ONNX Runtime's packages tell their maker what computer they run on as soon as they are loaded, before
# their own switch for that can be used, and keep an identifier of the computer. This is read earlier.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
